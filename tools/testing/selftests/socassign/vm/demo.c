// SPDX-License-Identifier: GPL-2.0
/*
 * The main job, visible: host drivers have devices; the administrator hands them
 * out; an unmodified Linux guest boots on them and uses them with its own
 * drivers; they go back.  Every line is real output.  Part two goes below the
 * guest: what a bus master may reach, and what happens when it tries more
 * (demo_dma.c).
 *
 *	demo VMM MEMORY STEPS NODE[,FLAG]...
 *	demo partitions
 *
 * VMM is socvmm, or qemu of any version; the guest's memory and nodes are what it takes.  For the
 * steps see guest/main.c.  The second one is another demo (demo_partitions.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/guest_machine.h"
#include "../lib/hostnet.h"
#include "../lib/hostrtc.h"
#include "../lib/kmsg.h"
#include "demo.h"

#define SOCVMM		"/bin/socvmm"
#define HOST_IP		0x0a00020f	/* 10.0.2.15 */
#define MAX_DEVICES	4

struct demo {
	const char *const *vmm;
	const char *memory;
	char append[128];
	unsigned int num;
	const char *assign[MAX_DEVICES];
	struct demo_device devices[MAX_DEVICES];
};

/* The host's own view, through its drivers. */

static void show_host_time(const struct demo_device *dev)
{
	struct rtc_time t;

	check(hostrtc_read(&dev->sysfs, &t), "the host's RTC");
	printf("  the host reads its RTC: %04d-%02d-%02d %02d:%02d:%02d\n",
	       t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
	       t.tm_sec);
}

void show_host_ping(const struct demo_device *dev)
{
	struct hostnet net;

	check(hostnet_open(&net, dev->node), "the host's interface");
	check(hostnet_ping_gateway(&net, HOST_IP), "the host's ping");
	printf("  the host pings the network's gateway through %s: it answers\n",
	       net.name);
	hostnet_down(&net);
	hostnet_close(&net);
}

static bool is_network(const struct demo_device *dev)
{
	return strstr(dev->node, "ethernet") || strstr(dev->node, "virtio");
}

static void show_use(const struct demo *demo)
{
	for (unsigned int i = 0; i < demo->num; i++) {
		const struct demo_device *dev = &demo->devices[i];

		if (is_network(dev))
			show_host_ping(dev);
		else
			show_host_time(dev);
	}
}

/* The guest */

/* How they are called; then the memory, the kernel's arguments, the devices. */

static const char *const socvmm[] = {
	SOCVMM, "--kernel", "/guest/kernel", "--initrd", "/guest/initrd",
	"--stats", NULL
};

static const char *const qemu[] = {
	GUEST_QEMU, "-M", GUEST_MACHINE, "-accel", "kvm", "-cpu", GUEST_CPU,
	"-nodefaults", "-nographic", "-serial", "stdio", "-no-reboot",
	"-kernel", "/guest/kernel", "-initrd", "/guest/initrd", NULL
};

/* What QEMU's machine has itself is not for this guest: the first one's overlay. */
static const char *qemu_device(const struct demo *demo, unsigned int i)
{
	char *text;

	if (asprintf(&text, "assigned-soc-dev,dev=%s%s", demo->assign[i],
		     i ? "" : ",overlay=" GUEST_ALONE) < 0)
		die("%s", strerror(ENOMEM));
	return text;
}

static void fill_args(const struct demo *demo, const char **args)
{
	bool is_qemu = demo->vmm == qemu;
	unsigned int num = 0;

	while (demo->vmm[num]) {
		args[num] = demo->vmm[num];
		num++;
	}
	args[num++] = is_qemu ? "-m" : "--mem";
	args[num++] = demo->memory;
	args[num++] = is_qemu ? "-append" : "--append";
	args[num++] = demo->append;
	for (unsigned int i = 0; i < demo->num; i++) {
		args[num++] = is_qemu ? "-device" : "--assign";
		args[num++] = is_qemu ? qemu_device(demo, i) :
					demo->assign[i];
	}
	args[num] = NULL;
}

