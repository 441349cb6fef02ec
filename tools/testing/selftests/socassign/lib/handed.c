// SPDX-License-Identifier: GPL-2.0
#include "handed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int hand_over(struct handed *handed, const int *fds, int num)
{
	struct stat kvm;

	for (int i = 0; i < num; i++)
		handed->fds[handed->num++] = fds[i];
	if (stat("/dev/kvm", &kvm) || chmod("/dev/kvm", 0666))
		return -errno;
	handed->kvm_mode = kvm.st_mode & 07777;
	for (int i = 0; i < num; i++) {
		if (fcntl(fds[i], F_SETFD, 0))
			return -errno;
		snprintf(handed->text[i], sizeof(handed->text[i]), "fd=%d",
			 fds[i]);
	}
	return 0;
}

void handed_over(struct handed *handed)
{
	while (handed->num)
		close(handed->fds[--handed->num]);
}

void hand_over_end(struct handed *handed)
{
	handed_over(handed);
	if (handed->kvm_mode)
		chmod("/dev/kvm", handed->kvm_mode);
}
