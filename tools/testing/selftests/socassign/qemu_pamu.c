// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of a PAMU under QEMU (samples/socassign/qemu): the two command lines of the
 * thread that asked for the driver, against the PAMU's tables.  The guest has no driver
 * for either device.
 */
#include <signal.h>
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

FIXTURE(qemu_pamu) {
	const char *skip;
	const char *node;
	struct guest guest;
	struct handed handed;
	struct pamu pamu;
	char json[768];
};

FIXTURE_SETUP(qemu_pamu)
{
	self->guest = GUEST_NONE;
	self->skip = guest_missing(&guest_qemu);
	if (!self->skip)
		self->skip = dma_bench_skip();
	if (self->skip)
		return;
	expect_in_log(GUEST_KVM_WARNS);
	ASSERT_EQ(0, pamu_open(&self->pamu));
}

FIXTURE_TEARDOWN(qemu_pamu)
{
	guest_close(&self->guest);
	if (self->skip)
		return;
	hand_over_end(&self->handed);
	if (self->node)
		edge_end_quarantine(self->node);
}

/* A guest that has it, and waits.  More options: a list up to NULL */
static void boot_with(struct __test_metadata *_metadata,
		      FIXTURE_DATA(qemu_pamu) *self, const char *node,
		      uint32_t flags, const char *json,
		      const char *const *options)
{
	struct guest_plan plan = {
		.run = "wait", .mem = partition_node("guest"),
		.args = { "-device", self->json },
	};
	int fd;

	self->node = node;
	fd = soc_claim(node, flags);
	ASSERT_LE(0, fd)
		TH_LOG("%s", soc_reason());
	ASSERT_EQ(0, hand_over(&self->handed, &fd, 1));
	for (int i = 0; options[i]; i++)
		plan.args[2 + i] = options[i];
	qemu_device(self->json, sizeof(self->json), &self->handed, json);
	guest_boots(_metadata, &self->guest, &guest_qemu, &plan);
	ASSERT_TRUE(guest_prints(&self->guest, "guest: wait"));
}

static void end(struct __test_metadata *_metadata,
		FIXTURE_DATA(qemu_pamu) *self)
{
	EXPECT_EQ(guest_qemu.terminated, guest_stop(&self->guest, SIGTERM));
	hand_over_end(&self->handed);
}

/* JSON is decimal: PORTAL_GUEST, PORTAL_SIZE and GUEST_MEMORY */
#define STASHED(_where)							\
	"{" _where ",\"operation\":1,\"stash-level\":1,\"stash-cpu\":1}"
#define PORTALS								\
	"\"address\":\"0xff4200000\",\"windows\":["			\
	STASHED("\"index\":1,\"iova\":0,\"size\":134217728") ","	\
	STASHED("\"index\":0,\"iova\":68520247296,\"size\":16384") "]"

TEST_F_TIMEOUT(qemu_pamu, portal, SECONDS)
{
	SKIP_IF(self->skip);
	const struct pamu *pamu = &self->pamu;
	const char *const none[] = { NULL };

	boot_with(_metadata, self, PORTAL, SOCASSIGN_CONFINED_DMA, PORTALS, none);
	portal_has_window(_metadata, pamu, RING, PORTAL_GUEST, PORTAL_SIZE,
			  PORTAL_ADDRESS, 1);
	portal_has_window(_metadata, pamu, MEMORY, 0, GUEST_MEMORY, GUEST_AT, 1);
	end(_metadata, self);
	for (int i = 0; i < NUM_LIODNS; i++)
		EXPECT_TRUE(pamu_is_blocked(pamu, portal_liodns[i]));
}

/* As the board's tree has it */
#define BRIDGE		"/pci@fe000a000"
#define BRIDGE_LIODN	44

/* The guest's memory, a page for messages, and what it has in common with others */
#define MSI		0x20000000ull
#define SHARED16	0x40000000ull
#define SHARED16_SIZE	0x1000000ull
#define SHARED16_AT	0x20000000ull
#define SHARED64	0xc0000000ull
#define SHARED64_SIZE	0x200000ull	/* The board has no 64 MiB for it. */
#define SHARED64_AT	0x22000000ull
#define PAGE		0x1000ull

#define BRIDGES								\
	"\"windows\":["							\
	"{\"iova\":0,\"size\":134217728},"				\
	"{\"iova\":536870912,\"size\":4096,\"memory\":\"msi\"},"	\
	"{\"iova\":1073741824,\"size\":16777216,\"memory\":\"shared16\"},"	\
	"{\"iova\":3221225472,\"size\":2097152,\"memory\":\"shared64\"}]"
#define PARTITION(_id, _size, _node)					\
	"memory-backend-socassign,id=" _id ",size=" _size ",dev=/reserved-memory/" _node

struct window {
	uint64_t iova, size, phys;
};

/* All of it is there, and nothing before or behind. */
static void bridge_has(struct __test_metadata *_metadata,
		       const struct pamu *pamu, const struct window *it)
{
	const uint64_t last = it->iova + it->size - 4;
	struct pamu_result result;

	for (int write = 0; write < 2; write++) {
		ASSERT_TRUE(pamu_access(pamu, BRIDGE_LIODN, it->iova, 4, write,
					&result));
		if (it->phys)
			EXPECT_EQ(it->phys, result.target);
		ASSERT_TRUE(pamu_access(pamu, BRIDGE_LIODN, last, 4, write,
					&result));
		if (it->phys)
			EXPECT_EQ(it->phys + it->size - 4, result.target);
		EXPECT_FALSE(pamu_access(pamu, BRIDGE_LIODN, last + 4, 4, write,
					 &result));
		if (it->iova)
			EXPECT_FALSE(pamu_access(pamu, BRIDGE_LIODN, it->iova - 4,
						 4, write, &result));
	}
}

TEST_F_TIMEOUT(qemu_pamu, bridge, SECONDS)
{
	SKIP_IF(self->skip);
	static const char *const options[] = {
		"-object", "memory-backend-ram,id=msi,size=4K",
		"-object", PARTITION("shared16", "16M", "partition@20000000"),
		"-object", PARTITION("shared64", "2M", "nomap@22000000"), NULL
	};
	static const struct window windows[] = {
		{ 0, GUEST_MEMORY, GUEST_AT },
		{ MSI, PAGE, 0 },	/* a page of QEMU's */
		{ SHARED16, SHARED16_SIZE, SHARED16_AT },
		{ SHARED64, SHARED64_SIZE, SHARED64_AT },
	};

	boot_with(_metadata, self, BRIDGE, SOCASSIGN_SUBTREE, BRIDGES, options);
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
		bridge_has(_metadata, &self->pamu, &windows[i]);
	end(_metadata, self);
	EXPECT_TRUE(pamu_is_blocked(&self->pamu, BRIDGE_LIODN));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
