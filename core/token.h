/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameter lists of POPULATE TOKEN and WRITE USING TOKEN, as numbers. */
#ifndef TARGET_TOKEN_H
#define TARGET_TOKEN_H

#include "copy.h"
#include "rod.h"

/**
 * struct target_token_list - a parameter list
 * @immed: IMMED
 * @del: DEL_TKN
 * @timeout: INACTIVITY TIMEOUT, or the default; seconds
 * @offset: OFFSET INTO ROD, in blocks of the unit that is written
 * @token: ROD TOKEN
 * @bytes: of all ranges
 * @count: of @ranges
 * @ranges: block device ranges that are not empty
 */
struct target_token_list {
	bool	immed;
	bool	del;
	u32	timeout;
	u64	offset;
	u8	token[TARGET_ROD_TOKEN];
	u64	bytes;
	u32	count;
	struct target_extent	ranges[TARGET_ROD_MAX_RANGES];
};

/**
 * target_token_parse_populate - read the parameter list of POPULATE TOKEN (SBC-5 5.12.2)
 * @cmd: gets the field pointer, and has the unit
 * @list: @len bytes, at least one
 * @len: see @list
 * @out: the result, zeroed
 *
 * Return: %TCM_NO_SENSE or what is wrong with it.
 */
sense_reason_t target_token_parse_populate(struct se_cmd *cmd, const u8 *list, u32 len,
					   struct target_token_list *out);

/* The same of WRITE USING TOKEN (SBC-5 5.59.2); the token is not looked at. */
sense_reason_t target_token_parse_use(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_token_list *out);

#endif /* TARGET_TOKEN_H */
