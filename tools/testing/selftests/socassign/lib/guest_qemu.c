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

static int boot_on(struct guest *guest, const struct guest_plan *plan,
		   const char *machine, const char *accel, const char *cpu)
{
	char append[256];
	const char *args[GUEST_MAX_ARGS + 1] = {
		"-M", machine, "-accel", accel, "-cpu", cpu,
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

int qemu_boot(struct guest *guest, const struct guest_plan *plan)
{
	return boot_on(guest, plan, "virt,gic-version=host", "kvm", "host");
}

int qemu_boot_tcg(struct guest *guest, const struct guest_plan *plan)
{
	return boot_on(guest, plan, "virt,gic-version=3", "tcg", "cortex-a57");
}
