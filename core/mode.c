// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode parameters (SPC-6 6.14 and following, 7.5; SBC-5 6.5).
 *
 * A table of pages, each of which fills itself in for the current, changeable
 * and default values.  MODE SELECT compares what it gets with the current
 * values: a bit that differs must be changeable.  What is saved is in mode_save.c.
 */
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <scsi/scsi_proto.h>
#include "app_tag.h"
#include "cdb.h"
#include "cmd.h"
#include "exceptions.h"
#include "itl.h"
#include "mode.h"
#include "mode_save.h"
#include "order.h"
#include "pi.h"
#include "sbc.h"
#include "selftest.h"
#include "sense.h"
#include "spc.h"
#include "ua.h"

#define MODE_SIZE		512	/* more than all pages */
#define MODE_PAGE_MAX		TARGET_APP_TAG_PAGE_LEN	/* the longest page */
#define MODE_ALL_PAGES		0x3f
#define MODE_ALL_SUBPAGES	0xff
#define MODE_WP			0x80	/* device specific parameter */
#define MODE_DPOFUA		0x10
#define MODE_LONGLBA		0x01
#define MODE_PF			0x10	/* MODE SELECT byte 1 */
#define MODE_SP			0x01
#define MODE_PS			0x80	/* byte 0 of a page */
#define MODE_SPF		0x40

/* Read-write error recovery mode page, byte 7 */
#define RECOVERY_LBPERE		0x80
/* Caching mode page, byte 2 and 12 */
#define CACHING_WCE		0x04
#define CACHING_DRA		0x20
/* Control mode page, bytes 2 to 5 */
#define CONTROL_TST_NEXUS	0x20
#define CONTROL_D_SENSE		0x04
#define CONTROL_GLTSD		0x02
#define CONTROL_DPICZ		0x08
#define CONTROL_QAM_UNRESTRICTED 0x10
#define CONTROL_QERR		0x06
#define CONTROL_UA_INTLCK	0x30
#define CONTROL_SWP		0x08
#define CONTROL_TAS		0x40
#define CONTROL_ATO		0x80
#define CONTROL_ATMPE		0x20
/* Control extension mode page, byte 4 */
#define CONTROL_TCMOS		0x04
#define CONTROL_SCSIP		0x02

/**
 * struct mode_page - a page
 * @code: PAGE CODE
 * @subpage: SUBPAGE CODE; 0 is a page of the format without one
 * @len: bytes, header included
 * @present: has this unit the page? NULL is always
 * @fill: write its bytes, which are zero, behind the header
 * @take: take the changeable values out of it; NULL if there are none
 * @bad: the byte of it, and the bit, that has a value which changeable bits allow and
 *	the standard does not; 0 if there is none. NULL if every value is good.
 */
struct mode_page {
	u8	code;
	u8	subpage;
	u8	len;
	bool	(*present)(const struct se_device *dev);
	void	(*fill)(const struct se_device *dev, enum target_mode_pc pc, u8 *p);
	void	(*take)(struct target_mode_values *v, const u8 *p);
	u8	(*bad)(const struct se_device *dev, const u8 *p, u8 *bit);
};

/* UA_INTLCK_CTRL: the values of the attribute, and as the page has them */
static const u8 mode_intlck[] = {
	[TARGET_UA_INTLCK_CTRL_CLEAR]		= 0,
	[TARGET_UA_INTLCK_CTRL_NO_CLEAR]	= 2,
	[TARGET_UA_INTLCK_CTRL_ESTABLISH_UA]	= 3,
};

void target_mode_get(struct target_mode_values *v, const struct se_device *dev)
{
	/* No byte is left to chance: they are compared as a whole. */
	memset(v, 0, sizeof(*v));
	v->wce = dev->dev_attrib.emulate_write_cache;
	v->d_sense = target_sense_is_desc(dev);
	v->swp = READ_ONCE(dev->mode_swp);
	v->tas = dev->dev_attrib.emulate_tas;
	v->per_nexus = dev->tasks.per_nexus;
	v->restricted = dev->tasks.restricted;
	v->qerr = READ_ONCE(dev->mode_qerr);
	v->intlck = mode_intlck[dev->dev_attrib.emulate_ua_intlck_ctrl];
	v->exceptions = dev->exceptions;
	target_threshold_get(&v->thresholds, dev);
	target_app_tags_get(&v->app_tags, dev);
}

