/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic of address spans: pure, so that KUnit can have all of it
 */
#ifndef _SOCASSIGN_SPAN_H
#define _SOCASSIGN_SPAN_H

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/types.h>

/**
 * struct soca_span - A span of physical addresses
 * @first: Its first byte
 * @last: Its last byte, not below @first; inclusive, so that the end of the
 *	address space can be said
 */
struct soca_span {
	u64 first;
	u64 last;
};

static inline u64 soca_span_bytes(struct soca_span span)
{
	return span.last - span.first + 1;
}

static inline bool soca_spans_meet(struct soca_span a, struct soca_span b)
{
	return a.first <= b.last && b.first <= a.last;
}

/* Is every byte of @span in @other? */
static inline bool soca_span_within(struct soca_span span,
				    struct soca_span other)
{
	return span.first >= other.first && span.last <= other.last;
}

/* What @a and @b, which meet, have in common. */
static inline struct soca_span soca_span_common(struct soca_span a,
						struct soca_span b)
{
	return (struct soca_span) {
		.first = max(a.first, b.first), .last = min(a.last, b.last),
	};
}

/* The whole pages that hold @span. */
static inline struct soca_span soca_span_pages(struct soca_span span)
{
	return (struct soca_span) {
		.first = span.first & ~(u64)(PAGE_SIZE - 1),
		.last = span.last | (PAGE_SIZE - 1),
	};
}

/**
 * soca_span_covered - Do other spans leave no byte of a span bare?
 * @span: The span
 * @covers: The others, in any order; they may overlap
 * @num: Number of @covers
 *
 * Each round moves on to the end of a cover of the first bare byte, so there
 * are at most @num rounds.
 *
 * Return: true if every byte of @span is in one of @covers.
 */
static inline bool soca_span_covered(struct soca_span span,
				     const struct soca_span *covers,
				     unsigned int num)
{
	for (unsigned int round = 0; round < num; round++) {
		unsigned int i = 0;

		while (i < num && (covers[i].first > span.first ||
				   covers[i].last < span.first))
			i++;
		if (i == num)
			return false;
		if (covers[i].last >= span.last)
			return true;
		span.first = covers[i].last + 1;
	}
	return false;
}

#endif /* _SOCASSIGN_SPAN_H */
