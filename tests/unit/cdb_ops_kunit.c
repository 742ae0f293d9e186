// SPDX-License-Identifier: GPL-2.0-only
/* The opcode table: every row keeps the rules, and is reported exactly when it is accepted. */
#include <linux/unaligned.h>
#include "scsi_fixture.h"
#include "spc.h"

static void ops_ascending(struct kunit *test)
{
	unsigned int i;

	for (i = 1; i < target_cdb_op_count; i++) {
		u32 a = target_cdb_ops[i - 1].opcode << 16 | target_cdb_ops[i - 1].sa;
		u32 b = target_cdb_ops[i].opcode << 16 | target_cdb_ops[i].sa;

		KUNIT_EXPECT_LT_MSG(test, a, b, "%s", target_cdb_ops[i].name);
	}
}

static void ops_lengths(struct kunit *test)
{
	static const u8 lengths[] = { 6, 10, 10, 32, 16, 12, 0, 0 };
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		u8 control = op->opcode == VARIABLE_LENGTH_CMD ? 1 : op->len - 1;

		KUNIT_EXPECT_EQ_MSG(test, op->len, lengths[op->opcode >> 5], "%s", op->name);
		KUNIT_EXPECT_EQ_MSG(test, op->usage[0], op->opcode, "%s", op->name);
		KUNIT_EXPECT_EQ_MSG(test, op->usage[control], 0, "%s: CONTROL", op->name);
	}
}

static void ops_field(struct kunit *test, const struct target_cdb_op *op,
		      struct target_cdb_field field)
{
	unsigned int i;

	KUNIT_EXPECT_LE_MSG(test, field.off + field.bytes, op->len, "%s", op->name);
	for (i = field.off; i < field.off + field.bytes; i++)
		KUNIT_EXPECT_NE_MSG(test, op->usage[i], 0, "%s byte %u", op->name, i);
}

static void ops_fields(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++) {
		ops_field(test, &target_cdb_ops[i], target_cdb_ops[i].lba);
		ops_field(test, &target_cdb_ops[i], target_cdb_ops[i].count);
		ops_field(test, &target_cdb_ops[i], target_cdb_ops[i].alloc);
	}
}

static void ops_timeouts(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		KUNIT_EXPECT_GT_MSG(test, op->nominal_timeout, 0U, "%s", op->name);
		KUNIT_EXPECT_GE_MSG(test, op->recommended_timeout, op->nominal_timeout, "%s",
				    op->name);
	}
}

static void ops_lookup(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		/* The mask has the opcode and the service action in place. */
		KUNIT_EXPECT_PTR_EQ(test, target_cdb_find(op->usage), op);
		KUNIT_EXPECT_PTR_EQ(test, target_cdb_row(op->opcode, op->sa), op);
	}
}

/* Everything that is not a row: unknown opcodes, and unknown service actions of known ones. */
static void ops_lookup_unknown(struct kunit *test)
{
	u8 cdb[TCM_MAX_COMMAND_SIZE] = { };
	unsigned int opcode, sa, found = 0;

	for (opcode = 0; opcode < 256; opcode++) {
		bool has_sa, known = target_cdb_opcode_known(opcode, &has_sa);

		cdb[0] = opcode;
		for (sa = 0; sa < (has_sa ? 32 : 1); sa++) {
			cdb[opcode == VARIABLE_LENGTH_CMD ? 9 : 1] = sa;
			found += !!target_cdb_find(cdb);
		}
		KUNIT_EXPECT_FALSE(test, has_sa && !known);
	}
	KUNIT_EXPECT_EQ(test, found, target_cdb_op_count);
}

/* What this change promises, spelled out. */
static const struct ops_promise {
	u8	opcode;
	u8	sa;
} ops_promises[] = {
	{ 0x00 }, { 0x03 }, { 0x08 }, { 0x0a }, { 0x12 }, { 0x15 }, { 0x1a }, { 0x1b }, { 0x25 },
	{ 0x28 }, { 0x2a }, { 0x2f }, { 0x35 }, { 0x55 }, { 0x5a }, { 0x88 }, { 0x8a }, { 0x8f },
	{ 0x91 }, { 0x9e, 0x10 }, { 0xa0 }, { 0xa3, 0x0c }, { 0xa3, 0x0d }, { 0xa8 }, { 0xaa },
	{ 0xaf },
};