static bool mode_needs_desc(const struct se_device *dev)
{
	return dev->blocks > 1ULL << 32;
}

static void mode_get_default(struct target_mode_values *v, const struct se_device *dev)
{
	memset(v, 0, sizeof(*v));
	v->wce = dev->limits.write_cache;
	v->d_sense = mode_needs_desc(dev);
	v->tas = true;
}

/*
 * Ones where MODE SELECT can change something.  A volatile cache that is there
 * cannot be turned off, only one that is not there be claimed, and no more.
 */
static void mode_get_changeable(struct target_mode_values *v, const struct se_device *dev)
{
	v->wce = dev->transport->flush && !dev->limits.write_cache;
	v->d_sense = !mode_needs_desc(dev);
	v->swp = true;
	v->tas = true;
	v->per_nexus = true;
	v->restricted = true;
	v->qerr = 3;
	v->intlck = 3;
	target_threshold_get_changeable(&v->thresholds);
	target_app_tags_changeable(&v->app_tags);
}

/* As long as nothing has been saved, the saved values are the defaults. */
static void mode_get_saved(struct target_mode_values *v, const struct se_device *dev)
{
	const struct target_mode_saved *saved = dev->mode_saved;

	lockdep_assert_held(&dev->lock);
	if (saved->valid)
		memcpy(v, &saved->values, sizeof(*v));
	else
		mode_get_default(v, dev);
}

static void mode_get_values(struct target_mode_values *v, const struct se_device *dev,
			    enum target_mode_pc pc)
{
	switch (pc) {
	case TARGET_MODE_CURRENT:
		target_mode_get(v, dev);
		break;
	case TARGET_MODE_CHANGEABLE:
		mode_get_changeable(v, dev);
		break;
	case TARGET_MODE_DEFAULT:
		mode_get_default(v, dev);
		break;
	case TARGET_MODE_SAVED:
		mode_get_saved(v, dev);
		break;
	case TARGET_MODE_SAVING:
		memcpy(v, &dev->mode_saved->saving, sizeof(*v));
		break;
	}
}

/* 01h, read-write error recovery: errors are the backstore's to recover (SBC-5 6.5.10) */
static void mode_fill_recovery(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	if (target_threshold_supported(dev) && v.thresholds.lbpere)
		p[7] |= RECOVERY_LBPERE;
}

static void mode_take_recovery(struct target_mode_values *v, const u8 *p)
{
	v->thresholds.lbpere = p[7] & RECOVERY_LBPERE;
}

/* 08h, caching (SBC-5 6.5.6) */
static void mode_fill_caching(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	if (v.wce)
		p[2] |= CACHING_WCE;
	if (pc != TARGET_MODE_CHANGEABLE)
		p[12] |= CACHING_DRA;
}

static void mode_take_caching(struct target_mode_values *v, const u8 *p)
{
	v->wce = p[2] & CACHING_WCE;
}

/* 0Ah, control (SPC-6 7.5.10) */
static void mode_fill_control(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	if (v.per_nexus)
		p[2] |= CONTROL_TST_NEXUS;
	if (v.d_sense)
		p[2] |= CONTROL_D_SENSE;
	if (!v.restricted || pc == TARGET_MODE_CHANGEABLE)
		p[3] |= CONTROL_QAM_UNRESTRICTED;
	p[3] |= v.qerr << 1;
	p[4] |= v.intlck << 4;
	if (v.swp)
		p[4] |= CONTROL_SWP;
	if (v.tas)
		p[5] |= CONTROL_TAS;
	if (v.app_tags.atmpe && target_pi_stored(dev))
		p[5] |= CONTROL_ATMPE;
	if (pc == TARGET_MODE_CHANGEABLE)
		return;
	p[2] |= CONTROL_GLTSD;
	put_unaligned_be16(target_selftest_seconds(dev), p + 10);
	if (!dev->dev_attrib.pi_prot_type)
		return;
	/* Application tags are the initiators'; who does not ask for a check has none. */
	p[5] |= CONTROL_ATO;
	if (!dev->dev_attrib.pi_prot_verify)
		p[2] |= CONTROL_DPICZ;
}

