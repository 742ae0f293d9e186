// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that serves a disk, until it is told to do what no process should.
 *
 * usage: hostile MINOR ACTION-DIRECTORY < lines
 *
 * Lines: "attack NAME" does that with the next command; "reset" begins anew with the ring;
 * "storm N SEED" writes N times where it likes, and resets the ring each time it breaks;
 * "names" prints all attacks, each with what must come of it. Each line is answered by one
 * that begins with "done".
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tcmu.h"

#define DISK_SIZE	(4 << 20)

static struct tcmu_unit unit;
static struct tcmu_disk disk;
static uint16_t last_id;
static uint32_t last_tail;

struct slot {
	struct tcmu_command	cmd;
	struct tcmu_cmd_entry	*entry;
	uint32_t		at;
	uint32_t		end;
};

static void finish(const struct slot *slot, uint16_t id, uint8_t status, uint8_t uflags,
		   uint32_t read_len)
{
	slot->entry->hdr.cmd_id = id;
	slot->entry->hdr.uflags = uflags;
	slot->entry->rsp.scsi_status = status;
	slot->entry->rsp.read_len = read_len;
}

static void tail(uint32_t value)
{
	__atomic_store_n(&unit.mb->cmd_tail, value, __ATOMIC_RELEASE);
	tcmu_kick(&unit);
}

static void good(const struct slot *slot)
{
	finish(slot, slot->cmd.id, 0, 0, 0);
	tail(slot->end);
}

/* --- attacks ------------------------------------------------------------------------------ */

static void id_wrong(const struct slot *s) { finish(s, s->cmd.id + 1000, 0, 0, 0); tail(s->end); }
static void id_zero(const struct slot *s) { finish(s, 0, 0, 0, 0); tail(s->end); }
static void id_max(const struct slot *s) { finish(s, 65535, 0, 0, 0); tail(s->end); }
static void id_stale(const struct slot *s) { finish(s, last_id, 0, 0, 0); tail(s->end); }
static void tail_wild(const struct slot *s) { tail(0xffffffff); }
static void tail_odd(const struct slot *s) { tail(s->end + 1); }
static void tail_inside(const struct slot *s) { tail(s->at + 64); }
static void tail_beyond(const struct slot *s) { tail(s->end + 128); }
static void tail_at_size(const struct slot *s) { tail(unit.mb->cmdr_size); }
static void tail_back(const struct slot *s) { tail(last_tail); }
static void status_ff(const struct slot *s) { finish(s, s->cmd.id, 0xff, 0, 0); tail(s->end); }
static void status_odd(const struct slot *s) { finish(s, s->cmd.id, 3, 0, 0); tail(s->end); }

static void len_zero(const struct slot *s)
{
	s->entry->hdr.len_op = TCMU_OP_CMD;
	good(s);
}

static void len_huge(const struct slot *s)
{
	s->entry->hdr.len_op = 0xfffffff9;
	good(s);
}

static void op_garbage(const struct slot *s)
{
	s->entry->hdr.len_op |= 7;
	good(s);
}

static void op_pad(const struct slot *s)
{
	s->entry->hdr.len_op &= ~7;
	good(s);
}

static void read_len_huge(const struct slot *s)
{
	finish(s, s->cmd.id, 0, TCMU_UFLAG_READ_LEN, 0xffffffff);
	tail(s->end);
}

static void read_len_one_more(const struct slot *s)
{
	finish(s, s->cmd.id, 0, TCMU_UFLAG_READ_LEN, s->cmd.length + 1);
	tail(s->end);
}

static void sense_empty(const struct slot *s)
{
	finish(s, s->cmd.id, 2, 0, 0);
	memset(s->entry->rsp.sense_buffer, 0, TCMU_SENSE_BUFFERSIZE);
	tail(s->end);
}

static void sense_garbage(const struct slot *s)
{
	finish(s, s->cmd.id, 2, 0, 0);
	memset(s->entry->rsp.sense_buffer, 0xff, TCMU_SENSE_BUFFERSIZE);
	tail(s->end);
}

