// SPDX-License-Identifier: GPL-2.0-only
/* wwn/ of a device: what INQUIRY says of it. */
#include <linux/kstrtox.h>
#include "configfs.h"

static struct se_device *item_to_device(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_device, wwn_group);
}

/* ASCII data fields hold graphic codes and spaces (SPC-6 4.3.1). */
static bool target_wwn_is_ascii(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* Text fields may hold UTF-8. */
static bool target_wwn_is_text(unsigned char c)
{
	return c >= 0x20 && c != 0x7f;
}

/* -EINVAL while a LUN is linked: initiators have read it. */
static ssize_t target_wwn_store_text(struct config_item *item, char *field, size_t size,
				     bool (*valid)(unsigned char c), const char *page,
				     size_t count)
{
	struct se_device *dev = item_to_device(item);
	char text[PD_TEXT_ID_INFO_LEN];
	ssize_t len, i;

	BUILD_BUG_ON(sizeof(text) < INQUIRY_VPD_SERIAL_LEN);
	len = target_text_parse(page, count, text, size);
	if (len < 0)
		return len;
	for (i = 0; i < len; i++)
		if (!valid(text[i]))
			return -EINVAL;
	guard(mutex)(&dev->lock);
	if (dev->export_count)
		return -EINVAL;
	memcpy(field, text, len);
	memset(field + len, 0, size - len);
	return count;
}

#define TARGET_WWN_TEXT(name, field, prefix, valid)					\
static ssize_t target_wwn_##name##_show(struct config_item *item, char *page)		\
{											\
	struct se_device *dev = item_to_device(item);					\
											\
	guard(mutex)(&dev->lock);							\
	return scnprintf(page, PAGE_SIZE, prefix "%s\n", dev->t10_wwn.field);		\
}											\
											\
static ssize_t target_wwn_##name##_store(struct config_item *item, const char *page,	\
					 size_t count)					\
{											\
	struct target_wwn_info *wwn = &item_to_device(item)->t10_wwn;			\
											\
	return target_wwn_store_text(item, wwn->field, sizeof(wwn->field), valid, page,	\
				     count);						\
}											\
CONFIGFS_ATTR(target_wwn_, name)

TARGET_WWN_TEXT(vendor_id, vendor, "", target_wwn_is_ascii);
TARGET_WWN_TEXT(product_id, model, "", target_wwn_is_ascii);
TARGET_WWN_TEXT(revision, revision, "", target_wwn_is_ascii);
TARGET_WWN_TEXT(vpd_unit_serial, unit_serial, "T10 VPD Unit Serial Number: ",
		target_wwn_is_ascii);
TARGET_WWN_TEXT(pd_text_id_info, pd_text_id_info, "", target_wwn_is_text);

static ssize_t target_wwn_company_id_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "0x%06x\n",
			 READ_ONCE(item_to_device(item)->t10_wwn.company_id));
}

static ssize_t target_wwn_company_id_store(struct config_item *item, const char *page,
					   size_t count)
{
	struct se_device *dev = item_to_device(item);
	u32 id;
	int err;

	err = kstrtou32(page, 0, &id);
	if (err)
		return err;
	if (id > 0xffffff)
		return -EOVERFLOW;
	guard(mutex)(&dev->lock);
	if (dev->export_count)
		return -EINVAL;
	WRITE_ONCE(dev->t10_wwn.company_id, id);
	return count;
}

CONFIGFS_ATTR(target_wwn_, company_id);

/* What a pass-through device's own VPD page 83h says; there is none here. */
#define TARGET_WWN_NONE(name)								\
static ssize_t target_wwn_##name##_show(struct config_item *item, char *page)		\
{											\
	return 0;									\
}											\
CONFIGFS_ATTR_RO(target_wwn_, name)

TARGET_WWN_NONE(vpd_protocol_identifier);
TARGET_WWN_NONE(vpd_assoc_logical_unit);
TARGET_WWN_NONE(vpd_assoc_target_port);
TARGET_WWN_NONE(vpd_assoc_scsi_target_device);

static struct configfs_attribute *target_wwn_attrs[] = {
	&target_wwn_attr_vendor_id,
	&target_wwn_attr_product_id,
	&target_wwn_attr_revision,
	&target_wwn_attr_company_id,
	&target_wwn_attr_vpd_unit_serial,
	&target_wwn_attr_pd_text_id_info,
	&target_wwn_attr_vpd_protocol_identifier,
	&target_wwn_attr_vpd_assoc_logical_unit,
	&target_wwn_attr_vpd_assoc_target_port,
	&target_wwn_attr_vpd_assoc_scsi_target_device,
	NULL,
};

const struct config_item_type target_dev_wwn_type = {
	.ct_owner	= THIS_MODULE,
	.ct_attrs	= target_wwn_attrs,
};
