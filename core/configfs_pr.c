// SPDX-License-Identifier: GPL-2.0-only
/*
 * pr/ of a device: persistent reservations, as text.
 *
 * Nobody can register or reserve yet, so this is what a unit without either says.
 */
#include "configfs.h"

static const struct se_dev_attrib *item_to_attrib(struct config_item *item)
{
	return &container_of(to_config_group(item), struct se_device, pr_group)->dev_attrib;
}

/* Reservations may be the medium's own, nobody's, or the core's. */
static const char *target_pr_by_kind(const struct se_dev_attrib *attrib, const char *passthrough,
				     const char *disabled, const char *ours)
{
	if (!attrib->pgr_support)
		return passthrough;
	return attrib->emulate_pr ? ours : disabled;
}

#define TARGET_PR_RO(name, text)							\
static ssize_t target_pr_##name##_show(struct config_item *item, char *page)		\
{											\
	const struct se_dev_attrib *attrib __maybe_unused = item_to_attrib(item);	\
											\
	return scnprintf(page, PAGE_SIZE, "%s", text);					\
}											\
CONFIGFS_ATTR_RO(target_pr_, name)

#define TARGET_PR_NO_HOLDER	"No SPC-3 Reservation holder\n"

TARGET_PR_RO(res_holder, target_pr_by_kind(attrib, "Passthrough\n", "SPC_RESERVATIONS_DISABLED\n",
					   TARGET_PR_NO_HOLDER));
TARGET_PR_RO(res_pr_all_tgt_pts, TARGET_PR_NO_HOLDER);
TARGET_PR_RO(res_pr_generation, "0x00000000\n");
TARGET_PR_RO(res_pr_holder_tg_port, TARGET_PR_NO_HOLDER);
TARGET_PR_RO(res_pr_registered_i_pts, "SPC-3 PR Registrations:\nNone\n");
TARGET_PR_RO(res_pr_type, TARGET_PR_NO_HOLDER);
TARGET_PR_RO(res_type, target_pr_by_kind(attrib, "SPC_PASSTHROUGH\n",
					 "SPC_RESERVATIONS_DISABLED\n",
					 "SPC3_PERSISTENT_RESERVATIONS\n"));
TARGET_PR_RO(res_aptpl_active, target_pr_by_kind(attrib, "", "", "APTPL Bit Status: Disabled\n"));

static ssize_t target_pr_res_aptpl_metadata_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%s",
			 target_pr_by_kind(item_to_attrib(item), "", "",
					   "Ready to process PR APTPL metadata..\n"));
}

/* A registration that nobody could see or use must not seem restored. */
static ssize_t target_pr_res_aptpl_metadata_store(struct config_item *item, const char *page,
						  size_t count)
{
	return -EOPNOTSUPP;
}

CONFIGFS_ATTR(target_pr_, res_aptpl_metadata);

static struct configfs_attribute *target_pr_attrs[] = {
	&target_pr_attr_res_holder,
	&target_pr_attr_res_pr_all_tgt_pts,
	&target_pr_attr_res_pr_generation,
	&target_pr_attr_res_pr_holder_tg_port,
	&target_pr_attr_res_pr_registered_i_pts,
	&target_pr_attr_res_pr_type,
	&target_pr_attr_res_type,
	&target_pr_attr_res_aptpl_active,
	&target_pr_attr_res_aptpl_metadata,
	NULL,
};

const struct config_item_type target_dev_pr_type = {
	.ct_owner	= THIS_MODULE,
	.ct_attrs	= target_pr_attrs,
};
