/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Claims that go from one who may have them to a VMM of one who may not: to nobody,
 * who needs /dev/kvm beside them, and cannot look for KVM's fixes (socvmm's
 * --no-kvm-check).
 */
#ifndef _SELFTESTS_SOCASSIGN_HANDED_H
#define _SELFTESTS_SOCASSIGN_HANDED_H

#include <sys/types.h>

struct handed {
	int fds[2];			/* ours, until handed_over() */
	int num;
	char text[2][16];		/* fd=NUMBER, as options take it */
	mode_t kvm_mode;
};

/*
 * One or two claims, which programs that are started from now on inherit.  Whatever
 * comes of that, hand_over_end() closes them.
 */
int hand_over(struct handed *handed, const int *fds, int num);
/* Now they have them, and we do not. */
void handed_over(struct handed *handed);
/* The same, if it has not come to that; and /dev/kvm is whose it was. */
void hand_over_end(struct handed *handed);

#endif
