// SPDX-License-Identifier: GPL-2.0-only
/* Protection information: what commands make of it. */
#include <linux/crc-t10dif.h>
#include <linux/unaligned.h>
#include <net/checksum.h>
#include "pi.h"
#include "scsi_fixture.h"

#define PI_LBA		10
#define PI_BLOCKS	4
#define PI_BAD		2	/* the block of them that is corrupted */
#define PI_SEED		0x12345600	/* EXPECTED INITIAL LOGICAL BLOCK REFERENCE TAG */
#define PI_APP		0xa55a

/* --- READ and WRITE, each type and value ------------------------------------------------- */

enum { NONE, GUARD, APP, REF, CORRUPTIONS };

/* Which corruption is noticed. */
static const struct pi_case {
	u8	type;
	u8	protect;
	bool	noticed[CORRUPTIONS];
} pi_cases[] = {
	{ 1, 0, { [GUARD] = true, [REF] = true } },
	{ 1, 1, { [GUARD] = true, [REF] = true } },
	{ 1, 2, { [REF] = true } },
	{ 1, 3 },
	{ 1, 4, { [GUARD] = true } },
	{ 1, 5, { [GUARD] = true, [REF] = true } },
	{ 2, 0, { [GUARD] = true, [APP] = true, [REF] = true } },
	{ 2, 1, { [GUARD] = true, [APP] = true, [REF] = true } },
	{ 2, 2, { [APP] = true, [REF] = true } },
	{ 2, 3 },
	{ 2, 4, { [GUARD] = true } },
	{ 2, 5, { [GUARD] = true, [APP] = true, [REF] = true } },
	{ 3, 0, { [GUARD] = true } },
	{ 3, 1, { [GUARD] = true } },
	{ 3, 2 },
	{ 3, 3 },
	{ 3, 4, { [GUARD] = true } },
	{ 3, 5, { [GUARD] = true } },
};

static void pi_case_desc(const struct pi_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "type %u, %u", c->type, c->protect);
}

KUNIT_ARRAY_PARAM(pi_case, pi_cases, pi_case_desc);

static void pi_fill(u8 *p, u32 len, u8 seed)
{
	u32 i;

	for (i = 0; i < len; i++)
		p[i] = seed + i * 13 + (i >> 9);
}

static u32 pi_ref(u8 type, u32 i)
{
	static const u32 first[] = { [1] = PI_LBA, [2] = PI_SEED, [3] = 0x33333333 };

	return type == 3 ? first[type] : first[type] + i;
}

static struct target_pi_tuple pi_tuple(const u8 *block, u8 type, u32 i)
{
	return (struct target_pi_tuple){
		.guard	= cpu_to_be16(crc_t10dif(block, 512)),
		.app	= cpu_to_be16(PI_APP),
		.ref	= cpu_to_be32(pi_ref(type, i)),
	};
}

static void pi_corrupt(struct target_pi_tuple *t, unsigned int how)
{
	if (how == GUARD)
		t->guard ^= cpu_to_be16(1);
	if (how == APP)
		t->app ^= cpu_to_be16(0x8000);
	if (how == REF)
		t->ref ^= cpu_to_be32(0x100);
}

static void pi_set_type(struct scsi_fixture *f, u8 type)
{
	f->backend.prot_format = fix_prot_format;
	f->dev.dev_attrib.pi_prot_type = type;
	f->dev.dev_attrib.pi_prot_verify = true;
	fix_prot_format(&f->dev);
}

/* Of 10 bytes, or for type 2 of 32 bytes. */
static struct se_cmd *pi_cmd(struct scsi_fixture *f, u8 type, u8 opcode, u8 action, u8 options)
{
	u8 ten[10] = { opcode, options, [5] = PI_LBA, [8] = PI_BLOCKS };
	u8 long_one[32] = { 0x7f, [7] = 0x18, [9] = action, [10] = options, [19] = PI_LBA,
			    [31] = PI_BLOCKS };
	struct se_cmd *cmd;

	put_unaligned_be32(PI_SEED, long_one + 20);
	put_unaligned_be16(PI_APP, long_one + 24);
	put_unaligned_be16(0xffff, long_one + 26);
	cmd = fix_cmd(f, type == 2 ? long_one : ten);
	cmd->se_cmd_flags |= SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC;
	return cmd;
}

