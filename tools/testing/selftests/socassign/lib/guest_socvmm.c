// SPDX-License-Identifier: GPL-2.0
#include "guest_socvmm.h"

#include <linux/socassign.h>
#include <signal.h>
#include <stdio.h>

static void fill_assign(struct guest_args *args, const struct guest_plan *plan,
			const struct guest_assign *it)
{
	guest_arg(args, "--assign");
	if (it->fd) {
		guest_arg(args, it->fd);
		return;
	}
	guest_arg_made(args, "%s%s%s%s%s%s%s", it->nodes[0],
		       it->nodes[1] ? "," : "", it->nodes[1] ? it->nodes[1] : "",
		       it->flags & SOCASSIGN_SUBTREE ? ",subtree" : "",
		       it->flags & SOCASSIGN_DETACH ? ",detach" : "",
		       it->flags & SOCASSIGN_NO_DMA ? ",no-dma" : "",
		       it->flags & SOCASSIGN_SHARED ? ",shared" : "");
}

static void fill(struct guest_args *args, const struct guest_plan *plan)
{
	guest_arg(args, "--kernel");
	guest_arg(args, "/guest/kernel");
	guest_arg(args, "--initrd");
	guest_arg(args, "/guest/initrd");
	guest_arg(args, "--mem");
	guest_arg(args, plan->mem ? plan->mem : "160M");
	guest_arg(args, "--append");
	guest_append(args, plan);
	if (!plan->reboots)
		guest_arg(args, "--no-reboot");
	/* Others cannot look for KVM's fixes. */
	if (plan->as)
		guest_arg(args, "--no-kvm-check");
	if (plan->overlay) {
		guest_arg(args, "--overlay");
		guest_arg(args, plan->overlay);
	}
}

const struct guest_vmm guest_socvmm = {
	.path = "/bin/socvmm",
	.missing = "no /bin/socvmm",
	.counts = true,
	.terminated = 128 + SIGTERM,
	.least_mem = "80M",
	.slowness = 1,
	.fill = fill,
	.assign = fill_assign,
};

bool guest_get_stats(struct guest *guest, struct guest_stats *stats)
{
	kill(guest->pid, SIGUSR1);
	if (!guest_is_told(guest, "stats: runs="))
		return false;
	return sscanf(guest_told_line(guest),
		      "socvmm: stats: runs=%lu mmio-console=%lu mmio-other=%lu interrupted=%lu wakes=%lu",
		      &stats->runs, &stats->console, &stats->other,
		      &stats->interrupted, &stats->wakes) == 5;
}
