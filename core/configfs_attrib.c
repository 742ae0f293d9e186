// SPDX-License-Identifier: GPL-2.0-only
/* attrib/ of a device: what TARGET_DEV_ATTRIBS() lists becomes files and defaults here. */
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <target/target_core_backend.h>
#include "attrib.h"
#include "device.h"
#include "pi.h"
#include "pr_pass.h"
#include "power.h"
#include "reserve.h"
#include "sbc.h"

/* --- checks ------------------------------------------------------------------------------ */

int target_attrib_any(struct se_device *dev, u32 value)
{
	return TARGET_ATTRIB_TAKE;
}

/* Once settings, now facts: DPO is always accepted, FUA always honoured. */
int target_attrib_ignored(struct se_device *dev, u32 value)
{
	return TARGET_ATTRIB_IGNORE;
}

/*
 * -EINVAL while a LUN is linked: initiators have read what this changes; or while
 * something that began before has yet to end.
 */
int target_attrib_unexported(struct se_device *dev, u32 value)
{
	return target_dev_unexported(dev) ? TARGET_ATTRIB_TAKE : -EINVAL;
}

static void target_attrib_default_model(struct se_device *dev)
{
	const struct target_backend_ops *ops = dev->transport;

	strscpy_pad(dev->t10_wwn.model, "", sizeof(dev->t10_wwn.model));
	memcpy(dev->t10_wwn.model, ops->inquiry_prod, sizeof(ops->inquiry_prod));
}

/*
 * PRODUCT IDENTIFICATION becomes the device's name or the backstore's own. One
 * character less than there is room for: what initiators have stored of existing
 * installations stays true.
 */
int target_attrib_model_alias(struct se_device *dev, u32 value)
{
	int err = target_attrib_unexported(dev, value);

	if (err)
		return err;
	if (value)
		strscpy(dev->t10_wwn.model, config_item_name(&dev->dev_group.cg_item),
			INQUIRY_MODEL_LEN);
	else
		target_attrib_default_model(dev);
	return TARGET_ATTRIB_TAKE;
}

/* -EINVAL to deny a volatile cache that the medium has. */
int target_attrib_write_cache(struct se_device *dev, u32 value)
{
	lockdep_assert_held(&dev->lock);
	return dev->limits.write_cache && !value ? -EINVAL : TARGET_ATTRIB_TAKE;
}

int target_attrib_ua_intlck_ctrl(struct se_device *dev, u32 value)
{
	if (value > TARGET_UA_INTLCK_CTRL_ESTABLISH_UA)
		return -EINVAL;
	return target_attrib_unexported(dev, value);
}

/* -ENOSYS to offer thin provisioning that the medium has not. */
int target_attrib_thin(struct se_device *dev, u32 value)
{
	lockdep_assert_held(&dev->lock);
	if (value && !(dev->transport->unmap && dev->limits.max_unmap_blocks))
		return -ENOSYS;
	return TARGET_ATTRIB_TAKE;
}

int target_attrib_thin_unexported(struct se_device *dev, u32 value)
{
	return target_attrib_unexported(dev, value) ?: target_attrib_thin(dev, value);
}

/* The task set restricts reordering (QUEUE ALGORITHM MODIFIER 0): not done here. */
int target_attrib_rest_reord(struct se_device *dev, u32 value)
{
	return value ? -ENOSYS : TARGET_ATTRIB_TAKE;
}

/*
 * -ENOSYS if the backstore cannot keep protection information, -ENODEV before enable.
 * What has been written stays, and nothing of it is protected yet.
 */
int target_attrib_pi_prot_type(struct se_device *dev, u32 value)
{
	int err;

	if (value > TARGET_DIF_TYPE3_PROT)
		return -EINVAL;
	/* As LIO has it, what the medium does is not to be chosen, and no error either. */
	if (value == dev->dev_attrib.pi_prot_type || target_pi_is_hw(dev))
		return TARGET_ATTRIB_IGNORE;
	if (!target_pi_is_capable(dev))
		return -ENOSYS;
	err = target_attrib_unexported(dev, value);
	if (err)
		return err;
	if (!dev->configured)
		return -ENODEV;
	return target_pi_format(dev, value) ?: TARGET_ATTRIB_TAKE;
}

