/* SPDX-License-Identifier: GPL-2.0-only */
/* A made-up logical unit of 64 blocks behind a made-up port, for the SCSI layer's suites. */
#ifndef SCSI_FIXTURE_H
#define SCSI_FIXTURE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/percpu.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>
#include "aca.h"
#include "alua.h"
#include "app_tag.h"
#include "cdb.h"
#include "cmd.h"
#include "databuf.h"
#include "delay.h"
#include "itl.h"
#include "lba_map.h"
#include "order.h"
#include "pi.h"
#include "range.h"
#include "reserve.h"
#include "rod.h"
#include "sbc.h"
#include "sense.h"
#include "threshold.h"
#include "ua.h"

#define FIX_BLOCKS	64
#define FIX_MEDIUM	1024	/* blocks that are there, if dev.blocks is raised */
#define FIX_SHIFT	9
#define FIX_DATA	8192

struct scsi_fixture {
	struct target_backend_ops	backend;
	struct target_core_fabric_ops	fabric;
	struct se_wwn			wwn;
	struct se_portal_group		tpg;
	struct se_node_acl		acl;
	struct se_session		sess;
	struct se_device		dev;
	struct se_lun			lun;
	struct target_itl		itl;
	struct se_cmd			cmd;
	struct target_buf		b;
	struct completion		sent;		/* the response of cmd */
	struct scatterlist		sg[1];		/* data */
	u64				fail_lba;	/* transfers of this block fail */
	unsigned int			flushes;
	char				name[64];	/* of the target */
	u8				sense[TRANSPORT_SENSE_BUFFER];
	u8				data[FIX_DATA];
	u8				out[FIX_DATA];
	u8				*medium;	/* FIX_MEDIUM blocks */
	struct target_pi_tuple		*prot;		/* of FIX_MEDIUM blocks */
};

static inline struct scsi_fixture *fix_of_dev(struct se_device *dev)
{
	return container_of(dev, struct scsi_fixture, dev);
}

static inline char *fix_wwn(struct se_portal_group *tpg)
{
	return container_of(tpg, struct scsi_fixture, tpg)->name;
}

static inline u16 fix_tag(struct se_portal_group *tpg)
{
	return 1;
}

static inline int fix_queue(struct se_cmd *cmd)
{
	return 0;
}

/* The last that the core does with a command. */
static inline int fix_stop_free(struct se_cmd *cmd)
{
	complete(&container_of(cmd, struct scsi_fixture, cmd)->sent);
	return 0;
}

static inline void fix_move_prot(struct scsi_fixture *f, struct target_io *io)
{
	struct target_pi_tuple *at = f->prot + io->lba;
	u32 len = io->blocks * TARGET_PI_BYTES;

	if (!f->dev.dev_attrib.pi_prot_type)
		return;
	if (io->dir == DMA_FROM_DEVICE)
		sg_copy_from_buffer(io->prot_sg, io->prot_nents, at, len);
	else if (io->prot_sg)
		sg_copy_to_buffer(io->prot_sg, io->prot_nents, at, len);
	else
		memset(at, 0xff, len);
}

static inline int fix_prot_format(struct se_device *dev)
{
	memset(fix_of_dev(dev)->prot, 0xff, FIX_MEDIUM * TARGET_PI_BYTES);
	return 0;
}

static inline int fix_execute_rw(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);
	u8 *at = f->medium + (io->lba << FIX_SHIFT);
	u32 len = io->blocks << FIX_SHIFT;

	if (io->nowait)
		return -EAGAIN;
	if (f->fail_lba >= io->lba && f->fail_lba < io->lba + io->blocks) {
		io->err_lba = f->fail_lba;
		target_io_done(io, target_io_sense(io, -EIO));
		return 0;
	}
	if (io->dir == DMA_FROM_DEVICE)
		sg_copy_from_buffer(io->sg, io->nents, at, len);
	else
		sg_copy_to_buffer(io->sg, io->nents, at, len);
	fix_move_prot(f, io);
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

