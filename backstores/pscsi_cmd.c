// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands: requests to the device, on the initiator's memory, whose end is the command's.
 *
 * The midlayer tries nothing again for us: what the device says goes to who asked.
 */
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/limits.h>
#include <linux/scatterlist.h>
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_common.h>
#include <scsi/scsi_eh.h>
#include <scsi/scsi_proto.h>
#include <compat/compat_block.h>
#include "pscsi.h"

#define PSCSI_BIOS		16	/* in reserve, for all devices */

#define PSCSI_TIMEOUT_DISK	60	/* seconds */
#define PSCSI_TIMEOUT_OTHER	600
#define PSCSI_TIMEOUT_LONG	86400	/* of what goes over a whole medium */

/* Operation codes that the kernel has no name for. */
#define PSCSI_SANITIZE		0x48
#define PSCSI_ERASE		0x19

static struct bio_set pscsi_bios;

sense_reason_t pscsi_host_reason(u8 host_byte)
{
	switch (host_byte) {
	case DID_OK:
		return TCM_NO_SENSE;
	case DID_NO_CONNECT:
	case DID_BAD_TARGET:
	case DID_TRANSPORT_DISRUPTED:
	case DID_TRANSPORT_FAILFAST:
	case DID_TRANSPORT_MARGINAL:
		return TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE;
	case DID_TIME_OUT:
		return TCM_COMMAND_TIMEOUT;
	case DID_BUS_BUSY:
	case DID_SOFT_ERROR:
	case DID_IMM_RETRY:
	case DID_REQUEUE:
		return TCM_LUN_BUSY;
	case DID_ABORT:
	case DID_RESET:
		return TCM_CHECK_CONDITION_ABORT_CMD;
	case DID_PARITY:
		return TCM_SERVICE_CRC_ERROR;
	default:
		return TCM_INTERNAL_TARGET_FAILURE;
	}
}

unsigned int pscsi_cdb_length(const u8 *cdb)
{
	unsigned int len = scsi_command_size(cdb);

	if (cdb[0] < 0xc0)
		return len;
	while (len < 16 && memchr_inv(cdb + len, 0, 16 - len))
		len += len == 10 ? 2 : 4;
	return len;
}

unsigned int pscsi_timeout(u8 type, u8 opcode)
{
	switch (opcode) {
	case FORMAT_UNIT:
	case PSCSI_SANITIZE:
	case PSCSI_ERASE:
		return PSCSI_TIMEOUT_LONG;
	default:
		return type == TYPE_DISK ? PSCSI_TIMEOUT_DISK : PSCSI_TIMEOUT_OTHER;
	}
}

/* --- memory ------------------------------------------------------------------------------ */

static void pscsi_bio_end(struct bio *bio)
{
	bio_put(bio);
}

/* Of a request that never ran. */
static void pscsi_unmap(struct request *rq)
{
	struct bio *bio;

	while ((bio = rq->bio)) {
		rq->bio = bio->bi_next;
		bio_put(bio);
	}
}

/* A place in the memory of a command. */
struct pscsi_span {
	struct scatterlist	*sg;
	u32			off;	/* in @sg */
	u32			left;	/* bytes */
};

/* One vector is one segment to the host: who counts them does not look inside. */
static u32 pscsi_segment(const struct request_queue *q, const struct pscsi_span *span)
{
	u64 mask = queue_segment_boundary(q);
	u64 room = mask - ((sg_phys(span->sg) + span->off) & mask) + 1;
	u32 n = min3(span->sg->length - span->off, span->left, queue_max_segment_size(q));

	/* All ones, and none of it used: it is more than there is. */
	return room ? min_t(u64, n, room) : n;
}

static void pscsi_bio_fill(struct bio *bio, const struct request_queue *q,
			   struct pscsi_span *span)
{
	while (span->left && bio->bi_vcnt < bio->bi_max_vecs) {
		struct scatterlist *sg = span->sg;
		u32 n = pscsi_segment(q, span);

		__bio_add_page(bio, sg_page(sg), n, sg->offset + span->off);
		span->left -= n;
		span->off += n;
		if (span->off == sg->length) {
			span->sg = sg_next(sg);
			span->off = 0;
		}
	}
}