static void pi_medium_init(struct scsi_fixture *f, u8 type, unsigned int how)
{
	u32 i;

	for (i = 0; i < PI_BLOCKS; i++) {
		u8 *block = f->medium + (PI_LBA + i) * 512;

		pi_fill(block, 512, i);
		f->prot[PI_LBA + i] = pi_tuple(block, type, i);
	}
	pi_corrupt(&f->prot[PI_LBA + PI_BAD], how);
}

static void pi_expect_failure(struct kunit *test, unsigned int how)
{
	static const u16 codes[] = { [GUARD] = 0x1001, [APP] = 0x1002, [REF] = 0x1003 };
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, f->sense[2], 0x0b);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), codes[how]);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), PI_LBA + PI_BAD);
}

static void pi_read(struct kunit *test)
{
	const struct pi_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u32 i, step = c->protect ? 520 : 512;
	unsigned int how;

	pi_set_type(f, c->type);
	for (how = 0; how < CORRUPTIONS; how++) {
		pi_medium_init(f, c->type, how);
		fix_run(test, pi_cmd(f, c->type, 0x28, 0x09, c->protect << 5));
		if (c->noticed[how]) {
			pi_expect_failure(test, how);
			continue;
		}
		KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
		KUNIT_EXPECT_EQ(test, f->cmd.data_length, PI_BLOCKS * step);
		for (i = 0; i < PI_BLOCKS; i++) {
			KUNIT_EXPECT_EQ(test, memcmp(f->data + i * step,
						     f->medium + (PI_LBA + i) * 512, 512), 0);
			if (c->protect)
				KUNIT_EXPECT_EQ(test, memcmp(f->data + i * step + 512,
							     &f->prot[PI_LBA + i], 8), 0);
		}
	}
}

static void pi_wire_init(struct scsi_fixture *f, u8 type, unsigned int how)
{
	u32 i;

	for (i = 0; i < PI_BLOCKS; i++) {
		u8 *block = f->data + i * 520;
		struct target_pi_tuple t;

		pi_fill(block, 512, i + 3);
		t = pi_tuple(block, type, i);
		if (i == PI_BAD)
			pi_corrupt(&t, how);
		memcpy(block + 512, &t, sizeof(t));
	}
}

static void pi_write(struct kunit *test)
{
	const struct pi_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int how;
	u32 i;

	if (!c->protect)
		return;
	pi_set_type(f, c->type);
	for (how = 0; how < CORRUPTIONS; how++) {
		memset(f->medium, 0xee, FIX_MEDIUM * 512);
		pi_wire_init(f, c->type, how);
		fix_run(test, pi_cmd(f, c->type, 0x2a, 0x0b, c->protect << 5));
		if (c->noticed[how]) {
			pi_expect_failure(test, how);
			KUNIT_EXPECT_EQ(test, f->medium[PI_LBA * 512], 0xee);
			continue;
		}
		KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
		for (i = 0; i < PI_BLOCKS; i++) {
			KUNIT_EXPECT_EQ(test, memcmp(f->data + i * 520,
						     f->medium + (PI_LBA + i) * 512, 512), 0);
			KUNIT_EXPECT_EQ(test, memcmp(f->data + i * 520 + 512,
						     &f->prot[PI_LBA + i], 8), 0);
		}
		KUNIT_EXPECT_FALSE(test, f->dev.ranged);
	}
}

/* WRPROTECT 000b, and WRITE(6): the unit makes it up. */
static void pi_write_without(struct kunit *test)
{
	static const u8 six[6] = { 0x0a, 0, 0, PI_LBA, PI_BLOCKS };
	struct scsi_fixture *f = test->priv;
	u8 type;
	u32 i;

	for (type = 1; type <= 3; type++) {
		pi_set_type(f, type);
		pi_fill(f->data, PI_BLOCKS * 512, type);
		fix_run_good(test, fix_cmd(f, six));
		for (i = 0; i < PI_BLOCKS; i++) {
			const struct target_pi_tuple *t = &f->prot[PI_LBA + i];
			u16 crc = crc_t10dif(f->data + i * 512, 512);

			KUNIT_EXPECT_EQ(test, be16_to_cpu(t->guard), crc);
			KUNIT_EXPECT_EQ(test, be16_to_cpu(t->app), 0xffff);
			KUNIT_EXPECT_EQ(test, be32_to_cpu(t->ref),
					type == 1 ? PI_LBA + i : 0xffffffff);
		}
	}
}

