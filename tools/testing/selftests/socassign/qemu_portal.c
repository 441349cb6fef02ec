// SPDX-License-Identifier: GPL-2.0
/*
 * A QMan portal under QEMU (samples/socassign/qemu): the command line of the thread that
 * asked for the driver, against the PAMU's tables.  The guest has no driver for it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/claim.h"
#include "lib/dma_bench.h"
#include "lib/edge.h"
#include "lib/guest_qemu.h"
#include "lib/guest_steps.h"
#include "lib/handed.h"
#include "lib/pamu.h"
#include "lib/partition.h"
#include "lib/portal.h"
#include "lib/sysfs.h"
#include "lib/testmod.h"

#define SECONDS		600	/* for a test; against hangs only */

/* The guest's memory, and where the host has it */
#define GUEST_MEMORY	0x8000000ull
#define GUEST_AT	0x10000000ull

/* JSON is decimal: PORTAL_GUEST, PORTAL_SIZE and GUEST_MEMORY */
#define WINDOW(_where)							\
	"{" _where ",\"operation\":1,\"stash-level\":1,\"stash-cpu\":1}"
#define WINDOWS								\
	"[" WINDOW("\"index\":1,\"iova\":0,\"size\":134217728") ","	\
	WINDOW("\"index\":0,\"iova\":68520247296,\"size\":16384") "]"

FIXTURE(qemu_portal) {
	const char *skip;
	struct guest guest;
	struct handed handed;
	struct pamu pamu;
	char json[512];
};

FIXTURE_SETUP(qemu_portal)
{
	int fd;

	self->guest = GUEST_NONE;
	self->skip = guest_missing(&guest_qemu);
	if (!self->skip)
		self->skip = dma_bench_skip();
	if (self->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_EQ(0, pamu_open(&self->pamu));
	fd = soc_claim(PORTAL, SOCASSIGN_CONFINED_DMA);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, hand_over(&self->handed, &fd, 1));
}

FIXTURE_TEARDOWN(qemu_portal)
{
	guest_close(&self->guest);
	if (self->skip)
		return;
	hand_over_end(&self->handed);
	edge_end_quarantine(PORTAL);
}

static bool all_blocked(const struct pamu *pamu)
{
	return pamu_is_blocked(pamu, portal_liodns[RING]) &&
	       pamu_is_blocked(pamu, portal_liodns[MEMORY]);
}

TEST_F_TIMEOUT(qemu_portal, example, SECONDS)
{
	SKIP_IF(self->skip);
	struct guest *guest = &self->guest;
	const struct pamu *pamu = &self->pamu;

	snprintf(self->json, sizeof(self->json),
		 "{\"driver\":\"" QEMU_DEVICE "\",\"fd\":\"%s\",\"address\":\"0x%llx\",\"windows\":" WINDOWS "}",
		 self->handed.text[0] + strlen("fd="), PORTAL_GUEST);
	EXPECT_TRUE(all_blocked(pamu));
	guest_boots(_metadata, guest, &guest_qemu, &(struct guest_plan) {
		.run = "wait", .mem = partition_node("guest"),
		.args = { "-device", self->json },
	});
	portal_has_window(_metadata, pamu, RING, PORTAL_GUEST, PORTAL_SIZE,
			  PORTAL_ADDRESS, 1);
	portal_has_window(_metadata, pamu, MEMORY, 0, GUEST_MEMORY, GUEST_AT, 1);
	ASSERT_TRUE(guest_prints(guest, "guest: wait"));
	EXPECT_EQ(guest_qemu.terminated, guest_stop(guest, SIGTERM));
	hand_over_end(&self->handed);
	EXPECT_TRUE(all_blocked(pamu));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
