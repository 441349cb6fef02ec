// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "limit.h"
#include "mpc_i2c.h"
#include "pl031.h"
#include "pl061.h"

static const struct level_dev power_i2c = {
	.node = "/soc@fe0000000/i2c@3000",
	.with = "/soc@fe0000000/i2c@3100",
	.parent = "/soc@fe0000000",
	.driver = "mpc-i2c",
	.probe_reg = MPC_I2C_SR,
	.init = mpc_i2c_init,
	.raise = mpc_i2c_raise,
	.lower = mpc_i2c_lower,
};

static void pl031_init(volatile void *regs)
{
	pl031_lower(regs);
	pl031_put(regs, PL031_IMSC, 0);
}

static const struct level_dev arm_pl031 = {
	.node = "/pl031@9010000",
	.parent = "/",
	.driver = "rtc-pl031",
	.probe_reg = PL031_DR,
	.init = pl031_init,
	.raise = pl031_raise,
	.lower = pl031_lower,
};

static const struct level_dev arm_pl061 = {
	.node = "/pl061@9030000",
	.parent = "/",
	.driver = "pl061_gpio",
	.probe_reg = PL061_RIS,
	.init = pl061_init,
	.raise = pl061_raise,
	.lower = pl061_lower,
};

static const struct bench benches[] = {
	{
		.level = &power_i2c,
		.edge = "/platform@f00000000/ethernet@2000",
		.liar = "/soc@fe0000000/doorbell@41600",
		.host_line = "/soc@fe0000000/host-line@f0000",
		.host_user = "/soc@fe0000000/gpio@fe000",
		.plain = "/soc@fe0000000/plain@f1000",
		.stuck = "/soc@fe0000000/stuck@f2000",
		.devm = "/soc@fe0000000/devm@f3000",
		.asleep = "/soc@fe0000000/asleep@f4000",
		.bus = "/soc@fe0000000",
	},
	{
		.level = &arm_pl031,
		.level2 = &arm_pl061,
		.edge = "/virtio_mmio@a003e00",
		.unblocked = "/virtio_mmio@a003e00",
		.host_line = "/bench@b200000/host-line@f0000",
		.host_user = "/pcie@10000000",
		.plain = "/bench@b200000/plain@f1000",
		.stuck = "/bench@b200000/stuck@f2000",
		.devm = "/bench@b200000/devm@f3000",
		.asleep = "/bench@b200000/asleep@f4000",
		.bus = "/bench@b200000",
	},
};

bool node_exists(const char *path)
{
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "/sys/firmware/devicetree/base%s", path);
	return access(file, F_OK) == 0;
}

const struct bench *bench(void)
{
	/* By a node that no test takes out of the tree. */
	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++)
		if (node_exists(benches[i].host_line))
			return &benches[i];
	return NULL;
}

const char *bench_node(const char *node)
{
	static char paths[8][256];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", bench()->bus, node);
	return path;
}

int bench_use_host_line(void)
{
	return open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int level_claim(const struct level_dev *dev, __u32 flags)
{
	char list[512];
	size_t len;

	len = soc_list_add(list, sizeof(list), 0, dev->node);
	if (dev->with)
		len = soc_list_add(list, sizeof(list), len, dev->with);
	return soc_claim_list(list, len, flags);
}

static int level_attach(struct level *level)
{
	int ret = soc_region(level->fd, 0, &level->region);

	if (ret)
		return ret;
	level->regs = soc_map(level->fd, &level->region);
	if (!level->regs)
		return -errno;
	level->dev->init(level->regs);
	level->trigger = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	level->resample = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = soc_set_resample(level->fd, 0, level->resample);
	return ret ? ret : soc_set_trigger(level->fd, 0, level->trigger);
}

int level_open(struct level *level, const struct level_dev *dev, __u32 flags)
{
	int ret = sysfs_find(dev->node, &level->sysfs);

	*level = (struct level) {
		.dev = dev, .sysfs = level->sysfs, .fd = -1,
		.trigger = -1, .resample = -1,
	};
	if (ret)
		return ret;
	level->fd = level_claim(dev, flags);
	if (level->fd < 0)
		return level->fd;
	ret = level_attach(level);
	if (ret)
		level_close(level);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void level_close(struct level *level)
{
	if (level->regs)
		soc_unmap(level->regs, &level->region);
	level->regs = NULL;
	close_fd(&level->fd);
	close_fd(&level->trigger);
	close_fd(&level->resample);
}

__u32 level_flags(const struct level *level)
{
	struct socassign_irq irq = {};

	return soc_irq(level->fd, 0, &irq) ? ~0u : irq.out_flags;
}

void level_raise(struct level *level)
{
	level->dev->raise(level->regs);
}

void level_lower(struct level *level)
{
	level->dev->lower(level->regs);
}

int soc_set_affinity(int fd, __u32 index, const __u64 *cpus, __u32 len)
{
	struct socassign_set_irq cmd = {
		.size = sizeof(cmd), .index = index,
		.flags = SOCASSIGN_SET_AFFINITY,
		.cpus_len = len, .cpus = (uintptr_t)cpus,
	};

	return soc_ioctl(fd, SOCASSIGN_SET_IRQ, &cmd);
}

int level_pin(struct level *level, unsigned int cpu)
{
	const __u64 mask = 1ull << cpu;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return -errno;
	return soc_set_affinity(level->fd, 0, &mask, sizeof(mask));
}

void run_anywhere(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	sched_setaffinity(0, sizeof(set), &set);
}

int level_resample(struct level *level)
{
	const uint64_t one = 1;

	return write(level->resample, &one, sizeof(one)) < 0 ? -errno : 0;
}

static int level_move(const struct level_dev *dev, const char *driver)
{
	struct sysfs_device sysfs;
	int ret = sysfs_find(dev->node, &sysfs);

	if (ret || sysfs_bound_to(&sysfs, driver))
		return ret;
	return sysfs_move(&sysfs, driver);
}

bool level_cycle(struct level *level)
{
	level_raise(level);
	if (soc_wait(level->trigger, LONG_MS) != 1)
		return false;
	level_lower(level);
	return level_resample(level) == 0;
}

int level_hand_out(const struct level_dev *dev)
{
	return level_move(dev, "socassign");
}

/*
 * Linux 6.1's i2c-mpc does not survive an interrupt that it did not ask for,
 * so none may be up when it gets the device.
 */
static void quiet(const struct level_dev *dev)
{
	struct level level;

	if (level_open(&level, dev, 0))
		return;
	level_lower(&level);
	level_close(&level);
}

int level_take_back(const struct level_dev *dev)
{
	struct sysfs_device sysfs;

	if (!sysfs_find(dev->node, &sysfs) &&
	    sysfs_bound_to(&sysfs, "socassign"))
		quiet(dev);
	return level_move(dev, dev->driver);
}

int level_set_up(struct level *level, const struct level_dev *dev)
{
	int ret = level_hand_out(dev);

	return ret ? ret : level_open(level, dev, 0);
}

int level_tear_down(struct level *level)
{
	if (level->regs)
		level_lower(level);
	level_close(level);
	return level_take_back(level->dev);
}
