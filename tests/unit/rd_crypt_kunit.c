// SPDX-License-Identifier: GPL-2.0-only
/* Encryption of a ramdisk: what goes in comes out, and a key that is gone is gone. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include <backstores/rd.h>

#define CRYPT_PAGES	8
#define CRYPT_BYTES	(CRYPT_PAGES * PAGE_SIZE)

struct rd_crypt_test {
	struct rd_pages		store;
	struct rd_crypt		crypt;
	u8			*memory;
	u8			*want;
	struct scatterlist	sg;
	struct target_io	io;
};

static int rd_crypt_test_init(struct kunit *test)
{
	struct rd_crypt_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int err;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->memory = kunit_kzalloc(test, CRYPT_BYTES, GFP_KERNEL);
	t->want = kunit_kzalloc(test, CRYPT_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, t->memory && t->want);
	rd_pages_init(&t->store, 0);
	for (i = 0; i < CRYPT_BYTES; i++)
		t->want[i] = 1 + i % 251;
	test->priv = t;
	err = rd_crypt_init(&t->crypt);
	if (err == -ENOENT)
		kunit_skip(test, "this kernel has no xts(aes)");
	KUNIT_ASSERT_EQ(test, err, 0);
	return 0;
}

static void rd_crypt_test_exit(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;

	if (!t)
		return;
	rd_crypt_exit(&t->crypt);
	rd_pages_exit(&t->store);
}

static struct rd_span crypt_span(struct rd_crypt_test *t, u8 *memory, u64 pos, u32 len)
{
	sg_init_one(&t->sg, memory, len);
	t->io = (struct target_io){ .sg = &t->sg, .nents = 1 };
	return (struct rd_span){ .sg = &t->sg, .pos = pos, .left = len };
}

static void crypt_write(struct kunit *test, u64 pos, u32 len)
{
	struct rd_crypt_test *t = test->priv;
	struct rd_span span = crypt_span(t, t->want + pos, pos, len);

	KUNIT_ASSERT_EQ(test, rd_crypt_write(&t->crypt, &t->store, &t->io, &span), 0);
	KUNIT_EXPECT_EQ(test, span.pos, pos + len);
}

static void crypt_read(struct kunit *test, u64 pos, u32 len)
{
	struct rd_crypt_test *t = test->priv;
	struct rd_span span = crypt_span(t, t->memory, pos, len);

	KUNIT_ASSERT_EQ(test, rd_crypt_read(&t->crypt, &t->store, &t->io, &span), 0);
}

static void crypt_expect(struct kunit *test, u64 pos, u32 len)
{
	struct rd_crypt_test *t = test->priv;

	crypt_read(test, pos, len);
	KUNIT_EXPECT_EQ(test, memcmp(t->memory, t->want + pos, len), 0);
}

/* Parts of pages, and what is beside them in a page reads as the hole it was. */
static void crypt_round_trip(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;

	crypt_write(test, 512, 2 * PAGE_SIZE);
	crypt_expect(test, 512, 2 * PAGE_SIZE);
	crypt_expect(test, PAGE_SIZE + 1024, 512);
	crypt_read(test, 0, 512);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(t->memory, 0, 512), NULL);
	crypt_read(test, 2 * PAGE_SIZE + 512, PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(t->memory, 0, PAGE_SIZE), NULL);
	memset(t->want, 0, PAGE_SIZE);
	crypt_write(test, 0, PAGE_SIZE);
	crypt_expect(test, 0, 2 * PAGE_SIZE);
}

/* The store holds no unit as it was, and the same data differently at each place. */
static void crypt_hides(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;
	struct page *page;
	u32 i;

	memset(t->want, 0x5a, PAGE_SIZE);
	crypt_write(test, 0, PAGE_SIZE);
	page = xa_load(&t->store.xa, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < PAGE_SIZE; i += 512) {
		KUNIT_EXPECT_NE(test, memcmp(page_address(page) + i, t->want, 16), 0);
		if (i)
			KUNIT_EXPECT_NE(test, memcmp(page_address(page) + i, page_address(page),
						     512), 0);
	}
}

static void crypt_forgets(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;
	u32 i;

	crypt_write(test, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, rd_crypt_rekey(&t->crypt), 0);
	crypt_read(test, 0, 2 * PAGE_SIZE);
	for (i = 0; i < PAGE_SIZE; i += 512)
		KUNIT_EXPECT_NE(test, memcmp(t->memory + i, t->want + i, 16), 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(t->memory + PAGE_SIZE, 0, PAGE_SIZE), NULL);
	crypt_write(test, 0, PAGE_SIZE);
	crypt_expect(test, 0, PAGE_SIZE);
}

/* Unmapping works as without a cipher, and so does what makes copies. */
static void crypt_copies(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;
	u64 done;

	crypt_write(test, 0, 2 * PAGE_SIZE);
	rd_pages_punch(&t->store, 1024, PAGE_SIZE);
	memset(t->want + 1024, 0, PAGE_SIZE);
	crypt_expect(test, 0, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, rd_crypt_copy(&t->crypt, &t->store, 512, 4 * PAGE_SIZE, 3 * PAGE_SIZE,
					    &done), 0);
	KUNIT_EXPECT_EQ(test, done, 3 * PAGE_SIZE);
	memset(t->want + 2 * PAGE_SIZE, 0, 2 * PAGE_SIZE);
	memcpy(t->want + 4 * PAGE_SIZE, t->want + 512, 3 * PAGE_SIZE);
	crypt_expect(test, 0, 7 * PAGE_SIZE);
}

static void crypt_repeats(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;
	struct page *unit = alloc_page(GFP_KERNEL);
	u64 done;

	KUNIT_ASSERT_NOT_NULL(test, unit);
	memset(page_address(unit), 0x77, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, rd_crypt_repeat(&t->crypt, &t->store, unit, 1024, 2 * PAGE_SIZE,
					      &done), 0);
	__free_page(unit);
	memset(t->want, 0, CRYPT_BYTES);
	memset(t->want + 1024, 0x77, 2 * PAGE_SIZE);
	crypt_expect(test, 0, 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, done, 2 * PAGE_SIZE);
}

/* At a quota it stops, and says where. */
static void crypt_stops(struct kunit *test)
{
	struct rd_crypt_test *t = test->priv;
	struct rd_span span = crypt_span(t, t->want, 512, 3 * PAGE_SIZE);

	t->store.quota = 2;
	KUNIT_EXPECT_EQ(test, rd_crypt_write(&t->crypt, &t->store, &t->io, &span), -ENOSPC);
	KUNIT_EXPECT_EQ(test, span.pos, 2 * PAGE_SIZE);
}

static struct kunit_case rd_crypt_cases[] = {
	KUNIT_CASE(crypt_round_trip),
	KUNIT_CASE(crypt_hides),
	KUNIT_CASE(crypt_forgets),
	KUNIT_CASE(crypt_copies),
	KUNIT_CASE(crypt_repeats),
	KUNIT_CASE(crypt_stops),
	{ }
};

static struct kunit_suite rd_crypt_suite = {
	.name = "target_core_rd_crypt",
	.init = rd_crypt_test_init,
	.exit = rd_crypt_test_exit,
	.test_cases = rd_crypt_cases,
};
kunit_test_suite(rd_crypt_suite);