/* What turns checks off, by type. */
static void pi_escape(struct kunit *test)
{
	struct target_pi_tuple app = { .app = cpu_to_be16(0xffff) };
	struct target_pi_tuple both = { .app = cpu_to_be16(0xffff),
					.ref = cpu_to_be32(0xffffffff) };
	struct target_pi_tuple ref = { .ref = cpu_to_be32(0xffffffff) };

	KUNIT_EXPECT_TRUE(test, target_pi_is_escape(&app, 1));
	KUNIT_EXPECT_TRUE(test, target_pi_is_escape(&app, 2));
	KUNIT_EXPECT_FALSE(test, target_pi_is_escape(&app, 3));
	KUNIT_EXPECT_TRUE(test, target_pi_is_escape(&both, 3));
	KUNIT_EXPECT_FALSE(test, target_pi_is_escape(&ref, 1));
	KUNIT_EXPECT_FALSE(test, target_pi_is_escape(&ref, 3));
}

/* What was never written is not checked. */
static void pi_read_unwritten(struct kunit *test)
{
	const struct pi_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	pi_set_type(f, c->type);
	fix_run_good(test, pi_cmd(f, c->type, 0x28, 0x09, c->protect << 5));
}

/* --- between host and adapter ------------------------------------------------------------ */

static void pi_set_apart(struct scsi_fixture *f, struct se_cmd *cmd, struct scatterlist *prot,
			 enum target_prot_op op)
{
	sg_init_one(prot, f->out, PI_BLOCKS * 8);
	cmd->t_prot_sg = prot;
	cmd->t_prot_nents = 1;
	cmd->prot_op = op;
	cmd->prot_checks = TARGET_DIF_CHECK_GUARD | TARGET_DIF_CHECK_REFTAG;
	cmd->reftag_seed = PI_LBA;
}

static void pi_out_init(struct scsi_fixture *f, bool ip, unsigned int how)
{
	struct target_pi_tuple t;
	u32 i;

	pi_fill(f->data, PI_BLOCKS * 512, 9);
	for (i = 0; i < PI_BLOCKS; i++) {
		t = pi_tuple(f->data + i * 512, 1, i);
		if (ip)
			t.guard = (__force __be16)ip_compute_csum(f->data + i * 512, 512);
		if (i == PI_BAD)
			pi_corrupt(&t, how);
		memcpy(f->out + i * 8, &t, 8);
	}
}

/* All that DIX does with a disk of type 1, with either guard. */
static void pi_dix(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_pi_tuple t, want;
	struct scatterlist prot[1];
	struct se_cmd *cmd;
	unsigned int ip;

	for (ip = 0; ip < 2; ip++) {
		pi_set_type(f, 1);
		pi_out_init(f, ip, GUARD);
		cmd = pi_cmd(f, 1, 0x2a, 0, 0x20);
		pi_set_apart(f, cmd, prot, TARGET_PROT_DOUT_PASS);
		cmd->prot_ip = ip;
		fix_run(test, cmd);
		pi_expect_failure(test, GUARD);

		pi_out_init(f, ip, NONE);
		cmd = pi_cmd(f, 1, 0x2a, 0, 0x20);
		pi_set_apart(f, cmd, prot, TARGET_PROT_DOUT_PASS);
		cmd->prot_ip = ip;
		fix_run_good(test, cmd);
		want = pi_tuple(f->data + 512, 1, 1);
		KUNIT_EXPECT_EQ(test, memcmp(&f->prot[PI_LBA + 1], &want, 8), 0);

		memcpy(&t, f->out + 8, 8);
		memset(f->out, 0, PI_BLOCKS * 8);
		cmd = pi_cmd(f, 1, 0x28, 0, 0x20);
		pi_set_apart(f, cmd, prot, TARGET_PROT_DIN_PASS);
		cmd->prot_ip = ip;
		fix_run_good(test, cmd);
		KUNIT_EXPECT_EQ(test, cmd->data_length, PI_BLOCKS * 512);
		KUNIT_EXPECT_EQ(test, memcmp(f->out + 8, &t, 8), 0);
	}
}

