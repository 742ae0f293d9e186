/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a logical unit, one line each.
 *
 * A line is ATTR(type, name, mode, default, check).  It becomes a field of
 * struct se_dev_attrib, its default, a file in attrib/ with show and store, and
 * the table in Documentation.  It stands in a public header because the struct
 * does: in-tree fabrics read fields of it (pi_prot_type).
 *
 * type	   bool (0 or 1), u8, u32
 * mode	   RW or RO
 * default what the field holds before the backstore's alloc hook has run
 * check   target_attrib_<check>() in core/attrib.h decides on a new value, with
 *	   dev->lock held; "any" takes all values of the type
 *
 * The comment of each check says what it refuses and with which errno.  The list
 * is in the order of the struct, so that what the I/O path reads is together.
 */
#ifndef TARGET_CORE_ATTRIBS_H
#define TARGET_CORE_ATTRIBS_H

#include <linux/types.h>

#define TARGET_DEV_ATTRIBS(ATTR)						\
	ATTR(bool, emulate_model_alias,		RW, 0, model_alias)		\
	ATTR(bool, emulate_dpo,			RW, 1, ignored)			\
	ATTR(bool, emulate_fua_write,		RW, 1, any)			\
	ATTR(bool, emulate_fua_read,		RW, 1, ignored)			\
	ATTR(bool, emulate_write_cache,		RW, 0, write_cache)		\
	ATTR(u8,   emulate_ua_intlck_ctrl,	RW, 0, ua_intlck_ctrl)		\
	ATTR(bool, emulate_tas,			RW, 1, unexported)		\
	ATTR(bool, emulate_tpu,			RW, 0, thin)			\
	ATTR(bool, emulate_tpws,		RW, 0, thin)			\
	ATTR(bool, emulate_caw,			RW, 1, any)			\
	ATTR(bool, emulate_3pc,			RW, 1, any)			\
	ATTR(bool, emulate_pr,			RW, 1, pr)		\
	ATTR(bool, emulate_rsoc,		RW, 1, any)			\
	ATTR(bool, emulate_rest_reord,		RW, 0, rest_reord)		\
	ATTR(u8,   pi_prot_type,		RW, 0, pi_prot_type)		\
	ATTR(u8,   hw_pi_prot_type,		RO, 0, any)			\
	ATTR(bool, pi_prot_format,		RW, 0, pi_prot_format)		\
	ATTR(bool, pi_prot_verify,		RW, 0, pi_prot_verify)		\
	ATTR(bool, enforce_pr_isids,		RW, 1, any)		\
	ATTR(bool, force_pr_aptpl,		RW, 0, unexported)		\
	ATTR(bool, is_nonrot,			RW, 0, any)			\
	ATTR(bool, unmap_zeroes_data,		RW, 0, thin_unexported)		\
	ATTR(u32,  hw_block_size,		RO, 0, any)			\
	ATTR(u32,  block_size,			RW, 0, block_size)		\
	ATTR(u32,  hw_max_sectors,		RO, 0, any)			\
	ATTR(u32,  optimal_sectors,		RW, 0, optimal_sectors)		\
	ATTR(u32,  hw_queue_depth,		RO, 0, any)			\
	ATTR(u32,  queue_depth,			RW, 0, queue_depth)		\
	ATTR(u32,  max_unmap_lba_count,		RW, 0, any)			\
	ATTR(u32,  max_unmap_block_desc_count,	RW, 0, any)			\
	ATTR(u32,  unmap_granularity,		RW, 0, any)			\
	ATTR(u32,  unmap_granularity_alignment,	RW, 0, any)			\
	ATTR(u32,  max_write_same_len,		RW, 0, any)			\
	ATTR(bool, emulate_wsnz,		RW, 1, any)			\
	ATTR(u32,  phys_block_size,		RW, 0, phys_block_size)		\
	ATTR(u32,  atomic_max_len,		RO, 0, any)			\
	ATTR(u32,  atomic_alignment,		RO, 0, any)			\
	ATTR(u32,  atomic_granularity,		RO, 0, any)			\
	ATTR(u32,  atomic_max_with_boundary,	RO, 0, any)			\
	ATTR(u32,  atomic_max_boundary,		RO, 0, any)			\
	ATTR(bool, alua_support,		RW, 1, alua_support)		\
	ATTR(bool, pgr_support,			RW, 1, pgr_support)		\
	ATTR(u8,   submit_type,			RW, 0, submit_type)		\
	ATTR(u8,   complete_type,		RW, 0, complete_type)		\
	ATTR(bool, strict_cdb,			RW, 1, any)			\
	ATTR(bool, removable,			RW, 0, removable)		\
	ATTR(bool, vpd_eui64,			RW, 0, unexported)		\
	ATTR(bool, vpd_uuid,			RW, 0, unexported)		\
	ATTR(bool, emulate_pr_lost,		RW, 0, unexported)

#define TARGET_ATTR_FIELD(type, name, mode, def, check)	type name;

#define TARGET_ATTR_ONE(type, name, mode, def, check)	+ 1

/* Lines of the list. */
enum { TARGET_DEV_ATTRIB_COUNT = TARGET_DEV_ATTRIBS(TARGET_ATTR_ONE) };

/*
 * struct se_dev_attrib - a logical unit's attributes
 *
 * One field per line of TARGET_DEV_ATTRIBS().  Written under dev->lock, read
 * without it: each is one machine word at most, and no reader needs two that
 * agree, since the ones that do (block_size) change only while nothing is
 * exported.
 */
struct se_dev_attrib {
	TARGET_DEV_ATTRIBS(TARGET_ATTR_FIELD)
};

#endif /* TARGET_CORE_ATTRIBS_H */
