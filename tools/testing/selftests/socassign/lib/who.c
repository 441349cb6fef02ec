// SPDX-License-Identifier: GPL-2.0
#include "who.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <linux/types.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY	65534

static int get_caps(struct __user_cap_data_struct caps[2])
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return syscall(SYS_capget, &header, caps) ? -errno : 0;
}

static bool has_cap(int cap)
{
	struct __user_cap_data_struct caps[2];

	return !get_caps(caps) && caps[cap / 32].effective & 1U << cap % 32;
}

static int drop_cap(int cap)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[2];
	const __u32 bit = 1U << cap % 32;
	int ret = get_caps(caps);

	if (ret)
		return ret;
	caps[cap / 32].effective &= ~bit;
	caps[cap / 32].permitted &= ~bit;
	caps[cap / 32].inheritable &= ~bit;
	return syscall(SYS_capset, &header, caps) ? -errno : 0;
}

int who_root(void)
{
	return has_cap(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

int who_without_sys_admin(void)
{
	return drop_cap(CAP_SYS_ADMIN);
}

int who_without_sys_rawio(void)
{
	return drop_cap(CAP_SYS_RAWIO);
}

int who_without_ipc_lock(void)
{
	return drop_cap(CAP_IPC_LOCK);
}

int who_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	return has_cap(CAP_SYS_ADMIN) ? -EINVAL : 0;
}

/* It has the capabilities, but only where they are worth nothing. */
int who_root_in_user_ns(void)
{
	if (unshare(CLONE_NEWUSER))
		return -errno;
	return has_cap(CAP_SYS_ADMIN) && has_cap(CAP_SYS_RAWIO) ? 0 : -EINVAL;
}

int who_nobody_in_user_ns(void)
{
	int ret = who_nobody();

	return ret ? ret : who_root_in_user_ns();
}

int who_does(who_becomes become, int (*act)(void *arg), void *arg)
{
	int result = WHO_CANNOT;
	int pipefd[2];
	pid_t pid;

	if (pipe(pipefd))
		return -errno;
	pid = fork();
	if (!pid) {
		if (!become())
			result = act(arg);
		_exit(write(pipefd[1], &result, sizeof(result)) < 0);
	}
	close(pipefd[1]);
	if (pid < 0 || read(pipefd[0], &result, sizeof(result)) !=
		       sizeof(result))
		result = WHO_CANNOT;
	close(pipefd[0]);
	waitpid(pid, NULL, 0);
	return result;
}