/* The disk has none: the adapter checks, and makes it up. */
static void pi_dix_type_0(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct scatterlist prot[1];
	struct target_pi_tuple t;
	struct se_cmd *cmd;

	pi_out_init(f, false, REF);
	cmd = pi_cmd(f, 1, 0x2a, 0, 0);
	pi_set_apart(f, cmd, prot, TARGET_PROT_DOUT_STRIP);
	fix_run(test, cmd);
	pi_expect_failure(test, REF);

	pi_out_init(f, true, NONE);
	cmd = pi_cmd(f, 1, 0x2a, 0, 0);
	pi_set_apart(f, cmd, prot, TARGET_PROT_DOUT_STRIP);
	cmd->prot_ip = true;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, memcmp(f->medium + PI_LBA * 512, f->data, PI_BLOCKS * 512), 0);

	memset(f->out, 0, PI_BLOCKS * 8);
	cmd = pi_cmd(f, 1, 0x28, 0, 0);
	pi_set_apart(f, cmd, prot, TARGET_PROT_DIN_INSERT);
	fix_run_good(test, cmd);
	memcpy(&t, f->out + 8, 8);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(t.guard), crc_t10dif(f->data + 512, 512));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(t.ref), PI_LBA + 1);
}

/* The host has none: the adapter makes it up for the disk, and keeps the disk's. */
static void pi_adapter_only(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd;

	pi_set_type(f, 1);
	pi_fill(f->data, PI_BLOCKS * 512, 1);
	cmd = pi_cmd(f, 1, 0x2a, 0, 0x20);
	cmd->prot_op = TARGET_PROT_DOUT_INSERT;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(f->prot[PI_LBA].app), 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(f->prot[PI_LBA + 3].ref), PI_LBA + 3);
	pi_corrupt(&f->prot[PI_LBA + PI_BAD], REF);
	cmd = pi_cmd(f, 1, 0x28, 0, 0x20);
	cmd->prot_op = TARGET_PROT_DIN_STRIP;
	fix_run(test, cmd);
	pi_expect_failure(test, REF);
	pi_corrupt(&f->prot[PI_LBA + PI_BAD], REF);
	cmd = pi_cmd(f, 1, 0x28, 0, 0x20);
	cmd->prot_op = TARGET_PROT_DIN_STRIP;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, PI_BLOCKS * 512);
}

/* The port protects a unit that keeps nothing. */
static void pi_port_only(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_pi_tuple t;

	f->sess.sess_prot_type = 1;
	pi_wire_init(f, 1, REF);
	fix_run(test, pi_cmd(f, 1, 0x2a, 0, 0x20));
	pi_expect_failure(test, REF);
	pi_wire_init(f, 1, NONE);
	fix_run_good(test, pi_cmd(f, 1, 0x2a, 0, 0x20));
	memset(f->data, 0, sizeof(f->data));
	fix_run_good(test, pi_cmd(f, 1, 0x28, 0, 0x20));
	memcpy(&t, f->data + 520 + 512, 8);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(t.guard),
			crc_t10dif(f->medium + (PI_LBA + 1) * 512, 512));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(t.ref), PI_LBA + 1);
	KUNIT_EXPECT_EQ(test, f->prot[PI_LBA].app, cpu_to_be16(0xffff));
}

/* --- the other commands ------------------------------------------------------------------ */

static void pi_verify_medium(struct kunit *test)
{
	const struct pi_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int how;

	pi_set_type(f, c->type);
	for (how = 0; how < CORRUPTIONS; how++) {
		pi_medium_init(f, c->type, how);
		fix_run(test, pi_cmd(f, c->type, 0x2f, 0x0a, c->protect << 5));
		if (c->noticed[how])
			pi_expect_failure(test, how);
		else
			KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	}
}

