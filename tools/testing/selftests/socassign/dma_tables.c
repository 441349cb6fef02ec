// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the PAMU's tables, entry by entry, from before a claim to after it:
 * blocked, open, changed while it is open, and as the host had it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/dma_bench.h"
#include "lib/kmsg.h"
#include "lib/overlay.h"
#include "lib/paace_trace.h"
#include "lib/testmod.h"

#define PAGE		0x1000u
#define MIB		0x100000ull
#define CLAIM_FLAGS	(SOCASSIGN_DETACH | SOCASSIGN_SUBTREE)

/* Fields of a PAACE, as fsl_pamu.h has them. */
#define AF_V		0x1
#define AF_PT		0x2
#define AF_AP(_word)	((_word) >> 3 & 3)
#define AF_MW		0x20
#define AF_WSE(_shift)	(((_shift) - 1) << 6)
#define IA_ATM_WINDOW	0x4
#define IA_OTM_INDEXED	0x2
#define IA_WCE(_log)	(((_log) - 1) << 4)
#define IA_CID(_word)	((_word) >> 16 & 0xff)
#define WIN_SWSE(_shift) (((_shift) - 1) << 6)

/* Entries that are not as in @image: these and no others? */
static bool changed_are(const struct pamu *pamu, const uint32_t *image,
			const unsigned int *entries, unsigned int num)
{
	unsigned int changed[8];

	return pamu_changes(pamu, image, changed, 8) == num &&
	       !memcmp(changed, entries, num * sizeof(*entries));
}

/* The model is as good as hardware to the driver of an unmodified kernel. */
TEST(host_driver_is_content)
{
	if (!pamu_exists())
		SKIP(return, "no PAMU");
	EXPECT_EQ(0, access("/sys/bus/platform/drivers/fsl-of-pamu/fsl-of-pamu.0",
			    F_OK));
	EXPECT_EQ(0, kmsg_boot_warnings("pamu"));
	EXPECT_EQ(0, kmsg_boot_warnings("iommu"));
}

/* Before, during and after a claim */

FIXTURE(claimed)
{
	const char *skip;
	struct dma_bench bench;
	struct pamu pamu;
	uint32_t *image;
};

FIXTURE_SETUP(claimed)
{
	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	self->bench.fd = -1;
	self->bench.memory = -1;
	ASSERT_EQ(0, pamu_open(&self->pamu));
	self->image = pamu_image(&self->pamu);
	ASSERT_TRUE(!!self->image);
}

FIXTURE_TEARDOWN(claimed)
{
	if (self->skip)
		return;
	dma_bench_close(&self->bench);
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	free(self->image);
}

/* Windows in both identities, with and without subwindows; open. */
static void open_windows(struct __test_metadata *_metadata,
			 struct dma_bench *bench)
{
	ASSERT_EQ(0, dma_bench_map(bench, 0, 0, MIB, 0));
	for (int i = 0; i < 20; i++)
		ASSERT_EQ(0, dma_bench_map(bench, 1, 3 * i * PAGE, PAGE,
					   i * PAGE));
	ASSERT_EQ(0, soc_dma_enable(bench->fd, 0));
	ASSERT_EQ(0, soc_dma_enable(bench->fd, 1));
}

TEST_F(claimed, blocked_at_once)
{
	SKIP_IF(self->skip);
	struct paace_event events[4] = {};

	ASSERT_TRUE(paace_trace_start());
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	EXPECT_EQ(2, paace_trace_stop(events, 4));
	for (int i = 0; i < 2; i++) {
		unsigned int liodn = dma_bench_liodns[i];
		struct paace was, is = pamu_ppaace(&self->pamu, liodn);

		memcpy(was.word, self->image + liodn * PAACE_WORDS,
		       sizeof(was.word));
		EXPECT_EQ(liodn, events[i].liodn);
		EXPECT_FALSE(events[i].has_fd);
		EXPECT_TRUE(pamu_is_blocked(&self->pamu, liodn));
		EXPECT_EQ(was.word[PAACE_DA], is.word[PAACE_DA]);
	}
	EXPECT_TRUE(changed_are(&self->pamu, self->image, dma_bench_liodns, 2));
}

/* It was open before, as the host's driver leaves it: else all this is moot. */
TEST_F(claimed, open_before_and_after)
{
	SKIP_IF(self->skip);
	struct pamu_result result;

	for (int i = 0; i < 2; i++) {
		for (int n = 0; n < 2; n++)
			EXPECT_TRUE(pamu_access(&self->pamu,
						dma_bench_liodns[n], 0x12345678,
						1, true, &result));
		ASSERT_EQ(0, dma_bench_open(&self->bench));
		dma_bench_close(&self->bench);
	}
}

