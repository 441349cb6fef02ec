/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A QMan portal of the Power boards, and the example of the thread that asked for its
 * windows: what the PAMU's tables then have, whoever set it up; after the harness.
 */
#ifndef _SELFTESTS_SOCASSIGN_PORTAL_H
#define _SELFTESTS_SOCASSIGN_PORTAL_H

#include <stdint.h>

#include "pamu.h"

#define QMAN		"/qman-portals@ff4200000/"
#define PORTAL		QMAN "qman-portal@4000"

/* As the board's tree has it: the entries of the ring are written by the first. */
#define PORTAL_ADDRESS	0xff4204000ull
#define PORTAL_SIZE	0x4000ull
enum { RING, MEMORY, NUM_LIODNS };
static const unsigned int portal_liodns[NUM_LIODNS] = { 42, 43 };

/* Where the guest sees the portal; its memory is from 0 on. */
#define PORTAL_GUEST	0xff4200000ull

/* As QEMU's tree has it. */
#define L1_STASH_ID(_cpu)	(32 + 2 * (_cpu))

/* One window, without subwindows: QMan's operations, into a cache of the CPU. */
static inline void portal_has_window(struct __test_metadata *_metadata,
				     const struct pamu *pamu, int index,
				     uint64_t iova, uint64_t size, uint64_t phys,
				     unsigned int cpu)
{
	const unsigned int liodn = portal_liodns[index];
	struct pamu_window window;
	struct pamu_result result;

	ASSERT_EQ(PAMU_FAULT_NONE,
		  pamu_find(&pamu->tables, &pamu->memory, liodn, iova, &window));
	EXPECT_EQ(L1_STASH_ID(cpu), pamu_cid(&window));
	EXPECT_EQ(2, pamu_otm(&window));
	EXPECT_EQ(0, window.omi);
	EXPECT_EQ(iova, window.base);
	EXPECT_EQ(size, window.size);
	for (int write = 0; write < 2; write++) {
		EXPECT_TRUE(pamu_access(pamu, liodn, iova + size - 4, 4, write,
					&result));
		EXPECT_EQ(phys + size - 4, result.target);
		EXPECT_FALSE(pamu_access(pamu, liodn, iova + size, 4, write,
					 &result));
		EXPECT_FALSE(pamu_access(pamu, liodn, iova - 4, 4, write,
					 &result));
	}
}

#endif