static void ops_promise_desc(const struct ops_promise *p, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%02x/%02x", p->opcode, p->sa);
}

KUNIT_ARRAY_PARAM(ops_promise, ops_promises, ops_promise_desc);

static void ops_promised(struct kunit *test)
{
	const struct ops_promise *p = test->param_value;
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, target_cdb_device_has(&f->dev, p->opcode, p->sa));
}

/* Descriptors of REPORT SUPPORTED OPERATION CODES against the rows that are supported. */
static void ops_expect_reported(struct kunit *test, bool rctd)
{
	struct scsi_fixture *f = test->priv;
	u32 len = rctd ? 20 : 8, at = 4;
	unsigned int i;

	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_spc_build_opcodes(&f->b, &f->dev, rctd);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out), f->b.len - 4);
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		const u8 *d = f->out + at;

		if (!target_cdb_supported(op, &f->dev))
			continue;
		KUNIT_EXPECT_EQ_MSG(test, d[0], op->opcode, "%s", op->name);
		KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be16(d + 2), op->sa, "%s", op->name);
		KUNIT_EXPECT_EQ_MSG(test, d[5], (rctd ? 2 : 0) | op->has_sa, "%s", op->name);
		KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be16(d + 6), op->len, "%s", op->name);
		if (rctd) {
			KUNIT_EXPECT_EQ(test, get_unaligned_be16(d + 8), 10);
			KUNIT_EXPECT_EQ(test, get_unaligned_be32(d + 12), op->nominal_timeout);
			KUNIT_EXPECT_EQ(test, get_unaligned_be32(d + 16),
					op->recommended_timeout);
		}
		at += len;
	}
	KUNIT_EXPECT_EQ(test, f->b.len, at);
}

static void ops_report_all(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	ops_expect_reported(test, false);
	ops_expect_reported(test, true);
	f->dev.dev_attrib.emulate_rsoc = false;
	ops_expect_reported(test, false);
}

/* Supported exactly when reported, whatever the attributes say. */
static void ops_accept_as_reported(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 rsoc[16] = { 0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 1, 0 };

	KUNIT_EXPECT_TRUE(test, target_cdb_device_has(&f->dev, 0xa3, 0x0c));
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, rsoc)), TCM_NO_SENSE);
	f->dev.dev_attrib.emulate_rsoc = false;
	KUNIT_EXPECT_FALSE(test, target_cdb_device_has(&f->dev, 0xa3, 0x0c));
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, rsoc)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 4);
}