/* BYTCHK 01b: data-out is checked, the medium compared with it. */
static void pi_verify_compare(struct kunit *test)
{
	/* By VRPROTECT, what of the tuple must be equal. */
	static const bool compared[6][CORRUPTIONS] = {
		[1] = { [GUARD] = true, [APP] = true, [REF] = true },
		[2] = { [APP] = true, [REF] = true },
		[3] = { [GUARD] = true, [APP] = true, [REF] = true },
		[4] = { [GUARD] = true, [APP] = true, [REF] = true },
		[5] = { [GUARD] = true, [APP] = true, [REF] = true },
	};
	static const u8 offsets[] = { [GUARD] = 0, [APP] = 2, [REF] = 4 };
	const struct pi_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int how;

	if (!c->protect)
		return;
	pi_set_type(f, c->type);
	pi_wire_init(f, c->type, NONE);
	for (how = 0; how < CORRUPTIONS; how++) {
		fix_run_good(test, pi_cmd(f, c->type, 0x2a, 0x0b, 0x20));
		pi_corrupt(&f->prot[PI_LBA + PI_BAD], how);
		fix_run(test, pi_cmd(f, c->type, 0x2f, 0x0a, c->protect << 5 | 2));
		if (!compared[c->protect][how]) {
			KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
			continue;
		}
		KUNIT_EXPECT_EQ(test, f->sense[2], 0x0e);
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x1000 + how);
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3),
				PI_BAD * 520 + 512 + offsets[how]);
	}
	pi_wire_init(f, c->type, GUARD);
	fix_run(test, pi_cmd(f, c->type, 0x2f, 0x0a, c->protect << 5 | 2));
	if (c->noticed[GUARD])
		pi_expect_failure(test, GUARD);
}

static void pi_write_and_verify(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 type;

	for (type = 1; type <= 3; type++) {
		pi_set_type(f, type);
		pi_wire_init(f, type, NONE);
		fix_run_good(test, pi_cmd(f, type, 0x2e, 0x0c, 0x22));
		KUNIT_EXPECT_EQ(test, memcmp(&f->prot[PI_LBA + 1], f->data + 520 + 512, 8), 0);
		pi_wire_init(f, type, GUARD);
		fix_run(test, pi_cmd(f, type, 0x2e, 0x0c, 0x20));
		pi_expect_failure(test, GUARD);
	}
}

static struct se_cmd *pi_cmd_16(struct scsi_fixture *f, u8 opcode, u8 protect, u8 count_at)
{
	u8 cdb[16] = { opcode, protect << 5, [9] = PI_LBA };
	struct se_cmd *cmd;

	cdb[count_at] = PI_BLOCKS;
	cmd = fix_cmd(f, cdb);
	cmd->se_cmd_flags |= SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC;
	return cmd;
}

static void pi_orwrite(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	const struct target_pi_tuple *t = &f->prot[PI_LBA + 1];

	pi_set_type(f, 1);
	pi_wire_init(f, 1, NONE);
	fix_run_good(test, pi_cmd(f, 1, 0x2a, 0, 0x20));
	f->data[520] |= 0xff;
	put_unaligned_be16(crc_t10dif(f->data + 520, 512), f->data + 520 + 512);
	fix_run_good(test, pi_cmd_16(f, 0x8b, 1, 13));
	KUNIT_EXPECT_EQ(test, f->medium[(PI_LBA + 1) * 512], 0xff);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(t->guard),
			crc_t10dif(f->medium + (PI_LBA + 1) * 512, 512));
	KUNIT_EXPECT_EQ(test, be16_to_cpu(t->app), PI_APP);
	pi_corrupt(&f->prot[PI_LBA + PI_BAD], REF);
	fix_run(test, pi_cmd_16(f, 0x8b, 2, 13));
	pi_expect_failure(test, REF);
	pi_wire_init(f, 1, GUARD);
	fix_run(test, pi_cmd_16(f, 0x8b, 4, 13));
	pi_expect_failure(test, GUARD);
}

static void pi_compare_and_write(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 *second = f->data + PI_BLOCKS * 520;
	u32 i;

	pi_set_type(f, 1);
	pi_wire_init(f, 1, NONE);
	fix_run_good(test, pi_cmd(f, 1, 0x2a, 0, 0x20));
	memcpy(second, f->data, PI_BLOCKS * 520);
	for (i = 0; i < PI_BLOCKS; i++) {
		struct target_pi_tuple t;

		pi_fill(second + i * 520, 512, 77 + i);
		t = pi_tuple(second + i * 520, 1, i);
		memcpy(second + i * 520 + 512, &t, 8);
	}
	fix_run_good(test, pi_cmd_16(f, 0x89, 1, 13));
	KUNIT_EXPECT_EQ(test, memcmp(f->medium + (PI_LBA + 3) * 512, second + 3 * 520, 512), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&f->prot[PI_LBA + 3], second + 3 * 520 + 512, 8), 0);
	/* It is not what it was. */
	fix_run(test, pi_cmd_16(f, 0x89, 1, 13));
	KUNIT_EXPECT_EQ(test, f->sense[2], 0x0e);
	second[PI_BAD * 520 + 512] ^= 1;
	fix_run(test, pi_cmd_16(f, 0x89, 1, 13));
	pi_expect_failure(test, GUARD);
}

