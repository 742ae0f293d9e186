/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameter lists of EXTENDED COPY that name the made-up logical unit. */
#ifndef COPY_FIXTURE_H
#define COPY_FIXTURE_H

#include <linux/unaligned.h>
#include "copy.h"
#include "scsi_fixture.h"

#define COPY_LID1	16	/* bytes of the header */
#define COPY_LID4	48
#define COPY_CSCD	TARGET_CSCD_LEN
#define COPY_SEGMENT	28	/* bytes of a segment descriptor, block to block */

static inline int copy_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	f = test->priv;
	return xa_err(xa_store(&f->sess.itls, 3, &f->itl, GFP_KERNEL));
}

/* What a command has left running when its response is out has ended. */
static inline void copy_exit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	if (!f)
		return;
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.copies), 0);
	target_copy_forget_all(&f->itl);
	target_rods_exit(&f->dev);
	fix_exit(test);
}

/* By the NAA designator of its page 83h. */
static inline void copy_put_cscd(u8 *p)
{
	static const u8 naa[] = { 0x60, 0x01, 0x40, 0x51, 0x2a, 0xbc, 0xd0 };

	memset(p, 0, COPY_CSCD);
	p[0] = 0xe4;
	p[4] = 0x01;
	p[5] = 0x03;
	p[7] = 16;
	memcpy(p + 8, naa, sizeof(naa));
	put_unaligned_be24(512, p + 29);
}

static inline void copy_put_segment(u8 *p, u16 source, u16 dest, u16 blocks, u64 from, u64 to)
{
	memset(p, 0, COPY_SEGMENT);
	p[0] = 0x02;
	p[3] = 0x18;
	put_unaligned_be16(source, p + 4);
	put_unaligned_be16(dest, p + 6);
	put_unaligned_be16(blocks, p + 10);
	put_unaligned_be64(from, p + 12);
	put_unaligned_be64(to, p + 20);
}

/* One CSCD descriptor and one segment: 8 blocks from 0 to 32. Returns how long it is. */
static inline u32 copy_list_lid1(u8 *p)
{
	memset(p, 0, COPY_LID1);
	p[0] = 1;
	put_unaligned_be16(COPY_CSCD, p + 2);
	put_unaligned_be32(COPY_SEGMENT, p + 8);
	copy_put_cscd(p + COPY_LID1);
	copy_put_segment(p + COPY_LID1 + COPY_CSCD, 0, 0, 8, 0, 32);
	return COPY_LID1 + COPY_CSCD + COPY_SEGMENT;
}

static inline u32 copy_list_lid4(u8 *p)
{
	memset(p, 0, COPY_LID4);
	p[0] = 0x01;
	p[3] = 0x20;
	p[16] = 0xff;
	put_unaligned_be32(0x12345678, p + 20);
	put_unaligned_be16(COPY_CSCD, p + 42);
	put_unaligned_be16(COPY_SEGMENT, p + 44);
	copy_put_cscd(p + COPY_LID4);
	copy_put_segment(p + COPY_LID4 + COPY_CSCD, 0, 0, 8, 0, 32);
	return COPY_LID4 + COPY_CSCD + COPY_SEGMENT;
}

/* A command of opcode 83h with what is in f->data. */
static inline struct se_cmd *copy_cmd(struct scsi_fixture *f, u8 sa, u32 list_id, u32 len)
{
	u8 cdb[16] = { 0x83, sa };

	if (sa == TARGET_COPY_ABORT)
		put_unaligned_be32(list_id, cdb + 2);
	else if (sa >= TARGET_COPY_POPULATE)
		put_unaligned_be32(list_id, cdb + 6);
	put_unaligned_be32(len, cdb + 10);
	return fix_cmd(f, cdb);
}

/* One of opcode 84h; its data will be in f->data. */
static inline struct se_cmd *copy_ask(struct scsi_fixture *f, u8 sa, u32 list_id, u32 len)
{
	u8 cdb[16] = { 0x84, sa };

	if (sa == TARGET_COPY_STATUS_LID1 || sa == TARGET_COPY_FAILED_DETAILS)
		cdb[2] = list_id;
	else
		put_unaligned_be32(list_id, cdb + 2);
	put_unaligned_be32(len, cdb + 10);
	return fix_cmd(f, cdb);
}

#endif /* COPY_FIXTURE_H */
