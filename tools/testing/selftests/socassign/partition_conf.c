// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions of the machine, from one description: two guests at once, each with a
 * device of its own, memory that both have, and a doorbell between them.
 */
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "lib/devtree.h"
#include "lib/fdt.h"
#include "lib/guest_net.h"
#include "lib/guest_rtc.h"
#include "lib/guest_socvmm.h"
#include "lib/kmsg.h"
#include "lib/partition.h"
#include "lib/program.h"

#define SECONDS		600	/* for a test; against hangs only */
#define COMMAND		"/bin/socassign"
#define CONF		"/tmp/partitions.dtb"
#define APPEND		"quiet panic=-1 cma=0 guest.run="
#define BYTES		(128u << 20)	/* enough for a guest */

/* What goes wrong in the description. */
enum mistake {
	NO_MISTAKE,
	UNKNOWN_PROPERTY,
	SAME_DEVICE
};

/* Of two guests each has its own, where the machine has two. */
static const char *cpu_node(unsigned int index)
{
	const char *path = NULL;

	for (const struct dt_node *np = dt_first(); np; np = np->next) {
		if (strcmp(dt_string(np, "device_type", 0), "cpu"))
			continue;
		path = np->path;
		if (!index--)
			break;
	}
	return path;
}

static void put_flag(struct fdt *fdt, const char *name)
{
	fdt_cells(fdt, name, NULL, 0);
}

static void put_device(struct fdt *fdt, const char *path, bool detach)
{
	fdt_begin_node(fdt, "device");
	fdt_string(fdt, "paths", path);
	if (detach)
		put_flag(fdt, "detach");
	fdt_end_node(fdt);
}

static void put_shared(struct fdt *fdt, const char *path)
{
	fdt_begin_node(fdt, "mail-shared-memory");
	fdt_string(fdt, "memory-path", path);
	fdt_end_node(fdt);
}

static void put_doorbell(struct fdt *fdt, const char *partner)
{
	fdt_begin_node(fdt, "doorbell");
	fdt_string(fdt, "partner", partner);
	fdt_end_node(fdt);
}

/* A partition, which is left open for its claims.  Its memory: a path, or pages */
static void begin_partition(struct fdt *fdt, const char *name, const char *cpu,
			    const char *memory, const char *append)
{
	const uint32_t bytes = BYTES;

	fdt_begin_node(fdt, name);
	fdt_string(fdt, "kernel", "/guest/kernel");
	fdt_string(fdt, "initrd", "/guest/initrd");
	fdt_string(fdt, "bootargs", append);
	fdt_string(fdt, "cpu-paths", cpu);
	if (memory)
		fdt_string(fdt, "memory-path", memory);
	else
		fdt_cells(fdt, "memory-size", &bytes, 1);
	put_flag(fdt, "no-reboot");
}

static size_t put_conf(struct fdt *fdt, const struct guest_devices *devices,
		       enum mistake mistake)
{
	const char *shared = partition_node("shared");

	dt_load();
	fdt_begin(fdt);
	fdt_begin_node(fdt, "partitions");
	fdt_string(fdt, "compatible", "socassign,partitions");
	begin_partition(fdt, "clock", cpu_node(0), NULL,
			APPEND "shared,rtc,ring,echo,rtc,ring,wait");
	put_device(fdt, devices->rtc, true);
	put_shared(fdt, shared);
	put_doorbell(fdt, "lines");
	fdt_end_node(fdt);
	begin_partition(fdt, "lines", cpu_node(1), NULL,
			APPEND "shared,gpio,answer,wait");
	if (mistake == UNKNOWN_PROPERTY)
		fdt_string(fdt, "kernels", "/guest/kernel");
	put_device(fdt, mistake == SAME_DEVICE ? devices->rtc : devices->gpio,
		   devices->gpio_host);
	put_shared(fdt, shared);
	put_doorbell(fdt, "clock");
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	return fdt_finish(fdt);
}

static bool write_conf(const struct guest_devices *devices, enum mistake mistake)
{
	static struct fdt fdt;
	size_t size = put_conf(&fdt, devices, mistake);
	FILE *file = fopen(CONF, "w");
	bool done = file && fwrite(fdt.blob, 1, size, file) == size;

	return file && !fclose(file) && done;
}

FIXTURE(partition_conf) {
	struct guest_rtc it;		/* "clock" */
	struct guest lines;
	struct program program;
};