TEST_F(claimed, closed)
{
	SKIP_IF(self->skip);
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	open_windows(_metadata, &self->bench);
	EXPECT_LT(2, pamu_changes(&self->pamu, self->image, NULL, 0));
	close(self->bench.fd);
	self->bench.fd = -1;
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	EXPECT_TRUE(sysfs_wait_driver(&self->bench.sysfs, nic_devs[1].driver));
}

TEST_F(claimed, killed)
{
	SKIP_IF(self->skip);
	int pipefd[2], status;
	pid_t pid;
	char byte;

	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	if (!pid) {
		ASSERT_EQ(0, dma_bench_open(&self->bench));
		open_windows(_metadata, &self->bench);
		ASSERT_EQ(1, write(pipefd[1], "", 1));
		pause();
	}
	close(pipefd[1]);
	ASSERT_EQ(1, read(pipefd[0], &byte, 1));
	EXPECT_LT(2, pamu_changes(&self->pamu, self->image, NULL, 0));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	close(pipefd[0]);
	/* The process is gone when its files are closed. */
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
}

TEST_F(claimed, unbound)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma;

	ASSERT_EQ(0, dma_bench_open(&self->bench));
	open_windows(_metadata, &self->bench);
	ASSERT_EQ(0, sysfs_unbind(&self->bench.sysfs));
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	EXPECT_EQ(-ENODEV, soc_dma(self->bench.fd, 0, &dma));
	EXPECT_EQ(-ENODEV, dma_bench_map(&self->bench, 0, 8 * MIB, MIB, 0));
	EXPECT_EQ(-ENODEV, soc_dma_unmap(self->bench.fd, 0, 0, MIB));
	EXPECT_EQ(-ENODEV, soc_dma_unmap_all(self->bench.fd, 0));
	EXPECT_EQ(-ENODEV, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(-ENODEV, soc_dma_disable(self->bench.fd, 0));
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	EXPECT_TRUE(sysfs_wait_driver(&self->bench.sysfs, nic_devs[1].driver));
}

/* It fails at last, for want of a descriptor: the LIODNs are blocked by then. */
TEST_F(claimed, in_vain)
{
	SKIP_IF(self->skip);
	struct paace_event events[4];
	struct rlimit limit, few;
	int dev, ret;

	dev = open(SOC_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, dev);
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	few = limit;
	few.rlim_cur = dev + 1;
	ASSERT_TRUE(paace_trace_start());
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	ret = soc_instantiate(dev, DMA_BENCH_NODE, strlen(DMA_BENCH_NODE) + 1,
			      CLAIM_FLAGS);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, ret);
	/* The descriptor comes first: nothing was touched. */
	EXPECT_EQ(0, paace_trace_stop(events, 4));
	EXPECT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	close(dev);
}

/* Again and again, each time as the first. */
TEST_F(claimed, many_times)
{
	SKIP_IF(self->skip);
	time_t end;

	for (int i = 0; again(i, 30, &end); i++) {
		ASSERT_EQ(0, dma_bench_open(&self->bench));
		open_windows(_metadata, &self->bench);
		dma_bench_close(&self->bench);
		ASSERT_EQ(0, pamu_changes(&self->pamu, self->image, NULL, 0));
	}
}

/* Windows */

FIXTURE(windows)
{
	const char *skip;
	struct dma_bench bench;
	unsigned int liodn;
	struct paace host;	/* what the host had there */
	uint32_t *image;	/* claimed, blocked */
};

FIXTURE_SETUP(windows)
{
	struct pamu pamu;

	self->skip = dma_bench_skip();
	if (self->skip)
		return;
	ASSERT_EQ(0, pamu_open(&pamu));
	self->liodn = dma_bench_liodns[0];
	self->host = pamu_ppaace(&pamu, self->liodn);
	ASSERT_EQ(0, dma_bench_open(&self->bench));
	self->image = pamu_image(&self->bench.pamu);
	ASSERT_TRUE(!!self->image);
}

FIXTURE_TEARDOWN(windows)
{
	if (self->skip)
		return;
	EXPECT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	EXPECT_EQ(0, soc_dma_disable(self->bench.fd, 1));
	EXPECT_EQ(0, pamu_changes(&self->bench.pamu, self->image, NULL, 0));
	dma_bench_close(&self->bench);
	free(self->image);
}

