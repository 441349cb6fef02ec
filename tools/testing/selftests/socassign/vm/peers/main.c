// SPDX-License-Identifier: GPL-2.0
/*
 *	peers all		every peer on the board's device, in one boot
 *	peers tree NAME		a claim in this tree, which is called so
 *	peers held		a claim while others are held
 *	peers subtree		claims of many nodes
 *	peers dma		memory for a bus master behind an IOMMU
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../bench/measure.h"
#include "peers.h"

static const struct peer *const peers[] = {
	&peer_floor, &peer_soca, &peer_soca_bound, &peer_vfio, &peer_uio,
};

/* The NOR flash of QEMU's arm64 board. */
static const struct target flash = {
	.node = "/flash@0", .length = 64 * MIB,
};

static const struct target *large_target(void)
{
	return node_exists(flash.node) ? &flash : NULL;
}

/* Threads last: the C library takes other ways once there was one. */
static void measure_peer(const struct peer *peer, const struct target *target,
			 const struct target *large)
{
	peer_bind(peer, target);
	measure_alone(peer, target);
	measure_entries(peer, target);
	measure_open(peer, target);
	measure_register(peer, target);
	measure_sleeper(peer, target);
	peer_bind(&peer_soca, target);
	if (!large)
		return;
	peer_bind(peer, large);
	measure_memory(peer, large);
	peer_bind(&peer_soca, large);
}

/* Each in a process of its own, which knows nothing of the one before. */
static void fork_peer(const struct peer *peer, const struct target *target,
		      const struct target *large)
{
	pid_t child = fork();
	int status;

	if (!child) {
		measure_peer(peer, target, large);
		exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		exit(1);
}

static void measure_all(const struct target *target)
{
	const struct target *large = large_target();

	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++)
		if (peer_present(peers[i]))
			fork_peer(peers[i], target, large);
	measure_unbind(target, large);
}

/* What the kernel has put off while it booted is not ours. */
static void settle(void)
{
	const struct timespec pause = { .tv_sec = 20 };

	nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	struct target target = { .length = PAGE };

	must(bench() ? 0 : -ENODEV, "a board that is known");
	target.level = bench()->level;
	target.node = target.level->node;
	settle();
	if (argc == 2 && !strcmp(argv[1], "all"))
		measure_all(&target);
	else if (argc == 3 && !strcmp(argv[1], "tree"))
		measure_tree(&target, argv[2]);
	else if (argc == 2 && !strcmp(argv[1], "held"))
		measure_held(&target);
	else if (argc == 2 && !strcmp(argv[1], "subtree"))
		measure_subtree();
	else if (argc == 2 && !strcmp(argv[1], "dma"))
		measure_dma();
	else
		must(-EINVAL, "arguments");
	return 0;
}