static void uflags_all(const struct slot *s)
{
	finish(s, s->cmd.id, 0, 0xff, 0);
	tail(s->end);
}

static void entry_garbage(const struct slot *s)
{
	memset((char *)s->entry + 8, 0xa5, s->end - s->at - 8);
	good(s);
}

static void iov_garbage(const struct slot *s)
{
	s->cmd.iov[0].iov_base = (void *)~0UL;
	s->cmd.iov[0].iov_len = ~0UL;
	s->entry->req.iov_cnt = ~0U;
	good(s);
}

/* What this process needs itself is put back, when the kernel has had its look. */
static void mailbox_garbage(const struct slot *s)
{
	char saved[16];

	memcpy(saved, unit.mb, sizeof(saved));
	memset(unit.mb, 0xff, sizeof(saved));
	finish(s, s->cmd.id, 0, 0, 0);
	tail(s->end);
	memcpy(unit.mb, saved, sizeof(saved));
}

static void head_back(const struct slot *s)
{
	unit.mb->cmd_head = 0;
	good(s);
	unit.mb->cmd_head = s->end;
}

static void fill_ring(int byte)
{
	memset((char *)unit.map + sizeof(*unit.mb), byte, (1 << 20) - sizeof(*unit.mb));
}

static void ring_zeroes(const struct slot *s)
{
	fill_ring(0);
	tail(s->end);
}

static void ring_ones(const struct slot *s)
{
	fill_ring(0xff);
	tail(s->end);
}

static void data_garbage(const struct slot *s)
{
	unsigned int i;

	for (i = 0; i < s->cmd.iov_cnt; i++)
		memset(s->cmd.iov[i].iov_base, 0x5a, s->cmd.iov[i].iov_len);
	good(s);
}

