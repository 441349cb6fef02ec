/* SPDX-License-Identifier: GPL-2.0 */
/* A file descriptor in a message between processes (SCM_RIGHTS). */
#ifndef _SELFTESTS_SOCASSIGN_PASSFD_H
#define _SELFTESTS_SOCASSIGN_PASSFD_H

/* 0 or a negative errno. */
int send_fd(int sock, int fd);

/* The descriptor, close-on-exec, or a negative errno: -EIO if none came. */
int receive_fd(int sock);

#endif