static void mode_take_control(struct target_mode_values *v, const u8 *p)
{
	v->per_nexus = p[2] & CONTROL_TST_NEXUS;
	v->d_sense = p[2] & CONTROL_D_SENSE;
	v->restricted = !(p[3] & CONTROL_QAM_UNRESTRICTED);
	v->qerr = (p[3] & CONTROL_QERR) >> 1;
	v->intlck = (p[4] & CONTROL_UA_INTLCK) >> 4;
	v->swp = p[4] & CONTROL_SWP;
	v->tas = p[5] & CONTROL_TAS;
	v->app_tags.atmpe = p[5] & CONTROL_ATMPE;
}

static u8 mode_bad_control(const struct se_device *dev, const u8 *p, u8 *bit)
{
	if ((p[3] & CONTROL_QERR) >> 1 == 2) {
		*bit = 2;
		return 3;
	}
	if ((p[4] & CONTROL_UA_INTLCK) >> 4 == 1) {
		*bit = 5;
		return 4;
	}
	return 0;
}

/* 0Ah/01h, control extension: the clock counts the time of day, and SET TIMESTAMP sets it. */
static void mode_fill_control_ext(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	if (pc != TARGET_MODE_CHANGEABLE)
		p[4] |= CONTROL_TCMOS | CONTROL_SCSIP;
}

/* 0Ah/02h, application tag: of a unit that keeps some */
static bool mode_has_app_tags(const struct se_device *dev)
{
	return target_pi_stored(dev);
}

static void mode_fill_app_tags(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	target_app_tags_fill(p, &v.app_tags);
}

static void mode_take_app_tags(struct target_mode_values *v, const u8 *p)
{
	target_app_tags_take(&v->app_tags, p);
}

/* 1Ch, informational exceptions control (SPC-6 7.5.18) */
static void mode_fill_exceptions(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	if (pc == TARGET_MODE_CHANGEABLE)
		target_exceptions_fill_changeable(p);
	else
		target_exceptions_fill(p, &v.exceptions);
}

static void mode_take_exceptions(struct target_mode_values *v, const u8 *p)
{
	target_exceptions_take(&v->exceptions, p);
}

/* 1Ch/02h, logical block provisioning (SBC-5 6.5.9) */
static void mode_fill_thresholds(const struct se_device *dev, enum target_mode_pc pc, u8 *p)
{
	struct target_mode_values v;

	mode_get_values(&v, dev, pc);
	target_threshold_fill(p, &v.thresholds, pc == TARGET_MODE_CHANGEABLE);
}

static void mode_take_thresholds(struct target_mode_values *v, const u8 *p)
{
	target_threshold_take(&v->thresholds, p);
}

/* In ascending order, as page 3Fh returns them. */
static const struct mode_page mode_pages[] = {
	{ .code = 0x01, .len = 12, .fill = mode_fill_recovery, .take = mode_take_recovery },
	{ .code = 0x08, .len = 20, .fill = mode_fill_caching, .take = mode_take_caching },
	{ .code = 0x0a, .len = 12, .fill = mode_fill_control, .take = mode_take_control,
	  .bad = mode_bad_control },
	{ .code = 0x0a, .subpage = 0x01, .len = 32, .fill = mode_fill_control_ext },
	{ .code = 0x0a, .subpage = 0x02, .len = TARGET_APP_TAG_PAGE_LEN,
	  .present = mode_has_app_tags, .fill = mode_fill_app_tags,
	  .take = mode_take_app_tags, .bad = target_app_tags_bad },
	{ .code = 0x1c, .len = 12, .fill = mode_fill_exceptions, .take = mode_take_exceptions,
	  .bad = target_exceptions_bad },
	{ .code = 0x1c, .subpage = 0x02, .len = TARGET_THRESHOLD_PAGE_LEN,
	  .present = target_threshold_supported,
	  .fill = mode_fill_thresholds, .take = mode_take_thresholds },
};

static bool mode_is_present(const struct mode_page *page, const struct se_device *dev)
{
	return !page->present || page->present(dev);
}

static const struct mode_page *mode_find(const struct se_device *dev, u8 code, u8 subpage)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mode_pages); i++)
		if (mode_pages[i].code == code && mode_pages[i].subpage == subpage &&
		    mode_is_present(&mode_pages[i], dev))
			return &mode_pages[i];
	return NULL;
}