/* A child may do what kills it. */
static void in_child(void (*fn)(const struct slot *s), const struct slot *s)
{
	pid_t pid = fork();

	if (!pid) {
		fn(s);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void touch_last(const struct slot *s)
{
	*((volatile char *)unit.map + unit.size - 1) = 1;
	fprintf(stderr, "the last byte of the data area is there\n");
	abort();
}

static void data_unowned(const struct slot *s)
{
	in_child(touch_last, s);
	good(s);
}

static void kick_storm(const struct slot *s)
{
	int i;

	for (i = 0; i < 2000; i++)
		tcmu_kick(&unit);
	good(s);
}

static void map_otherwise(const struct slot *s)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/uio%d", unit.minor);
	if (mmap(NULL, unit.size / 2, PROT_READ, MAP_SHARED, unit.fd, 0) != MAP_FAILED ||
	    mmap(NULL, unit.size, PROT_READ, MAP_SHARED, unit.fd, 4096) != MAP_FAILED ||
	    open(path, O_RDWR) >= 0)
		abort();
	good(s);
}

static void unmap_and_fault(const struct slot *s)
{
	madvise(unit.map, unit.size, MADV_DONTNEED);
	good(s);
}

static void answer_in_child(const struct slot *s)
{
	in_child(good, s);
}

static void tail_far_back_and_forth(const struct slot *s)
{
	unit.mb->cmd_tail = 0xdeadbeef;
	good(s);
}

static void silence(const struct slot *s)
{
}

static void keep(const struct slot *s)
{
	finish(s, s->cmd.id, 0, TCMU_UFLAG_KEEP_BUF, 0);
	tail(s->end);
	printf("kept %u\n", s->cmd.id);
	fflush(stdout);
}

static void unknown_with_status(const struct slot *s)
{
	finish(s, s->cmd.id, 0xff, TCMU_UFLAG_UNKNOWN_OP, 0);
	tail(s->end);
}

/* What becomes of a READ of one block, and of the unit. */
static const struct {
	const char *name;
	void (*run)(const struct slot *s);
	const char *answer;
	const char *state;
} attacks[] = {
	{ "id_wrong", id_wrong, "2/08/00", "broken" },
	{ "id_zero", id_zero, "2/08/00", "broken" },
	{ "id_max", id_max, "2/08/00", "broken" },
	{ "id_stale", id_stale, "2/08/00", "broken" },
	{ "tail_wild", tail_wild, "2/08/00", "broken" },
	{ "tail_odd", tail_odd, "2/08/00", "broken" },
	{ "tail_inside", tail_inside, "2/08/00", "broken" },
	{ "tail_beyond", tail_beyond, "2/08/00", "broken" },
	{ "tail_at_size", tail_at_size, "2/08/00", "broken" },
	{ "tail_back", tail_back, "2/08/00", "broken" },
	{ "tail_forth", tail_far_back_and_forth, "good", "open" },
	{ "len_zero", len_zero, "good", "open" },
	{ "len_huge", len_huge, "good", "open" },
	{ "op_garbage", op_garbage, "good", "open" },
	{ "op_pad", op_pad, "good", "open" },
	{ "status_ff", status_ff, "2/08/00", "broken" },
	{ "status_odd", status_odd, "2/08/00", "broken" },
	{ "read_len_huge", read_len_huge, "2/08/00", "broken" },
	{ "read_len_one_more", read_len_one_more, "2/08/00", "broken" },
	{ "sense_empty", sense_empty, "2/08/00", "open" },
	{ "sense_garbage", sense_garbage, "2/08/00", "open" },
	{ "uflags_all", uflags_all, "5/20/00", "open" },
	{ "unknown_with_status", unknown_with_status, "5/20/00", "open" },
	{ "entry_garbage", entry_garbage, "good", "open" },
	{ "iov_garbage", iov_garbage, "good", "open" },
	{ "mailbox_garbage", mailbox_garbage, "good", "open" },
	{ "head_back", head_back, "good", "open" },
	{ "ring_zeroes", ring_zeroes, "2/08/00", "broken" },
	{ "ring_ones", ring_ones, "2/08/00", "broken" },
	{ "data_garbage", data_garbage, "good", "open" },
	{ "data_unowned", data_unowned, "good", "open" },
	{ "kick_storm", kick_storm, "good", "open" },
	{ "map_otherwise", map_otherwise, "good", "open" },
	{ "unmap_and_fault", unmap_and_fault, "good", "open" },
	{ "answer_in_child", answer_in_child, "good", "open" },
	{ "keep", keep, "good", "open" },
	{ "silence", silence, "b/2e/02", "open" },
};

#define ATTACKS	(sizeof(attacks) / sizeof(attacks[0]))

static int attack_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ATTACKS; i++)
		if (!strcmp(attacks[i].name, name))
			return i;
	return -1;
}

/* --- serving ------------------------------------------------------------------------------ */

static int ram_rw(struct tcmu_disk *which, const struct tcmu_command *cmd, uint64_t at, size_t len,
		  bool write)
{
	if (write)
		tcmu_get(cmd, 0, (char *)which->priv + at, len);
	else
		tcmu_put(cmd, 0, (char *)which->priv + at, len);
	return 0;
}

static void serve(struct tcmu_command *cmd)
{
	struct tcmu_answer answer = { 0 };

	last_id = cmd->id;
	last_tail = unit.mb->cmd_tail;
	tcmu_disk_execute(&disk, &unit, cmd, &answer);
	tcmu_complete(&unit, cmd, &answer);
	tcmu_kick(&unit);
}

static bool next(struct slot *slot)
{
	if (!tcmu_next(&unit, &slot->cmd))
		return false;
	slot->entry = (void *)((char *)slot->cmd.iov - offsetof(struct tcmu_cmd_entry, req.iov));
	slot->at = (char *)slot->entry - (char *)unit.map - unit.mb->cmdr_off;
	slot->end = unit.next;
	return true;
}

static void reset(void)
{
	unit.next = unit.mb->cmd_tail;
}

