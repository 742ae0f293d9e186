// SPDX-License-Identifier: GPL-2.0-only
/* Block commands (SBC-5 clause 5), but for VERIFY. */
#include <linux/log2.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include "cdb.h"
#include "cmd.h"
#include "pi.h"
#include "sbc.h"
#include "sense.h"
#include "spc.h"

#define SBC_DPOFUA	0x18	/* byte 1 of READ and WRITE */
#define SBC_FUA		0x08

sense_reason_t target_sbc_check_range(struct se_cmd *cmd, u64 lba, u64 blocks)
{
	u64 capacity = READ_ONCE(cmd->se_dev->blocks);

	/* In this order nothing overflows. */
	if (likely(lba <= capacity && blocks <= capacity - lba))
		return TCM_NO_SENSE;
	return target_fail_info(cmd, max(lba, capacity), TCM_ADDRESS_OUT_OF_RANGE);
}

u32 target_sbc_max_transfer(const struct se_device *dev, const struct target_core_fabric_ops *tfo)
{
	u32 max = U32_MAX >> dev->block_shift;

	if (dev->dev_attrib.hw_max_sectors && !dev->limits.splits)
		max = min(max, dev->dev_attrib.hw_max_sectors);
	if (tfo->max_data_sg_nents)
		max = min_t(u64, max, ((u64)tfo->max_data_sg_nents << PAGE_SHIFT) >>
					      dev->block_shift);
	return max;
}

bool target_sbc_thin(const struct se_device *dev)
{
	return dev->dev_attrib.emulate_tpu || dev->dev_attrib.emulate_tpws;
}

u32 target_sbc_scale_of(const struct se_device *dev, const struct target_limits *limits, u32 blocks)
{
	u64 bytes = (u64)blocks * limits->block_size;

	return min_t(u64, bytes >> dev->block_shift, U32_MAX);
}

u32 target_sbc_scale(const struct se_device *dev, u32 blocks)
{
	return target_sbc_scale_of(dev, &dev->limits, blocks);
}

u8 target_sbc_phys_exp(const struct se_device *dev)
{
	u32 size = dev->dev_attrib.phys_block_size;
	u32 shift = size ? ilog2(size) : 0;

	return shift > dev->block_shift ? min(shift - dev->block_shift, 15U) : 0;
}

/*
 * DPO and FUA go together: DPOFUA of the mode parameter header says if they may be
 * set. Without a volatile cache everything is on the medium when it is done.
 */
sense_reason_t target_sbc_parse_dpofua(struct se_cmd *cmd)
{
	const struct se_dev_attrib *a = &cmd->se_dev->dev_attrib;
	u8 byte = target_cdb_options(cmd->op);
	u8 bits = cmd->t_task_cdb[byte] & SBC_DPOFUA;

	if (likely(!bits))
		return TCM_NO_SENSE;
	if (!a->emulate_fua_write)
		return target_fail_cdb_field(cmd, byte, fls(bits) - 1);
	if (bits & SBC_FUA && a->emulate_write_cache)
		cmd->se_cmd_flags |= SCF_FUA;
	return TCM_NO_SENSE;
}

sense_reason_t target_sbc_parse_rw(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;
	const struct se_device *dev = cmd->se_dev;
	u32 blocks = cmd->t_task_nolb;

	if (unlikely(blocks > target_sbc_max_transfer(dev, cmd->se_tfo)))
		return target_fail_cdb_field(cmd, op->count.off, 7);
	if (op->flags & TARGET_CDB_DPOFUA &&
	    unlikely(cmd->t_task_cdb[target_cdb_options(op)] & SBC_DPOFUA)) {
		sense_reason_t why = target_sbc_parse_dpofua(cmd);

		if (why)
			return why;
	}
	cmd->se_cmd_flags |= SCF_SCSI_DATA_CDB;
	return target_cdb_set_length(cmd, blocks << dev->block_shift);
}

bool target_sbc_has_lba(sense_reason_t why)
{
	switch (why) {
	case TCM_UNRECOVERED_READ_ERROR:
	case TCM_WRITE_ERROR:
	case TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED:
	case TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED:
	case TCM_LOGICAL_BLOCK_REF_TAG_CHECK_FAILED:
		return true;
	default:
		return false;
	}
}

void target_sbc_set_info(struct se_cmd *cmd, sense_reason_t why)
{
	if (target_sbc_has_lba(why))
		target_fail_info(cmd, cmd->io.err_lba, why);
}

static void sbc_io_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);

	if (unlikely(why))
		target_sbc_set_info(cmd, why);
	target_cmd_done(cmd, why);
}

/* Data of a READ whose initiator wants less than whole blocks: read beside and copied. */
struct sbc_bounce {
	struct scatterlist	*sg;
	unsigned int		nents;
};

static void sbc_bounce_copy(struct se_cmd *cmd, const struct sbc_bounce *bounce)
{
	struct sg_mapping_iter miter;
	u32 off = 0;

	sg_miter_start(&miter, bounce->sg, bounce->nents, SG_MITER_FROM_SG | SG_MITER_ATOMIC);
	while (off < cmd->data_length && sg_miter_next(&miter)) {
		u32 n = min_t(u32, miter.length, cmd->data_length - off);

		sg_pcopy_from_buffer(cmd->t_data_sg, cmd->t_data_nents, miter.addr, n, off);
		off += n;
	}
	sg_miter_stop(&miter);
}

static void sbc_bounce_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);
	struct sbc_bounce *bounce = cmd->scratch;

	if (!why)
		sbc_bounce_copy(cmd, bounce);
	target_free_sgl(bounce->sg, bounce->nents);
	sbc_io_done(io, why);
}

