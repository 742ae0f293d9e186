// SPDX-License-Identifier: GPL-2.0-only
/* Sense data byte by byte, and what errors from below become. */
#include <scsi/scsi_status.h>
#include "scsi_fixture.h"

static const struct sense_case {
	const char	*name;
	u32		reason;
	bool		desc;
	bool		info_valid;
	u64		info;
	u8		field_flags;
	u16		field_ptr;
	u8		field_bit;
	u32		size;	/* of the buffer, 0 is enough */
	u32		len;
	u8		want[40];
} sense_cases[] = {
	{ "fixed, nothing to add", (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE, .len = 18,
	  .want = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20 } },
	{ "fixed, field and bit of the CDB", (__force u32)TCM_INVALID_CDB_FIELD,
	  .field_flags = TARGET_FIELD_VALID | TARGET_FIELD_CDB, .field_ptr = 0x0106,
	  .field_bit = 5, .len = 18,
	  .want = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xcd, 0x01, 0x06 } },
	{ "fixed, byte of parameters", (__force u32)TCM_INVALID_PARAMETER_LIST,
	  .field_flags = TARGET_FIELD_VALID, .field_ptr = 4, .field_bit = TARGET_FIELD_NO_BIT,
	  .len = 18,
	  .want = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x26, 0, 0, 0x80, 0x00, 0x04 } },
	{ "fixed, INFORMATION", (__force u32)TCM_UNRECOVERED_READ_ERROR, .info_valid = true,
	  .info = 0xfedcba98, .len = 18,
	  .want = { 0xf0, 0, 0x03, 0xfe, 0xdc, 0xba, 0x98, 10, 0, 0, 0, 0, 0x11 } },
	{ "fixed, INFORMATION too large", (__force u32)TCM_ADDRESS_OUT_OF_RANGE,
	  .info_valid = true, .info = 0x100000000ULL, .len = 18,
	  .want = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x21 } },
	{ "fixed, a field of something else", (__force u32)TCM_WRITE_PROTECTED,
	  .field_flags = TARGET_FIELD_VALID | TARGET_FIELD_CDB, .field_ptr = 4, .len = 18,
	  .want = { 0x70, 0, 0x07, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x27 } },
	{ "descriptor, nothing to add", (__force u32)TCM_NOT_READY_STOPPED, .desc = true,
	  .len = 8, .want = { 0x72, 0x02, 0x04, 0x02 } },
	{ "descriptor, INFORMATION", (__force u32)TCM_WRITE_ERROR, .desc = true,
	  .info_valid = true, .info = 0x0123456789abcdefULL, .len = 20,
	  .want = { 0x72, 0x03, 0x0c, 0x00, 0, 0, 0, 12, 0x00, 0x0a, 0x80, 0,
		    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef } },
	{ "descriptor, field", (__force u32)TCM_INVALID_CDB_FIELD, .desc = true,
	  .field_flags = TARGET_FIELD_VALID | TARGET_FIELD_CDB, .field_ptr = 1, .field_bit = 7,
	  .len = 16,
	  .want = { 0x72, 0x05, 0x24, 0x00, 0, 0, 0, 8, 0x02, 0x06, 0, 0, 0xcf, 0x00, 0x01, 0 } },
	{ "descriptor, both", (__force u32)TCM_INVALID_CDB_FIELD, .desc = true,
	  .info_valid = true, .info = 1,
	  .field_flags = TARGET_FIELD_VALID | TARGET_FIELD_CDB, .field_ptr = 1,
	  .field_bit = TARGET_FIELD_NO_BIT, .len = 28,
	  .want = { 0x72, 0x05, 0x24, 0x00, 0, 0, 0, 20, 0x00, 0x0a, 0x80, 0,
		    0, 0, 0, 0, 0, 0, 0, 1, 0x02, 0x06, 0, 0, 0xc0, 0x00, 0x01, 0 } },
	{ "descriptor, no room for one", (__force u32)TCM_INVALID_CDB_FIELD, .desc = true,
	  .info_valid = true, .info = 1,
	  .field_flags = TARGET_FIELD_VALID | TARGET_FIELD_CDB, .field_ptr = 1,
	  .field_bit = 0, .size = 18, .len = 16,
	  .want = { 0x72, 0x05, 0x24, 0x00, 0, 0, 0, 8, 0x02, 0x06, 0, 0, 0xc8, 0x00, 0x01, 0 } },
};

static void sense_case_desc(const struct sense_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sense, sense_cases, sense_case_desc);

