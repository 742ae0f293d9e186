/* SPDX-License-Identifier: GPL-2.0-only */
/* Mode parameters (SPC-6 7.5, SBC-5 6.5): MODE SENSE and MODE SELECT. */
#ifndef TARGET_MODE_H
#define TARGET_MODE_H

#include "databuf.h"
#include "threshold.h"
#include <target/target_core_base.h>

struct target_cdb_op;
struct target_itl;

sense_reason_t target_mode_parse_sense(struct se_cmd *cmd);
sense_reason_t target_mode_sense(struct se_cmd *cmd);
sense_reason_t target_mode_parse_select(struct se_cmd *cmd);
sense_reason_t target_mode_select(struct se_cmd *cmd);

/* PAGE CONTROL of MODE SENSE */
enum target_mode_pc {
	TARGET_MODE_CURRENT,
	TARGET_MODE_CHANGEABLE,
	TARGET_MODE_DEFAULT,
	TARGET_MODE_SAVED,
	TARGET_MODE_SAVING,	/* of no CDB: what is about to be saved */
};

/**
 * struct target_mode_req - a MODE SENSE CDB
 * @ten: the ten byte form
 * @dbd: DISABLE BLOCK DESCRIPTORS
 * @llbaa: LONG LBA ACCEPTED
 * @pc: PAGE CONTROL
 * @page: PAGE CODE
 * @subpage: SUBPAGE CODE
 */
struct target_mode_req {
	bool			ten;
	bool			dbd;
	bool			llbaa;
	enum target_mode_pc	pc;
	u8			page;
	u8			subpage;
};

void target_mode_decode(struct target_mode_req *req, const u8 *cdb);
void target_mode_build(struct target_buf *b, const struct target_mode_req *req,
		       const struct se_device *dev, const struct target_itl *itl);

/* What MODE SELECT can change. */
struct target_mode_values {
	bool	wce;		/* WCE: dev_attrib.emulate_write_cache */
	bool	d_sense;	/* D_SENSE: dev->mode_d_sense */
	bool	swp;		/* SWP: dev->mode_swp */
	bool	per_nexus;	/* TST 001b: dev->tasks */
	bool	restricted;	/* QUEUE ALGORITHM MODIFIER 0h: dev->tasks */
	bool	tas;		/* TAS: dev_attrib.emulate_tas */
	u8	qerr;		/* QERR: dev->mode_qerr */
	u8	intlck;		/* UA_INTLCK_CTRL: dev_attrib.emulate_ua_intlck_ctrl */
	struct target_exceptions exceptions;
	struct target_threshold_values thresholds;
	struct target_app_tags app_tags;
};

void target_mode_get(struct target_mode_values *v, const struct se_device *dev);

/*
 * A logical unit reset: saved values; without any, defaults, but for what attributes
 * say. dev->lock held.
 */
void target_mode_reset(struct se_device *dev);

/* The values take effect, and nobody is told; dev->lock held. */
void target_mode_apply(struct se_device *dev, const struct target_mode_values *v);

/**
 * target_mode_commit - the values of MODE SELECT take effect
 * @cmd: the command
 * @v: the values
 * @was: what they were checked against; what is equal there is left alone
 *
 * Everyone else hears of it (SPC-6 6.12). dev->lock is held.
 * Return: the cache was turned off and has to be written.
 */
bool target_mode_commit(struct se_cmd *cmd, const struct target_mode_values *v,
			const struct target_mode_values *was);

/* End a MODE SELECT, after the cache has been written if @flush. Context: process. */
void target_mode_select_end(struct se_cmd *cmd, sense_reason_t why, bool flush);

/* CDB USAGE DATA: SP, where the unit saves. */
void target_mode_usage_select(const struct target_cdb_op *op, const struct se_device *dev,
			      u8 *usage);

/* Append every page that can be saved, with the values that are about to be saved. */
void target_mode_put_pages(struct target_buf *b, const struct se_device *dev);

/**
 * target_mode_take_pages - take values out of pages that were saved once
 * @dev: the unit; dev->lock held
 * @p: @len bytes, which may be anything
 * @len: length
 * @v: the values now; with all that can be changed as the pages say on success
 *
 * Pages that the unit doesn't have now are left alone.
 * Return: 0 or -EBADMSG.
 */
int target_mode_take_pages(const struct se_device *dev, const u8 *p, u32 len,
			   struct target_mode_values *v);

/**
 * target_mode_check - read a mode parameter list
 * @cmd: for the field pointer
 * @dev: the logical unit
 * @list: @len bytes
 * @len: PARAMETER LIST LENGTH
 * @ten: of MODE SELECT(10)
 * @v: the values now; those the list asks for on success
 *
 * Nothing takes effect.  Context: any.
 * Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_mode_check(struct se_cmd *cmd, const struct se_device *dev, const u8 *list,
				 u32 len, bool ten, struct target_mode_values *v);

#endif /* TARGET_MODE_H */
