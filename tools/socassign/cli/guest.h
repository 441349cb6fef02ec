/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The process that a partition is where there is no systemd
 */
#ifndef _SOCASSIGN_GUEST_H
#define _SOCASSIGN_GUEST_H

/**
 * struct guest - What a partition's process is made of
 * @partition: Its name
 * @description: The file that describes it, wherever one is
 * @lock: Its file, which it keeps open
 * @log: Where its messages go
 */
struct guest {
	const char *partition;
	const char *description;
	int lock;
	int log;
};

/*
 * Start socvmm, with the lock, and with nothing of the caller's but his environment.
 * Returns its ID, or a negative errno after a message.
 */
int guest_start(const struct guest *guest);

#endif /* _SOCASSIGN_GUEST_H */
