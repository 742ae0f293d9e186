// SPDX-License-Identifier: GPL-2.0-only
/* A disk in the memory of a process: gone with it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "tcmu.h"

static int ram_rw(struct tcmu_disk *disk, const struct tcmu_command *cmd, uint64_t at, size_t len,
		  bool write)
{
	char *memory = (char *)disk->priv + at;

	if (write)
		tcmu_get(cmd, 0, memory, len);
	else
		tcmu_put(cmd, 0, memory, len);
	return 0;
}

static int ram_open(struct tcmu_unit *unit, const char *config)
{
	struct tcmu_disk *disk = calloc(1, sizeof(*disk));
	int err = disk ? tcmu_unit_size(unit, &disk->size) : -ENOMEM;

	if (!err) {
		disk->priv = mmap(NULL, disk->size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (disk->priv == MAP_FAILED)
			err = -errno;
	}
	if (err) {
		free(disk);
		return err;
	}
	disk->block = 512;
	disk->product = "RAM";
	disk->rw = ram_rw;
	unit->priv = disk;
	return 0;
}

static void ram_close(struct tcmu_unit *unit)
{
	struct tcmu_disk *disk = unit->priv;

	munmap(disk->priv, disk->size);
	free(disk);
}

static int ram_resize(struct tcmu_unit *unit, uint64_t size)
{
	struct tcmu_disk *disk = unit->priv;
	void *memory = mremap(disk->priv, disk->size, size, MREMAP_MAYMOVE);

	if (memory == MAP_FAILED)
		return -errno;
	disk->priv = memory;
	disk->size = size;
	return 0;
}

static void ram_execute(struct tcmu_unit *unit, const struct tcmu_command *cmd,
			struct tcmu_answer *answer)
{
	tcmu_disk_execute(unit->priv, unit, cmd, answer);
}

int main(void)
{
	static const struct tcmu_handler ram = {
		.name		= "ram",
		.open		= ram_open,
		.close		= ram_close,
		.execute	= ram_execute,
		.resize		= ram_resize,
	};

	return tcmu_serve(&ram);
}
