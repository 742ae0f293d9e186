// SPDX-License-Identifier: GPL-2.0-only
/* What pscsi makes of a host's answers, and of CDBs. */
#include <kunit/test.h>
#include <scsi/scsi.h>
#include <scsi/scsi_proto.h>
#include <backstores/pscsi.h>

static const struct {
	u8		host_byte;
	sense_reason_t	why;
} pscsi_bytes[] = {
	{ DID_OK,			TCM_NO_SENSE },
	{ DID_NO_CONNECT,		TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ DID_BAD_TARGET,		TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ DID_TRANSPORT_DISRUPTED,	TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ DID_TRANSPORT_FAILFAST,	TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ DID_TIME_OUT,			TCM_COMMAND_TIMEOUT },
	{ DID_BUS_BUSY,			TCM_LUN_BUSY },
	{ DID_REQUEUE,			TCM_LUN_BUSY },
	{ DID_RESET,			TCM_CHECK_CONDITION_ABORT_CMD },
	{ DID_ABORT,			TCM_CHECK_CONDITION_ABORT_CMD },
	{ DID_PARITY,			TCM_SERVICE_CRC_ERROR },
	{ DID_ERROR,			TCM_INTERNAL_TARGET_FAILURE },
	{ 0xff,				TCM_INTERNAL_TARGET_FAILURE },
};

static void pscsi_reason_of_host_byte(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pscsi_bytes); i++)
		KUNIT_EXPECT_EQ_MSG(test, (__force u32)pscsi_host_reason(pscsi_bytes[i].host_byte),
				    (__force u32)pscsi_bytes[i].why, "host byte %#x",
				    pscsi_bytes[i].host_byte);
}

static void pscsi_length_of_cdb(struct kunit *test)
{
	u8 cdb[32] = { TEST_UNIT_READY };

	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 6U);
	cdb[0] = READ_10;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 10U);
	cdb[0] = READ_12;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 12U);
	cdb[0] = READ_16;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 16U);
	cdb[0] = VARIABLE_LENGTH_CMD;
	cdb[7] = 0x18;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 32U);
	cdb[7] = 0xff;
	KUNIT_EXPECT_GT(test, pscsi_cdb_length(cdb), 32U);
}

/* The code of a vendor's command says nothing of its length. */
static void pscsi_length_of_vendor_cdb(struct kunit *test)
{
	u8 cdb[16] = { 0xd0 };

	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 10U);
	cdb[11] = 1;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 12U);
	cdb[15] = 1;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 16U);
	cdb[11] = 0;
	KUNIT_EXPECT_EQ(test, pscsi_cdb_length(cdb), 16U);
}

static void pscsi_timeout_of_command(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pscsi_timeout(TYPE_DISK, READ_10), 60U);
	KUNIT_EXPECT_EQ(test, pscsi_timeout(TYPE_TAPE, READ_6), 600U);
	KUNIT_EXPECT_GT(test, pscsi_timeout(TYPE_DISK, FORMAT_UNIT), 3600U);
	KUNIT_EXPECT_GT(test, pscsi_timeout(TYPE_TAPE, 0x19), 3600U);
}

static struct kunit_case pscsi_cases[] = {
	KUNIT_CASE(pscsi_reason_of_host_byte),
	KUNIT_CASE(pscsi_length_of_cdb),
	KUNIT_CASE(pscsi_length_of_vendor_cdb),
	KUNIT_CASE(pscsi_timeout_of_command),
	{}
};

static struct kunit_suite pscsi_suite = {
	.name		= "target_core_pscsi",
	.test_cases	= pscsi_cases,
};

kunit_test_suite(pscsi_suite);