static u8 mode_header(const struct mode_page *page)
{
	return page->subpage ? 4 : 2;
}

static void mode_fill(const struct mode_page *page, const struct se_device *dev,
		      enum target_mode_pc pc, u8 *p)
{
	memset(p, 0, page->len);
	p[0] = page->code;
	if (page->subpage) {
		p[0] |= MODE_SPF;
		p[1] = page->subpage;
		put_unaligned_be16(page->len - 4, p + 2);
	} else {
		p[1] = page->len - 2;
	}
	page->fill(dev, pc, p);
}

/* A page with nothing to change has nothing to save. */
static bool mode_is_saveable(const struct mode_page *page)
{
	return page->take;
}

/* Subpage FFh is all of them (SPC-6 6.14). */
static bool mode_is_asked(const struct mode_page *page, const struct target_mode_req *req)
{
	return (req->page == MODE_ALL_PAGES || req->page == page->code) &&
	       (req->subpage == MODE_ALL_SUBPAGES || req->subpage == page->subpage);
}

static void mode_build_pages(struct target_buf *b, const struct target_mode_req *req,
			     const struct se_device *dev)
{
	u8 p[MODE_PAGE_MAX];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mode_pages); i++) {
		const struct mode_page *page = &mode_pages[i];

		if (!mode_is_asked(page, req) || !mode_is_present(page, dev))
			continue;
		mode_fill(page, dev, req->pc, p);
		if (mode_is_saveable(page) && target_mode_saves(dev))
			p[0] |= MODE_PS;
		target_buf_put(b, p, page->len);
	}
}

/* Short or long LBA mode parameter block descriptor (SBC-5 6.5.2) */
static void mode_build_descriptor(struct target_buf *b, const struct target_mode_req *req,
				  const struct se_device *dev)
{
	u32 block_size = dev->dev_attrib.block_size;

	if (req->dbd)
		return;
	if (req->llbaa) {
		target_buf_be64(b, dev->blocks);
		target_buf_be32(b, 0);
	} else {
		target_buf_be32(b, min_t(u64, dev->blocks, U32_MAX));
	}
	target_buf_be32(b, block_size);
}

void target_mode_build(struct target_buf *b, const struct target_mode_req *req,
		       const struct se_device *dev, const struct target_itl *itl)
{
	u32 start = b->len, header = req->ten ? 8 : 4;
	u8 specific = 0, descriptor = req->dbd ? 0 : req->llbaa ? 16 : 8;

	if (target_cdb_write_protected(dev, itl))
		specific |= MODE_WP;
	if (dev->dev_attrib.emulate_fua_write)
		specific |= MODE_DPOFUA;
	target_buf_zero(b, header);
	mode_build_descriptor(b, req, dev);
	mode_build_pages(b, req, dev);

	if (req->ten) {
		target_buf_set_be16(b, start, b->len - start - 2);
		target_buf_set_u8(b, start + 3, specific);
		target_buf_set_u8(b, start + 4, descriptor == 16 ? MODE_LONGLBA : 0);
		target_buf_set_be16(b, start + 6, descriptor);
	} else {
		target_buf_set_u8(b, start, b->len - start - 1);
		target_buf_set_u8(b, start + 2, specific);
		target_buf_set_u8(b, start + 3, descriptor);
	}
}

void target_mode_decode(struct target_mode_req *req, const u8 *cdb)
{
	*req = (struct target_mode_req){
		.ten = cdb[0] == MODE_SENSE_10,
		.dbd = cdb[1] & 0x08,
		.llbaa = cdb[0] == MODE_SENSE_10 && cdb[1] & 0x10,
		.pc = cdb[2] >> 6,
		.page = cdb[2] & 0x3f,
		.subpage = cdb[3],
	};
}

sense_reason_t target_mode_parse_sense(struct se_cmd *cmd)
{
	struct target_mode_req req;

	target_mode_decode(&req, cmd->t_task_cdb);
	if (req.page != MODE_ALL_PAGES && !mode_find(cmd->se_dev, req.page, 0))
		return target_fail_cdb_field(cmd, 2, 5);
	if (req.subpage && req.subpage != MODE_ALL_SUBPAGES &&
	    !mode_find(cmd->se_dev, req.page, req.subpage))
		return target_fail_cdb_field(cmd, 3, 7);
	if (req.pc == TARGET_MODE_SAVED && !target_mode_saves(cmd->se_dev))
		return TCM_SAVING_PARAMETERS_UNSUPPORTED;
	return TCM_NO_SENSE;
}