/* --- random writes -------------------------------------------------------------------------- */

static uint64_t seed;

static uint32_t random_number(void)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return seed >> 33;
}

static void write_file(const char *dir, const char *file, const char *text)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	close(fd);
}

/* Where it hurts: the mailbox, about the tail, and anywhere in the ring. */
static void write_somewhere(void)
{
	uint32_t where = random_number() % 10, at, len = 1 + random_number() % 16;
	char *map = unit.map;

	if (where < 2)
		at = random_number() % (sizeof(*unit.mb) - 16);
	else if (where < 8)
		at = sizeof(*unit.mb) + (unit.next + random_number() % 1024) % (1 << 20);
	else
		at = random_number() % ((8 << 20) - 16);
	while (len--)
		map[at + len] = random_number();
}

/* Commands are answered in a child: what they say of where they are may be anything. */
static void answer_some(void)
{
	uint32_t head = unit.mb->cmd_head % (8 << 20);
	struct tcmu_cmd_entry *entry = (void *)((char *)unit.map + sizeof(*unit.mb) + unit.next);

	if (unit.next < (7 << 20) && entry->hdr.len_op % 64 == TCMU_OP_CMD)
		entry->rsp.scsi_status = random_number() % 8 ? 0 : random_number();
	unit.mb->cmd_tail = head;
	unit.next = head;
}

static void storm(unsigned long n, const char *dir)
{
	unsigned long i;

	for (i = 0; i < n; i++) {
		write_somewhere();
		if (!(i % 8)) {
			answer_some();
			tcmu_kick(&unit);
		}
		if (!(i % 64)) {
			write_file(dir, "reset_ring", i % 128 ? "1" : "2");
			unit.next = 0;
		}
	}
	write_file(dir, "reset_ring", "2");
	reset();
}

/* --- orders --------------------------------------------------------------------------------- */

static void print_names(void)
{
	unsigned int i;

	for (i = 0; i < ATTACKS; i++)
		printf("%s %s %s\n", attacks[i].name, attacks[i].answer, attacks[i].state);
}

static int armed = -1;

static void order(char *line, const char *dir)
{
	unsigned long n;
	char name[64];

	if (sscanf(line, "attack %63s", name) == 1)
		armed = attack_by_name(name);
	else if (sscanf(line, "storm %lu %lu", &n, &seed) == 2)
		storm(n, dir);
	else if (!strncmp(line, "reset", 5))
		reset();
	else if (!strncmp(line, "names", 5))
		print_names();
	printf("done %s\n", line);
	fflush(stdout);
}

static void work(void)
{
	struct slot slot;

	while (next(&slot)) {
		/* Commands about the unit are for others; the READ is what waits for it. */
		if (armed >= 0 && slot.cmd.cdb[0] == 0x28) {
			attacks[armed].run(&slot);
			armed = -1;
		} else {
			serve(&slot.cmd);
		}
	}
}

int main(int argc, char **argv)
{
	struct pollfd fds[2];
	char line[128];
	int err;

	if (argc != 3)
		return 2;
	err = tcmu_open(&unit, atoi(argv[1]));
	if (err) {
		fprintf(stderr, "%s\n", strerror(-err));
		return 1;
	}
	disk = (struct tcmu_disk) { .size = DISK_SIZE, .block = 512, .product = "HOSTILE",
				    .rw = ram_rw, .priv = calloc(1, DISK_SIZE) };
	setvbuf(stdin, NULL, _IONBF, 0);
	fds[0] = (struct pollfd){ .fd = 0, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = unit.fd, .events = POLLIN };
	for (;;) {
		work();
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents & POLLIN)
			tcmu_wait(&unit);
		if (fds[0].revents & (POLLIN | POLLHUP)) {
			if (!fgets(line, sizeof(line), stdin))
				return 0;
			line[strcspn(line, "\n")] = '\0';
			order(line, argv[2]);
		}
	}
}