TEST_F(windows, nothing_before_they_are_enabled)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 16; i++)
		ASSERT_EQ(0, dma_bench_map(&self->bench, 0, i * 2 * PAGE, PAGE,
					   0));
	EXPECT_EQ(0, pamu_changes(&self->bench.pamu, self->image, NULL, 0));
	EXPECT_EQ(0, soc_dma_unmap(self->bench.fd, 0, 0, PAGE));
	EXPECT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
	EXPECT_EQ(0, pamu_changes(&self->bench.pamu, self->image, NULL, 0));
}

#define BASE	0x812300000ull

/* Word by word: what it says is what the hardware was told before, too. */
TEST_F(windows, one_without_subwindows)
{
	SKIP_IF(self->skip);
	const uint64_t phys = self->bench.phys + 2 * MIB;
	struct paace paace;

	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, BASE, MIB, 2 * MIB));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	EXPECT_TRUE(changed_are(&self->bench.pamu, self->image, &self->liodn,
				1));
	paace = pamu_ppaace(&self->bench.pamu, self->liodn);
	EXPECT_EQ(BASE >> 32, paace.word[PAACE_WBAH]);
	EXPECT_EQ((uint32_t)BASE | AF_WSE(20) | 3 << 3 | AF_V,
		  paace.word[PAACE_AF]);
	EXPECT_EQ(self->host.word[PAACE_DA], paace.word[PAACE_DA]);
	EXPECT_EQ(IA_ATM_WINDOW, paace.word[PAACE_IA]);
	EXPECT_EQ(phys >> 32, paace.word[PAACE_TWBAH]);
	EXPECT_EQ((uint32_t)phys, paace.word[PAACE_WIN] & ~0xfffu);
	for (int i = PAACE_OP + 1; i < PAACE_WORDS; i++)
		EXPECT_EQ(self->host.word[i], paace.word[i]);
}

/* Of four subwindows, the last but one is off, the last one used in part. */
TEST_F(windows, with_subwindows)
{
	SKIP_IF(self->skip);
	const struct pamu *pamu = &self->bench.pamu;
	const uint32_t phys = self->bench.phys;
	struct socassign_dma dma;
	struct paace paace[4];

	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, BASE, 2 * MIB, 2 * MIB));
	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, BASE + 3 * MIB, MIB / 2,
				   MIB / 2));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	/* They are not where a primary window of 4 MiB could start. */
	EXPECT_EQ(8 * MIB, dma.out_bytes);
	EXPECT_EQ(BASE / dma.out_bytes * dma.out_bytes, dma.out_base);
	EXPECT_EQ(8, dma.out_num_subwindows);
	EXPECT_EQ(7, pamu_spaaces_in_use(pamu));
	EXPECT_EQ(8, pamu_changes(pamu, self->image, NULL, 0));

	paace[0] = pamu_ppaace(pamu, self->liodn);
	EXPECT_EQ((uint32_t)dma.out_base | AF_WSE(23) | AF_MW | AF_V,
		  paace[0].word[PAACE_AF] & ~(3u << 3));
	EXPECT_EQ(IA_WCE(3), paace[0].word[PAACE_IA] & 0xf0);
	for (int i = 0; i < 4; i++) {
		unsigned int sub = (BASE - dma.out_base) / MIB + i;

		paace[i] = pamu_spaace(pamu, paace[0].word[PAACE_FSPI] + sub - 1);
	}
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(self->liodn << 16 | AF_PT | AF_V,
			  paace[i].word[PAACE_AF] & ~(3u << 3));
		EXPECT_EQ(i == 2 ? 0 : 3, AF_AP(paace[i].word[PAACE_AF]));
		EXPECT_EQ(self->host.word[PAACE_DA], paace[i].word[PAACE_DA]);
		EXPECT_EQ(0, paace[i].word[PAACE_FSPI]);
		for (int n = PAACE_OP + 1; n < PAACE_WORDS; n++)
			EXPECT_EQ(0, paace[i].word[n]);
	}
	EXPECT_EQ((phys + 2 * MIB) | WIN_SWSE(20), paace[0].word[PAACE_WIN]);
	EXPECT_EQ((phys + 3 * MIB) | WIN_SWSE(20), paace[1].word[PAACE_WIN]);
	EXPECT_EQ((phys + MIB / 2) | WIN_SWSE(19), paace[3].word[PAACE_WIN]);
}