/* A trigger that stands among the settings: it always reads 0. */
int target_attrib_pi_prot_format(struct se_device *dev, u32 value)
{
	int err;

	if (!value)
		return TARGET_ATTRIB_IGNORE;
	if (!target_pi_is_capable(dev) || target_pi_is_hw(dev))
		return -ENOSYS;
	err = target_attrib_unexported(dev, value);
	if (err)
		return err;
	if (!dev->configured)
		return -ENODEV;
	return target_pi_format(dev, dev->dev_attrib.pi_prot_type) ?: TARGET_ATTRIB_IGNORE;
}

/* Without protection information there is nothing to check: it stays 0, and that is no error. */
int target_attrib_pi_prot_verify(struct se_device *dev, u32 value)
{
	return dev->dev_attrib.pi_prot_type ? TARGET_ATTRIB_TAKE : TARGET_ATTRIB_IGNORE;
}

/* Down to whole pages, which a transfer of the largest size then is. */
static u32 target_attrib_max_sectors(const struct target_limits *limits)
{
	u32 block_size = limits->block_size, sectors = limits->hw_max_sectors;
	u32 per_page = block_size ? max_t(u32, PAGE_SIZE / block_size, 1) : 1;

	return sectors < per_page ? sectors : rounddown(sectors, per_page);
}

/* A limit of the medium in blocks of the chosen size; 0 and "no limit" stay. */
static u32 target_attrib_scale(const struct se_device *dev, const struct target_limits *limits,
			       u32 blocks)
{
	if (!blocks || blocks == U32_MAX)
		return blocks;
	return max(target_sbc_scale_of(dev, limits, blocks), 1U);
}

/* Attributes that count in blocks of the chosen size, as limits of the medium give them. */
static void target_attrib_of_limits(struct se_dev_attrib *attrib, const struct se_device *dev,
				    const struct target_limits *limits)
{
	attrib->max_unmap_lba_count = target_attrib_scale(dev, limits, limits->max_unmap_blocks);
	attrib->unmap_granularity = target_attrib_scale(dev, limits, limits->unmap_granularity);
	attrib->unmap_granularity_alignment =
		target_sbc_scale_of(dev, limits, limits->unmap_alignment);
	attrib->max_write_same_len = target_attrib_scale(dev, limits, limits->max_write_same);
	attrib->atomic_max_len = target_sbc_scale_of(dev, limits, limits->atomic_max_len);
	attrib->atomic_alignment = target_attrib_scale(dev, limits, limits->atomic_alignment);
	attrib->atomic_granularity = target_attrib_scale(dev, limits, limits->atomic_granularity);
	attrib->atomic_max_with_boundary =
		target_sbc_scale_of(dev, limits, limits->atomic_max_with_boundary);
	attrib->atomic_max_boundary =
		target_sbc_scale_of(dev, limits, limits->atomic_max_boundary);
}

/* They start again from the limits. */
static void target_attrib_rescale(struct se_device *dev)
{
	target_attrib_of_limits(&dev->dev_attrib, dev, &dev->limits);
}

/* Of an attribute that somebody has set, what he set stays. */
static bool target_attrib_follow_one(u32 *value, u32 was, u32 is)
{
	if (*value != was || was == is)
		return false;
	WRITE_ONCE(*value, is);
	return true;
}

static bool target_attrib_follow_bool(bool *value, bool was, bool is)
{
	if (*value != was || was == is)
		return false;
	WRITE_ONCE(*value, is);
	return true;
}

static void target_attrib_follow_depth(struct se_dev_attrib *attrib, u32 was, u32 is)
{
	target_attrib_follow_one(&attrib->queue_depth, was, is);
	WRITE_ONCE(attrib->hw_queue_depth, is);
	if (attrib->queue_depth > is)
		WRITE_ONCE(attrib->queue_depth, is);
}