static const struct ops_one {
	const char	*name;
	bool		no_fua;
	bool		rctd;
	u8		cdb[6];		/* opcode, then service action in 4-5 */
	u8		options;
	u32		len;
	u8		want[36];
} ops_ones[] = {
	{ "READ(10)", .cdb = { 0x28 }, .options = 1, .len = 14,
	  .want = { 0, 0x03, 0, 10, 0x28, 0x18, 0xff, 0xff, 0xff, 0xff, 0x3f, 0xff, 0xff, 0 } },
	{ "READ(10) without FUA", .no_fua = true, .cdb = { 0x28 }, .options = 1, .len = 14,
	  .want = { 0, 0x03, 0, 10, 0x28, 0x00, 0xff, 0xff, 0xff, 0xff, 0x3f, 0xff, 0xff, 0 } },
	{ "READ CAPACITY(16)", .cdb = { 0x9e, 0, 0, 0, 0, 0x10 }, .options = 2, .len = 20,
	  .want = { 0, 0x03, 0, 16, 0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
	{ "INQUIRY with timeouts", .rctd = true, .cdb = { 0x12 }, .options = 3, .len = 22,
	  .want = { 0, 0x83, 0, 6, 0x12, 0x01, 0xff, 0xff, 0xff, 0,
		    0, 10, 0, 0, 0, 0, 0, 1, 0, 0, 0, 10 } },
	{ "UNMAP is not there", .cdb = { 0x42 }, .options = 1, .len = 4, .want = { 0, 1 } },
	{ "UNMAP, with timeouts", .rctd = true, .cdb = { 0x42 }, .options = 3, .len = 4,
	  .want = { 0, 1 } },
	{ "other service action", .cdb = { 0x9e, 0, 0, 0, 0, 0x12 }, .options = 2, .len = 4,
	  .want = { 0, 1 } },
	{ "service action of none", .cdb = { 0x12, 0, 0, 0, 0, 1 }, .options = 3, .len = 4,
	  .want = { 0, 1 } },
	{ "service action beyond 5 bits", .cdb = { 0x9e, 0, 0, 0, 1, 0x10 }, .options = 3,
	  .len = 4, .want = { 0, 1 } },
};

static void ops_one_desc(const struct ops_one *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ops_one, ops_ones, ops_one_desc);

static void ops_report_one(struct kunit *test)
{
	const struct ops_one *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[12] = { 0xa3, 0x0c, c->options | (c->rctd ? 0x80 : 0), c->cdb[0],
		       c->cdb[4], c->cdb[5], 0, 0, 1, 0 };
	struct target_buf got = { .data = f->data, .size = sizeof(f->data) };

	f->dev.dev_attrib.emulate_fua_write = !c->no_fua;
	fix_run_good(test, fix_cmd(f, cdb));
	got.len = f->cmd.data_length;
	fix_expect_bytes(test, &got, c->want, c->len);
}

static const struct ops_refused {
	u8	options;
	u8	opcode;
} ops_refusals[] = {
	{ 1, 0x9e }, { 1, 0xa3 }, { 2, 0x28 }, { 2, 0x00 }, { 4, 0x28 }, { 7, 0x28 },
};

static void ops_refused_desc(const struct ops_refused *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "options %u opcode %02x", c->options, c->opcode);
}

KUNIT_ARRAY_PARAM(ops_refused, ops_refusals, ops_refused_desc);

static void ops_report_refused(struct kunit *test)
{
	const struct ops_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[12] = { 0xa3, 0x0c, c->options, c->opcode, 0, 0, 0, 0, 1, 0 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 2, 2);
}

/* What the port makes up is reported, and where it can move nothing, nothing is. */
static void cdb_ops_protect_by_port(struct kunit *test)
{
	const struct target_cdb_op *ten = target_cdb_row(0x28, 0);
	struct scsi_fixture *f = test->priv;
	u8 usage[TCM_MAX_COMMAND_SIZE];

	f->sess.sess_prot_type = TARGET_DIF_TYPE1_PROT;
	target_cdb_usage(ten, &f->dev, &f->sess, usage);
	KUNIT_EXPECT_EQ(test, usage[1] & 0xe0, 0xe0);
	f->sess.sup_prot_ops = 0;
	f->dev.dev_attrib.pi_prot_type = 1;
	target_cdb_usage(ten, &f->dev, &f->sess, usage);
	KUNIT_EXPECT_EQ(test, usage[1] & 0xe0, 0);
}

static struct kunit_case ops_cases[] = {
	KUNIT_CASE(ops_ascending),
	KUNIT_CASE(ops_lengths),
	KUNIT_CASE(ops_fields),
	KUNIT_CASE(ops_timeouts),
	KUNIT_CASE(ops_lookup),
	KUNIT_CASE(ops_lookup_unknown),
	KUNIT_CASE_PARAM(ops_promised, ops_promise_gen_params),
	KUNIT_CASE(ops_report_all),
	KUNIT_CASE(ops_accept_as_reported),
	KUNIT_CASE_PARAM(ops_report_one, ops_one_gen_params),
	KUNIT_CASE_PARAM(ops_report_refused, ops_refused_gen_params),
	KUNIT_CASE(cdb_ops_protect_by_port),
	{ }
};

static struct kunit_suite ops_suite = {
	.name = "target_core_cdb_ops",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = ops_cases,
};
kunit_test_suite(ops_suite);