TEST_F(windows, permissions)
{
	SKIP_IF(self->skip);
	static const __u32 flags[] = {
		SOCASSIGN_DMA_READ, SOCASSIGN_DMA_WRITE, DMA_RW,
	};

	for (int i = 0; i < 3; i++) {
		struct socassign_dma_map map = {
			.flags = flags[i], .memory_fd = self->bench.memory,
			.iova = i * PAGE, .length = PAGE,
		};

		ASSERT_EQ(0, soc_dma_map(self->bench.fd, &map));
	}
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	for (int i = 0; i < 3; i++) {
		struct pamu_result result;
		const struct pamu *pamu = &self->bench.pamu;

		EXPECT_EQ(i != 1, pamu_access(pamu, self->liodn, i * PAGE, 1,
					      false, &result));
		EXPECT_EQ(i != 0, pamu_access(pamu, self->liodn, i * PAGE, 1,
					      true, &result));
	}
}

/* The caches' numbers, as QEMU's tree has them. */
TEST_F(windows, stash_targets)
{
	SKIP_IF(self->skip);
	static const struct {
		__u32 level, cpu, id;
	} targets[] = {
		{ 0, 0, 0 }, { 1, 0, 32 }, { 2, 0, 33 }, { 1, 1, 34 },
		{ 2, 1, 35 }, { 3, 0, 1 },
	};

	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		struct socassign_dma_map map = {
			.flags = DMA_RW, .memory_fd = self->bench.memory,
			.length = MIB, .stash_level = targets[i].level,
			.stash_cpu = targets[i].cpu,
		};
		struct paace paace;

		ASSERT_EQ(0, soc_dma_map(self->bench.fd, &map));
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
		paace = pamu_ppaace(&self->bench.pamu, self->liodn);
		EXPECT_EQ(targets[i].id, IA_CID(paace.word[PAACE_IA]));
		ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
		ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	}
}

/* The indices are those of setup_omt() in fsl_pamu.c. */
TEST_F(windows, operations)
{
	SKIP_IF(self->skip);
	for (__u32 operation = 0; operation <= 4; operation++) {
		struct socassign_dma_map map = {
			.flags = DMA_RW, .memory_fd = self->bench.memory,
			.length = MIB, .operation = operation,
		};
		struct paace paace;

		ASSERT_EQ(0, soc_dma_map(self->bench.fd, &map));
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
		paace = pamu_ppaace(&self->bench.pamu, self->liodn);
		EXPECT_EQ(operation ? IA_OTM_INDEXED : 0,
			  paace.word[PAACE_IA] & 3);
		EXPECT_EQ(operation ? operation - 1 : 0,
			  paace.word[PAACE_OP] & 0xffff);
		ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
		ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	}
}

/* Each window has its own, in subwindow 0 and in the others. */
TEST_F(windows, properties_by_window)
{
	SKIP_IF(self->skip);
	for (int i = 0; i < 4; i++) {
		struct socassign_dma_map map = {
			.flags = DMA_RW, .memory_fd = self->bench.memory,
			.iova = i * PAGE, .length = PAGE,
			.stash_level = i == 1 ? 3 : 0,
			.operation = i == 2 ? SOCASSIGN_OPERATION_FMAN : 0,
		};

		ASSERT_EQ(0, soc_dma_map(self->bench.fd, &map));
	}
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	for (int i = 0; i < 4; i++) {
		struct pamu_window window;

		ASSERT_EQ(PAMU_FAULT_NONE,
			  pamu_find(&self->bench.pamu.tables,
				    &self->bench.pamu.memory, self->liodn,
				    i * PAGE, &window));
		EXPECT_EQ(i == 1 ? 1 : 0, pamu_cid(&window));
		EXPECT_EQ(i == 2 ? 2 : 0, pamu_otm(&window));
		EXPECT_EQ(i == 2 ? 1 : 0, window.omi);
	}
}

TEST_F(windows, disabled_and_enabled_again)
{
	SKIP_IF(self->skip);
	uint32_t *open;

	open_windows(_metadata, &self->bench);
	open = pamu_image(&self->bench.pamu);
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 1));
		EXPECT_TRUE(pamu_is_blocked(&self->bench.pamu,
					    dma_bench_liodns[1]));
		EXPECT_EQ(0, pamu_spaaces_in_use(&self->bench.pamu));
		EXPECT_TRUE(changed_are(&self->bench.pamu, self->image,
					&self->liodn, 1));
		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 1));
		EXPECT_EQ(0, pamu_changes(&self->bench.pamu, open, NULL, 0));
	}
	free(open);
}

