// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy sources and copy destinations: the logical units that descriptors name.
 *
 * A copy reaches the logical units of the session that asked for it, through the nexus
 * that the session has with them, and with its rights.  The nexus is held as long as
 * the copy may touch the unit; so neither goes away under it, and since whoever takes
 * the nexus away kills its reference count first, the copy sees that it shall end.
 * Where the session has a unit more than once, one through a port that is open is taken.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "alua_state.h"
#include "cdb.h"
#include "copy.h"
#include "inquiry.h"
#include "power.h"
#include "reserve.h"

#define CSCD_PAGE_83	0x83
#define CSCD_PAGE_SIZE	2048
#define CSCD_PAGE_HEAD	4
#define CSCD_NAA	0x03

/* ASSOCIATION: logical unit, and a designator that no other logical unit has. */
static bool cscd_is_unique(u8 type)
{
	switch (type) {
	case 0x01:	/* T10 vendor ID based */
	case 0x02:	/* EUI-64 based */
	case CSCD_NAA:
	case 0x08:	/* SCSI name string */
	case 0x0a:	/* UUID */
		return true;
	default:
		return false;
	}
}

/* The designation descriptor behind another one, or the first one; NULL at the end. */
static const u8 *cscd_next(const u8 *page, u32 len, const u8 *d)
{
	d = d ? d + CSCD_PAGE_HEAD + d[3] : page + CSCD_PAGE_HEAD;
	if (d + 4 > page + len || d + 4 + d[3] > page + len)
		return NULL;
	return d;
}

const u8 *target_cscd_designator(const u8 *page, u32 len, u8 association)
{
	const u8 *d = NULL;

	while ((d = cscd_next(page, len, d)))
		if ((d[1] & 0x3f) == association)
			return d;
	return NULL;
}

/* Page 83h; NULL without memory. */
static u8 *cscd_page(struct se_device *dev, struct se_lun *lun, u32 *len)
{
	u8 *page = kmalloc(CSCD_PAGE_SIZE, GFP_KERNEL);
	struct target_buf b;

	if (!page)
		return NULL;
	target_buf_init(&b, page, CSCD_PAGE_SIZE);
	target_vpd_build(&b, CSCD_PAGE_83, dev, lun);
	*len = min(b.len, b.size);
	return page;
}

static bool cscd_is(struct target_itl *itl, const struct target_cscd *cscd)
{
	const u8 *d = NULL;
	bool found = false;
	u32 len;
	u8 *page;

	if (!cscd_is_unique(cscd->type))
		return false;
	page = cscd_page(itl->dev, itl->lun, &len);
	while (page && !found && (d = cscd_next(page, len, d)))
		found = (d[0] & 0x0f) == cscd->code_set && (d[1] & 0x3f) == cscd->type &&
			d[3] == cscd->len && !memcmp(d + 4, cscd->designator, cscd->len);
	kfree(page);
	return found;
}

static bool cscd_is_device(struct target_itl *itl, const void *dev)
{
	return itl->dev == dev;
}

static bool cscd_is_named(struct target_itl *itl, const void *cscd)
{
	return cscd_is(itl, cscd);
}

static bool cscd_is_open_device(struct target_itl *itl, const void *dev)
{
	return cscd_is_device(itl, dev) && !target_alua_check_blocks(itl, 0, 0);
}

static bool cscd_is_open_named(struct target_itl *itl, const void *cscd)
{
	return !target_alua_check_blocks(itl, 0, 0) && cscd_is(itl, cscd);
}

/* A nexus of the session; it is held while it is looked at, and no lock is. */
static struct target_itl *cscd_search(struct target_itl *of,
				      bool (*match)(struct target_itl *itl, const void *data),
				      const void *data)
{
	struct target_itl *itl;
	unsigned long lun;

	rcu_read_lock();
	xa_for_each(&of->sess->itls, lun, itl) {
		if (!percpu_ref_tryget_live(&itl->ref))
			continue;
		rcu_read_unlock();
		if (match(itl, data))
			return itl;
		target_itl_put(itl);
		rcu_read_lock();
	}
	rcu_read_unlock();
	return NULL;
}

struct target_itl *target_cscd_find(struct target_itl *itl, const struct target_cscd *cscd)
{
	return cscd_search(itl, cscd_is_open_named, cscd) ?:
	       cscd_search(itl, cscd_is_named, cscd);
}

struct target_itl *target_cscd_of_device(struct target_itl *itl, const struct se_device *dev)
{
	return cscd_search(itl, cscd_is_open_device, dev) ?:
	       cscd_search(itl, cscd_is_device, dev);
}

bool target_cscd_build(struct target_buf *b, struct se_device *dev, struct se_lun *lun)
{
	u32 len, start = b->len;
	u8 *page = cscd_page(dev, lun, &len);
	const u8 *d = page ? target_cscd_designator(page, len, CSCD_NAA) : NULL;

	if (d) {
		target_buf_u8(b, TARGET_CSCD_IDENT);
		target_buf_u8(b, dev->limits.device_type);
		target_buf_zero(b, 2);
		target_buf_u8(b, d[0] & 0x0f);
		target_buf_u8(b, d[1] & 0x3f);
		target_buf_u8(b, 0);
		target_buf_put(b, d + 3, 1 + min_t(u32, d[3], TARGET_CSCD_DESIGNATOR));
		target_buf_zero(b, TARGET_CSCD_LEN - 4 - (b->len - start));
		target_buf_be32(b, dev->dev_attrib.block_size);
	}
	kfree(page);
	return d;
}

sense_reason_t target_cscd_check(struct target_itl *itl, u64 byte, u64 bytes, bool write)
{
	struct se_device *dev = itl->dev;
	u64 lba = byte >> dev->block_shift, blocks = bytes >> dev->block_shift;
	u64 capacity = READ_ONCE(dev->blocks);
	/* In this order nothing overflows. */
	bool beyond = lba > capacity || blocks > capacity - lba;
	int power = atomic_read(&dev->power);
	sense_reason_t why;

	if (target_reservations_deny(itl, write))
		return TCM_RESERVATION_CONFLICT;
	why = target_alua_check_blocks(itl, lba, beyond ? 0 : blocks);
	if (why)
		return why;
	if (power & TARGET_BUSY_SELF_TEST)
		return TCM_SELF_TEST_IN_PROGRESS;
	if (power & ~TARGET_POWER_MASK)
		return TCM_LUN_BUSY;
	switch (power & TARGET_POWER_MASK) {
	case TARGET_POWER_UNLOADED:
		return TCM_MEDIUM_NOT_PRESENT;
	case TARGET_POWER_STOPPED:
		return TCM_NOT_READY_STOPPED;
	default:
		break;
	}
	if (beyond)
		return TCM_ADDRESS_OUT_OF_RANGE;
	if (write && target_cdb_write_protected(dev, itl))
		return TCM_WRITE_PROTECTED;
	return TCM_NO_SENSE;
}