static const char *missing(void)
{
	if (access(COMMAND, X_OK))
		return "no " COMMAND;
	return NULL;
}

FIXTURE_SETUP(partition_conf)
{
	self->lines = GUEST_NONE;
	setenv("SOCASSIGN_RUN", "/tmp", 1);
	self->it.guest = GUEST_NONE;
	self->it.skip = missing();
	if (self->it.skip)
		return;
	guest_rtc_setup(_metadata, &self->it, &guest_socvmm);
	if (!self->it.skip)
		ASSERT_TRUE(write_conf(self->it.devices, NO_MISTAKE));
}

static int run(struct program *program, const char *action,
	       const char *option, const char *file)
{
	const char *const argv[] = {
		COMMAND, "partition", action, option, file, NULL
	};
	int code = program_run(program, who_root, argv);

	printf("# %s %s\n", program->out, program->err);
	return code;
}

static int check(struct program *program)
{
	return run(program, "check", CONF, NULL);
}

static int act(struct program *program, const char *action)
{
	return run(program, action, "--description", CONF);
}

FIXTURE_TEARDOWN(partition_conf)
{
	guest_close(&self->lines);
	/* Those that the command has started */
	if (!self->it.skip)
		act(&self->program, "stop");
	guest_rtc_teardown(_metadata, &self->it);
	program_free(&self->program);
	unlink(CONF);
}

/* Up to the last step, which waits. */
static void start(struct __test_metadata *_metadata, struct guest *guest,
		  const char *name)
{
	char what[64];
	const char *const args[] = { "--partition", what, NULL };

	snprintf(what, sizeof(what), CONF ":/partitions/%s", name);
	ASSERT_EQ(0, guest_start(guest, &guest_socvmm, NULL, args));
	ASSERT_TRUE(guest_prints(guest, "guest: up"));
}

static void lines_work(struct __test_metadata *_metadata, struct guest *guest)
{
	ASSERT_TRUE(guest_prints(guest, "guest: gpio: ok"));
	ASSERT_TRUE(guest_prints(guest, "guest: wait"));
}

/* Threads that may run on one CPU only */
static int count_bound(pid_t pid)
{
	struct dirent *entry;
	char path[64];
	cpu_set_t set;
	int num = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (*entry->d_name != '.' &&
		    !sched_getaffinity(atoi(entry->d_name), sizeof(set), &set))
			num += CPU_COUNT(&set) == 1;
	if (tasks)
		closedir(tasks);
	return num;
}

/* Now it is the one that rings who is killed. */
static void rings_after_restart(struct __test_metadata *_metadata,
				struct guest *clock)
{
	EXPECT_EQ(128 + SIGKILL, guest_stop(clock, SIGKILL));
	guest_close(clock);
	start(_metadata, clock, "clock");
	ASSERT_TRUE(guest_prints(clock, "guest: ring: ok"));
	ASSERT_TRUE(guest_type(clock, "\n"));
	ASSERT_TRUE(guest_prints(clock, "guest: ring: ok"));
}

TEST_F_TIMEOUT(partition_conf, is_good, SECONDS)
{
	SKIP_IF(self->it.skip);
	EXPECT_EQ(0, check(&self->program));
	EXPECT_NE(NULL, strstr(self->program.out, CONF ": good"));
	EXPECT_EQ(NULL, strstr(self->program.out, "error:"));
}

