// SPDX-License-Identifier: GPL-2.0-only
/* pr/ of a device: reservations, as text. */
#include <linux/slab.h>
#include "configfs.h"
#include "pr_save.h"
#include "pr_text.h"
#include "reserve.h"

#define PR_NO_HOLDER	"No SPC-3 Reservation holder\n"

static struct se_device *item_to_dev(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_device, pr_group);
}

/* Reservations may be the medium's own, nobody's, or the core's. */
static const char *pr_not_ours(const struct se_device *dev, const char *passthrough,
			       const char *disabled)
{
	if (!dev->dev_attrib.pgr_support)
		return passthrough;
	return dev->dev_attrib.emulate_pr ? NULL : disabled;
}

/* The registration that holds the reservation, or NULL. The lock is held. */
static const struct target_pr_reg *pr_holder(const struct se_device *dev)
{
	const struct target_pr_state *state = dev->reservations.state;

	lockdep_assert_held(&dev->reservations.lock);
	return state && state->type ? &state->reg[state->holder] : NULL;
}

static ssize_t target_pr_res_holder_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	const char *other = pr_not_ours(dev, "Passthrough\n", "SPC_RESERVATIONS_DISABLED\n");
	const struct target_pr_nexus *nexus = NULL;
	ssize_t len;

	if (other)
		return scnprintf(page, PAGE_SIZE, "%s", other);
	guard(mutex)(&dev->reservations.lock);
	if (dev->reservations.reserver)
		nexus = dev->reservations.reserver->pr_nexus;
	else if (pr_holder(dev))
		nexus = pr_holder(dev)->nexus;
	if (!nexus)
		return scnprintf(page, PAGE_SIZE, PR_NO_HOLDER);
	len = scnprintf(page, PAGE_SIZE, "SPC-%c Reservation: %s Initiator: ",
			dev->reservations.reserver ? '2' : '3', nexus->port.fabric);
	len += target_pr_text_initiator(page + len, PAGE_SIZE - len, &nexus->initiator);
	return len + scnprintf(page + len, PAGE_SIZE - len, "\n");
}

static ssize_t target_pr_res_pr_all_tgt_pts_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	const struct target_pr_reg *holder;

	guard(mutex)(&dev->reservations.lock);
	holder = pr_holder(dev);
	if (!holder)
		return scnprintf(page, PAGE_SIZE, PR_NO_HOLDER);
	return scnprintf(page, PAGE_SIZE, "SPC-3 Reservation: %s Target Port%s registration\n",
			 holder->all_ports ? "All" : "Single", holder->all_ports ? "s" : "");
}

static ssize_t target_pr_res_pr_generation_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	const struct target_pr_state *state;

	guard(mutex)(&dev->reservations.lock);
	state = dev->reservations.state;
	return scnprintf(page, PAGE_SIZE, "0x%08x\n", state ? state->generation : 0);
}

static ssize_t pr_emit_holder_port(struct se_device *dev, const struct target_pr_ports *ports,
				   char *page)
{
	const struct target_pr_port *port;
	const struct target_pr_reg *holder;

	guard(mutex)(&dev->reservations.lock);
	holder = pr_holder(dev);
	if (!holder)
		return scnprintf(page, PAGE_SIZE, PR_NO_HOLDER);
	port = target_pr_port_now(ports, &holder->nexus->port);
	return scnprintf(page, PAGE_SIZE,
			 "SPC-3 Reservation: %s Target Node Endpoint: %s\n"
			 "SPC-3 Reservation: Relative Port Identifier Tag: %u %s Portal Group Tag: %u %s Logical Unit: %llu\n",
			 port->fabric, port->target, port->rtpi, port->fabric, port->tag,
			 port->fabric, port->lun);
}

static ssize_t target_pr_res_pr_holder_tg_port_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	struct target_pr_ports *ports = target_pr_ports_alloc(dev);
	ssize_t len = pr_emit_holder_port(dev, ports, page);

	kvfree(ports);
	return len;
}

/* As many as fit; /sys/kernel/debug/target_core/registrations has all. */
static ssize_t target_pr_res_pr_registered_i_pts_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	ssize_t len = scnprintf(page, PAGE_SIZE, "SPC-3 PR Registrations:\n");
	const struct target_pr_state *state;
	u32 i;

	guard(mutex)(&dev->reservations.lock);
	state = dev->reservations.state;
	if (!state || !state->count)
		return len + scnprintf(page + len, PAGE_SIZE - len, "None\n");
	for (i = 0; i < state->count; i++) {
		char line[TARGET_PR_TEXT_LINE];
		int n = target_pr_text_line(line, sizeof(line), &state->reg[i]);

		if (len + n >= PAGE_SIZE)
			break;
		memcpy(page + len, line, n + 1);
		len += n;
	}
	return len;
}

static ssize_t target_pr_res_pr_type_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);

	guard(mutex)(&dev->reservations.lock);
	if (!pr_holder(dev))
		return scnprintf(page, PAGE_SIZE, PR_NO_HOLDER);
	return scnprintf(page, PAGE_SIZE, "SPC-3 Reservation Type: %s\n",
			 target_pr_type_name(dev->reservations.state->type));
}

static ssize_t target_pr_res_type_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	const char *other = pr_not_ours(dev, "SPC_PASSTHROUGH\n", "SPC_RESERVATIONS_DISABLED\n");

	if (!other)
		other = READ_ONCE(dev->reservations.reserver) ? "SPC2_RESERVATIONS\n" :
								"SPC3_PERSISTENT_RESERVATIONS\n";
	return scnprintf(page, PAGE_SIZE, "%s", other);
}

static ssize_t target_pr_res_aptpl_active_show(struct config_item *item, char *page)
{
	struct se_device *dev = item_to_dev(item);
	const char *other = pr_not_ours(dev, "", "");
	const struct target_pr_state *state;

	if (other)
		return scnprintf(page, PAGE_SIZE, "%s", other);
	guard(mutex)(&dev->reservations.lock);
	state = dev->reservations.state;
	return scnprintf(page, PAGE_SIZE, "APTPL Bit Status: %s\n",
			 state && state->aptpl ? "Activated" : "Disabled");
}

static ssize_t target_pr_res_aptpl_metadata_show(struct config_item *item, char *page)
{
	const char *other = pr_not_ours(item_to_dev(item), "", "");

	return scnprintf(page, PAGE_SIZE, "%s", other ?: "Ready to process PR APTPL metadata..\n");
}

/* A registration that nobody could see or use must not seem restored. */
static ssize_t target_pr_res_aptpl_metadata_store(struct config_item *item, const char *page,
						  size_t count)
{
	struct se_device *dev = item_to_dev(item);
	char *text;
	int err;

	if (pr_not_ours(dev, "", ""))
		return -EOPNOTSUPP;
	text = kstrndup(page, count, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	err = target_pr_load_text(dev, text);
	kfree(text);
	return err ?: count;
}

CONFIGFS_ATTR_RO(target_pr_, res_holder);
CONFIGFS_ATTR_RO(target_pr_, res_pr_all_tgt_pts);
CONFIGFS_ATTR_RO(target_pr_, res_pr_generation);
CONFIGFS_ATTR_RO(target_pr_, res_pr_holder_tg_port);
CONFIGFS_ATTR_RO(target_pr_, res_pr_registered_i_pts);
CONFIGFS_ATTR_RO(target_pr_, res_pr_type);
CONFIGFS_ATTR_RO(target_pr_, res_type);
CONFIGFS_ATTR_RO(target_pr_, res_aptpl_active);
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
