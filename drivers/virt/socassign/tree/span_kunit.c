// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the pure parts
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "tree/span.h"

#define SPAN(_first, _last) ((struct soca_span) { (_first), (_last) })

static void soca_test_spans_meet(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, soca_spans_meet(SPAN(0, 9), SPAN(9, 20)));
	KUNIT_EXPECT_TRUE(test, soca_spans_meet(SPAN(9, 20), SPAN(0, 9)));
	KUNIT_EXPECT_TRUE(test, soca_spans_meet(SPAN(0, 99), SPAN(5, 6)));
	KUNIT_EXPECT_TRUE(test, soca_spans_meet(SPAN(0, U64_MAX),
						SPAN(U64_MAX, U64_MAX)));
	KUNIT_EXPECT_FALSE(test, soca_spans_meet(SPAN(0, 9), SPAN(10, 20)));
	KUNIT_EXPECT_FALSE(test, soca_spans_meet(SPAN(10, 20), SPAN(0, 9)));
}

static void soca_test_span_pages(struct kunit *test)
{
	struct soca_span pages = soca_span_pages(SPAN(1, 1));

	KUNIT_EXPECT_EQ(test, pages.first, 0ULL);
	KUNIT_EXPECT_EQ(test, pages.last, (u64)PAGE_SIZE - 1);

	/* Above 4 GiB, where a 32-bit mask would cut. */
	pages = soca_span_pages(SPAN(0xfe0003000ULL + 5,
				     0xfe0003000ULL + PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, pages.first,
			round_down(0xfe0003000ULL, (u64)PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, pages.last,
			round_down(0xfe0003000ULL + PAGE_SIZE, (u64)PAGE_SIZE) +
			PAGE_SIZE - 1);

	pages = soca_span_pages(SPAN(U64_MAX, U64_MAX));
	KUNIT_EXPECT_EQ(test, pages.last, U64_MAX);
}

static void soca_test_span_within(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, soca_span_within(SPAN(5, 9), SPAN(5, 9)));
	KUNIT_EXPECT_FALSE(test, soca_span_within(SPAN(4, 9), SPAN(5, 9)));
	KUNIT_EXPECT_FALSE(test, soca_span_within(SPAN(5, 10), SPAN(5, 9)));
}

static void soca_test_span_common(struct kunit *test)
{
	struct soca_span common = soca_span_common(SPAN(0, 9), SPAN(5, 20));

	KUNIT_EXPECT_EQ(test, common.first, 5ULL);
	KUNIT_EXPECT_EQ(test, common.last, 9ULL);
}

static void soca_test_span_covered(struct kunit *test)
{
	const struct soca_span shuffled[] = {
		SPAN(20, 29), SPAN(0, 9), SPAN(5, 14), SPAN(15, 19),
	};
	const struct soca_span to_end[] = { SPAN(0, U64_MAX) };

	KUNIT_EXPECT_TRUE(test, soca_span_covered(SPAN(0, 29), shuffled, 4));
	KUNIT_EXPECT_TRUE(test, soca_span_covered(SPAN(3, 3), shuffled, 4));
	KUNIT_EXPECT_FALSE(test, soca_span_covered(SPAN(0, 30), shuffled, 4));
	KUNIT_EXPECT_FALSE(test, soca_span_covered(SPAN(0, 29), shuffled, 3));
	KUNIT_EXPECT_FALSE(test, soca_span_covered(SPAN(0, 0), shuffled, 0));
	KUNIT_EXPECT_TRUE(test,
			  soca_span_covered(SPAN(U64_MAX, U64_MAX), to_end, 1));
}

/* Against the plain way: one byte after the other. */
static void soca_test_span_covered_exhaustive(struct kunit *test)
{
	for (u32 bits = 0; bits < 4096; bits++) {
		const struct soca_span covers[] = {
			SPAN(bits & 3, (bits & 3) + (bits >> 2 & 3)),
			SPAN(bits >> 4 & 7, (bits >> 4 & 7) + (bits >> 7 & 3)),
			SPAN(bits >> 9 & 7, bits >> 9 & 7),
		};
		bool plain = true;

		for (u64 byte = 1; byte <= 6; byte++) {
			bool hit = false;

			for (int i = 0; i < ARRAY_SIZE(covers); i++)
				hit |= soca_spans_meet(covers[i],
						       SPAN(byte, byte));
			plain &= hit;
		}
		KUNIT_ASSERT_EQ_MSG(test, plain,
				    soca_span_covered(SPAN(1, 6), covers, 3),
				    "case %u", bits);
	}
}

static struct kunit_case soca_cases[] = {
	KUNIT_CASE(soca_test_spans_meet),
	KUNIT_CASE(soca_test_span_pages),
	KUNIT_CASE(soca_test_span_within),
	KUNIT_CASE(soca_test_span_common),
	KUNIT_CASE(soca_test_span_covered),
	KUNIT_CASE(soca_test_span_covered_exhaustive),
	{ }
};

static struct kunit_suite soca_suite = {
	.name = "socassign",
	.test_cases = soca_cases,
};

kunit_test_suite(soca_suite);

MODULE_DESCRIPTION("KUnit tests for socassign");
MODULE_LICENSE("GPL");
