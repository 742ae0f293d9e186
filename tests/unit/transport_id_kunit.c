// SPDX-License-Identifier: GPL-2.0-only
/* TransportIDs of each protocol, there and back; and what is none. */
#include <kunit/test.h>
#include <scsi/scsi_proto.h>
#include "transport_id.h"

static const struct id_case {
	const char	*what;
	u8		protocol;
	const char	*name;
	const char	*isid;
	u32		len;
	u8		bytes[64];
} id_cases[] = {
	{ "SAS", SCSI_PROTOCOL_SAS, "naa.50014050deadbeef", "", 24,
	  { 0x06, 0, 0, 0, 0x50, 0x01, 0x40, 0x50, 0xde, 0xad, 0xbe, 0xef } },
	{ "FCP", SCSI_PROTOCOL_FCP, "20000025b5000001", "", 24,
	  { 0x00, 0, 0, 0, 0, 0, 0, 0, 0x20, 0x00, 0x00, 0x25, 0xb5, 0x00, 0x00, 0x01 } },
	{ "SRP", SCSI_PROTOCOL_SRP, "0x00112233445566778899aabbccddeeff", "", 24,
	  { 0x04, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
	    0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff } },
	{ "iSCSI name", SCSI_PROTOCOL_ISCSI, "iqn.2026-11.x:a", "", 24,
	  { 0x05, 0, 0, 20, 'i', 'q', 'n', '.', '2', '0', '2', '6', '-', '1', '1', '.', 'x',
	    ':', 'a' } },
	{ "iSCSI port", SCSI_PROTOCOL_ISCSI, "iqn.2026-11.x:a", "80123456789a", 40,
	  { 0x45, 0, 0, 36, 'i', 'q', 'n', '.', '2', '0', '2', '6', '-', '1', '1', '.', 'x',
	    ':', 'a', ',', 'i', ',', '0', 'x', '8', '0', '1', '2', '3', '4', '5', '6', '7',
	    '8', '9', 'a' } },
};

/* Its names are short numbers, which no name alone tells from others. */
#define ID_SOP	0x0a

static void id_routing_id(struct kunit *test)
{
	static const u8 want[24] = { ID_SOP, 0, 0x01, 0x0a };
	struct target_initiator in = { .protocol = ID_SOP, .name = "010a" }, out;
	struct target_buf b;
	u8 bytes[24];
	u32 wrong;

	target_buf_init(&b, bytes, sizeof(bytes));
	target_transport_id_build(&b, &in);
	KUNIT_ASSERT_EQ(test, b.len, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(bytes, want, sizeof(want)), 0);
	KUNIT_ASSERT_EQ(test, target_transport_id_parse(want, sizeof(want), &out, &wrong), 24U);
	KUNIT_EXPECT_EQ(test, out.protocol, ID_SOP);
	KUNIT_EXPECT_STREQ(test, out.name, "010a");
}