static void sense_bytes(struct kunit *test)
{
	const struct sense_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = &f->cmd;
	struct target_sense sense;
	u32 i, size = c->size ?: sizeof(f->sense);

	cmd->sense_info_valid = c->info_valid;
	cmd->sense_info = c->info;
	cmd->field_flags = c->field_flags;
	cmd->field_ptr = c->field_ptr;
	cmd->field_bit = c->field_bit;
	memset(f->sense, 0xff, sizeof(f->sense));
	target_sense_of_cmd(&sense, cmd, (__force sense_reason_t)c->reason);
	f->b.data = f->sense;
	f->b.len = target_sense_build(&sense, c->desc, f->sense, size);
	fix_expect_bytes(test, &f->b, c->want, c->len);
	for (i = c->len; i < size; i++)
		KUNIT_EXPECT_EQ(test, f->sense[i], 0);
	for (i = size; i < sizeof(f->sense); i++)
		KUNIT_EXPECT_EQ(test, f->sense[i], 0xff);
}

static void sense_incorrect_length(struct kunit *test)
{
	const struct target_sense sense = { .key = ILLEGAL_REQUEST, .ili = true };
	u8 buf[32];

	KUNIT_EXPECT_EQ(test, target_sense_build(&sense, false, buf, sizeof(buf)), 18);
	KUNIT_EXPECT_EQ(test, buf[2], 0x25);
	KUNIT_EXPECT_EQ(test, target_sense_build(&sense, true, buf, sizeof(buf)), 12);
	KUNIT_EXPECT_EQ(test, buf[8], 0x05);
	KUNIT_EXPECT_EQ(test, buf[11], 0x20);
}

/* Statuses that are not CHECK CONDITION. */
static void sense_status(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, target_sense_status(TCM_NO_SENSE), SAM_STAT_GOOD);
	KUNIT_EXPECT_EQ(test, target_sense_status(TCM_RESERVATION_CONFLICT),
			SAM_STAT_RESERVATION_CONFLICT);
	KUNIT_EXPECT_EQ(test, target_sense_status(TCM_OUT_OF_RESOURCES),
			SAM_STAT_TASK_SET_FULL);
	KUNIT_EXPECT_EQ(test, target_sense_status(TCM_LUN_BUSY), SAM_STAT_BUSY);
	KUNIT_EXPECT_EQ(test, target_sense_status(TCM_WRITE_PROTECTED),
			SAM_STAT_CHECK_CONDITION);
}

/* Every reason has a row: of 04, two are 44/00, which stands for "no row", and one is 3E/03. */
static void sense_reasons(struct kunit *test)
{
	struct target_sense sense;
	u32 i, internal = 0;

	for (i = 1; i < (__force u32)TCM_SENSE_REASON_MAX; i++) {
		target_sense_init(&sense, (__force sense_reason_t)i);
		internal += sense.key == HARDWARE_ERROR;
	}
	/* 0Fh is not a reason. */
	KUNIT_EXPECT_EQ(test, internal, 3);
	target_sense_init(&sense, (__force sense_reason_t)0x0f);
	KUNIT_EXPECT_EQ(test, sense.asc, 0x44);
	target_sense_init(&sense, TCM_SENSE_REASON_MAX);
	KUNIT_EXPECT_EQ(test, sense.asc, 0x44);
}

static const struct sense_code {
	u32	reason;
	u8	key, asc, ascq;
} sense_codes[] = {
	{ (__force u32)TCM_NON_EXISTENT_LUN,			0x5, 0x25, 0x00 },
	{ (__force u32)TCM_UNSUPPORTED_SCSI_OPCODE,		0x5, 0x20, 0x00 },
	{ (__force u32)TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE,	0x2, 0x08, 0x00 },
	{ (__force u32)TCM_WRITE_PROTECTED,			0x7, 0x27, 0x00 },
	{ (__force u32)TCM_ADDRESS_OUT_OF_RANGE,		0x5, 0x21, 0x00 },
	{ (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR,		0x5, 0x1a, 0x00 },
	{ (__force u32)TCM_MISCOMPARE_VERIFY,			0xe, 0x1d, 0x00 },
	{ (__force u32)TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED,	0xb, 0x10, 0x01 },
	{ (__force u32)TCM_INVALID_FIELD_IN_COMMAND_IU,		0x5, 0x0e, 0x03 },
	{ (__force u32)TCM_UNRECOVERED_READ_ERROR,		0x3, 0x11, 0x00 },
	{ (__force u32)TCM_WRITE_ERROR,				0x3, 0x0c, 0x00 },
	{ (__force u32)TCM_SPACE_ALLOCATION_FAILED,		0x7, 0x27, 0x07 },
	{ (__force u32)TCM_INTERNAL_TARGET_FAILURE,		0x4, 0x44, 0x00 },
	{ (__force u32)TCM_SAVING_PARAMETERS_UNSUPPORTED,	0x5, 0x39, 0x00 },
	{ (__force u32)TCM_INSUFFICIENT_RESOURCES,		0x5, 0x55, 0x03 },
	{ (__force u32)TCM_NOT_READY_STOPPED,			0x2, 0x04, 0x02 },
	{ (__force u32)TCM_COMMAND_TIMEOUT,			0xb, 0x2e, 0x02 },
	{ (__force u32)TCM_INVALID_PARAMETER_VALUE,		0x5, 0x26, 0x02 },
	{ (__force u32)TCM_MEDIUM_NOT_PRESENT,			0x2, 0x3a, 0x00 },
	{ (__force u32)TCM_MEDIUM_REMOVAL_PREVENTED,		0x5, 0x53, 0x02 },
	{ (__force u32)TCM_SELF_TEST_IN_PROGRESS,		0x2, 0x04, 0x09 },
	{ (__force u32)TCM_SELF_TEST_FAILED,			0x4, 0x3e, 0x03 },
	{ (__force u32)TCM_COMMAND_SEQUENCE_ERROR,		0x5, 0x2c, 0x00 },
};

static void sense_code_desc(const struct sense_code *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "reason %02xh", c->reason);
}