TEST_F_TIMEOUT(partition_conf, one_is_killed_and_comes_back, SECONDS)
{
	struct guest *clock = &self->it.guest;

	SKIP_IF(self->it.skip);
	start(_metadata, clock, "clock");
	ASSERT_TRUE(guest_prints(clock, "guest: shared: ok 0"));
	ASSERT_TRUE(guest_prints(clock, "guest: rtc: ok"));
	start(_metadata, &self->lines, "lines");
	/* What the other has left there */
	ASSERT_TRUE(guest_prints(&self->lines, "guest: shared: ok 1"));
	lines_work(_metadata, &self->lines);
	/* By the other one, whose interrupt it was, and whose answer was one here */
	ASSERT_TRUE(guest_prints(clock, "guest: ring: ok"));
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		EXPECT_EQ(1, count_bound(clock->pid));
	/* It runs, so what it has is no error. */
	EXPECT_EQ(0, check(&self->program));
	EXPECT_NE(NULL, strstr(self->program.out, "somebody has it at present"));

	EXPECT_EQ(128 + SIGKILL, guest_stop(&self->lines, SIGKILL));
	guest_close(&self->lines);
	start(_metadata, &self->lines, "lines");
	ASSERT_TRUE(guest_prints(&self->lines, "guest: shared: ok 2"));
	lines_work(_metadata, &self->lines);

	/* The first has not noticed, and rings where it rang. */
	ASSERT_TRUE(guest_type(clock, "hello\n"));
	ASSERT_TRUE(guest_prints(clock, "guest: echo: ok hello"));
	ASSERT_TRUE(guest_prints(clock, "guest: rtc: ok"));
	ASSERT_TRUE(guest_prints(clock, "guest: ring: ok"));
	rings_after_restart(_metadata, clock);
	ASSERT_TRUE(guest_type(clock, "\n"));
	guest_rtc_ends(_metadata, &self->it);
	ASSERT_TRUE(guest_type(&self->lines, "\n"));
	guest_ends(_metadata, &self->lines);
}

/* Only where the host has a driver for it. */
static bool host_has_rtc(const struct guest_rtc *it)
{
	return sysfs_bound_to(&it->rtc, it->driver);
}

TEST_F_TIMEOUT(partition_conf, a_mistake_starts_nothing, SECONDS)
{
	const char *const args[] = {
		"--partition", CONF ":/partitions/clock", NULL
	};

	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_conf(self->it.devices, UNKNOWN_PROPERTY));
	ASSERT_EQ(0, guest_start(&self->it.guest, &guest_socvmm, NULL, args));
	/* In another partition */
	EXPECT_TRUE(guest_is_told(&self->it.guest,
				  CONF ": /partitions/lines kernels: unknown property"));
	EXPECT_EQ(2, guest_end(&self->it.guest));
	EXPECT_TRUE(host_has_rtc(&self->it));
	EXPECT_EQ(1, check(&self->program));
}

TEST_F_TIMEOUT(partition_conf, a_conflict_is_found, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_conf(self->it.devices, SAME_DEVICE));
	EXPECT_EQ(1, check(&self->program));
	EXPECT_NE(NULL, strstr(self->program.out,
			       "error: /partitions/lines/device paths: "));
}

/* Without a terminal, and by nobody's hand afterwards */
TEST_F_TIMEOUT(partition_conf, the_command_starts_them, SECONDS)
{
	SKIP_IF(self->it.skip);
	EXPECT_EQ(1, act(&self->program, "status"));
	ASSERT_EQ(0, act(&self->program, "start"));
	EXPECT_STREQ("running clock\nrunning lines\n", self->program.out);
	EXPECT_TRUE(sysfs_wait_driver(&self->it.rtc, "socassign"));
	EXPECT_EQ(0, act(&self->program, "status"));
	EXPECT_EQ(0, act(&self->program, "stop"));
	EXPECT_STREQ("stopped clock\nstopped lines\n", self->program.out);
	EXPECT_TRUE(host_has_rtc(&self->it));
	EXPECT_EQ(1, act(&self->program, "status"));
}

/* What a device sees of its guest's memory: windows */

#define PAGE	0x1000

/* Where socvmm has the guest's memory */
static uint32_t ram_start(const struct guest_devices *devices)
{
	return devices->net_scatters ? 0x40000000 : 0;
}

static void put_window(struct fdt *fdt, const char *name, uint32_t iova,
		       uint32_t size)
{
	fdt_begin_node(fdt, name);
	fdt_cells(fdt, "iova", &iova, 1);
	fdt_cells(fdt, "size", &size, 1);
}

