/* SPDX-License-Identifier: GPL-2.0 */
/* Somebody with less power than root tries something. */
#ifndef _SELFTESTS_SOCASSIGN_WHO_H
#define _SELFTESTS_SOCASSIGN_WHO_H

/* Become somebody else; 0 or a negative errno. */
typedef int (*who_becomes)(void);

int who_root(void);
int who_without_sys_admin(void);	/* root, CAP_SYS_ADMIN dropped */
int who_without_sys_rawio(void);	/* root, CAP_SYS_RAWIO dropped */
int who_without_ipc_lock(void);		/* root, CAP_IPC_LOCK dropped */
int who_nobody(void);			/* user 65534, no capabilities */
int who_nobody_in_user_ns(void);	/* the same, root in its own namespace */
int who_root_in_user_ns(void);		/* root, all powers in a namespace only */

/* What WHO_CANNOT says: the machine cannot make such a somebody. */
#define WHO_CANNOT	(-1000)

/* Run @act as somebody else, in a child process; its result. */
int who_does(who_becomes become, int (*act)(void *arg), void *arg);

#endif