KUNIT_ARRAY_PARAM(sense_code, sense_codes, sense_code_desc);

static void sense_of_reason(struct kunit *test)
{
	const struct sense_code *c = test->param_value;
	struct target_sense sense;

	target_sense_init(&sense, (__force sense_reason_t)c->reason);
	KUNIT_EXPECT_EQ(test, sense.key, c->key);
	KUNIT_EXPECT_EQ(test, sense.asc, c->asc);
	KUNIT_EXPECT_EQ(test, sense.ascq, c->ascq);
}

static const struct sense_errno {
	int			err;
	enum dma_data_direction	dir;
	u32			reason;
} sense_errnos[] = {
	{ 0,		DMA_FROM_DEVICE, 0 },
	{ -EIO,		DMA_FROM_DEVICE, (__force u32)TCM_UNRECOVERED_READ_ERROR },
	{ -EIO,		DMA_TO_DEVICE,	 (__force u32)TCM_WRITE_ERROR },
	{ -EIO,		DMA_NONE,	 (__force u32)TCM_WRITE_ERROR },
	{ -ENODATA,	DMA_FROM_DEVICE, (__force u32)TCM_UNRECOVERED_READ_ERROR },
	{ -EBADMSG,	DMA_TO_DEVICE,	 (__force u32)TCM_WRITE_ERROR },
	{ -ENOSPC,	DMA_TO_DEVICE,	 (__force u32)TCM_SPACE_ALLOCATION_FAILED },
	{ -EDQUOT,	DMA_TO_DEVICE,	 (__force u32)TCM_SPACE_ALLOCATION_FAILED },
	{ -EROFS,	DMA_TO_DEVICE,	 (__force u32)TCM_WRITE_PROTECTED },
	{ -EBADE,	DMA_TO_DEVICE,	 (__force u32)TCM_RESERVATION_CONFLICT },
	{ -ETIMEDOUT,	DMA_FROM_DEVICE, (__force u32)TCM_COMMAND_TIMEOUT },
	{ -ENOLINK,	DMA_FROM_DEVICE, (__force u32)TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ -ENODEV,	DMA_FROM_DEVICE, (__force u32)TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ -ENOMEM,	DMA_FROM_DEVICE, (__force u32)TCM_OUT_OF_RESOURCES },
	{ -EBUSY,	DMA_FROM_DEVICE, (__force u32)TCM_LUN_BUSY },
	{ -EILSEQ,	DMA_FROM_DEVICE, (__force u32)TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED },
	{ -EINVAL,	DMA_FROM_DEVICE, (__force u32)TCM_INTERNAL_TARGET_FAILURE },
};

static void sense_errno_desc(const struct sense_errno *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%d direction %d", c->err, c->dir);
}

KUNIT_ARRAY_PARAM(sense_errno, sense_errnos, sense_errno_desc);

static void sense_of_errno(struct kunit *test)
{
	const struct sense_errno *c = test->param_value;
	const struct target_io io = { .dir = c->dir };

	KUNIT_EXPECT_EQ(test, (__force u32)target_io_sense(&io, c->err), c->reason);
}

static void sense_format(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, target_sense_is_desc(&f->dev));
	f->dev.blocks = 1ULL << 32;
	KUNIT_EXPECT_FALSE(test, target_sense_is_desc(&f->dev));
	f->dev.blocks++;
	KUNIT_EXPECT_TRUE(test, target_sense_is_desc(&f->dev));
	f->dev.blocks = 1;
	f->dev.mode_d_sense = true;
	KUNIT_EXPECT_TRUE(test, target_sense_is_desc(&f->dev));
}

static struct kunit_case sense_kunit_cases[] = {
	KUNIT_CASE_PARAM(sense_bytes, sense_gen_params),
	KUNIT_CASE(sense_incorrect_length),
	KUNIT_CASE(sense_status),
	KUNIT_CASE(sense_reasons),
	KUNIT_CASE_PARAM(sense_of_reason, sense_code_gen_params),
	KUNIT_CASE_PARAM(sense_of_errno, sense_errno_gen_params),
	KUNIT_CASE(sense_format),
	{ }
};

static struct kunit_suite sense_suite = {
	.name = "target_core_sense",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = sense_kunit_cases,
};
kunit_test_suite(sense_suite);