/* Whoever has subwindows has some of the same table. */
TEST_F(windows, two_identities)
{
	SKIP_IF(self->skip);
	struct pamu_result result;
	uint32_t *one;

	for (int i = 0; i < 64; i++) {
		ASSERT_EQ(0, dma_bench_map(&self->bench, 0, i * PAGE, PAGE,
					   i * PAGE));
		ASSERT_EQ(0, dma_bench_map(&self->bench, 1, i * PAGE, PAGE,
					   (100 + i) * PAGE));
	}
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	one = pamu_image(&self->bench.pamu);
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 1));
	EXPECT_EQ(2 * 63, pamu_spaaces_in_use(&self->bench.pamu));
	EXPECT_EQ(64, pamu_changes(&self->bench.pamu, one, NULL, 0));
	for (int n = 0; n < 2; n++)
		for (int i = 0; i < 64; i++) {
			EXPECT_TRUE(pamu_access(&self->bench.pamu,
						dma_bench_liodns[n], i * PAGE,
						PAGE, true, &result));
			EXPECT_EQ(self->bench.phys + (100 * n + i) * PAGE,
				  result.target);
		}
	ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 1));
	EXPECT_EQ(0, pamu_changes(&self->bench.pamu, one, NULL, 0));
	free(one);
}

/* Enabling takes entries of the second table and disabling frees them, all. */
TEST_F_TIMEOUT(windows, many_times, 60)
{
	SKIP_IF(self->skip);
	struct socassign_dma dma;
	uint32_t fspi = 0;

	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	for (__u32 i = 0; i < dma.out_max_windows; i++)
		ASSERT_EQ(0, dma_bench_map(&self->bench, 0, i * PAGE, PAGE,
					   i * PAGE));
	for (int i = 0; i < 1000; i++) {
		struct paace paace;

		ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
		paace = pamu_ppaace(&self->bench.pamu, self->liodn);
		if (!i)
			fspi = paace.word[PAACE_FSPI];
		/* The first gap there is: if any leaked, that moves. */
		ASSERT_EQ(fspi, paace.word[PAACE_FSPI]);
		ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	}
}

/* While they are open */

/* @num windows of a page, one after the other; open. */
static void open_pages(struct __test_metadata *_metadata,
		       FIXTURE_DATA(windows) *self, int num)
{
	for (int i = 0; i < num; i++)
		ASSERT_EQ(0, dma_bench_map(&self->bench, 0, i * PAGE, PAGE,
					   i * PAGE));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
}

/* The entry of a subwindow, as pamu_changes() numbers them. */
static unsigned int entry_of(FIXTURE_DATA(windows) *self, unsigned int sub)
{
	struct paace paace = pamu_ppaace(&self->bench.pamu, self->liodn);

	return sub ? PAMU_SECONDARY | (paace.word[PAACE_FSPI] + sub - 1) :
		     self->liodn;
}

static uint64_t target_of(const struct pamu *pamu, unsigned int liodn,
			  uint64_t addr)
{
	struct pamu_result result;

	return pamu_access(pamu, liodn, addr, PAGE, true, &result) ?
	       result.target : 0;
}

static uint64_t target(FIXTURE_DATA(windows) *self, uint64_t addr)
{
	return target_of(&self->bench.pamu, self->liodn, addr);
}

/* A change that is to touch just this subwindow; 0 or a negative errno. */
static void check_one_change(struct __test_metadata *_metadata,
			     FIXTURE_DATA(windows) *self, unsigned int sub,
			     int (*change)(FIXTURE_DATA(windows) *self,
					   unsigned int sub))
{
	struct paace_event events[2] = {};
	uint32_t *before = pamu_image(&self->bench.pamu);
	unsigned int entry = entry_of(self, sub);

	ASSERT_TRUE(paace_trace_start());
	EXPECT_EQ(0, change(self, sub));
	EXPECT_EQ(1, paace_trace_stop(events, 2));
	EXPECT_EQ(self->liodn, events[0].liodn);
	EXPECT_EQ(sub, events[0].sub);
	EXPECT_TRUE(changed_are(&self->bench.pamu, before, &entry, 1))
		TH_LOG("subwindow %u", sub);
	free(before);
}

static int replace_page(FIXTURE_DATA(windows) *self, unsigned int sub)
{
	struct socassign_dma_map map = {
		.flags = DMA_RW | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->bench.memory,
		.iova = sub * PAGE, .length = PAGE,
		.offset = (sub + 500) * PAGE,
	};

	return soc_dma_map(self->bench.fd, &map);
}

static int unmap_page(FIXTURE_DATA(windows) *self, unsigned int sub)
{
	return soc_dma_unmap(self->bench.fd, 0, sub * PAGE, PAGE);
}

static int map_page(FIXTURE_DATA(windows) *self, unsigned int sub)
{
	return dma_bench_map(&self->bench, 0, sub * PAGE, PAGE, sub * PAGE);
}

