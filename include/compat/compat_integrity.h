/* SPDX-License-Identifier: GPL-2.0-only */
/* Newer block integrity for older kernels; see compat.h. */
#ifndef TCM_COMPAT_INTEGRITY_H
#define TCM_COMPAT_INTEGRITY_H

#include <linux/blk-integrity.h>
#include <linux/string.h>

#define COMPAT_T10_PI_BYTES	8

#ifdef TCM_HAVE_METADATA_SIZE
#define compat_metadata_size(bi)	((bi)->metadata_size)
#else
#define compat_metadata_size(bi)	((bi)->tuple_size)
#endif

/*
 * Which of SCSI's protection types it is: 1 with reference tags that count, 3 without; 0 for
 * other checksums, and where there is more than protection information. Until 6.11 a profile
 * was known by its name.
 */
#ifdef TCM_HAVE_CSUM_TYPE
static inline unsigned int compat_t10_pi_type(const struct blk_integrity *bi)
{
	if (bi->csum_type != BLK_INTEGRITY_CSUM_CRC ||
	    compat_metadata_size(bi) != COMPAT_T10_PI_BYTES)
		return 0;
	return bi->flags & BLK_INTEGRITY_REF_TAG ? 1 : 3;
}
#else
static inline unsigned int compat_t10_pi_type(const struct blk_integrity *bi)
{
	if (compat_metadata_size(bi) != COMPAT_T10_PI_BYTES)
		return 0;
	if (!strcmp(bi->profile->name, "T10-DIF-TYPE1-CRC"))
		return 1;
	return strcmp(bi->profile->name, "T10-DIF-TYPE3-CRC") ? 0 : 3;
}
#endif

/* The type of protection information that stands beside each block, 0 for none. */
static inline unsigned int bdev_t10_pi_type(struct block_device *bdev)
{
	const struct blk_integrity *bi = bdev_get_integrity(bdev);

	if (!bi || 1U << bi->interval_exp != bdev_logical_block_size(bdev))
		return 0;
	return compat_t10_pi_type(bi);
}

/*
 * Shall those below check it? Since 6.13 that is what is said, before, what they shall not.
 * Application tags are the initiators' own.
 */
static inline void bip_set_checked(struct bio_integrity_payload *bip, bool checked)
{
#ifdef TCM_HAVE_BIP_CHECK
	if (checked)
		bip->bip_flags |= BIP_CHECK_GUARD | BIP_CHECK_REFTAG;
	else
		bip->bip_flags |= BIP_DISK_NOCHECK;
#else
	if (!checked)
		bip->bip_flags |= BIP_CTRL_NOCHECK | BIP_DISK_NOCHECK;
#endif
}

#endif /* TCM_COMPAT_INTEGRITY_H */
