/* SPDX-License-Identifier: GPL-2.0-only */
/* Logical units and HBAs. */
#ifndef TARGET_DEVICE_H
#define TARGET_DEVICE_H

#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>

/**
 * target_device_alloc - core/<hba>/<name> was made
 * @hba: the HBA
 * @name: of the directory
 *
 * Asks the backstore for the device and sets it up with default attributes and
 * identification. May sleep. Return: the device or ERR_PTR(-ENOMEM).
 */
struct se_device *target_device_alloc(struct se_hba *hba, const char *name);

/* "1" was written to enable: -EEXIST if it was before, or the backstore's error. */
int target_device_configure(struct se_device *dev);

/* Last reference of its config_item: unconfigure if configured, free. May sleep. */
void target_device_free(struct se_device *dev);

/* One more / one less LUN; dev->lock is taken. get fails with -ENODEV unless configured. */
int target_device_export(struct se_device *dev, struct se_lun *lun);
void target_device_unexport(struct se_device *dev, struct se_lun *lun);

/* Sum of what went through all its LUNs, past and present. */
void target_device_stats(struct se_device *dev, struct target_io_stats *sum);

/* So many blocks of limits.block_size in blocks of another size. */
u64 target_device_scale(const struct se_device *dev, u64 blocks, u32 block_size);

/*
 * Recompute what is derived from block_size and limits.blocks; dev->lock held, and
 * nothing exported if block_size is not what it was.
 */
void target_device_set_block_size(struct se_device *dev, u32 block_size);

/* Effective types: the attribute, or the fabric's default. */
static inline enum target_submit_type
target_device_submit_type(const struct se_device *dev, const struct target_core_fabric_ops *tfo)
{
	return dev->dev_attrib.submit_type ?: tfo->default_submit_type;
}

static inline enum target_compl_type
target_device_compl_type(const struct se_device *dev, const struct target_core_fabric_ops *tfo)
{
	return dev->dev_attrib.complete_type ?: tfo->default_compl_type;
}

/* core/hba.c: "<plugin>_<n>" was made: loads and holds the backstore's module. */
struct se_hba *target_hba_alloc(const char *plugin, u32 id);
void target_hba_free(struct se_hba *hba);

/* Call @fn for each device, under the list's mutex, until it returns non-zero. */
int target_device_for_each(int (*fn)(struct se_device *dev, void *data), void *data);
unsigned int target_device_count(void);

#endif /* TARGET_DEVICE_H */
