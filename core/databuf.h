/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameter data under construction.
 *
 * A builder appends what the standard says; only what fits is kept, the full
 * length is counted.  So truncation to the ALLOCATION LENGTH is the caller's
 * one line, and the length fields are right however short the buffer is.
 */
#ifndef TARGET_DATABUF_H
#define TARGET_DATABUF_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

/**
 * struct target_buf - parameter data under construction
 * @data: @size bytes
 * @size: what fits
 * @len: what has been appended, whether it fitted or not
 */
struct target_buf {
	u8	*data;
	u32	size;
	u32	len;
};

static inline void target_buf_init(struct target_buf *b, void *data, u32 size)
{
	*b = (struct target_buf){ .data = data, .size = size };
}

static inline void target_buf_put(struct target_buf *b, const void *p, u32 n)
{
	if (b->len < b->size)
		memcpy(b->data + b->len, p, min(n, b->size - b->len));
	b->len += n;
}

static inline void target_buf_zero(struct target_buf *b, u32 n)
{
	if (b->len < b->size)
		memset(b->data + b->len, 0, min(n, b->size - b->len));
	b->len += n;
}

static inline void target_buf_u8(struct target_buf *b, u8 v)
{
	target_buf_put(b, &v, 1);
}

static inline void target_buf_be16(struct target_buf *b, u16 v)
{
	u8 x[2];

	put_unaligned_be16(v, x);
	target_buf_put(b, x, sizeof(x));
}

static inline void target_buf_be32(struct target_buf *b, u32 v)
{
	u8 x[4];

	put_unaligned_be32(v, x);
	target_buf_put(b, x, sizeof(x));
}

static inline void target_buf_be64(struct target_buf *b, u64 v)
{
	u8 x[8];

	put_unaligned_be64(v, x);
	target_buf_put(b, x, sizeof(x));
}

/* Fixed-width text: left aligned, padded with blanks (SPC-6 4.3.1). */
static inline void target_buf_text(struct target_buf *b, const char *s, u32 width)
{
	u32 n = strnlen(s, width);

	target_buf_put(b, s, n);
	while (n++ < width)
		target_buf_u8(b, ' ');
}

/* Change a byte already appended; bytes that did not fit are ignored. */
static inline void target_buf_set_u8(struct target_buf *b, u32 at, u8 v)
{
	if (at < b->size)
		b->data[at] = v;
}

static inline void target_buf_set_be16(struct target_buf *b, u32 at, u16 v)
{
	target_buf_set_u8(b, at, v >> 8);
	target_buf_set_u8(b, at + 1, v);
}

static inline void target_buf_set_be32(struct target_buf *b, u32 at, u32 v)
{
	target_buf_set_be16(b, at, v >> 16);
	target_buf_set_be16(b, at + 2, v);
}

#endif /* TARGET_DATABUF_H */
