// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection information of a file, in a file beside it, "<name>.protection": 8 bytes
 * for each block, at 8 times its number.
 *
 * They stand there with all bits inverted. So where nothing was ever written, or a hole
 * has been punched, is FFh, "do not check", and neither a format nor a larger unit has
 * to write anything.
 */
#include <linux/falloc.h>
#include <linux/string.h>
#include "file.h"

#define FILEIO_PROT_SUFFIX	".protection"

static void fileio_invert(u64 *tuples, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*tuples); i++)
		tuples[i] = ~tuples[i];
}

static int fileio_prot_open(struct fileio_device *fd)
{
	struct file *file;
	char *name;

	name = kasprintf(GFP_KERNEL, "%s" FILEIO_PROT_SUFFIX, fd->options.name);
	if (!name)
		return -ENOMEM;
	file = filp_open(name, O_RDWR | O_CREAT | O_LARGEFILE, 0600);
	kfree(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (!S_ISREG(file_inode(file)->i_mode)) {
		filp_close(file, NULL);
		return -EINVAL;
	}
	fd->prot = file;
	return 0;
}

/* What it holds is worth nothing without the unit that wrote it. */
void fileio_prot_close(struct fileio_device *fd)
{
	if (!fd->prot)
		return;
	vfs_truncate(&fd->prot->f_path, 0);
	filp_close(fd->prot, NULL);
	fd->prot = NULL;
}

int fileio_prot_format(struct se_device *dev)
{
	struct fileio_device *fd = fileio_of(dev);
	int err;

	lockdep_assert_held(&dev->lock);
	if (dev->limits.read_only)
		return -EROFS;
	if (!fd->prot) {
		err = fileio_prot_open(fd);
		if (err)
			return err;
	}
	return vfs_truncate(&fd->prot->f_path, 0);
}

static int fileio_prot_move(struct fileio_rw *rw)
{
	struct fileio_device *fd = rw->fd;
	struct target_io *io = rw->io;
	const bool write = io->dir == DMA_TO_DEVICE, durable = fileio_is_durable(io);
	u64 pos = io->lba * TARGET_PI_BYTES, all = (u64)io->blocks * TARGET_PI_BYTES, done = 0;
	void *buf = mempool_alloc(fd->bounces, GFP_NOIO);
	int err = 0;

	while (done < all) {
		size_t n = min_t(u64, all - done, FILEIO_BOUNCE);

		if (write) {
			sg_pcopy_to_buffer(io->prot_sg, io->prot_nents, buf, n, done);
			fileio_invert(buf, n);
		}
		err = fileio_move(fd, fd->prot, io->dir, buf, n, pos + done, durable);
		if (err)
			break;
		if (!write) {
			fileio_invert(buf, n);
			sg_pcopy_from_buffer(io->prot_sg, io->prot_nents, buf, n, done);
		}
		done += n;
	}
	mempool_free(buf, fd->bounces);
	return err;
}

/* Where no hole can be punched. */
static int fileio_prot_clear(struct fileio_rw *rw, u64 pos, u64 len)
{
	struct fileio_device *fd = rw->fd;
	void *buf = mempool_alloc(fd->bounces, GFP_NOIO);
	int err = 0;

	memset(buf, 0, FILEIO_BOUNCE);
	while (len && !err) {
		size_t n = min_t(u64, len, FILEIO_BOUNCE);

		err = fileio_move(fd, fd->prot, DMA_TO_DEVICE, buf, n, pos, false);
		pos += n;
		len -= n;
	}
	mempool_free(buf, fd->bounces);
	return err;
}

int fileio_prot_drop(struct fileio_rw *rw)
{
	const struct target_io *io = rw->io;
	u64 pos = io->lba * TARGET_PI_BYTES, len = (u64)io->blocks * TARGET_PI_BYTES;
	int err;

	if (likely(!io->dev->dev_attrib.pi_prot_type))
		return 0;
	err = vfs_fallocate(rw->fd->prot, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, pos, len);
	if (err == -EOPNOTSUPP)
		err = fileio_prot_clear(rw, pos, len);
	if (err || !fileio_is_durable(io))
		return err;
	return vfs_fsync_range(rw->fd->prot, pos, pos + len - 1, 1);
}

/* Nobody else has the blocks. What has failed half way is not protected any more. */
static int fileio_write_protected(struct fileio_rw *rw)
{
	int err;

	if (!rw->io->prot_sg)
		return fileio_prot_drop(rw) ?: fileio_rw_data(rw);
	err = fileio_rw_data(rw) ?: fileio_prot_move(rw);
	if (err)
		fileio_prot_drop(rw);
	return err;
}

void fileio_rw_protected(struct fileio_rw *rw)
{
	int err;

	if (rw->io->dir == DMA_TO_DEVICE)
		err = fileio_write_protected(rw);
	else
		err = fileio_rw_data(rw) ?: rw->io->prot_sg ? fileio_prot_move(rw) : 0;
	fileio_rw_finish(rw, err);
}