/* Return: 0, or -errno if the request is more than the host can take. */
static int pscsi_map(struct request *rq, struct scatterlist *sg, unsigned int nents, u32 bytes)
{
	struct pscsi_span span = { .sg = sg, .left = bytes };
	int err;

	while (span.left) {
		unsigned int vecs = bio_max_segs(nents + (span.left >> PAGE_SHIFT));
		struct bio *bio = bio_alloc_bioset(NULL, vecs, rq->cmd_flags, GFP_NOIO,
						   &pscsi_bios);

		bio->bi_end_io = pscsi_bio_end;
		pscsi_bio_fill(bio, rq->q, &span);
		err = blk_rq_append_bio(rq, bio);
		if (err) {
			bio_put(bio);
			return err;
		}
	}
	if (blk_rq_sectors(rq) > queue_max_hw_sectors(rq->q) ||
	    rq->nr_phys_segments > queue_max_segments(rq->q))
		return -EINVAL;
	return 0;
}

static bool pscsi_can_reach(struct request_queue *q, struct scatterlist *sg, u32 bytes)
{
	unsigned int bits = 0;

	for (; bytes && sg; sg = sg_next(sg)) {
		u32 n = min(sg->length, bytes);

		bits |= sg->offset;
		bytes -= n;
		/* The last one may end anywhere. */
		if (bytes)
			bits |= n;
	}
	return !(bits & queue_dma_alignment(q));
}

/* From one list to another. */
static void pscsi_copy(struct scatterlist *to, struct scatterlist *from, u32 bytes)
{
	struct sg_mapping_iter miter;
	u32 n, done;

	sg_miter_start(&miter, from, sg_nents(from), SG_MITER_FROM_SG | SG_MITER_ATOMIC);
	for (done = 0; done < bytes && sg_miter_next(&miter); done += n) {
		n = min_t(u32, miter.length, bytes - done);
		sg_pcopy_from_buffer(to, sg_nents(to), miter.addr, n, done);
	}
	sg_miter_stop(&miter);
}

/* Memory that the host can reach; se_cmd::priv while the command runs. */
static struct scatterlist *pscsi_bounce(struct se_cmd *cmd, unsigned int *nents)
{
	struct scatterlist *bounce = sgl_alloc(cmd->data_length, GFP_NOIO, nents);

	if (bounce && cmd->data_direction == DMA_TO_DEVICE)
		pscsi_copy(bounce, cmd->t_data_sg, cmd->data_length);
	return bounce;
}

static sense_reason_t pscsi_map_data(struct request *rq, struct se_cmd *cmd)
{
	struct scatterlist *sg = cmd->t_data_sg;
	unsigned int nents = cmd->t_data_nents;
	int err;

	cmd->priv = NULL;
	if (!cmd->data_length)
		return TCM_NO_SENSE;
	if (unlikely(!pscsi_can_reach(rq->q, sg, cmd->data_length))) {
		sg = pscsi_bounce(cmd, &nents);
		if (!sg)
			return TCM_OUT_OF_RESOURCES;
		cmd->priv = sg;
	}
	err = pscsi_map(rq, sg, nents, cmd->data_length);
	return err ? TCM_INVALID_CDB_FIELD : TCM_NO_SENSE;
}

static void pscsi_bounce_free(struct se_cmd *cmd)
{
	if (cmd->priv)
		sgl_free(cmd->priv);
	cmd->priv = NULL;
}

/* --- the way back ------------------------------------------------------------------------ */

static sense_reason_t pscsi_reason(struct scsi_cmnd *scmd, blk_status_t error)
{
	sense_reason_t why = pscsi_host_reason(host_byte(scmd->result));

	if (why)
		return why;
	/* It never got as far as the host: there is no device any more. */
	if (error && !scmd->result)
		return TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE;
	/* CHECK CONDITION without saying why. */
	if (get_status_byte(scmd) == SAM_STAT_CHECK_CONDITION && !scmd->sense_len)
		return TCM_INTERNAL_TARGET_FAILURE;
	return TCM_NO_SENSE;
}