static inline int fix_flush(struct target_io *io)
{
	fix_of_dev(io->dev)->flushes++;
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

static inline void fix_init_dev(struct scsi_fixture *f)
{
	struct se_device *dev = &f->dev;

	dev->transport = &f->backend;
	dev->blocks = FIX_BLOCKS;
	dev->block_shift = FIX_SHIFT;
	dev->limits.blocks = FIX_BLOCKS;
	dev->limits.block_size = 1 << FIX_SHIFT;
	dev->dev_attrib.block_size = 1 << FIX_SHIFT;
	dev->dev_attrib.hw_max_sectors = 0xffffffff;
	dev->dev_attrib.optimal_sectors = 0xffffffff;
	dev->dev_attrib.emulate_fua_write = true;
	dev->dev_attrib.emulate_caw = true;
	dev->dev_attrib.atomic_max_len = 32;
	dev->dev_attrib.atomic_max_with_boundary = 16;
	dev->dev_attrib.atomic_max_boundary = 8;
	dev->dev_attrib.emulate_rsoc = true;
	dev->dev_attrib.emulate_pr = true;
	dev->dev_attrib.pgr_support = true;
	dev->dev_attrib.alua_support = true;
	dev->dev_attrib.emulate_tas = true;
	dev->dev_attrib.emulate_wsnz = true;
	dev->dev_attrib.emulate_3pc = true;
	dev->dev_attrib.strict_cdb = true;
	dev->dev_attrib.complete_type = TARGET_DIRECT_COMPL;
	strscpy(dev->t10_wwn.vendor, "LIO-ORG", sizeof(dev->t10_wwn.vendor));
	strscpy(dev->t10_wwn.model, "RAMDISK", sizeof(dev->t10_wwn.model));
	strscpy(dev->t10_wwn.revision, "4.0", sizeof(dev->t10_wwn.revision));
	strscpy(dev->t10_wwn.unit_serial, "12ab-CD", sizeof(dev->t10_wwn.unit_serial));
	dev->t10_wwn.company_id = 0x001405;
	mutex_init(&dev->lock);
	spin_lock_init(&dev->lun_lock);
	INIT_LIST_HEAD(&dev->luns);
	INIT_LIST_HEAD(&dev->tg_pt_gps);
	target_task_set_init(dev);
	target_delays_init(dev);
	target_ranges_init(dev);
	target_thresholds_init(dev);
	target_app_tags_init(dev);
	target_rods_init(dev);
	target_reservations_init(dev);
	target_sbc_reset_orwrite(dev);
}

static inline void fix_itl_drained(struct percpu_ref *ref)
{
}

static inline int fix_init(struct kunit *test)
{
	struct scsi_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->itl.stats = alloc_percpu(struct target_io_stats);
	f->medium = vzalloc(FIX_MEDIUM << FIX_SHIFT);
	f->prot = vzalloc(FIX_MEDIUM * TARGET_PI_BYTES);
	KUNIT_ASSERT_TRUE(test, f->itl.stats && f->medium && f->prot);
	fix_prot_format(&f->dev);
	f->sess.sup_prot_ops = TARGET_PROT_ALL;
	f->backend.execute_rw = fix_execute_rw;
	f->backend.flush = fix_flush;
	f->fabric.tpg_get_wwn = fix_wwn;
	f->fabric.tpg_get_tag = fix_tag;
	f->fabric.queue_data_in = fix_queue;
	f->fabric.queue_status = fix_queue;
	f->fabric.check_stop_free = fix_stop_free;
	f->fabric.direct_compl_supp = 1;
	f->fail_lba = U64_MAX;
	strscpy(f->name, "naa.5001405000000001", sizeof(f->name));
	fix_init_dev(f);
	KUNIT_ASSERT_EQ(test, target_device_live_alloc(&f->dev), 0);
	KUNIT_ASSERT_EQ(test, percpu_ref_init(&f->itl.ref, fix_itl_drained, 0, GFP_KERNEL), 0);

	f->tpg.se_tpg_tfo = &f->fabric;
	f->tpg.se_tpg_wwn = &f->wwn;
	f->tpg.proto_id = SCSI_PROTOCOL_SAS;
	f->tpg.tpg_rtpi = 7;
	f->sess.se_tpg = &f->tpg;
	f->sess.se_node_acl = &f->acl;
	xa_init(&f->sess.itls);
	f->lun.lun_tpg = &f->tpg;
	spin_lock_init(&f->lun.itl_lock);
	INIT_LIST_HEAD(&f->lun.itls);
	list_add(&f->lun.dev_node, &f->dev.luns);
	f->itl.dev = &f->dev;
	f->itl.lun = &f->lun;
	f->itl.sess = &f->sess;
	target_task_set_nexus_init(&f->itl);
	list_add(&f->itl.lun_node, &f->lun.itls);
	sg_init_one(f->sg, f->data, sizeof(f->data));
	target_buf_init(&f->b, f->out, sizeof(f->out));
	return 0;
}

static inline void fix_exit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	if (!f)
		return;
	free_percpu(f->itl.stats);
	kfree(f->itl.deferred);
	percpu_ref_exit(&f->itl.ref);
	if (f->dev.live) {
		target_ranges_exit(&f->dev);
		target_device_live_free(&f->dev);
	}
	target_lba_map_exit(&f->dev);
	vfree(f->medium);
	vfree(f->prot);
	xa_destroy(&f->sess.itls);
}