TEST_F(windows, replaced_live)
{
	SKIP_IF(self->skip);
	const int subs[] = { 5, 0, 15, 1 };

	open_pages(_metadata, self, 16);
	for (int i = 0; i < 4; i++)
		check_one_change(_metadata, self, subs[i], replace_page);
	for (int i = 0; i < 16; i++) {
		bool replaced = i < 2 || i == 5 || i == 15;

		EXPECT_EQ(self->bench.phys + (i + 500 * replaced) * PAGE,
			  target(self, i * PAGE));
	}
}

/* By what is there already: nothing is written at all. */
TEST_F(windows, replaced_by_the_same)
{
	SKIP_IF(self->skip);
	struct paace_event event;

	open_pages(_metadata, self, 16);
	ASSERT_EQ(0, replace_page(self, 3));
	ASSERT_TRUE(paace_trace_start());
	EXPECT_EQ(0, replace_page(self, 3));
	EXPECT_EQ(0, paace_trace_stop(&event, 1));
}

/* A window of several subwindows: each of them, and no other. */
TEST_F(windows, large_one_replaced_live)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.flags = SOCASSIGN_DMA_READ | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->bench.memory,
		.iova = 4 * PAGE, .length = 3 * PAGE, .offset = 100 * PAGE,
	};
	unsigned int entries[3];
	uint32_t *before;

	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, 4 * PAGE, 3 * PAGE, 0));
	open_pages(_metadata, self, 4);
	before = pamu_image(&self->bench.pamu);
	for (int i = 0; i < 3; i++)
		entries[i] = entry_of(self, 4 + i);
	ASSERT_EQ(0, soc_dma_map(self->bench.fd, &map));
	EXPECT_TRUE(changed_are(&self->bench.pamu, before, entries, 3));
	free(before);
}

/* Somebody who looks at both ends of a window while it is replaced. */
struct watch {
	const struct pamu *pamu;
	unsigned int liodn;
	volatile bool over;
	unsigned long change;	/* odd while one is under way; atomic */
	unsigned long looks;	/* within one change; atomic */
	unsigned long torn;
};

static void *watch_ends(void *data)
{
	struct watch *watch = data;

	while (!watch->over) {
		unsigned long change = __atomic_load_n(&watch->change,
						       __ATOMIC_SEQ_CST);
		uint64_t first = target_of(watch->pamu, watch->liodn, 4 * PAGE);
		uint64_t last = target_of(watch->pamu, watch->liodn, 15 * PAGE);
		uint64_t again = target_of(watch->pamu, watch->liodn, 4 * PAGE);

		if (!(change & 1) || change != __atomic_load_n(&watch->change,
							       __ATOMIC_SEQ_CST))
			continue;
		__atomic_add_fetch(&watch->looks, 1, __ATOMIC_SEQ_CST);
		if (first && last && first == again && last - first != 11 * PAGE)
			watch->torn++;
	}
	return NULL;
}

/* Closed in between: nobody reaches the old memory and the new one. */
TEST_F_TIMEOUT(windows, large_one_is_replaced_as_a_whole, 120)
{
	SKIP_IF(self->skip);
	struct socassign_dma_map map = {
		.flags = DMA_RW | SOCASSIGN_DMA_REPLACE,
		.memory_fd = self->bench.memory,
		.iova = 4 * PAGE, .length = 12 * PAGE,
	};
	struct watch watch = {
		.pamu = &self->bench.pamu, .liodn = self->liodn,
	};
	pthread_t thread;

	ASSERT_EQ(0, dma_bench_map(&self->bench, 0, 4 * PAGE, 12 * PAGE, 0));
	open_pages(_metadata, self, 4);
	ASSERT_EQ(0, pthread_create(&thread, NULL, watch_ends, &watch));
	for (int i = 0; i < 3000 && !watch.torn; i++) {
		map.offset = i % 2 ? 0 : 100 * PAGE;
		__atomic_add_fetch(&watch.change, 1, __ATOMIC_SEQ_CST);
		EXPECT_EQ(0, soc_dma_map(self->bench.fd, &map));
		__atomic_add_fetch(&watch.change, 1, __ATOMIC_SEQ_CST);
	}
	watch.over = true;
	pthread_join(thread, NULL);
	EXPECT_EQ(0, watch.torn);
	if (!watch.looks)
		SKIP(return, "the other CPU never looked while it was replaced");
}

