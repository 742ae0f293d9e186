// SPDX-License-Identifier: GPL-2.0-only
#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "mode_file.h"

#define FILE_MAGIC_LEN	8
#define FILE_HEADER_LEN	12
#define FILE_CRC_LEN	4

static const char file_magic[] = "TCMMODE1";

static u32 file_crc(const u8 *file, u32 len)
{
	return ~crc32_le(~0, file, len);
}

void target_mode_file_build(struct target_buf *b, const char *identity, const u8 *pages, u16 len)
{
	u32 start = b->len;

	target_buf_put(b, file_magic, FILE_MAGIC_LEN);
	target_buf_be16(b, strlen(identity));
	target_buf_be16(b, len);
	target_buf_put(b, identity, strlen(identity));
	target_buf_put(b, pages, len);
	if (b->len <= b->size)
		target_buf_be32(b, file_crc(b->data + start, b->len - start));
}

int target_mode_file_parse(const u8 *file, u32 len, const char *identity,
			   const u8 **pages, u32 *pages_len)
{
	u32 identity_len, all;

	if (len < FILE_HEADER_LEN + FILE_CRC_LEN || memcmp(file, file_magic, FILE_MAGIC_LEN))
		return -EBADMSG;
	identity_len = get_unaligned_be16(file + 8);
	*pages_len = get_unaligned_be16(file + 10);
	all = FILE_HEADER_LEN + identity_len + *pages_len;
	if (len != all + FILE_CRC_LEN || get_unaligned_be32(file + all) != file_crc(file, all))
		return -EBADMSG;
	if (identity_len != strlen(identity) ||
	    memcmp(file + FILE_HEADER_LEN, identity, identity_len))
		return -EXDEV;
	*pages = file + FILE_HEADER_LEN + identity_len;
	return 0;
}
