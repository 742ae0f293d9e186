/* SPDX-License-Identifier: GPL-2.0-only */
/* Encryption of what a ramdisk keeps: without its key, nobody can read it any more. */
#ifndef TARGET_RD_CRYPT_H
#define TARGET_RD_CRYPT_H

#include <linux/types.h>
#include "rd_pages.h"

struct target_io;

/**
 * struct rd_crypt - the cipher of a ramdisk
 * @tfm: XTS-AES-256 with the key, which is nowhere else
 *
 * A unit of data is 512 bytes, numbered from the start of the medium. One that is all
 * zeros in the store stands for zeros: so holes are what they are without a cipher. No
 * data comes out as 512 zeros, but with a probability of 2^-4096.
 */
struct rd_crypt {
	struct crypto_sync_skcipher	*tfm;
};

/* With a random key. Process context, may sleep. Return: 0 or -errno. */
int rd_crypt_init(struct rd_crypt *crypt);
void rd_crypt_exit(struct rd_crypt *crypt);

static inline bool rd_crypt_is_on(const struct rd_crypt *crypt)
{
	return crypt->tfm;
}

/*
 * Another random key: what was stored under the one before is noise. No transfer is in
 * progress. Process context, may sleep. Return: 0 or -errno.
 */
int rd_crypt_rekey(struct rd_crypt *crypt);

/*
 * Transfers between memory and the store, as those of rd_pages.h without a cipher. Process
 * context, may sleep; @span->pos is where it stopped. Return: as there, and the cipher's
 * error.
 */
int rd_crypt_read(struct rd_crypt *crypt, struct rd_pages *store, const struct target_io *io,
		  struct rd_span *span);
int rd_crypt_write(struct rd_crypt *crypt, struct rd_pages *store, const struct target_io *io,
		   struct rd_span *span);
int rd_crypt_repeat(struct rd_crypt *crypt, struct rd_pages *store, struct page *unit, u64 pos,
		    u64 len, u64 *done);
int rd_crypt_copy(struct rd_crypt *crypt, struct rd_pages *store, u64 from, u64 to, u64 len,
		  u64 *done);

#endif /* TARGET_RD_CRYPT_H */