TEST_F(windows, unmapped_and_mapped_live)
{
	SKIP_IF(self->skip);
	const int subs[] = { 7, 0, 15, 3 };
	struct socassign_dma dma;

	open_pages(_metadata, self, 16);
	for (int i = 0; i < 4; i++)
		check_one_change(_metadata, self, subs[i], unmap_page);
	for (int i = 0; i < 16; i++) {
		bool there = i != 7 && i != 0 && i != 15 && i != 3;

		EXPECT_EQ(there ? self->bench.phys + i * PAGE : 0,
			  target(self, i * PAGE));
	}
	/* Off means denied; the first one's V would be that of all. */
	EXPECT_EQ(AF_V, pamu_ppaace(&self->bench.pamu,
				    self->liodn).word[PAACE_AF] & AF_V);
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	EXPECT_EQ(12, dma.out_num_windows);
	EXPECT_EQ(16, dma.out_num_subwindows);
	EXPECT_EQ(SOCASSIGN_DMA_ENABLED, dma.out_flags);
	for (int i = 0; i < 4; i++)
		check_one_change(_metadata, self, subs[i], map_page);
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(self->bench.phys + i * PAGE, target(self, i * PAGE));
}

TEST_F(windows, all_unmapped_live)
{
	SKIP_IF(self->skip);
	struct pamu_result result;
	struct socassign_dma dma;

	open_pages(_metadata, self, 16);
	ASSERT_EQ(0, soc_dma_unmap_all(self->bench.fd, 0));
	for (int i = 0; i < 20; i++)
		EXPECT_FALSE(pamu_access(&self->bench.pamu, self->liodn,
					 i * PAGE, 1, false, &result));
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &dma));
	EXPECT_EQ(0, dma.out_num_windows);
	EXPECT_EQ(SOCASSIGN_DMA_ENABLED, dma.out_flags);
	/* They may come back where they were, but not elsewhere. */
	EXPECT_EQ(0, map_page(self, 3));
	EXPECT_EQ(self->bench.phys + 3 * PAGE, target(self, 3 * PAGE));
	EXPECT_EQ(-EBUSY, map_page(self, 16));
	ASSERT_EQ(0, soc_dma_unmap(self->bench.fd, 0, 3 * PAGE, PAGE));
	/* One by one, and then everything is new. */
	ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	EXPECT_EQ(-ENXIO, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(0, map_page(self, 16));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(0, pamu_spaaces_in_use(&self->bench.pamu));
}

/* The geometry stays that of the enabling, even if less would do. */
TEST_F(windows, geometry_stays_while_enabled)
{
	SKIP_IF(self->skip);
	struct socassign_dma before, after;

	open_pages(_metadata, self, 64);
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &before));
	for (int i = 1; i < 64; i++)
		ASSERT_EQ(0, unmap_page(self, i));
	ASSERT_EQ(0, soc_dma(self->bench.fd, 0, &after));
	EXPECT_EQ(before.out_base, after.out_base);
	EXPECT_EQ(before.out_bytes, after.out_bytes);
	EXPECT_EQ(64, after.out_num_subwindows);
	EXPECT_EQ(63, pamu_spaaces_in_use(&self->bench.pamu));
	ASSERT_EQ(0, soc_dma_disable(self->bench.fd, 0));
	ASSERT_EQ(0, soc_dma_enable(self->bench.fd, 0));
	EXPECT_EQ(self->bench.phys, target(self, 0));
	EXPECT_EQ(0, target(self, PAGE));
}

/* More subwindows than the second table has */

#define MASTER		"crowd@fc000"
#define MASTER_LIODNS	9

FIXTURE(exhausted)
{
	const char *skip;
	struct fdt fdt;
	char path[256];
	struct pamu pamu;
	struct sysfs_device sysfs;
	char *mem;
	int log;
	int fd;
	int memory;
};

FIXTURE_SETUP(exhausted)
{
	uint32_t liodns[MASTER_LIODNS];

	self->skip = dma_bench_skip();
	if (!self->skip && !overlay_possible())
		self->skip = "this kernel has no CONFIG_OF_OVERLAY";
	if (self->skip)
		return;
	self->fd = -1;
	self->memory = -1;
	self->log = kmsg_open();
	ASSERT_EQ(0, pamu_open(&self->pamu));
	for (int i = 0; i < MASTER_LIODNS; i++)
		liodns[i] = 100 + i;
	overlay_begin(&self->fdt, board_get()->bus);
	overlay_add_master(&self->fdt, MASTER, 0xfc000, liodns, MASTER_LIODNS);
	ASSERT_EQ(0, overlay_apply(&self->fdt));
	strcpy(self->path, board_extra(MASTER));
	self->fd = soc_claim(self->path, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, sysfs_find(self->path, &self->sysfs));
	self->mem = huge_alloc(DMA_BENCH_BYTES, DMA_BENCH_BYTES);
	ASSERT_TRUE(!!self->mem);
	self->memory = soc_memory(self->fd, self->mem, DMA_BENCH_BYTES,
				  SOCASSIGN_MEMORY_WRITE);
	ASSERT_LE(0, self->memory);
}

