/* SPDX-License-Identifier: GPL-2.0-only */
/* FORMAT UNIT (SBC-5 5.4). */
#ifndef TARGET_FORMAT_H
#define TARGET_FORMAT_H

#include "cdb.h"

/* See core/spc.h for what these return. */
bool target_format_supported(const struct se_device *dev);
void target_format_usage(const struct target_cdb_op *op, const struct se_device *dev, u8 *usage);
sense_reason_t target_format_parse(struct se_cmd *cmd);
sense_reason_t target_format_execute(struct se_cmd *cmd);

/**
 * struct target_format - what a FORMAT UNIT parameter list asks for
 * @immed: status at once
 * @prot_type: enum target_prot_type that the unit shall have
 * @pattern: what each block is filled with, in the list; NULL for zeros
 * @pattern_len: bytes
 * @used: bytes of the list that mean something
 */
struct target_format {
	bool		immed;
	u8		prot_type;
	const u8	*pattern;
	u32		pattern_len;
	u32		used;
};

/**
 * target_format_read - read a FORMAT UNIT parameter list
 * @cmd: for the CDB, the device and the field pointer
 * @list: @len bytes
 * @len: as many as the initiator sends
 * @format: set
 *
 * Nothing takes effect. Context: any.
 * Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_format_read(struct se_cmd *cmd, const u8 *list, u32 len,
				  struct target_format *format);

#endif /* TARGET_FORMAT_H */