bool target_attrib_follow(struct se_device *dev, const struct target_limits *now)
{
	struct se_dev_attrib *attrib = &dev->dev_attrib, was, is;
	bool changed;

	lockdep_assert_held(&dev->lock);
	target_attrib_of_limits(&was, dev, &dev->limits);
	target_attrib_of_limits(&is, dev, now);
#define FOLLOW(name)	target_attrib_follow_one(&attrib->name, was.name, is.name)
	changed = FOLLOW(max_unmap_lba_count);
	changed |= FOLLOW(unmap_granularity);
	changed |= FOLLOW(unmap_granularity_alignment);
	changed |= FOLLOW(max_write_same_len);
	changed |= FOLLOW(atomic_max_len);
	changed |= FOLLOW(atomic_alignment);
	changed |= FOLLOW(atomic_granularity);
	changed |= FOLLOW(atomic_max_with_boundary);
	changed |= FOLLOW(atomic_max_boundary);
#undef FOLLOW
	changed |= target_attrib_follow_one(&attrib->max_unmap_block_desc_count,
					    dev->limits.max_unmap_descs, now->max_unmap_descs);
	target_attrib_follow_one(&attrib->hw_max_sectors, target_attrib_max_sectors(&dev->limits),
				 target_attrib_max_sectors(now));
	changed |= target_attrib_follow_one(&attrib->optimal_sectors,
					    target_attrib_max_sectors(&dev->limits),
					    target_attrib_max_sectors(now));
	target_attrib_follow_one(&attrib->phys_block_size,
				 dev->limits.block_size << dev->limits.phys_exp,
				 now->block_size << now->phys_exp);
	changed |= target_attrib_follow_bool(&attrib->is_nonrot, dev->limits.nonrot, now->nonrot);
	changed |= target_attrib_follow_bool(&attrib->unmap_zeroes_data, dev->limits.unmap_zeroes,
					     now->unmap_zeroes);
	target_attrib_follow_depth(attrib, dev->limits.hw_queue_depth, now->hw_queue_depth);
	return changed;
}

/*
 * -ENODEV before enable, which sets it; -EINVAL if not even one block is left, or if the
 * backstore would have to write a part of one of its own.
 */
int target_attrib_block_size(struct se_device *dev, u32 value)
{
	int err;

	if (value < 512 || value > 4096 || !is_power_of_2(value))
		return -EINVAL;
	err = target_attrib_unexported(dev, value);
	if (err)
		return err;
	if (!dev->configured)
		return -ENODEV;
	if (dev->limits.blocks < DIV_ROUND_UP(value, dev->limits.block_size))
		return -EINVAL;
	if (value < dev->limits.block_size && dev->limits.whole_blocks)
		return -EINVAL;
	if (value != dev->limits.block_size && target_pi_is_hw(dev))
		return -EINVAL;
	/* It goes with blocks that there will be none of. */
	err = target_pi_format(dev, dev->dev_attrib.pi_prot_type);
	if (err)
		return err;
	target_device_set_block_size(dev, value);
	target_attrib_rescale(dev);
	return TARGET_ATTRIB_TAKE;
}

/* Of at least the smallest block; -ENODEV before enable, which sets it. */
int target_attrib_phys_block_size(struct se_device *dev, u32 value)
{
	int err;

	if (value < 512 || value > 4096 << 15 || !is_power_of_2(value))
		return -EINVAL;
	err = target_attrib_unexported(dev, value);
	if (err)
		return err;
	return dev->configured ? TARGET_ATTRIB_TAKE : -ENODEV;
}

int target_attrib_optimal_sectors(struct se_device *dev, u32 value)
{
	if (value > dev->dev_attrib.hw_max_sectors)
		return -EINVAL;
	return target_attrib_unexported(dev, value);
}

int target_attrib_queue_depth(struct se_device *dev, u32 value)
{
	if (!value || value > dev->dev_attrib.hw_queue_depth)
		return -EINVAL;
	return target_attrib_unexported(dev, value);
}

/* Who does ALUA, and who reservations, is the backstore's choice. */
int target_attrib_alua_support(struct se_device *dev, u32 value)
{
	return value == dev->dev_attrib.alua_support ? TARGET_ATTRIB_TAKE : -ENOSYS;
}

/* What is hidden is not in the way, and is there again later. */
int target_attrib_pr(struct se_device *dev, u32 value)
{
	lockdep_assert_held(&dev->lock);
	dev->dev_attrib.emulate_pr = value;
	target_reservations_publish(dev);
	return TARGET_ATTRIB_TAKE;
}