static int pi_no_write_same(struct target_io *io)
{
	target_io_done(io, TCM_INTERNAL_TARGET_FAILURE);
	return 0;
}

static void pi_write_same(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_pi_tuple t;
	u8 type, protect;

	f->backend.write_same = pi_no_write_same;
	f->dev.dev_attrib.max_write_same_len = 64;
	for (type = 1; type <= 3; type++) {
		for (protect = 0; protect < 2; protect++) {
			pi_set_type(f, type);
			pi_wire_init(f, type, NONE);
			fix_run_good(test, pi_cmd(f, type, 0x41, 0x0d, protect << 5));
			t = protect ? pi_tuple(f->data, type, 3) : (struct target_pi_tuple){
				.guard = cpu_to_be16(crc_t10dif(f->data, 512)),
				.app = cpu_to_be16(0xffff),
				.ref = cpu_to_be32(type == 1 ? PI_LBA + 3 : 0xffffffff),
			};
			KUNIT_EXPECT_EQ(test, memcmp(f->medium + (PI_LBA + 3) * 512, f->data, 512),
					0);
			KUNIT_EXPECT_EQ(test, memcmp(&f->prot[PI_LBA + 3], &t, 8), 0);
			KUNIT_EXPECT_EQ(test, f->prot[PI_LBA + 4].app, cpu_to_be16(0xffff));
		}
	}
}

/* --- what is refused, and what is told --------------------------------------------------- */

