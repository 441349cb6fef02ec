// SPDX-License-Identifier: GPL-2.0
#include "guest_devices.h"

#include <linux/socassign.h>
#include <stdio.h>
#include <string.h>

#include "board.h"

static const struct guest_devices power = {
	.rtc = "/soc@fe0000000/i2c@3000",
	.rtc_with = "/soc@fe0000000/i2c@3100",
	.rtc_driver = "rtc-ds1307",
	.gpio = "/soc@fe0000000/gpio@ff000",
	.gpio_driver = "gpio-mpc8xxx",
	.net = "/platform@f00000000/ethernet@0",
	.net_iommu = "/platform@f00000000/ethernet@0/fsl,liodn",
	.net_host = "fsl-gianfar",
	.net_driver = "fsl-gianfar",
	.net_flags = SOCASSIGN_SUBTREE,
	.net_stops = true,
	.cycles = 40,			/* the kernel with all the debugging */
};

static const struct guest_devices arm64 = {
	.rtc = "/pl031@9010000",
	.rtc_driver = "rtc-pl031",
	.rtc_alarm = true,
	.gpio = "/pl061@9030000",
	.gpio_driver = "pl061_gpio",
	.gpio_host = "pl061_gpio",
	.net = "/virtio_mmio@a010000",
	.net_iommu = "/virtio_mmio@a010000/iommus",
	.net_host = "virtio-mmio",
	.net_driver = "virtio_net",
	.net_scatters = true,
	.cpu_goes = true,
	.cycles = 100,
};

const struct guest_devices *guest_devices(void)
{
	return strcmp(board_get()->name, "virt") ? &power : &arm64;
}

bool guest_interrupts(const char *line, unsigned long *from,
		      unsigned long *to)
{
	const char *at = strstr(line, "interrupts ");

	return at && sscanf(at, "interrupts %lu to %lu", from, to) == 2;
}
