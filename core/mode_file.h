/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of saved mode pages: bytes in, bytes out.
 *
 *	0	"TCMMODE1"
 *	8	be16, bytes of identity
 *	10	be16, bytes of pages
 *	12	identity: the unit's directory and serial number
 *		pages, as MODE SENSE returns them (PS is 0)
 *	last 4	be32, CRC-32 of all before
 */
#ifndef TARGET_MODE_FILE_H
#define TARGET_MODE_FILE_H

#include "databuf.h"

#define TARGET_MODE_FILE_MAX	2048

/* Append a file to @b. */
void target_mode_file_build(struct target_buf *b, const char *identity, const u8 *pages, u16 len);

/**
 * target_mode_file_parse - look into a file, which may be anything
 * @file: @len bytes
 * @len: length
 * @identity: of the unit that asks
 * @pages: set to the pages in @file
 * @pages_len: set to their length
 *
 * Return: 0, -EBADMSG if it is not such a file or not a whole one, -EXDEV if it is
 * another unit's.
 */
int target_mode_file_parse(const u8 *file, u32 len, const char *identity,
			   const u8 **pages, u32 *pages_len);

#endif /* TARGET_MODE_FILE_H */
