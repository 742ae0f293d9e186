// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection information that the device keeps itself, beside each block (SBC-5 4.21).
 *
 * What comes with a transfer goes to the device with its bios.  It is copied on the way, a
 * page for each bio: the block layer counts the reference tags anew for the disk below, in
 * the memory it is given, and an initiator may send a write again.  Transfers that come
 * without are the block layer's affair, as any others.
 *
 * Of what is read the core makes the checks that its CDB asks for, and those below make
 * none; what is written has been checked, too, and is so again by the device, if the CDB
 * does not forbid that.
 */
#include <linux/crc-t10dif.h>
#include <linux/gfp.h>
#include <linux/scatterlist.h>
#include <linux/unaligned.h>
#include <compat/compat_integrity.h>
#include "iblock.h"

#define PROT_TYPE3		3
#define PROT_REF_AT		4	/* byte of a tuple: after guard and application tag */

u32 iblock_prot_type(const struct iblock_device *ib)
{
	return bdev_t10_pi_type(ib->bdev);
}

/* The bio has its data. Return: 0 or -errno. */
static int iblock_prot_attach(struct bio *bio, u32 block_size, struct page *page, u32 len,
			      u64 lba, bool checked)
{
	struct bio_integrity_payload *bip;

	/* It may be on another disk by now. */
	if (!bdev_t10_pi_type(bio->bi_bdev) ||
	    bdev_logical_block_size(bio->bi_bdev) != block_size)
		return -EOPNOTSUPP;
	bip = bio_integrity_alloc(bio, GFP_NOIO, 1);
	if (IS_ERR(bip))
		return PTR_ERR(bip);
	if (bio_integrity_add_page(bio, page, len, 0) != len)
		return -ENOMEM;
	/* Older kernels leave it to the caller. */
	bip->bip_iter.bi_size = len;
	bip_set_seed(bip, lower_32_bits(lba));
	bip_set_checked(bip, checked);
	return 0;
}

struct page *iblock_prot_begin(struct bio *bio, const struct target_io *io, u32 off)
{
	struct page *page = alloc_page(GFP_NOIO);
	u32 len = iblock_prot_bytes(bio, io);
	const bool write = io->dir == DMA_TO_DEVICE;
	int err;

	if (!page)
		return ERR_PTR(-ENOMEM);
	if (write)
		sg_pcopy_to_buffer(io->prot_sg, io->prot_nents, page_address(page), len, off);
	err = iblock_prot_attach(bio, io->dev->dev_attrib.block_size, page, len,
				 io->lba + off / TARGET_PI_BYTES, write && io->prot_check);
	if (!err)
		return page;
	__free_page(page);
	return ERR_PTR(err);
}

void iblock_prot_end(struct iblock_req *req)
{
	const struct target_io *io = req->io;

	if (!req->prot)
		return;
	if (io->dir == DMA_FROM_DEVICE && !req->bio.bi_status)
		sg_pcopy_from_buffer(io->prot_sg, io->prot_nents, page_address(req->prot),
				     req->prot_len, req->prot_off);
	__free_page(req->prot);
}

/* --- what was wrong with it --------------------------------------------------------------- */

sense_reason_t iblock_prot_judge(const u8 *data, u32 block_size, const u8 *tuple, u64 lba, u32 type)
{
	if (get_unaligned_be16(tuple) != crc_t10dif(data, block_size))
		return TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED;
	if (type != PROT_TYPE3 && get_unaligned_be32(tuple + PROT_REF_AT) != lower_32_bits(lba))
		return TCM_LOGICAL_BLOCK_REF_TAG_CHECK_FAILED;
	return TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED;
}

/* A block and its protection information as they are, in one page each. */
static int iblock_prot_read(const struct target_io *io, struct page *data, struct page *prot)
{
	const struct iblock_device *ib = iblock_of(io->dev);
	u32 block_size = io->dev->dev_attrib.block_size;
	struct bio *bio = bio_alloc(ib->bdev, 1, REQ_OP_READ | REQ_SYNC, GFP_NOIO);
	int err;

	bio->bi_iter.bi_sector = io->err_lba * (block_size >> SECTOR_SHIFT);
	__bio_add_page(bio, data, block_size, 0);
	err = iblock_prot_attach(bio, block_size, prot, TARGET_PI_BYTES, io->err_lba, false);
	err = err ?: submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

sense_reason_t iblock_prot_reason(const struct target_io *io)
{
	const struct iblock_device *ib = iblock_of(io->dev);
	struct page *data = alloc_page(GFP_NOIO), *prot = alloc_page(GFP_NOIO);
	sense_reason_t why = TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED;

	if (data && prot && !iblock_prot_read(io, data, prot))
		why = iblock_prot_judge(page_address(data), io->dev->dev_attrib.block_size,
					page_address(prot), io->err_lba, iblock_prot_type(ib));
	if (data)
		__free_page(data);
	if (prot)
		__free_page(prot);
	return why;
}