/* A command of this CDB; the initiator's expectation is the CDB's unless set afterwards. */
static inline struct se_cmd *fix_cmd(struct scsi_fixture *f, const u8 *cdb)
{
	struct se_cmd *cmd = &f->cmd;
	const struct target_cdb_op *op = target_cdb_find(cdb);

	memset(cmd, 0, sizeof(*cmd));
	memset(f->sense, 0, sizeof(f->sense));
	memcpy(cmd->__t_task_cdb, cdb, target_cdb_length(cdb));
	cmd->t_task_cdb = cmd->__t_task_cdb;
	cmd->se_sess = &f->sess;
	cmd->se_tfo = &f->fabric;
	cmd->se_dev = &f->dev;
	cmd->se_lun = &f->lun;
	cmd->itl = &f->itl;
	cmd->sense_buffer = f->sense;
	cmd->sam_task_attr = TCM_SIMPLE_TAG;
	cmd->data_direction = op ? op->dir : DMA_NONE;
	cmd->unknown_data_length = true;
	return cmd;
}

static inline void fix_no_lun(struct se_cmd *cmd)
{
	cmd->se_dev = NULL;
	cmd->se_lun = NULL;
	cmd->itl = NULL;
}

/* Parse, gate and execute with f->data as its data; waits for the response. */
static inline void fix_run(struct kunit *test, struct se_cmd *cmd)
{
	struct scsi_fixture *f = test->priv;
	sense_reason_t why = target_cdb_parse(cmd);

	KUNIT_ASSERT_EQ(test, (__force u32)why, 0);
	cmd->t_data_sg = f->sg;
	cmd->t_data_nents = 1;
	init_completion(&f->sent);
	atomic_set(&cmd->state, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
	kfree(cmd->scratch);
	cmd->scratch = NULL;
	if (cmd->pi)
		target_pi_free(cmd->pi);
	cmd->pi = NULL;
}

static inline void fix_run_good(struct kunit *test, struct se_cmd *cmd)
{
	fix_run(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->scsi_status, 0);
}

static inline void fix_expect_bytes(struct kunit *test, const struct target_buf *b,
				    const u8 *want, u32 len)
{
	u32 i;

	KUNIT_EXPECT_EQ(test, b->len, len);
	for (i = 0; i < min(len, b->size); i++)
		KUNIT_EXPECT_EQ_MSG(test, b->data[i], want[i], "byte %u", i);
}

static inline void fix_expect_field(struct kunit *test, const struct se_cmd *cmd, u16 byte, u8 bit)
{
	KUNIT_EXPECT_TRUE(test, cmd->field_flags & TARGET_FIELD_VALID);
	KUNIT_EXPECT_EQ(test, cmd->field_ptr, byte);
	KUNIT_EXPECT_EQ(test, cmd->field_bit, bit);
}

#define FIX_EXPECT_REASON(test, got, want)	\
	KUNIT_EXPECT_EQ(test, (__force u32)(got), (__force u32)(want))

#endif /* SCSI_FIXTURE_H */
