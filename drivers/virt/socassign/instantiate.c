// SPDX-License-Identifier: GPL-2.0-only
/*
 * From device-tree paths to a claim
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "base/machine.h"
#include "base/reason.h"
#include "base/returns.h"
#include "base/trace.h"
#include "claim/claim.h"
#include "claim/ioctl.h"
#include "claim/part.h"
#include "orders.h"
#include "parts/quarantine.h"
#include "rules/policy.h"
#include "tree/registry.h"
#include "tree/tree.h"

/* The list of paths, with a NUL at its end. */
static char *soca_copy_paths(u64 uptr, u32 len)
{
	char *paths;

	if (!len)
		return ERR_PTR(-EINVAL);
	if (len > SOCASSIGN_MAX_PATHS_LEN)
		return ERR_PTR(-ENAMETOOLONG);
	paths = memdup_user(u64_to_user_ptr(uptr), len);
	if (IS_ERR(paths) || !paths[len - 1])
		return paths;
	kfree(paths);
	return ERR_PTR(-EINVAL);
}

/*
 * The devices are ours; one of them may go again at any time, though, and nothing
 * must be left of a claim that failed when its remove() is over.
 */
static int soca_claim_build(struct soca_claim *claim)
{
	int ret = -ENODEV;

	guard(rwsem_write)(&claim->gate);

	if (claim->down)
		soca_refuse(claim->set.reason, claim->set.nodes[0].np, "its device, or one that was to come along, has just gone");
	else
		ret = soca_parts_build(claim);
	if (ret) {
		soca_release(claim, NULL);
		return ret;
	}
	soca_policy_taint(&claim->set);
	claim->built = true;
	return 0;
}

/* What the registry has: a failure takes the way of every end. */
static int soca_claim_take(struct soca_claim *claim)
{
	int ret = soca_parts_take(claim);

	if (!ret)
		ret = soca_claim_build(claim);
	else
		soca_release_unbuilt(claim);
	/* A claim that fails leaves nothing behind. */
	if (ret)
		soca_claim_wait(claim);
	return ret;
}

/* All that can be asked without a device lock, under soca_tree_lock(). */
static int soca_claim_ask(struct soca_claim *claim, const char *paths, u32 len)
{
	int ret = soca_set_add_paths(&claim->set, paths, len);

	if (!ret)
		ret = soca_policy_claim(&claim->set);
	if (!ret)
		ret = soca_parts_find(claim);
	return ret ?: soca_parts_check(claim);
}

/* Has somebody else any of it, or is this no time for it? */
static int soca_claim_conflicts(const struct soca_claim *claim)
{
	int ret = soca_machine_check(claim->set.reason, claim->set.nodes[0].np);

	ret = ret ?: soca_registry_check(&claim->set);
	return ret ?: soca_parts_conflict(claim);
}

static int soca_claim_could_register(const struct soca_claim *claim)
{
	guard(mutex)(&soca_registry_lock);

	return soca_claim_conflicts(claim);
}

static int soca_claim_register(struct soca_claim *claim)
{
	int ret;

	guard(mutex)(&soca_registry_lock);

	ret = soca_claim_conflicts(claim);
	if (!ret)
		ret = soca_registry_add(&claim->set);
	if (!ret)
		soca_claim_get(claim);
	return ret;
}

/*
 * Once the tree may change, only what is on the registry may hold a node: it is
 * what the change asks.
 */
static void soca_claim_forget(struct soca_claim *claim)
{
	soca_parts_forget(claim);
	soca_set_put_nodes(&claim->set);
}

/* Nothing that is asked under one lock changes before the claim is known. */
static int soca_claim_reserve(struct soca_claim *claim, const char *paths,
			      u32 len)
{
	int ret = soca_tree_lock();

	if (ret)
		return ret;
	ret = soca_claim_ask(claim, paths, len);
	if (!ret)
		ret = soca_claim_register(claim);
	if (ret)
		soca_claim_forget(claim);
	soca_tree_unlock();
	return ret;
}

/* LIODNs have one owner, too. */
static bool soca_concerns(const struct soca_claim *claim, const void *data)
{
	const struct soca_tree_node *node = data;
	const struct soca_tree_liodn *liodn;

	if (soca_set_overlaps(&claim->set, node->np))
		return true;
	for (liodn = node->liodns; liodn; liodn = liodn->next)
		if (soca_owns_liodn(&claim->set, liodn->id))
			return true;
	return false;
}

/**
 * struct soca_awaited - Who is to let go of a node first
 * @claim: A claim, with a reference, or NULL
 * @late: One that has just left quarantine, by the administrator's word, or NULL
 */
struct soca_awaited {
	struct soca_claim *claim;
	struct soca_late_return *late;
};

static struct soca_awaited soca_find_awaited(const char *paths, u32 len)
{
	struct soca_awaited found = {};

