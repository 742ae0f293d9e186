// SPDX-License-Identifier: GPL-2.0-only
/* Protection information: guards, and blocks that have it behind them or apart. */
#include <linux/unaligned.h>
#include <net/checksum.h>
#include "pi.h"
#include "scsi_fixture.h"

/* CRCs of 32 bytes (SBC-5 4.21.4) */
static const struct pi_vector {
	const char	*name;
	u8		first;
	s8		step;
	u16		crc;
} pi_vectors[] = {
	{ "00", 0x00, 0, 0x0000 },
	{ "ff", 0xff, 0, 0xa293 },
	{ "counting up", 0x00, 1, 0x0224 },
};

static void pi_vector_desc(const struct pi_vector *v, char *desc)
{
	strscpy(desc, v->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pi_vector, pi_vectors, pi_vector_desc);

static struct target_pi_cursor pi_cursor(struct scatterlist *sg)
{
	struct target_pi_cursor c;

	target_pi_cursor_init(&c, sg, 0);
	return c;
}

static void pi_vector_fill(u8 *p, const struct pi_vector *v)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		p[i] = v->first + i * v->step;
}

static void pi_guard(struct kunit *test)
{
	const struct pi_vector *v = test->param_value;
	const struct target_pi_rule crc = { .shift = 5 }, ip = { .shift = 5, .ip = true };
	struct scsi_fixture *f = test->priv;
	struct scatterlist data[3], prot[1];
	struct target_pi_tuple t;

	pi_vector_fill(f->data, v);
	sg_init_table(data, 3);
	sg_set_buf(&data[0], f->data, 5);
	sg_set_buf(&data[1], f->data + 5, 8);
	sg_set_buf(&data[2], f->data + 13, 19);
	sg_init_one(prot, f->out, sizeof(t));
	target_pi_generate(&crc, pi_cursor(data), pi_cursor(prot), 1);
	memcpy(&t, f->out, sizeof(t));
	KUNIT_EXPECT_EQ(test, be16_to_cpu(t.guard), v->crc);
	target_pi_generate(&ip, pi_cursor(data), pi_cursor(prot), 1);
	memcpy(&t, f->out, sizeof(t));
	KUNIT_EXPECT_EQ(test, (__force u16)t.guard, (__force u16)ip_compute_csum(f->data, 32));
}

/* Apart and together again, through pieces that fit nothing. */
static void pi_split_join(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct scatterlist wire[4], data[2], prot[3], back[1];
	u32 i;

	for (i = 0; i < 3 * 520; i++)
		f->data[i] = i * 7 + (i >> 8);
	sg_init_table(wire, 4);
	sg_set_buf(&wire[0], f->data, 515);
	sg_set_buf(&wire[1], f->data + 515, 3);
	sg_set_buf(&wire[2], f->data + 518, 700);
	sg_set_buf(&wire[3], f->data + 1218, 3 * 520 - 1218);
	sg_init_table(data, 2);
	sg_set_buf(&data[0], f->out, 100);
	sg_set_buf(&data[1], f->out + 100, 3 * 512 - 100);
	sg_init_table(prot, 3);
	sg_set_buf(&prot[0], f->out + 2048, 3);
	sg_set_buf(&prot[1], f->out + 2051, 10);
	sg_set_buf(&prot[2], f->out + 2061, 11);
	target_pi_split(pi_cursor(wire), pi_cursor(data), pi_cursor(prot), 3, 9);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, memcmp(f->out + i * 512, f->data + i * 520, 512), 0);
		KUNIT_EXPECT_EQ(test, memcmp(f->out + 2048 + i * 8, f->data + i * 520 + 512, 8), 0);
	}
	sg_init_one(back, f->out + 4096, 2000);
	target_pi_join(pi_cursor(data), pi_cursor(prot), pi_cursor(back), 1037, 9);
	KUNIT_EXPECT_EQ(test, memcmp(f->out + 4096, f->data, 1037), 0);
	KUNIT_EXPECT_EQ(test, f->out[4096 + 1037], 0);
}

static struct kunit_case pi_block_cases[] = {
	KUNIT_CASE_PARAM(pi_guard, pi_vector_gen_params),
	KUNIT_CASE(pi_split_join),
	{ }
};

static struct kunit_suite pi_block_suite = {
	.name = "target_core_pi_block",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = pi_block_cases,
};

kunit_test_suite(pi_block_suite);