static void mode_build(struct se_cmd *cmd, struct target_buf *b)
{
	struct target_mode_req req;

	target_mode_decode(&req, cmd->t_task_cdb);
	guard(mutex)(&cmd->se_dev->lock);
	target_mode_build(b, &req, cmd->se_dev, cmd->itl);
}

/* SPC-6 6.14, 6.15 */
sense_reason_t target_mode_sense(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, MODE_SIZE, mode_build);
}

/* The capacity cannot be changed: a descriptor says what is, or "as it is". */
static sense_reason_t mode_check_descriptor(struct se_cmd *cmd, const struct se_device *dev,
					    const u8 *list, u32 off, bool longlba)
{
	const u8 *d = list + off;
	u32 size = longlba ? get_unaligned_be32(d + 12) : get_unaligned_be24(d + 5);
	u64 blocks = longlba ? get_unaligned_be64(d) : get_unaligned_be32(d);
	u64 all = longlba ? U64_MAX : U32_MAX;

	if (blocks && blocks != all && blocks != dev->blocks)
		return target_fail_param_field(cmd, off, 7);
	if (size != dev->dev_attrib.block_size)
		return target_fail_param_field(cmd, off + (longlba ? 12 : 5), 7);
	return TCM_NO_SENSE;
}

/* Header and block descriptor (SPC-6 7.5.6); @off is set to where the pages begin. */
static sense_reason_t mode_check_header(struct se_cmd *cmd, const struct se_device *dev,
					const u8 *list, u32 len, bool ten, u32 *off)
{
	u32 header = ten ? 8 : 4, descriptor;
	u8 medium_at = ten ? 2 : 1;
	bool longlba;

	if (len < header)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (list[medium_at])
		return target_fail_param_field(cmd, medium_at, 7);
	longlba = ten && list[4] & MODE_LONGLBA;
	descriptor = ten ? get_unaligned_be16(list + 6) : list[3];
	*off = header + descriptor;
	if (!descriptor)
		return TCM_NO_SENSE;
	if (descriptor != (longlba ? 16 : 8))
		return target_fail_param_field(cmd, ten ? 6 : 3, 7);
	if (len < *off)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	return mode_check_descriptor(cmd, dev, list, header, longlba);
}

/* The page of a header at @off, which is as long as it says. */
static sense_reason_t mode_check_page_header(struct se_cmd *cmd, const struct se_device *dev,
					     const u8 *list, u32 len, u32 off,
					     const struct mode_page **found)
{
	const struct mode_page *page;
	const u8 *p = list + off;
	bool spf = p[0] & MODE_SPF;

	if (len - off < (spf ? 4 : 2))
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (p[0] & MODE_PS)
		return target_fail_param_field(cmd, off, 7);
	if (!mode_find(dev, p[0] & MODE_ALL_PAGES, 0))
		return target_fail_param_field(cmd, off, 5);
	page = mode_find(dev, p[0] & MODE_ALL_PAGES, spf ? p[1] : 0);
	if (!page || (spf && !page->subpage))
		return target_fail_param_field(cmd, off + 1, 7);
	if (spf ? get_unaligned_be16(p + 2) != page->len - 4 : p[1] != page->len - 2)
		return target_fail_param_field(cmd, off + (spf ? 2 : 1), 7);
	if (len - off < page->len)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	*found = page;
	return TCM_NO_SENSE;
}

/* Changes only where something can change, and to what there is. */
static sense_reason_t mode_check_values(struct se_cmd *cmd, const struct se_device *dev,
					const struct mode_page *page, const u8 *p, u32 off)
{
	u8 now[MODE_PAGE_MAX], changeable[MODE_PAGE_MAX];
	u8 byte, bit;
	u32 i;

	mode_fill(page, dev, TARGET_MODE_CURRENT, now);
	mode_fill(page, dev, TARGET_MODE_CHANGEABLE, changeable);
	for (i = mode_header(page); i < page->len; i++) {
		u8 bad = (p[i] ^ now[i]) & ~changeable[i];

		if (bad)
			return target_fail_param_field(cmd, off + i, fls(bad) - 1);
	}
	byte = page->bad ? page->bad(dev, p, &bit) : 0;
	return byte ? target_fail_param_field(cmd, off + byte, bit) : TCM_NO_SENSE;
}