/* What is left of a request that has ended. */
struct pscsi_end {
	sense_reason_t	why;
	u8		status;
	u32		sense_len;
	u32		residual;
	u8		sense[SCSI_SENSE_BUFFERSIZE];
};

static void pscsi_take(struct pscsi_end *end, struct scsi_cmnd *scmd, blk_status_t error)
{
	end->why = pscsi_reason(scmd, error);
	end->status = get_status_byte(scmd);
	end->residual = scmd->resid_len;
	end->sense_len = 0;
	if (end->status != SAM_STAT_CHECK_CONDITION)
		return;
	end->sense_len = min_t(u32, scmd->sense_len, sizeof(end->sense));
	memcpy(end->sense, scmd->sense_buffer, end->sense_len);
}

static void pscsi_answer(struct se_cmd *cmd, const struct pscsi_end *end)
{
	if (unlikely(cmd->priv) && cmd->data_direction == DMA_FROM_DEVICE)
		pscsi_copy(cmd->t_data_sg, cmd->priv, cmd->data_length);
	pscsi_bounce_free(cmd);
	if (unlikely(end->why))
		target_complete_cmd_with_sense(cmd, 0, end->why);
	else
		target_passthrough_done(cmd, end->status, end->sense, end->sense_len,
					end->residual);
}

/* The request goes first: with the command, the device may go, too. */
TCM_RQ_END_IO(pscsi_rq_end, rq, error)
{
	struct se_cmd *cmd = rq->end_io_data;
	struct pscsi_end end;

	pscsi_take(&end, blk_mq_rq_to_pdu(rq), error);
	blk_mq_free_request(rq);
	pscsi_answer(cmd, &end);
	return RQ_END_IO_NONE;
}

/* --- the way there ----------------------------------------------------------------------- */

static blk_opf_t pscsi_opf(const struct se_cmd *cmd)
{
	return cmd->data_direction == DMA_TO_DEVICE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
}

static void pscsi_prepare(struct request *rq, struct se_cmd *cmd, unsigned int cdb_len)
{
	const struct scsi_device *sdev = pscsi_of(cmd->se_dev)->sdev;
	struct scsi_cmnd *scmd = blk_mq_rq_to_pdu(rq);

	scmd->cmd_len = cdb_len;
	memcpy(scmd->cmnd, cmd->t_task_cdb, cdb_len);
	scmd->allowed = 0;
	rq->timeout = pscsi_timeout(sdev->type, cmd->t_task_cdb[0]) * HZ;
	rq->end_io = pscsi_rq_end;
	rq->end_io_data = cmd;
}

static sense_reason_t pscsi_execute(struct se_cmd *cmd)
{
	struct request_queue *q = pscsi_of(cmd->se_dev)->sdev->request_queue;
	unsigned int cdb_len = pscsi_cdb_length(cmd->t_task_cdb);
	struct request *rq;
	sense_reason_t why;

	if (cdb_len > sizeof_field(struct scsi_cmnd, cmnd))
		return TCM_INVALID_CDB_FIELD;
	rq = scsi_alloc_request(q, pscsi_opf(cmd), 0);
	if (IS_ERR(rq))
		return TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE;
	pscsi_prepare(rq, cmd, cdb_len);
	why = pscsi_map_data(rq, cmd);
	if (why) {
		pscsi_unmap(rq);
		pscsi_bounce_free(cmd);
		blk_mq_free_request(rq);
		return why;
	}
	blk_execute_rq_nowait(rq, cmd->sam_task_attr == TCM_HEAD_TAG);
	return TCM_NO_SENSE;
}

sense_reason_t pscsi_parse_cdb(struct se_cmd *cmd)
{
	cmd->execute = pscsi_execute;
	return TCM_NO_SENSE;
}

int pscsi_cmd_init(void)
{
	return bioset_init(&pscsi_bios, PSCSI_BIOS, 0, BIOSET_NEED_BVECS);
}

void pscsi_cmd_exit(void)
{
	bioset_exit(&pscsi_bios);
}