FIXTURE_TEARDOWN(exhausted)
{
	if (self->skip)
		return;
	close(self->memory);
	close(self->fd);
	EXPECT_EQ(0, sysfs_attr_write(&self->sysfs, "quarantine", "0"));
	EXPECT_TRUE(sysfs_wait_driver(&self->sysfs, ""));
	/* It may still be on its way back. */
	expect_in_log("notifier error -16");
	EXPECT_TRUE(wait_until(overlay_remove() != -EBUSY));
	EXPECT_EQ(0, pamu_spaaces_in_use(&self->pamu));
	close(self->log);
}

/* @num windows of a page, and thus as many subwindows. */
static int map_pages(FIXTURE_DATA(exhausted) *self, __u32 index,
		     unsigned int num)
{
	int ret = 0;

	for (unsigned int i = 0; i < num && !ret; i++) {
		struct socassign_dma_map map = {
			.index = index, .flags = DMA_RW,
			.memory_fd = self->memory, .iova = i * PAGE,
			.length = PAGE, .offset = i * PAGE,
		};

		ret = soc_dma_map(self->fd, &map);
	}
	return ret;
}

/* Not one more fits: refused, with a reason, and nothing has changed. */
static void check_full(struct __test_metadata *_metadata,
		       FIXTURE_DATA(exhausted) *self, __u32 index)
{
	uint32_t *image = pamu_image(&self->pamu);
	struct socassign_dma before, after;

	ASSERT_EQ(0, soc_dma(self->fd, index, &before));
	EXPECT_EQ(-ENOSPC, soc_dma_enable(self->fd, index));
	EXPECT_EQ(1, kmsg_count(self->log, self->path, "SPAACT"));
	ASSERT_EQ(0, soc_dma(self->fd, index, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	EXPECT_EQ(0, pamu_changes(&self->pamu, image, NULL, 0));
	free(image);
}

TEST_F_TIMEOUT(exhausted, second_table, 60)
{
	SKIP_IF(self->skip);
	const unsigned int max = 2u << self->pamu.tables.max_wce;
	const unsigned int most = pamu_num_spaaces(&self->pamu) / (max - 1);

	if (most >= MASTER_LIODNS)
		SKIP(return, "the table is too large, or the windows too small");
	for (unsigned int i = 0; i < MASTER_LIODNS; i++)
		ASSERT_EQ(0, map_pages(self, i, max));
	for (unsigned int i = 0; i < most; i++)
		ASSERT_EQ(0, soc_dma_enable(self->fd, i));
	EXPECT_EQ(most * (max - 1), pamu_spaaces_in_use(&self->pamu));
	check_full(_metadata, self, most);
	/* When one goes there is room for another. */
	ASSERT_EQ(0, soc_dma_disable(self->fd, 3));
	EXPECT_EQ(0, soc_dma_enable(self->fd, most));
	check_full(_metadata, self, 3);
	/* A few are left, if that is all that is wanted; or none are. */
	ASSERT_EQ(0, soc_dma_unmap_all(self->fd, 3));
	ASSERT_EQ(0, map_pages(self, 3, 8));
	EXPECT_EQ(0, soc_dma_enable(self->fd, 3));
	EXPECT_EQ(most * (max - 1) + 7, pamu_spaaces_in_use(&self->pamu));
}

/* They must follow each other: two small gaps are not one large one. */
TEST_F_TIMEOUT(exhausted, in_a_row, 60)
{
	SKIP_IF(self->skip);
	const unsigned int max = 2u << self->pamu.tables.max_wce;
	const unsigned int most = pamu_num_spaaces(&self->pamu) / (max - 1);

	if (most >= MASTER_LIODNS)
		SKIP(return, "the table is too large, or the windows too small");
	/* Three half ones at the start; what is left is not enough, either. */
	for (unsigned int i = 0; i < MASTER_LIODNS; i++) {
		ASSERT_EQ(0, map_pages(self, i, i < 3 ? max / 2 : max));
		ASSERT_EQ(0, soc_dma_enable(self->fd, i));
	}
	ASSERT_EQ(0, soc_dma_disable(self->fd, 0));
	ASSERT_EQ(0, soc_dma_disable(self->fd, 2));
	ASSERT_EQ(0, soc_dma_unmap_all(self->fd, 0));
	ASSERT_EQ(0, map_pages(self, 0, max));
	check_full(_metadata, self, 0);
	ASSERT_EQ(0, soc_dma_disable(self->fd, 1));
	EXPECT_EQ(0, soc_dma_enable(self->fd, 0));
}

TEST_HARNESS_MAIN