/* One page at @off, which moves on behind it. */
static sense_reason_t mode_check_page(struct se_cmd *cmd, const struct se_device *dev,
				      const u8 *list, u32 len, u32 *off,
				      struct target_mode_values *v)
{
	const struct mode_page *page;
	const u8 *p = list + *off;
	sense_reason_t why;

	why = mode_check_page_header(cmd, dev, list, len, *off, &page);
	why = why ?: mode_check_values(cmd, dev, page, p, *off);
	if (why)
		return why;
	if (page->take)
		page->take(v, p);
	*off += page->len;
	return TCM_NO_SENSE;
}

sense_reason_t target_mode_check(struct se_cmd *cmd, const struct se_device *dev, const u8 *list,
				 u32 len, bool ten, struct target_mode_values *v)
{
	sense_reason_t why;
	u32 off;

	if (!len)
		return TCM_NO_SENSE;
	why = mode_check_header(cmd, dev, list, len, ten, &off);
	while (!why && off < len)
		why = mode_check_page(cmd, dev, list, len, &off, v);
	return why;
}

void target_mode_usage_select(const struct target_cdb_op *op, const struct se_device *dev,
			      u8 *usage)
{
	if (!target_mode_saves(dev))
		usage[1] &= ~MODE_SP;
}

sense_reason_t target_mode_parse_select(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	if (cdb[1] & MODE_SP && !target_mode_saves(cmd->se_dev))
		return target_fail_cdb_field(cmd, 1, 0);
	if (!(cdb[1] & MODE_PF))
		return target_fail_cdb_field(cmd, 1, 4);
	return TCM_NO_SENSE;
}

/* --- saved pages ------------------------------------------------------------------------- */

void target_mode_put_pages(struct target_buf *b, const struct se_device *dev)
{
	u8 p[MODE_PAGE_MAX];
	unsigned int i;

	lockdep_assert_held(&dev->lock);
	for (i = 0; i < ARRAY_SIZE(mode_pages); i++) {
		const struct mode_page *page = &mode_pages[i];

		if (!mode_is_saveable(page) || !mode_is_present(page, dev))
			continue;
		mode_fill(page, dev, TARGET_MODE_SAVING, p);
		target_buf_put(b, p, page->len);
	}
}

/* What can be changed now as saved, the rest as it is. */
static int mode_take_page(const struct se_device *dev, const struct mode_page *page,
			  const u8 *saved, struct target_mode_values *v)
{
	u8 p[MODE_PAGE_MAX], changeable[MODE_PAGE_MAX], bit, i;

	mode_fill(page, dev, TARGET_MODE_CURRENT, p);
	mode_fill(page, dev, TARGET_MODE_CHANGEABLE, changeable);
	for (i = mode_header(page); i < page->len; i++)
		p[i] = (p[i] & ~changeable[i]) | (saved[i] & changeable[i]);
	if (page->bad && page->bad(dev, p, &bit))
		return -EBADMSG;
	page->take(v, p);
	return 0;
}

int target_mode_take_pages(const struct se_device *dev, const u8 *p, u32 len,
			   struct target_mode_values *v)
{
	const struct mode_page *page;
	u32 header, page_len;
	int err = 0;

	for (; len && !err; p += page_len, len -= page_len) {
		header = p[0] & MODE_SPF ? 4 : 2;
		if (len < header)
			return -EBADMSG;
		page_len = header + (header == 4 ? get_unaligned_be16(p + 2) : p[1]);
		if (len < page_len)
			return -EBADMSG;
		page = mode_find(dev, p[0] & MODE_ALL_PAGES, header == 4 ? p[1] : 0);
		if (page && (page->len != page_len || mode_header(page) != header))
			return -EBADMSG;
		if (page && mode_is_saveable(page))
			err = mode_take_page(dev, page, p, v);
	}
	return err;
}

/* --- values take effect ------------------------------------------------------------------ */