/* Where there are others than the core's, it can be chosen; those are as hidden as above. */
int target_attrib_pgr_support(struct se_device *dev, u32 value)
{
	lockdep_assert_held(&dev->lock);
	if (value == dev->dev_attrib.pgr_support)
		return TARGET_ATTRIB_TAKE;
	if (!target_pr_pass_can(dev))
		return -ENOSYS;
	dev->dev_attrib.pgr_support = value;
	target_reservations_publish(dev);
	return TARGET_ATTRIB_TAKE;
}

int target_attrib_submit_type(struct se_device *dev, u32 value)
{
	return value > TARGET_QUEUE_SUBMIT ? -EINVAL : TARGET_ATTRIB_TAKE;
}

int target_attrib_complete_type(struct se_device *dev, u32 value)
{
	return value > TARGET_QUEUE_COMPL ? -EINVAL : TARGET_ATTRIB_TAKE;
}

/* RMB of INQUIRY data. A medium that is out comes back if it cannot be removed any more. */
int target_attrib_removable(struct se_device *dev, u32 value)
{
	int err = target_attrib_unexported(dev, value);

	if (!err && !value && target_power_of(dev) == TARGET_POWER_UNLOADED)
		target_power_set(dev, TARGET_POWER_ACTIVE);
	return err;
}

/* --- files ------------------------------------------------------------------------------- */

enum target_attrib_type {
	TARGET_ATTRIB_bool,
	TARGET_ATTRIB_u8,
	TARGET_ATTRIB_u32,
};

/* What show and store need to know of a line of the list. */
struct target_attrib {
	enum target_attrib_type	type;
	unsigned int		offset;		/* of the field in struct se_dev_attrib */
	int			(*check)(struct se_device *dev, u32 value);
};

static struct se_device *attrib_to_device(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_device, attrib_group);
}

static ssize_t target_attrib_show(struct config_item *item, char *page,
				  const struct target_attrib *attrib)
{
	const void *field = (void *)&attrib_to_device(item)->dev_attrib + attrib->offset;
	u32 value;

	if (attrib->type == TARGET_ATTRIB_u32)
		value = READ_ONCE(*(const u32 *)field);
	else
		value = READ_ONCE(*(const u8 *)field);
	return scnprintf(page, PAGE_SIZE, "%u\n", value);
}

static int target_attrib_parse(const char *page, enum target_attrib_type type, u32 *value)
{
	bool flag;
	u8 byte;
	int err;

	switch (type) {
	case TARGET_ATTRIB_bool:
		err = kstrtobool(page, &flag);
		if (!err)
			*value = flag;
		return err;
	case TARGET_ATTRIB_u8:
		err = kstrtou8(page, 0, &byte);
		if (!err)
			*value = byte;
		return err;
	default:
		return kstrtou32(page, 0, value);
	}
}

static ssize_t target_attrib_store(struct config_item *item, const char *page, size_t count,
				   const struct target_attrib *attrib)
{
	struct se_device *dev = attrib_to_device(item);
	void *field = (void *)&dev->dev_attrib + attrib->offset;
	u32 value;
	int err;

	err = target_attrib_parse(page, attrib->type, &value);
	if (err)
		return err;
	guard(mutex)(&dev->lock);
	err = attrib->check(dev, value);
	if (err < 0)
		return err;
	if (err == TARGET_ATTRIB_IGNORE)
		return count;
	if (attrib->type == TARGET_ATTRIB_u32)
		WRITE_ONCE(*(u32 *)field, value);
	else
		WRITE_ONCE(*(u8 *)field, value);
	return count;
}

#define TARGET_ATTRIB_RO(name)								\
	CONFIGFS_ATTR_RO(attrib_, name)

