// SPDX-License-Identifier: GPL-2.0-only
/*
 * Encryption of what a ramdisk keeps.
 *
 * All of it goes through a page of its own: the store never holds plain text, and memory
 * that an initiator may look at never holds what has yet to be decrypted.
 */
#include <crypto/skcipher.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <target/target_core_backend.h>
#include "rd_crypt.h"

#define RD_CIPHER	"xts(aes)"
#define RD_KEY_BYTES	64	/* two keys of AES-256 */
#define RD_IV_BYTES	16
#define RD_UNIT		512	/* bytes that are encrypted together */

int rd_crypt_rekey(struct rd_crypt *crypt)
{
	u8 key[RD_KEY_BYTES];
	int err;

	get_random_bytes(key, sizeof(key));
	err = crypto_sync_skcipher_setkey(crypt->tfm, key, sizeof(key));
	memzero_explicit(key, sizeof(key));
	return err;
}

int rd_crypt_init(struct rd_crypt *crypt)
{
	struct crypto_sync_skcipher *tfm = crypto_alloc_sync_skcipher(RD_CIPHER, 0, 0);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	crypt->tfm = tfm;
	err = rd_crypt_rekey(crypt);
	if (err)
		rd_crypt_exit(crypt);
	return err;
}

void rd_crypt_exit(struct rd_crypt *crypt)
{
	if (crypt->tfm)
		crypto_free_sync_skcipher(crypt->tfm);
	crypt->tfm = NULL;
}

/* One unit in place; @number is its address on the medium. */
static int rd_crypt_unit(struct rd_crypt *crypt, u8 *data, u64 number, bool encrypt)
{
	SYNC_SKCIPHER_REQUEST_ON_STACK(req, crypt->tfm);
	u8 iv[RD_IV_BYTES] = { };
	struct scatterlist sg;
	int err;

	put_unaligned_le64(number, iv);
	sg_init_one(&sg, data, RD_UNIT);
	skcipher_request_set_sync_tfm(req, crypt->tfm);
	skcipher_request_set_callback(req, 0, NULL, NULL);
	skcipher_request_set_crypt(req, &sg, &sg, RD_UNIT, iv);
	err = encrypt ? crypto_skcipher_encrypt(req) : crypto_skcipher_decrypt(req);
	skcipher_request_zero(req);
	return err;
}

static int rd_crypt_units(struct rd_crypt *crypt, u8 *data, u64 pos, u32 len, bool encrypt)
{
	int err = 0;

	for (; len && !err; data += RD_UNIT, pos += RD_UNIT, len -= RD_UNIT)
		if (encrypt || memchr_inv(data, 0, RD_UNIT))
			err = rd_crypt_unit(crypt, data, pos / RD_UNIT, encrypt);
	return err;
}

/* Up to a page, at the same place in @page as in the store's. */
static int rd_crypt_put(struct rd_crypt *crypt, struct rd_pages *store, struct page *page, u64 pos,
			u32 n)
{
	struct scatterlist sg;
	struct rd_span span = { .sg = &sg, .pos = pos, .left = n };
	int err = rd_crypt_units(crypt, page_address(page) + offset_in_page(pos), pos, n, true);

	if (err)
		return err;
	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, n, offset_in_page(pos));
	return rd_pages_write(store, &span, false);
}

static int rd_crypt_get(struct rd_crypt *crypt, struct rd_pages *store, struct page *page, u64 pos,
			u32 n)
{
	struct scatterlist sg;
	struct rd_span span = { .sg = &sg, .pos = pos, .left = n };

	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, n, offset_in_page(pos));
	rd_pages_read(store, &span);
	return rd_crypt_units(crypt, page_address(page) + offset_in_page(pos), pos, n, false);
}

static u32 rd_crypt_piece(u64 pos, u64 left)
{
	return min_t(u64, left, PAGE_SIZE - offset_in_page(pos));
}

/* Between the store, by way of @page, and the piece of @io that is @at bytes into it. */
static int rd_crypt_move(struct rd_crypt *crypt, struct rd_pages *store, struct page *page,
			 const struct target_io *io, u64 at, u64 pos, u32 n, bool write)
{
	u8 *plain = page_address(page) + offset_in_page(pos);
	int err;

	if (write) {
		sg_pcopy_to_buffer(io->sg, io->nents, plain, n, at);
		return rd_crypt_put(crypt, store, page, pos, n);
	}
	err = rd_crypt_get(crypt, store, page, pos, n);
	if (!err)
		sg_pcopy_from_buffer(io->sg, io->nents, plain, n, at);
	return err;
}

static int rd_crypt_transfer(struct rd_crypt *crypt, struct rd_pages *store,
			     const struct target_io *io, struct rd_span *span, bool write)
{
	struct page *page = alloc_page(GFP_NOIO);
	const u64 start = span->pos;
	int err = page ? 0 : -ENOMEM;

	while (span->left && !err) {
		u32 n = rd_crypt_piece(span->pos, span->left);

		err = rd_crypt_move(crypt, store, page, io, span->pos - start, span->pos, n,
				    write);
		if (err)
			break;
		span->pos += n;
		span->left -= n;
		cond_resched();
	}
	if (page)
		__free_page(page);
	return err;
}

int rd_crypt_read(struct rd_crypt *crypt, struct rd_pages *store, const struct target_io *io,
		  struct rd_span *span)
{
	return rd_crypt_transfer(crypt, store, io, span, false);
}

int rd_crypt_write(struct rd_crypt *crypt, struct rd_pages *store, const struct target_io *io,
		   struct rd_span *span)
{
	return rd_crypt_transfer(crypt, store, io, span, true);
}

int rd_crypt_repeat(struct rd_crypt *crypt, struct rd_pages *store, struct page *unit, u64 pos,
		    u64 len, u64 *done)
{
	struct page *page = alloc_page(GFP_NOIO);
	int err = page ? 0 : -ENOMEM;

	for (*done = 0; *done < len && !err; ) {
		u32 n = rd_crypt_piece(pos + *done, len - *done);
		u32 offset = offset_in_page(pos + *done);

		memcpy(page_address(page) + offset, page_address(unit) + offset, n);
		err = rd_crypt_put(crypt, store, page, pos + *done, n);
		if (!err)
			*done += n;
		cond_resched();
	}
	if (page)
		__free_page(page);
	return err;
}

/* A unit at a time: source and destination lie differently in their pages. */
static int rd_crypt_copy_piece(struct rd_crypt *crypt, struct rd_pages *store, struct page *page,
			       u64 from, u64 to)
{
	u8 *there = page_address(page) + offset_in_page(to);
	u8 *here = page_address(page) + offset_in_page(from);
	int err = rd_crypt_get(crypt, store, page, from, RD_UNIT);

	if (err)
		return err;
	memmove(there, here, RD_UNIT);
	return rd_crypt_put(crypt, store, page, to, RD_UNIT);
}

int rd_crypt_copy(struct rd_crypt *crypt, struct rd_pages *store, u64 from, u64 to, u64 len,
		  u64 *done)
{
	struct page *page = alloc_page(GFP_NOIO);
	int err = page ? 0 : -ENOMEM;
	bool present;

	for (*done = 0; *done < len && !err; ) {
		u64 n = rd_pages_run(store, from + *done, min_t(u64, len - *done, PAGE_SIZE),
				     &present);

		if (present) {
			n = RD_UNIT;
			err = rd_crypt_copy_piece(crypt, store, page, from + *done, to + *done);
		} else {
			rd_pages_punch(store, to + *done, n);
		}
		if (!err)
			*done += n;
		cond_resched();
	}
	if (page)
		__free_page(page);
	return err;
}