static const char *vmm_name(const struct demo *demo)
{
	return strrchr(demo->vmm[0], '/') + 1;
}

static void show_args(const struct demo *demo, const char *const *args)
{
	printf("  # %s", vmm_name(demo));
	for (unsigned int i = 1; args[i]; i++) {
		const char *quote = strchr(args[i], ' ') ? "\"" : "";

		printf("%s%s%s%s", args[i][0] == '-' ? " \\\n      " : " ",
		       quote, args[i], quote);
	}
	printf("\n");
}

/* What the guest prints on its console, and what the VMM says. */
static void show_output(int fd)
{
	FILE *file = fdopen(fd, "r");
	char line[512];

	if (!file)
		die("%s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[strspn(line, " ")])
			printf("  | %s\n", line);
	}
	fclose(file);
}

pid_t start_vmm(const char *const *args, int output)
{
	pid_t pid = fork();

	if (pid < 0)
		die("%s", strerror(errno));
	if (pid)
		return pid;
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execv(args[0], (char *const *)args);
	_exit(127);
}

static void run_guest(const struct demo *demo)
{
	const char *args[32 + 2 * MAX_DEVICES];
	int status, fds[2];
	pid_t pid;

	fill_args(demo, args);
	show_args(demo, args);
	if (pipe2(fds, O_CLOEXEC))
		die("%s", strerror(errno));
	pid = start_vmm(args, fds[1]);
	close(fds[1]);
	show_output(fds[0]);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("%s has crashed", vmm_name(demo));
	if (WEXITSTATUS(status))
		die("%s: exit status %d", vmm_name(demo),
		    WEXITSTATUS(status));
}

/* Where nobody else is told of what a device was kept from; the first time will do. */
static void show_iommu(int log)
{
	char line[256];
	int events = 0;

	while (kmsg_next(log, "arm-smmu-v3", line, sizeof(line))) {
		events += !!strstr(line, " received:");
		if (events == 1)
			printf("  the host's log: %s\n", line);
	}
}

static void find_devices(struct demo *demo, char **nodes)
{
	for (; *nodes && demo->num < MAX_DEVICES; nodes++, demo->num++) {
		demo->assign[demo->num] = *nodes;
		find_device(&demo->devices[demo->num],
			    strndup(*nodes, strcspn(*nodes, ",")));
	}
}

static void demo_guest(struct demo *demo)
{
	int log = kmsg_open();

	check(log, "the kernel's log");
	printf("\n1. The host has the devices.\n");
	for (unsigned int i = 0; i < demo->num; i++)
		show_driver(&demo->devices[i]);
	show_use(demo);

	printf("\n2. The administrator hands them out.\n");
	for (unsigned int i = 0; i < demo->num; i++)
		hand_out(&demo->devices[i]);

	printf("\n3. An unmodified Linux guest boots on them, and uses them.\n");
	run_guest(demo);
	show_iommu(log);
	close(log);

	printf("\n4. They go back to the host.\n");
	for (unsigned int i = 0; i < demo->num; i++)
		give_back(&demo->devices[i]);
	show_use(demo);
}

int main(int argc, char **argv)
{
	struct demo demo = {};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "partitions")) {
		demo_partitions();
		return 0;
	}
	if (argc < 5)
		die("usage: demo VMM MEMORY STEPS NODE[,FLAG]...");
	demo.vmm = strncmp(argv[1], "qemu", 4) ? socvmm : qemu;
	demo.memory = argv[2];
	snprintf(demo.append, sizeof(demo.append), "quiet guest.run=%s",
		 argv[3]);
	find_devices(&demo, argv + 4);

	if (access(SOCVMM, X_OK))
		printf("\nThis board has no KVM: the first part, a guest, is left out.\n");
	else
		demo_guest(&demo);
	demo_dma();
	printf("\n");
	return 0;
}