/* What no attribute of the administrator's stands for. */
static void mode_set(struct se_device *dev, const struct target_mode_values *v)
{
	lockdep_assert_held(&dev->lock);
	WRITE_ONCE(dev->mode_swp, v->swp);
	WRITE_ONCE(dev->mode_qerr, v->qerr);
	target_task_set_configure(dev, v->per_nexus, v->restricted);
	if (!mode_needs_desc(dev))
		WRITE_ONCE(dev->mode_d_sense, v->d_sense);
	target_threshold_set(dev, &v->thresholds);
	target_app_tags_set(dev, &v->app_tags);
	if (memcmp(&dev->exceptions, &v->exceptions, sizeof(v->exceptions)))
		target_exceptions_set(dev, &v->exceptions);
}

static void mode_set_intlck(struct se_device *dev, const struct target_mode_values *v)
{
	dev->dev_attrib.emulate_ua_intlck_ctrl = v->intlck ? v->intlck - 1 : 0;
}

void target_mode_apply(struct se_device *dev, const struct target_mode_values *v)
{
	dev->dev_attrib.emulate_write_cache = v->wce;
	dev->dev_attrib.emulate_tas = v->tas;
	mode_set_intlck(dev, v);
	mode_set(dev, v);
}

/* A cache that is on stays on: nobody writes it here. */
void target_mode_reset(struct se_device *dev)
{
	struct target_mode_values v;

	lockdep_assert_held(&dev->lock);
	if (dev->mode_saved && dev->mode_saved->valid) {
		mode_get_saved(&v, dev);
		v.wce |= dev->dev_attrib.emulate_write_cache;
		target_mode_apply(dev, &v);
	} else {
		mode_get_default(&v, dev);
		mode_set(dev, &v);
	}
}

bool target_mode_commit(struct se_cmd *cmd, const struct target_mode_values *v,
			const struct target_mode_values *was)
{
	struct se_device *dev = cmd->se_dev;

	lockdep_assert_held(&dev->lock);
	if (!memcmp(v, was, sizeof(*v)))
		return false;
	/* The administrator may have changed others meanwhile. */
	if (v->wce != was->wce)
		dev->dev_attrib.emulate_write_cache = v->wce;
	if (v->tas != was->tas)
		dev->dev_attrib.emulate_tas = v->tas;
	if (v->intlck != was->intlck)
		mode_set_intlck(dev, v);
	mode_set(dev, v);
	target_ua_set_all(dev, TARGET_UA_MODE_CHANGED, cmd->itl);
	return was->wce && !v->wce;
}

void target_mode_select_end(struct se_cmd *cmd, sense_reason_t why, bool flush)
{
	if (flush && !why)
		why = target_sbc_flush(cmd, 0, 0);
	if (why || !flush)
		target_cmd_done(cmd, why);
}

/* Return by @flush: the cache was turned off and has to be written; by @save: to be saved. */
static sense_reason_t mode_change(struct se_cmd *cmd, const u8 *list, u32 len, bool *flush,
				  struct target_mode_save **save)
{
	struct se_device *dev = cmd->se_dev;
	struct target_mode_values was, v;
	sense_reason_t why;

	guard(mutex)(&dev->lock);
	if (target_mode_save_pending(dev))
		return TCM_LUN_BUSY;
	target_mode_get(&was, dev);
	memcpy(&v, &was, sizeof(v));
	why = target_mode_check(cmd, dev, list, len, cmd->t_task_cdb[0] == MODE_SELECT_10, &v);
	if (why)
		return why;
	if (cmd->t_task_cdb[1] & MODE_SP)
		return target_mode_save_begin(cmd, &was, &v, save);
	*flush = target_mode_commit(cmd, &v, &was);
	return TCM_NO_SENSE;
}

/* SPC-6 6.12, 6.13 */
sense_reason_t target_mode_select(struct se_cmd *cmd)
{
	struct target_mode_save *save = NULL;
	u32 len = cmd->data_length;
	bool flush = false;
	sense_reason_t why;
	u8 *list;

	list = kvmalloc(max(len, 1U), GFP_KERNEL);
	if (!list)
		return TCM_OUT_OF_RESOURCES;
	target_cmd_get_params(cmd, list, len);
	why = mode_change(cmd, list, len, &flush, &save);
	kvfree(list);
	if (why)
		return why;
	if (save)
		target_mode_save_go(save);
	else
		target_mode_select_end(cmd, TCM_NO_SENSE, flush);
	return TCM_NO_SENSE;
}
