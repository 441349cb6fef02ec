// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that goes astray: it tells its Ethernet controller, behind the back of
 * the driver, to read descriptors where it has no memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../lib/devtree.h"
#include "../../lib/etsec.h"
#include "guest.h"

/* Beyond any guest's memory that a test or the demo makes */
#define NOWHERE	0x50000000
#define PAGE	0x1000

/* The registers are those of a group of queues, a child. */
static bool find_registers(struct dt_span *span)
{
	dt_load();
	for (struct dt_node *node = dt_first(); node; node = node->next)
		if (node->parent &&
		    dt_is_compatible(node->parent, "fsl,etsec2") &&
		    dt_reg(node, 0, span) && span->reachable)
			return true;
	return false;
}

static void *map(const struct dt_span *span)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  span->cpu);

	close(fd);
	return regs == MAP_FAILED ? NULL : regs;
}

/* One descriptor, which is nowhere; the one of ours only takes the zeros. */
static void go_astray(void *regs)
{
	struct etsec_bd unused;
	struct etsec etsec = { .regs = regs };

	etsec_stop(&etsec);
	etsec_set_tx_ring(&etsec, &unused, NOWHERE, 1);
	etsec_start(&etsec);
	etsec_retry_tx(&etsec);
	sleep(1);
}

void fault_step(void)
{
	struct dt_span span;
	void *regs;

	if (!find_registers(&span)) {
		step_failed("no eTSEC");
		return;
	}
	regs = map(&span);
	if (!regs) {
		step_failed("/dev/mem: %s", strerror(errno));
		return;
	}
	go_astray(regs);
	step_ok("read at 0x%x, and the guest goes on", NOWHERE);
	munmap(regs, PAGE);
}
