// SPDX-License-Identifier: GPL-2.0-only
/* The ring: find, map, take commands, answer. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tcmu.h"

#define SYS_UIO	"/sys/class/uio"

static int read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	char *got;

	if (!file)
		return -errno;
	got = fgets(line, size, file);
	fclose(file);
	if (!got)
		return -EIO;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int tcmu_name(int minor, char *name)
{
	char path[64];

	snprintf(path, sizeof(path), SYS_UIO "/uio%d/name", minor);
	return read_line(path, name, TCMU_NAME_LEN);
}

void tcmu_for_each(void (*fn)(int minor, const char *name, void *data), void *data)
{
	DIR *dir = opendir(SYS_UIO);
	char name[TCMU_NAME_LEN];
	struct dirent *entry;
	int minor;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (sscanf(entry->d_name, "uio%d", &minor) == 1 && !tcmu_name(minor, name) &&
		    !strncmp(name, "tcm-user/", 9))
			fn(minor, name, data);
	closedir(dir);
}

static int map_size(int minor, size_t *size)
{
	char path[80], line[64];
	int err;

	snprintf(path, sizeof(path), SYS_UIO "/uio%d/maps/map0/size", minor);
	err = read_line(path, line, sizeof(line));
	if (!err)
		*size = strtoull(line, NULL, 0);
	return err;
}

/* Where the last one who served it got to is where the mailbox says. */
int tcmu_open(struct tcmu_unit *unit, int minor)
{
	char path[32];
	int err;

	unit->minor = minor;
	err = tcmu_name(minor, unit->name);
	if (!err)
		err = map_size(minor, &unit->size);
	if (err)
		return err;
	snprintf(path, sizeof(path), "/dev/uio%d", minor);
	unit->fd = open(path, O_RDWR | O_CLOEXEC);
	if (unit->fd < 0)
		return -errno;
	unit->map = mmap(NULL, unit->size, PROT_READ | PROT_WRITE, MAP_SHARED, unit->fd, 0);
	if (unit->map == MAP_FAILED) {
		err = -errno;
		close(unit->fd);
		return err;
	}
	unit->mb = unit->map;
	if (unit->mb->version != TCMU_MAILBOX_VERSION) {
		tcmu_close(unit);
		return -EPROTO;
	}
	unit->next = unit->mb->cmd_tail;
	return 0;
}

void tcmu_close(struct tcmu_unit *unit)
{
	munmap(unit->map, unit->size);
	close(unit->fd);
}

static void *entry_at(struct tcmu_unit *unit, uint32_t at)
{
	return (char *)unit->map + unit->mb->cmdr_off + at;
}

static uint32_t after(const struct tcmu_unit *unit, uint32_t at, const struct tcmu_cmd_entry *entry)
{
	return (at + tcmu_hdr_get_len(entry->hdr.len_op)) % unit->mb->cmdr_size;
}

/* What the entry holds are offsets; here they become addresses. */
static void take(struct tcmu_unit *unit, struct tcmu_cmd_entry *entry, struct tcmu_command *cmd)
{
	struct iovec *iov = (struct iovec *)((char *)entry +
					     offsetof(struct tcmu_cmd_entry, req.iov));
	unsigned int i;

	cmd->id = entry->hdr.cmd_id;
	cmd->cdb = (const uint8_t *)unit->map + entry->req.cdb_off;
	cmd->iov = iov;
	cmd->iov_cnt = entry->req.iov_cnt;
	cmd->length = 0;
	for (i = 0; i < cmd->iov_cnt; i++) {
		iov[i].iov_base = (char *)unit->map + (uintptr_t)iov[i].iov_base;
		cmd->length += iov[i].iov_len;
	}
}

bool tcmu_next(struct tcmu_unit *unit, struct tcmu_command *cmd)
{
	while (unit->next != __atomic_load_n(&unit->mb->cmd_head, __ATOMIC_ACQUIRE)) {
		struct tcmu_cmd_entry *entry = entry_at(unit, unit->next);

		/* The ring has begun anew behind our back. */
		if (!tcmu_hdr_get_len(entry->hdr.len_op))
			return false;
		unit->next = after(unit, unit->next, entry);
		if (tcmu_hdr_get_op(entry->hdr.len_op) == TCMU_OP_CMD) {
			take(unit, entry, cmd);
			return true;
		}
	}
	return false;
}

/*
 * The answer goes to where the tail is, whichever command's entry that was: its number says
 * which one has ended. What is no command needs no answer.
 */
void tcmu_complete(struct tcmu_unit *unit, const struct tcmu_command *cmd,
		   const struct tcmu_answer *answer)
{
	uint32_t tail = unit->mb->cmd_tail;
	struct tcmu_cmd_entry *entry = entry_at(unit, tail);
	uint16_t id = cmd->id;

	while (tcmu_hdr_get_op(entry->hdr.len_op) != TCMU_OP_CMD) {
		if (!tcmu_hdr_get_len(entry->hdr.len_op))
			return;
		tail = after(unit, tail, entry);
		entry = entry_at(unit, tail);
	}
	entry->hdr.cmd_id = id;
	entry->hdr.uflags = answer->uflags;
	entry->rsp.scsi_status = answer->status;
	entry->rsp.read_len = answer->read_len;
	if (answer->status)
		memcpy(entry->rsp.sense_buffer, answer->sense, sizeof(answer->sense));
	__atomic_store_n(&unit->mb->cmd_tail, after(unit, tail, entry), __ATOMIC_RELEASE);
}

void tcmu_kick(struct tcmu_unit *unit)
{
	uint32_t one = 1;

	while (write(unit->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

int tcmu_wait(struct tcmu_unit *unit)
{
	uint32_t events;

	return read(unit->fd, &events, sizeof(events)) == sizeof(events) ? 0 : -errno;
}

static size_t copy(const struct tcmu_command *cmd, size_t at, void *buf, size_t len, bool put)
{
	size_t done = 0;
	unsigned int i;

	for (i = 0; i < cmd->iov_cnt && done < len; i++) {
		struct iovec *iov = &cmd->iov[i];
		size_t n;

		if (at >= iov->iov_len) {
			at -= iov->iov_len;
			continue;
		}
		n = iov->iov_len - at;
		if (n > len - done)
			n = len - done;
		if (put)
			memcpy((char *)iov->iov_base + at, (char *)buf + done, n);
		else
			memcpy((char *)buf + done, (char *)iov->iov_base + at, n);
		done += n;
		at = 0;
	}
	return done;
}

size_t tcmu_get(const struct tcmu_command *cmd, size_t at, void *buf, size_t len)
{
	return copy(cmd, at, buf, len, false);
}

size_t tcmu_put(const struct tcmu_command *cmd, size_t at, const void *buf, size_t len)
{
	return copy(cmd, at, (void *)buf, len, true);
}
