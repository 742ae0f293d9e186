// SPDX-License-Identifier: GPL-2.0-only
/* READ BUFFER and WRITE BUFFER: data, echo, and their descriptors. */
#include <linux/unaligned.h>
#include "buffer.h"
#include "scsi_fixture.h"

#define CAPACITY	65536
#define ECHO_CAPACITY	4096

static void buffer_fix_exit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	if (f) {
		target_buffer_free(&f->dev);
		kfree(f->itl.echo);
	}
	fix_exit(test);
}

static void buffer_do(struct kunit *test, u8 opcode, u8 mode, u8 id, u32 offset, u32 len)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { opcode, mode, id };

	put_unaligned_be24(offset, cdb + 3);
	put_unaligned_be24(len, cdb + 6);
	fix_run(test, fix_cmd(f, cdb));
}

static void buffer_descriptors(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	buffer_do(test, 0x3c, 0x03, 0, 0, 255);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), CAPACITY);
	buffer_do(test, 0x3c, 0x03, 1, 0, 255);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0);
	buffer_do(test, 0x3c, 0x0b, 0, 0, 255);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0x01000000 | ECHO_CAPACITY);
}

static void buffer_data(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	memset(f->data, 0xee, 16);
	buffer_do(test, 0x3c, 0x02, 0, 100, 16);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data), 0ULL);
	memcpy(f->data, "0123456789", 10);
	buffer_do(test, 0x3b, 0x02, 0, CAPACITY - 10, 10);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	memset(f->data, 0xee, 16);
	buffer_do(test, 0x3c, 0x02, 0, CAPACITY - 8, 16);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 8);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, "23456789", 8), 0);
	buffer_do(test, 0x3c, 0x02, 0, CAPACITY, 16);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 0);
}

/* Each nexus hears what it said last, and nobody else does. */
static void buffer_echo(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_echo *mine;

	buffer_do(test, 0x3c, 0x0a, 0, 0, 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2c00);
	memcpy(f->data, "first words", 11);
	buffer_do(test, 0x3b, 0x0a, 0, 0, 11);
	memcpy(f->data, "last words", 10);
	buffer_do(test, 0x3b, 0x0a, 0, 0, 10);
	memset(f->data, 0xee, 16);
	buffer_do(test, 0x3c, 0x0a, 0, 0, 16);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 10);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, "last words", 10), 0);
	buffer_do(test, 0x3c, 0x0a, 0, 0, 4);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	/* As another nexus sees it. */
	mine = f->itl.echo;
	f->itl.echo = NULL;
	buffer_do(test, 0x3c, 0x0a, 0, 0, 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2c00);
	f->itl.echo = mine;
}

static const struct buffer_refused {
	const char	*name;
	u8		opcode;
	u8		mode;
	u8		id;
	u32		offset;
	u32		len;
	u8		byte;
	u8		bit;
} buffer_refusals[] = {
	{ "read: mode 00", 0x3c, 0x00, 0, 0, 4, 1, 4 },
	{ "read: vendor's mode", 0x3c, 0x01, 0, 0, 4, 1, 4 },
	{ "read: error history", 0x3c, 0x1c, 0, 0, 4, 1, 4 },
	{ "read: MODE SPECIFIC", 0x3c, 0x22, 0, 0, 4, 1, 5 },
	{ "read: buffer that is not there", 0x3c, 0x02, 1, 0, 4, 2, 7 },
	{ "read: offset", 0x3c, 0x02, 0, CAPACITY + 1, 4, 3, 7 },
	{ "read: large offset", 0x3c, 0x02, 0, 0xe00000, 4, 3, 7 },
	{ "write: descriptor", 0x3b, 0x03, 0, 0, 4, 1, 4 },
	{ "write: microcode", 0x3b, 0x05, 0, 0, 4, 1, 4 },
	{ "write: buffer that is not there", 0x3b, 0x02, 255, 0, 4, 2, 7 },
	{ "write: offset", 0x3b, 0x02, 0, CAPACITY + 1, 0, 3, 7 },
	{ "write: beyond the end", 0x3b, 0x02, 0, CAPACITY - 3, 4, 6, 7 },
	{ "write: 2^23 bytes", 0x3b, 0x02, 0, 0, 1 << 23, 6, 7 },
	{ "write: long echo", 0x3b, 0x0a, 0, 0, ECHO_CAPACITY + 1, 6, 7 },
};

static void buffer_refused_desc(const struct buffer_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(buffer_refused, buffer_refusals, buffer_refused_desc);

static void buffer_cdb_refused(struct kunit *test)
{
	const struct buffer_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { c->opcode, c->mode, c->id };

	put_unaligned_be24(c->offset, cdb + 3);
	put_unaligned_be24(c->len, cdb + 6);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->byte, c->bit);
}

static struct kunit_case buffer_cases[] = {
	KUNIT_CASE(buffer_descriptors),
	KUNIT_CASE(buffer_data),
	KUNIT_CASE(buffer_echo),
	KUNIT_CASE_PARAM(buffer_cdb_refused, buffer_refused_gen_params),
	{ }
};

static struct kunit_suite buffer_suite = {
	.name = "target_core_buffer",
	.init = fix_init,
	.exit = buffer_fix_exit,
	.test_cases = buffer_cases,
};
kunit_test_suite(buffer_suite);