/* Point the transfer at memory of its own, of whole blocks. */
static sense_reason_t sbc_bounce_start(struct se_cmd *cmd)
{
	struct target_io *io = &cmd->io;
	struct sbc_bounce *bounce = kzalloc(sizeof(*bounce), GFP_KERNEL);

	if (!bounce)
		return TCM_OUT_OF_RESOURCES;
	cmd->scratch = bounce;
	if (target_alloc_sgl(&bounce->sg, &bounce->nents, io->blocks << io->dev->block_shift,
			     false, false))
		return TCM_OUT_OF_RESOURCES;
	io->sg = bounce->sg;
	io->nents = bounce->nents;
	io->done = sbc_bounce_done;
	return TCM_NO_SENSE;
}

static sense_reason_t sbc_submit(struct se_cmd *cmd)
{
	struct target_io *io = &cmd->io;
	int err = io->dev->transport->execute_rw(io);

	if (likely(!err))
		return TCM_NO_SENSE;
	if (WARN_ON_ONCE(err != -EAGAIN || !io->nowait))
		return TCM_INTERNAL_TARGET_FAILURE;
	target_cmd_requeue(cmd);
	return TCM_NO_SENSE;
}

/* The initiator has room for less than the CDB asks: read no more blocks than it takes. */
static noinline sense_reason_t sbc_read_short(struct se_cmd *cmd)
{
	struct target_io *io = &cmd->io;
	u32 block = 1U << io->dev->block_shift;
	sense_reason_t why;

	io->blocks = DIV_ROUND_UP_ULL((u64)cmd->data_length, block);
	if (!io->blocks) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	if (!(cmd->data_length & (block - 1)))
		return sbc_submit(cmd);
	if (cmd->nowait) {
		target_cmd_requeue(cmd);
		return TCM_NO_SENSE;
	}
	why = sbc_bounce_start(cmd);
	return why ?: sbc_submit(cmd);
}

/* READ and WRITE, 6 to 16 bytes (SBC-5 5.13 and following, 5.40 and following) */
sense_reason_t target_sbc_read_write(struct se_cmd *cmd)
{
	struct target_io *io = &cmd->io;
	struct se_device *dev = cmd->se_dev;

	io->dev = dev;
	io->lba = cmd->t_task_lba;
	io->blocks = cmd->t_task_nolb;
	io->dir = cmd->op->dir;
	io->sg = cmd->t_data_sg;
	io->nents = cmd->t_data_nents;
	io->prot_sg = NULL;
	io->fua = cmd->se_cmd_flags & SCF_FUA;
	io->atomic = cmd->se_cmd_flags & SCF_ATOMIC;
	io->nowait = cmd->nowait;
	io->may_block = cmd->may_block;
	io->err_lba = io->lba;
	io->done = sbc_io_done;

	if (unlikely(cmd->data_length != io->blocks << dev->block_shift || !io->blocks))
		return sbc_read_short(cmd);
	return sbc_submit(cmd);
}

sense_reason_t target_sbc_flush(struct se_cmd *cmd, u64 lba, u32 blocks)
{
	struct se_device *dev = cmd->se_dev;

	if (!dev->transport->flush) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	cmd->io = (struct target_io){
		.dev = dev,
		.lba = lba,
		.blocks = blocks,
		.dir = DMA_NONE,
		.err_lba = lba,
		.done = sbc_io_done,
	};
	if (WARN_ON_ONCE(dev->transport->flush(&cmd->io)))
		return TCM_INTERNAL_TARGET_FAILURE;
	return TCM_NO_SENSE;
}

void target_sbc_build_capacity_10(struct target_buf *b, const struct se_device *dev)
{
	target_buf_be32(b, min_t(u64, dev->blocks - 1, U32_MAX));
	target_buf_be32(b, dev->dev_attrib.block_size);
}

void target_sbc_build_capacity_16(struct target_buf *b, const struct se_device *dev, u8 prot_type)
{
	const struct se_dev_attrib *a = &dev->dev_attrib;
	u16 lowest = target_sbc_scale(dev, dev->limits.align_blocks) & 0x3fff;

	if (target_sbc_thin(dev)) {
		lowest |= 0x8000;	/* LBPME */
		if (a->unmap_zeroes_data)
			lowest |= 0x4000;	/* LBPRZ */
	}
	target_buf_be64(b, dev->blocks - 1);
	target_buf_be32(b, a->block_size);
	target_buf_u8(b, prot_type ? (prot_type - 1) << 1 | 0x01 : 0);	/* P_TYPE, PROT_EN */
	target_buf_u8(b, target_sbc_phys_exp(dev));
	target_buf_be16(b, lowest);
	target_buf_zero(b, 16);
}

static void sbc_build_capacity_10(struct se_cmd *cmd, struct target_buf *b)
{
	target_sbc_build_capacity_10(b, cmd->se_dev);
}

static void sbc_build_capacity_16(struct se_cmd *cmd, struct target_buf *b)
{
	target_sbc_build_capacity_16(b, cmd->se_dev,
				     target_pi_visible(cmd->se_dev, cmd->se_sess));
}

sense_reason_t target_sbc_parse_read_capacity_10(struct se_cmd *cmd)
{
	return target_cdb_set_length(cmd, 8);
}

/* SBC-5 5.20 */
sense_reason_t target_sbc_read_capacity_10(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, 8, sbc_build_capacity_10);
}

/* SBC-5 5.21 */
sense_reason_t target_sbc_read_capacity_16(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, 32, sbc_build_capacity_16);
}