static void id_case_desc(const struct id_case *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(id_case, id_cases, id_case_desc);

static void id_there_and_back(struct kunit *test)
{
	const struct id_case *c = test->param_value;
	struct target_initiator in = { .protocol = c->protocol }, out;
	u8 bytes[64];
	struct target_buf b;
	u32 wrong;

	strscpy(in.name, c->name, sizeof(in.name));
	strscpy(in.isid, c->isid, sizeof(in.isid));
	target_buf_init(&b, bytes, sizeof(bytes));
	target_transport_id_build(&b, &in);
	KUNIT_ASSERT_EQ(test, b.len, c->len);
	KUNIT_EXPECT_EQ(test, memcmp(bytes, c->bytes, c->len), 0);
	/* What follows it is not its own. */
	KUNIT_ASSERT_EQ(test, target_transport_id_parse(c->bytes, sizeof(c->bytes), &out, &wrong),
			c->len);
	KUNIT_EXPECT_EQ(test, out.protocol, c->protocol);
	KUNIT_EXPECT_STREQ(test, out.name, c->name);
	KUNIT_EXPECT_STREQ(test, out.isid, c->isid);
	KUNIT_EXPECT_EQ(test, target_name_protocol(c->name), c->protocol);
}

/* Cut off at each byte. */
static void id_truncated(struct kunit *test)
{
	const struct id_case *c = test->param_value;
	struct target_initiator out;
	u32 len, wrong;

	for (len = 0; len < c->len; len++)
		KUNIT_EXPECT_EQ_MSG(test, target_transport_id_parse(c->bytes, len, &out, &wrong),
				    0U, "%u bytes", len);
}

static const struct id_wrong {
	const char	*what;
	u32		wrong;	/* byte that is to blame */
	u8		bytes[44];
} id_wrongs[] = {
	{ "unknown protocol", 0, { 0x09 } },
	{ "SAS in a format of iSCSI's", 0, { 0x46, 0, 0, 0, 0x50 } },
	{ "unknown format", 0, { 0x85, 0, 0, 20, 'i', 'q', 'n', '.', 'a' } },
	{ "too short", 2, { 0x05, 0, 0, 16, 'i', 'q', 'n', '.', 'a' } },
	{ "no multiple of four", 2, { 0x05, 0, 0, 22, 'i', 'q', 'n', '.', 'a' } },
	{ "longer than there is", 2, { 0x05, 0, 0, 44, 'i', 'q', 'n', '.', 'a' } },
	{ "much longer", 2, { 0x05, 0, 0xff, 0xfc, 'i', 'q', 'n', '.', 'a' } },
	{ "no NUL", 4, { 0x05, 0, 0, 20, 'i', 'q', 'n', '.', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
			 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a' } },
	{ "no name", 4, { 0x05, 0, 0, 20 } },
	{ "a name of two lines", 4, { 0x05, 0, 0, 20, 'i', 'q', 'n', '.', 'a', '\n', 'b' } },
	{ "no ISID", 4, { 0x45, 0, 0, 20, 'i', 'q', 'n', '.', 'a' } },
	{ "an empty ISID", 4, { 0x45, 0, 0, 20, 'i', 'q', 'n', '.', 'a', ',', 'i', ',',
				'0', 'x' } },
	{ "an ISID of no digits", 4, { 0x45, 0, 0, 20, 'i', 'q', 'n', '.', 'a', ',', 'i', ',',
				       '0', 'x', 'g' } },
	{ "a long ISID", 4, { 0x45, 0, 0, 36, 'i', 'q', 'n', '.', 'a', ',', 'i', ',', '0', 'x',
			      '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
			      '0', '0', '0', '0', '0' } },
};

static void id_wrong_desc(const struct id_wrong *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(id_wrong, id_wrongs, id_wrong_desc);

static void id_refused(struct kunit *test)
{
	const struct id_wrong *c = test->param_value;
	struct target_initiator out;
	u32 wrong = U32_MAX;

	KUNIT_EXPECT_EQ(test, target_transport_id_parse(c->bytes, sizeof(c->bytes), &out, &wrong),
			0U);
	KUNIT_EXPECT_EQ(test, wrong, c->wrong);
}

static void id_names(struct kunit *test)
{
	static const char * const same[][2] = {
		{ "naa.50014050DEADBEEF", "naa.50014050deadbeef" },
		{ "20:00:00:25:b5:00:00:01", "20000025b5000001" },
		{ "fc.20000025b5000001", "20:00:00:25:B5:00:00:01" },
		{ "iqn.2026-11.X:a", "iqn.2026-11.x:a" },
	};
	static const char * const different[][2] = {
		{ "naa.50014050deadbeef", "naa.50014050deadbee" },
		{ "naa.50014050deadbeef", "naa.50014050deadbeee" },
		{ "iqn.2026-11.x:a", "iqn.2026-11.xa" },
		{ "iqn.2026-11.x:a", "iqn.2026-11.x:ab" },
		{ "naa.5", "" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(same); i++) {
		KUNIT_EXPECT_TRUE(test, target_name_same(same[i][0], same[i][1]));
		KUNIT_EXPECT_EQ(test, target_name_hash(same[i][0]), target_name_hash(same[i][1]));
	}
	for (i = 0; i < ARRAY_SIZE(different); i++)
		KUNIT_EXPECT_FALSE(test, target_name_same(different[i][0], different[i][1]));
}

static struct kunit_case transport_id_cases[] = {
	KUNIT_CASE_PARAM(id_there_and_back, id_case_gen_params),
	KUNIT_CASE_PARAM(id_truncated, id_case_gen_params),
	KUNIT_CASE_PARAM(id_refused, id_wrong_gen_params),
	KUNIT_CASE(id_routing_id),
	KUNIT_CASE(id_names),
	{ }
};

static struct kunit_suite transport_id_suite = {
	.name		= "target_core_transport_id",
	.test_cases	= transport_id_cases,
};

kunit_test_suite(transport_id_suite);