static const struct pi_refusal {
	const char	*name;
	u8		type;
	u8		cdb[32];
	u32		why;
	u16		byte;
	u8		bit;
} pi_refusals[] = {
	{ "READ(10) without type", 0, { 0x28, 0x20, [8] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "READ(10), reserved value", 1, { 0x28, 0xc0, [8] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "WRITE(16), reserved value", 3, { 0x8a, 0xe0, [13] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "READ(10), type 2", 2, { 0x28, 0x20, [8] = 1 },
	  (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE },
	{ "ORWRITE(16), type 2", 2, { 0x8b, 0x60, [13] = 1 },
	  (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE },
	{ "READ(32), type 1", 1, { 0x7f, [7] = 0x18, [9] = 0x09, [10] = 0x20, [31] = 1 },
	  (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE },
	{ "READ(32), type 3", 3, { 0x7f, [7] = 0x18, [9] = 0x09, [10] = 0x20, [31] = 1 },
	  (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE },
	{ "READ(32), type 2, reserved value", 2,
	  { 0x7f, [7] = 0x18, [9] = 0x09, [10] = 0xc0, [31] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 10, 7 },
	{ "READ(32), type 1, expected tag", 1,
	  { 0x7f, [7] = 0x18, [9] = 0x09, [23] = 0x10, [31] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 23, 4 },
	{ "READ(32), type 2, expected tags", 2,
	  { 0x7f, [7] = 0x18, [9] = 0x09, [20] = 1, [23] = 0x10, [27] = 1, [31] = 1 } },
	{ "READ(10), type 2, no protection", 2, { 0x28, [8] = 1 } },
	{ "READ(10), type 1, reserved bit", 1, { 0x28, 0x24, [8] = 1 },
	  (__force u32)TCM_INVALID_CDB_FIELD, 1, 2 },
	{ "READ(10), type 3", 3, { 0x28, 0xa0, [8] = 1 } },
};

static void pi_refusal_desc(const struct pi_refusal *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pi_refusal, pi_refusals, pi_refusal_desc);

static void pi_refused(struct kunit *test)
{
	const struct pi_refusal *r = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int strict;

	pi_set_type(f, r->type);
	KUNIT_EXPECT_EQ(test, (__force u32)target_cdb_parse(fix_cmd(f, r->cdb)), r->why);
	if (r->byte)
		fix_expect_field(test, &f->cmd, r->byte, r->bit);
	f->dev.dev_attrib.strict_cdb = false;
	if (r->cdb[target_cdb_options(f->cmd.op)] & 0xe0 && r->bit != 2)
		KUNIT_EXPECT_EQ(test, (__force u32)target_cdb_parse(fix_cmd(f, r->cdb)), r->why);
	for (strict = 0; strict < 2; strict++) {
		f->dev.dev_attrib.strict_cdb = strict;
		f->sess.sup_prot_ops = TARGET_PROT_NORMAL;
		if (r->cdb[target_cdb_options(f->cmd.op)] & 0xe0)
			FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, r->cdb)),
					  TCM_INVALID_CDB_FIELD);
	}
}

/* Wire lengths: what is expected is data with its protection information. */
static void pi_lengths(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd;

	pi_set_type(f, 1);
	pi_medium_init(f, 1, NONE);
	cmd = pi_cmd(f, 1, 0x28, 0, 0x20);
	cmd->unknown_data_length = false;
	cmd->asked_length = 1000;
	memset(f->data, 0, sizeof(f->data));
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, 1000);
	KUNIT_EXPECT_EQ(test, cmd->residual_count, PI_BLOCKS * 520 - 1000);
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 520, f->medium + (PI_LBA + 1) * 512, 480), 0);
	KUNIT_EXPECT_EQ(test, f->data[1000], 0);
	cmd = pi_cmd(f, 1, 0x2a, 0, 0x20);
	cmd->unknown_data_length = false;
	cmd->asked_length = PI_BLOCKS * 512;
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_INVALID_FIELD_IN_COMMAND_IU);
}

/* A range of the mode page: its blocks are checked, as xPROTECT asks, and given its tag. */
static void pi_by_range(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 i;

	pi_set_type(f, 1);
	f->dev.app_tags = (struct target_app_tags){
		.atmpe = true,
		.range = { { PI_LBA + PI_BAD, 1, PI_APP, true } },
	};
	pi_medium_init(f, 1, APP);
	fix_run(test, pi_cmd(f, 1, 0x28, 0, 0x20));
	pi_expect_failure(test, APP);
	fix_run_good(test, pi_cmd(f, 1, 0x28, 0, 4 << 5));
	f->dev.app_tags.range[0].lba++;
	fix_run_good(test, pi_cmd(f, 1, 0x28, 0, 0x20));
	f->dev.app_tags.range[0].lba--;
	pi_medium_init(f, 1, NONE);
	fix_run_good(test, pi_cmd(f, 1, 0x28, 0, 0x20));
	fix_run_good(test, pi_cmd(f, 1, 0x2a, 0, 0));
	for (i = 0; i < PI_BLOCKS; i++)
		KUNIT_EXPECT_EQ(test, be16_to_cpu(f->prot[PI_LBA + i].app),
				i == PI_BAD ? PI_APP : 0xffff);
}

static void pi_usage(struct kunit *test)
{
	const struct target_cdb_op *ten = target_cdb_row(0x28, 0);
	const struct target_cdb_op *long_one = target_cdb_row(0x7f, 0x09);
	struct scsi_fixture *f = test->priv;
	static const bool on_ten[] = { false, true, false, true };
	u8 usage[TCM_MAX_COMMAND_SIZE];
	u8 type;

	for (type = 0; type <= 3; type++) {
		f->dev.dev_attrib.pi_prot_type = type;
		target_cdb_usage(ten, &f->dev, &f->sess, usage);
		KUNIT_EXPECT_EQ(test, usage[1] & 0xe0, on_ten[type] ? 0xe0 : 0);
		target_cdb_usage(long_one, &f->dev, &f->sess, usage);
		KUNIT_EXPECT_EQ(test, usage[10] & 0xe0, type == 2 ? 0xe0 : 0);
		KUNIT_EXPECT_EQ(test, usage[23], type == 2 ? 0xff : 0);
	}
}

/* PROT_EN, P_TYPE; PROTECT; SPT and the checks. */
static void pi_pages(struct kunit *test)
{
	static const u8 capacity[16] = { 0x9e, 0x10, [13] = 32 };
	static const u8 inquiry[6] = { 0x12, 0, 0, 0, 96 };
	static const u8 extended[6] = { 0x12, 1, 0x86, 0, 64 };
	static const u8 want[] = { 0x00, 0x01, 0x03, 0x05 };
	struct scsi_fixture *f = test->priv;
	u8 type;

	for (type = 0; type <= 3; type++) {
		pi_set_type(f, type);
		fix_run_good(test, fix_cmd(f, capacity));
		KUNIT_EXPECT_EQ(test, f->data[12], want[type]);
		KUNIT_EXPECT_EQ(test, f->data[13] & 0xf0, 0);
		fix_run_good(test, fix_cmd(f, inquiry));
		KUNIT_EXPECT_EQ(test, f->data[5] & 1, 1);
		fix_run_good(test, fix_cmd(f, extended));
		KUNIT_EXPECT_EQ(test, f->data[4], 0x3f);
	}
	f->sess.sup_prot_ops = TARGET_PROT_NORMAL;
	fix_run_good(test, fix_cmd(f, capacity));
	KUNIT_EXPECT_EQ(test, f->data[12], 0);
	fix_run_good(test, fix_cmd(f, inquiry));
	KUNIT_EXPECT_EQ(test, f->data[5] & 1, 0);
}

static void pi_format(struct kunit *test)
{
	static const u8 cdb[6] = { 0x00 };
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, cdb);
	u8 type, fmtpinfo, pfu;

	pi_set_type(f, 1);
	for (fmtpinfo = 0; fmtpinfo < 4; fmtpinfo++) {
		for (pfu = 0; pfu < 8; pfu++) {
			sense_reason_t why = target_pi_parse_format(cmd, fmtpinfo, pfu, &type);

			if (fmtpinfo == 1)
				FIX_EXPECT_REASON(test, why, TCM_INVALID_CDB_FIELD);
			else if (pfu > (fmtpinfo == 3))
				FIX_EXPECT_REASON(test, why, TCM_INVALID_PARAMETER_LIST);
			else
				KUNIT_EXPECT_EQ(test, type, fmtpinfo ? fmtpinfo - 1 + pfu : 0);
		}
	}
	pi_medium_init(f, 1, NONE);
	scoped_guard(mutex, &f->dev.lock)
		KUNIT_EXPECT_EQ(test, target_pi_format(&f->dev, 3), 0);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.pi_prot_type, 3);
	KUNIT_EXPECT_EQ(test, f->prot[PI_LBA].app, cpu_to_be16(0xffff));
	f->backend.prot_format = NULL;
	FIX_EXPECT_REASON(test, target_pi_parse_format(cmd, 2, 0, &type), TCM_INVALID_CDB_FIELD);
}

