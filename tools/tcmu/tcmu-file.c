// SPDX-License-Identifier: GPL-2.0-only
/* A disk in a file: what follows the slash of its config is the path. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>
#include "tcmu.h"

#define MAX_PIECES	1024	/* of one call */

struct file_disk {
	struct tcmu_disk	disk;
	int			fd;
};

static int file_of(const struct tcmu_disk *disk)
{
	return ((const struct file_disk *)disk->priv)->fd;
}

/* The pieces are where the kernel put them; only after a short transfer they are ours. */
static int file_move(int fd, struct iovec *iov, unsigned int nr, off_t at, bool write)
{
	while (nr) {
		int some = nr > MAX_PIECES ? MAX_PIECES : nr;
		ssize_t n = write ? pwritev(fd, iov, some, at) : preadv(fd, iov, some, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		at += n;
		while (nr && (size_t)n >= iov->iov_len) {
			n -= iov->iov_len;
			iov++;
			nr--;
		}
		if (nr) {
			iov->iov_base = (char *)iov->iov_base + n;
			iov->iov_len -= n;
		}
	}
	return 0;
}

static int file_rw(struct tcmu_disk *disk, const struct tcmu_command *cmd, uint64_t at, size_t len,
		   bool write)
{
	return file_move(file_of(disk), cmd->iov, cmd->iov_cnt, at, write);
}

static int file_flush(struct tcmu_disk *disk)
{
	return fdatasync(file_of(disk)) ? -errno : 0;
}

static int file_start(struct file_disk *file, struct tcmu_unit *unit, const char *path)
{
	int err = tcmu_unit_size(unit, &file->disk.size);

	if (err)
		return err;
	file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return -errno;
	if (ftruncate(file->fd, file->disk.size)) {
		err = -errno;
		close(file->fd);
	}
	return err;
}

static int file_open(struct tcmu_unit *unit, const char *config)
{
	struct file_disk *file = calloc(1, sizeof(*file));
	int err = file ? file_start(file, unit, config) : -ENOMEM;

	if (err) {
		free(file);
		return err;
	}
	file->disk.block = 512;
	file->disk.product = "FILE";
	file->disk.rw = file_rw;
	file->disk.flush = file_flush;
	file->disk.priv = file;
	unit->priv = file;
	return 0;
}

static void file_close(struct tcmu_unit *unit)
{
	struct file_disk *file = unit->priv;

	close(file->fd);
	free(file);
}

static int file_resize(struct tcmu_unit *unit, uint64_t size)
{
	struct file_disk *file = unit->priv;

	if (ftruncate(file->fd, size))
		return -errno;
	file->disk.size = size;
	return 0;
}

static void file_execute(struct tcmu_unit *unit, const struct tcmu_command *cmd,
			 struct tcmu_answer *answer)
{
	struct file_disk *file = unit->priv;

	tcmu_disk_execute(&file->disk, unit, cmd, answer);
}

int main(void)
{
	static const struct tcmu_handler file = {
		.name		= "file",
		.open		= file_open,
		.close		= file_close,
		.execute	= file_execute,
		.resize		= file_resize,
	};

	return tcmu_serve(&file);
}