#define TARGET_ATTRIB_RW(name)								\
static ssize_t attrib_##name##_store(struct config_item *item, const char *page,	\
				     size_t count)					\
{											\
	return target_attrib_store(item, page, count, &attrib_##name);			\
}											\
CONFIGFS_ATTR(attrib_, name)

#define TARGET_ATTRIB_FILE(type_, name, mode, def, check_)				\
static const struct target_attrib attrib_##name = {					\
	.type	= TARGET_ATTRIB_##type_,						\
	.offset	= offsetof(struct se_dev_attrib, name),					\
	.check	= target_attrib_##check_,						\
};											\
static ssize_t attrib_##name##_show(struct config_item *item, char *page)		\
{											\
	return target_attrib_show(item, page, &attrib_##name);				\
}											\
TARGET_ATTRIB_##mode(name);

TARGET_DEV_ATTRIBS(TARGET_ATTRIB_FILE)

#define TARGET_ATTRIB_ENTRY(type, name, mode, def, check)	&attrib_attr_##name,

struct configfs_attribute *target_sbc_attribs[] = {
	TARGET_DEV_ATTRIBS(TARGET_ATTRIB_ENTRY)
	NULL,
};
TARGET_EXPORT(target_sbc_attribs);

struct configfs_attribute *target_passthrough_attribs[] = {
	&attrib_attr_hw_pi_prot_type,
	&attrib_attr_hw_block_size,
	&attrib_attr_hw_max_sectors,
	&attrib_attr_hw_queue_depth,
	&attrib_attr_emulate_pr,
	&attrib_attr_alua_support,
	&attrib_attr_pgr_support,
	&attrib_attr_submit_type,
	&attrib_attr_complete_type,
	NULL,
};
TARGET_EXPORT(target_passthrough_attribs);

/* --- defaults and limits ----------------------------------------------------------------- */

#define TARGET_ATTRIB_DEFAULT(type, name, mode, def, check)	.name = (def),

static const struct se_dev_attrib target_attrib_defaults = {
	TARGET_DEV_ATTRIBS(TARGET_ATTRIB_DEFAULT)
};

void target_attrib_set_defaults(struct se_device *dev)
{
	const struct target_backend_ops *ops = dev->transport;

	dev->dev_attrib = target_attrib_defaults;
	dev->dev_attrib.alua_support = !(ops->flags & TARGET_BACKEND_PASSTHROUGH_ALUA);
	dev->dev_attrib.pgr_support = !(ops->flags & TARGET_BACKEND_PASSTHROUGH_PGR);
	target_attrib_default_model(dev);
	memcpy(dev->t10_wwn.revision, ops->inquiry_rev, sizeof(ops->inquiry_rev));
}

/* What the medium does, it does to all blocks. */
void target_attrib_take_prot(struct se_device *dev)
{
	struct se_dev_attrib *attrib = &dev->dev_attrib;
	u8 type = dev->limits.hw_prot_type;

	lockdep_assert_held(&dev->lock);
	if (type || attrib->hw_pi_prot_type)
		WRITE_ONCE(attrib->pi_prot_type, type);
	WRITE_ONCE(attrib->hw_pi_prot_type, type);
}

void target_attrib_from_limits(struct se_device *dev)
{
	const struct target_limits *limits = &dev->limits;
	struct se_dev_attrib *attrib = &dev->dev_attrib;

	lockdep_assert_held(&dev->lock);
	attrib->hw_block_size = limits->block_size;
	attrib->block_size = limits->block_size;
	attrib->phys_block_size = limits->block_size << limits->phys_exp;
	attrib->hw_max_sectors = target_attrib_max_sectors(limits);
	attrib->optimal_sectors = attrib->hw_max_sectors;
	attrib->hw_queue_depth = limits->hw_queue_depth;
	attrib->queue_depth = limits->hw_queue_depth;
	attrib->max_unmap_lba_count = limits->max_unmap_blocks;
	attrib->max_unmap_block_desc_count = limits->max_unmap_descs;
	attrib->unmap_granularity = limits->unmap_granularity;
	attrib->unmap_granularity_alignment = limits->unmap_alignment;
	attrib->unmap_zeroes_data = limits->unmap_zeroes;
	attrib->max_write_same_len = limits->max_write_same;
	attrib->atomic_max_len = limits->atomic_max_len;
	attrib->atomic_alignment = limits->atomic_alignment;
	attrib->atomic_granularity = limits->atomic_granularity;
	attrib->atomic_max_with_boundary = limits->atomic_max_with_boundary;
	attrib->atomic_max_boundary = limits->atomic_max_boundary;
	attrib->is_nonrot = limits->nonrot;
	target_attrib_take_prot(dev);
	if (limits->write_cache)
		attrib->emulate_write_cache = true;
}
