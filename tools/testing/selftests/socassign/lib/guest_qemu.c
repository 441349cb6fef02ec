// SPDX-License-Identifier: GPL-2.0
#include "guest_qemu.h"

#include <unistd.h>

#define QEMU	"/bin/qemu-system-aarch64"

const char *qemu_missing(void)
{
	if (access(QEMU, X_OK))
		return "no QEMU for guests: make check VMM=qemu builds one for arm64";
	return guest_missing();
}

int qemu_boot(struct guest *guest, const struct guest_plan *plan)
{
	char append[256];
	const char *args[GUEST_MAX_ARGS + 1] = {
		"-M", "virt,gic-version=host", "-accel", "kvm", "-cpu", "host",
		"-m", "160", "-nodefaults", "-nographic", "-serial", "stdio",
		"-kernel", "/guest/kernel", "-initrd", "/guest/initrd",
		"-append", append,
	};
	int num = 18;

	guest_append(append, sizeof(append), plan);
	if (!plan->reboots)
		args[num++] = "-no-reboot";
	for (int i = 0; num < GUEST_MAX_ARGS && plan->args[i]; i++)
		args[num++] = plan->args[i];
	return guest_start(guest, QEMU, plan->as, args);
}