static struct kunit_case pi_cases_list[] = {
	KUNIT_CASE_PARAM(pi_read, pi_case_gen_params),
	KUNIT_CASE_PARAM(pi_write, pi_case_gen_params),
	KUNIT_CASE(pi_write_without),
	KUNIT_CASE(pi_escape),
	KUNIT_CASE_PARAM(pi_read_unwritten, pi_case_gen_params),
	KUNIT_CASE(pi_dix),
	KUNIT_CASE(pi_dix_type_0),
	KUNIT_CASE(pi_adapter_only),
	KUNIT_CASE(pi_port_only),
	KUNIT_CASE_PARAM(pi_verify_medium, pi_case_gen_params),
	KUNIT_CASE_PARAM(pi_verify_compare, pi_case_gen_params),
	KUNIT_CASE(pi_write_and_verify),
	KUNIT_CASE(pi_orwrite),
	KUNIT_CASE(pi_compare_and_write),
	KUNIT_CASE(pi_write_same),
	KUNIT_CASE_PARAM(pi_refused, pi_refusal_gen_params),
	KUNIT_CASE(pi_lengths),
	KUNIT_CASE(pi_by_range),
	KUNIT_CASE(pi_usage),
	KUNIT_CASE(pi_pages),
	KUNIT_CASE(pi_format),
	{ }
};

static struct kunit_suite pi_suite = {
	.name = "target_core_pi",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = pi_cases_list,
};

kunit_test_suite(pi_suite);