/* A window, with a property more: without a value, it is a flag; and one up to @upto */
static bool write_windows(const struct guest_devices *devices, uint32_t bytes,
			  uint32_t upto, const char *property, uint32_t value)
{
	const uint32_t ram = ram_start(devices);
	static struct fdt fdt;
	size_t size;
	FILE *file;
	bool done;

	dt_load();
	fdt_begin(&fdt);
	fdt_begin_node(&fdt, "partitions");
	fdt_string(&fdt, "compatible", "socassign,partitions");
	begin_partition(&fdt, "net", cpu_node(0),
			devices->net_scatters ? NULL : partition_node("guest"),
			APPEND "net loglevel=0");
	fdt_begin_node(&fdt, "net-device");
	fdt_string(&fdt, "paths", devices->net);
	put_flag(&fdt, "detach");
	if (devices->net_flags & SOCASSIGN_SUBTREE)
		put_flag(&fdt, "subtree");
	put_window(&fdt, "low-window", ram, bytes);
	if (property)
		fdt_cells(&fdt, property, &value, !!value);
	fdt_end_node(&fdt);
	if (upto > bytes) {
		put_window(&fdt, "high-window", ram + bytes, upto - bytes);
		fdt_end_node(&fdt);
	}
	fdt_end_node(&fdt);
	fdt_end_node(&fdt);
	fdt_end_node(&fdt);
	size = fdt_finish(&fdt);
	file = fopen(CONF, "w");
	done = file && fwrite(fdt.blob, 1, size, file) == size;
	return file && !fclose(file) && done;
}

FIXTURE(windows) {
	struct guest_net it;
	struct program program;
};

FIXTURE_SETUP(windows)
{
	self->it = (struct guest_net) {
		.skip = missing(), .guest = GUEST_NONE,
	};
	if (!self->it.skip)
		guest_net_setup(_metadata, &self->it, &guest_socvmm);
}

FIXTURE_TEARDOWN(windows)
{
	guest_net_teardown(_metadata, &self->it);
	program_free(&self->program);
	unlink(CONF);
}

static const char *const net_args[] = {
	"--partition", CONF ":/partitions/net", NULL
};

TEST_F_TIMEOUT(windows, a_device_sees_what_is_described, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_windows(self->it.devices, BYTES / 2, BYTES, NULL, 0));
	EXPECT_EQ(0, check(&self->program));
	start(_metadata, &self->it.guest, "net");
	ASSERT_TRUE(guest_prints(&self->it.guest, "guest: net: ok"));
	guest_ends(_metadata, &self->it.guest);
}

static void refused(struct __test_metadata *_metadata, struct guest *guest,
		    const char *why)
{
	ASSERT_EQ(0, guest_start(guest, &guest_socvmm, NULL, net_args));
	EXPECT_TRUE(guest_is_told(guest, why));
	EXPECT_EQ(1, guest_end(guest));
}

TEST_F_TIMEOUT(windows, onto_more_than_there_is, SECONDS)
{
	char rule[128];

	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_windows(self->it.devices, BYTES, BYTES + PAGE,
				  NULL, 0));
	snprintf(rule, sizeof(rule),
		 "net-device: high-window: offset: the guest has neither memory nor the device's registers at 0x%x",
		 ram_start(self->it.devices) + BYTES);
	refused(_metadata, &self->it.guest, rule);
}

TEST_F_TIMEOUT(windows, of_an_identity_that_is_not_there, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_windows(self->it.devices, BYTES, 0, "index", 1));
	refused(_metadata, &self->it.guest,
		"net-device: low-window: index: 1, and there are 1 DMA identities");
}

/* The VMM is told where the IOMMU's driver tells; else the kernel's log has it. */
static bool fault_is_told(struct guest *guest, const struct guest_devices *devices,
			  int log, const char *what)
{
	if (!devices->net_scatters || board_smmu_tells())
		return guest_is_told(guest, ": DMA fault") &&
		       guest_is_told(guest, what);
	return wait_until(kmsg_count(log, "arm-smmu-v3", "event"));
}

/* The guest's driver has its rings elsewhere, and waits there for an answer. */
TEST_F_TIMEOUT(windows, and_nothing_else, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_windows(self->it.devices, PAGE, 0, NULL, 0));
	start(_metadata, &self->it.guest, "net");
	EXPECT_TRUE(fault_is_told(&self->it.guest, self->it.devices, self->it.log,
				  "outside"));
}

/* It reads what to do there, and cannot say that it is done. */
TEST_F_TIMEOUT(windows, one_to_read_is_not_written, SECONDS)
{
	SKIP_IF(self->it.skip);
	ASSERT_TRUE(write_windows(self->it.devices, BYTES, 0, "read-only", 0));
	start(_metadata, &self->it.guest, "net");
	EXPECT_TRUE(fault_is_told(&self->it.guest, self->it.devices, self->it.log,
				  "not permitted"));
}

int main(int argc, char **argv)
{
	board_require();
	return test_harness_run(argc, argv);
}
