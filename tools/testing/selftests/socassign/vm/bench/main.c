// SPDX-License-Identifier: GPL-2.0
/*
 * What the driver costs, as a table that can be pasted into the documentation,
 * and whether that is what we promise.  For the Power boards, with one CPU.
 */
#include <errno.h>
#include <stdio.h>

#include "../../lib/claim.h"
#include "../../lib/dma_bench.h"
#include "bench.h"
#include "measure.h"

int main(void)
{
	void *mem = huge_row();
	int fd;

	must(mem ? 0 : -ENOMEM, "huge pages of 512 MiB in a row");
	table_begin();
	bench_claims();
	fd = must(soc_claim(DMA_BENCH_NODE, SOCASSIGN_SUBTREE),
		  DMA_BENCH_NODE);
	bench_pins(fd, mem);
	bench_windows(fd, mem);
	table_end();
	return promises_kept() ? 0 : 1;
}