	for (const char *path = paths;
	     path < paths + len && !found.claim && !found.late;
	     path += strlen(path) + 1) {
		const struct soca_tree_node *node = soca_find_path(path);

		if (IS_ERR(node))
			continue;
		found.claim = soca_claims_find_returning(soca_concerns, node);
		found.late = soca_late_return_find(node);
	}
	return found;
}

/* False if there is nobody. */
static bool soca_wait_for(struct soca_awaited found)
{
	if (found.claim) {
		soca_claim_wait(found.claim);
		soca_claim_put(found.claim);
	}
	if (found.late)
		soca_late_return_wait(found.late);
	return found.claim || found.late;
}

/*
 * A claim works right after the last one was closed; but it does not wait for what
 * a driver of the host's does with somebody else's device.
 */
static int soca_wait_for_returns(const char *paths, u32 len)
{
	struct soca_awaited found;
	int ret;

	do {
		if (!soca_returns_any())
			return 0;
		ret = soca_tree_lock();
		if (ret)
			return ret;
		found = soca_find_awaited(paths, len);
		soca_tree_unlock();
	} while (soca_wait_for(found));
	return 0;
}

static int soca_claim_acquire(struct soca_claim *claim, const char *paths,
			      u32 len)
{
	int ret = soca_wait_for_returns(paths, len);

	if (!ret)
		ret = soca_claim_reserve(claim, paths, len);
	if (ret)
		return ret;
	ret = soca_parts_ready(claim, true);
	if (!ret)
		return soca_claim_take(claim);
	soca_release_unbuilt(claim);
	return ret;
}

/* The same questions; the claim is on no list, so it holds nothing afterwards. */
static int soca_claim_rehearse(struct soca_claim *claim, const char *paths,
			       u32 len)
{
	int ret = soca_wait_for_returns(paths, len);

	if (!ret)
		ret = soca_tree_lock();
	if (ret)
		return ret;
	ret = soca_claim_ask(claim, paths, len);
	if (!ret)
		ret = soca_claim_could_register(claim);
	if (!ret)
		ret = soca_parts_ready(claim, false);
	soca_claim_forget(claim);
	soca_tree_unlock();
	return ret;
}

/* The file comes first: want of one must not cost the host its devices. */
static struct file *soca_claim_open(struct soca_claim *claim, const char *paths,
				    u32 len)
{
	struct file *file = soca_claim_file(claim);
	int ret;

	if (IS_ERR(file))
		return file;
	ret = soca_claim_acquire(claim, paths, len);
	if (ret) {
		fput(file);
		return ERR_PTR(ret);
	}
	trace_socassign_claim(claim, claim->set.paths.buf);
	return file;
}

static int soca_claim_publish(struct soca_claim *claim, struct soca_ucmd *ucmd,
			      const char *paths)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	int fd = get_unused_fd_flags(O_CLOEXEC);
	int ret;

	if (fd < 0)
		return fd;
	if (cmd->flags & SOCASSIGN_DRY_RUN) {
		put_unused_fd(fd);
		cmd->out_fd = -1;
		return soca_claim_rehearse(claim, paths, cmd->paths_len);
	}
	cmd->out_fd = fd;
	ret = soca_return_file(ucmd, fd,
			       soca_claim_open(claim, paths, cmd->paths_len));
	if (!ret)
		ucmd->new_claim = claim;
	return ret;
}

static int soca_claim_request(struct soca_ucmd *ucmd, struct soca_reason *reason)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	struct soca_claim *claim;
	int ret;

	if (cmd->flags & ~SOCA_INSTANTIATE_FLAGS || cmd->__reserved)
		return -EOPNOTSUPP;
	/* They exclude each other. */
	if (hweight32(cmd->flags & (SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |
				    SOCASSIGN_CONFINED_DMA)) > 1)
		return -EINVAL;

	char *paths __free(kfree) = soca_copy_paths(cmd->paths, cmd->paths_len);
	if (IS_ERR(paths))
		return PTR_ERR(paths);
	claim = soca_claim_alloc();
	if (!claim)
		return -ENOMEM;
	claim->set.flags = cmd->flags & ~SOCASSIGN_DRY_RUN;
	claim->set.privileged = capable(CAP_SYS_ADMIN);
	claim->set.reason = reason;
	ret = soca_claim_publish(claim, ucmd, paths);
	claim->set.reason = NULL;
	soca_claim_put(claim);
	return ret;
}

/**
 * soca_instantiate - ioctl(SOCASSIGN_INSTANTIATE)
 * @ucmd: The command
 *
 * Return: 0 with a file to publish (none for a dry run), or a negative errno of
 * the contract in the UAPI header.
 */
int soca_instantiate(struct soca_ucmd *ucmd)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	struct soca_reason reason = {
		/* Somebody may ask about all the nodes there are. */
		.is_private = cmd->flags & SOCASSIGN_DRY_RUN && cmd->reason_len,
	};
	int ret = soca_claim_request(ucmd, &reason);

	soca_reason_to_user(&reason, cmd->reason, cmd->reason_len);
	soca_reason_free(&reason);
	return ret;
}
