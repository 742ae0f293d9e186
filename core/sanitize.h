/* SPDX-License-Identifier: GPL-2.0-only */
/* SANITIZE (SBC-5 4.11): OVERWRITE, BLOCK ERASE, CRYPTOGRAPHIC ERASE, EXIT FAILURE MODE. */
#ifndef TARGET_SANITIZE_H
#define TARGET_SANITIZE_H

#include "cdb.h"

/* OPERATION CODE, and SERVICE ACTION */
#define TARGET_SANITIZE			0x48
#define TARGET_SANITIZE_OVERWRITE	0x01
#define TARGET_SANITIZE_BLOCK_ERASE	0x02
#define TARGET_SANITIZE_CRYPTO_ERASE	0x03
#define TARGET_SANITIZE_EXIT_FAILURE	0x1f

/* See core/spc.h for what these return. */
bool target_sanitize_can_overwrite(const struct se_device *dev);
bool target_sanitize_can_erase(const struct se_device *dev);
bool target_sanitize_can_crypto_erase(const struct se_device *dev);
bool target_sanitize_can_any(const struct se_device *dev);
sense_reason_t target_sanitize_parse_overwrite(struct se_cmd *cmd);
sense_reason_t target_sanitize_overwrite(struct se_cmd *cmd);
sense_reason_t target_sanitize_erase(struct se_cmd *cmd);
sense_reason_t target_sanitize_crypto_erase(struct se_cmd *cmd);
sense_reason_t target_sanitize_exit(struct se_cmd *cmd);

/**
 * struct target_overwrite - what an OVERWRITE parameter list asks for
 * @invert: INVERT
 * @count: OVERWRITE COUNT
 * @pattern: INITIALIZATION PATTERN, in the list
 * @pattern_len: bytes
 */
struct target_overwrite {
	bool		invert;
	u8		count;
	const u8	*pattern;
	u32		pattern_len;
};

/**
 * target_sanitize_read - read an OVERWRITE parameter list
 * @cmd: for the device and the field pointer
 * @list: @len bytes
 * @len: PARAMETER LIST LENGTH, more than 4
 * @overwrite: set
 *
 * Nothing takes effect. Context: any.
 * Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_sanitize_read(struct se_cmd *cmd, const u8 *list, u32 len,
				    struct target_overwrite *overwrite);

#endif /* TARGET_SANITIZE_H */
