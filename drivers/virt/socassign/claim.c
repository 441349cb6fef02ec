// SPDX-License-Identifier: GPL-2.0-only
/*
 * From device-tree paths to a claim
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "private.h"
#include "trace.h"
#include "tree.h"

static int soca_add_node(struct soca_claim *claim,
			 const struct soca_tree_node *node, bool is_root)
{
	struct soca_node *nodes;

	if (soca_tree_is_moving(node->np)) {
		soca_refuse(claim->reason, node->np, "its overlay is being applied or removed");
		return -EBUSY;
	}
	if (claim->num_nodes == SOCASSIGN_MAX_NODES) {
		soca_refuse(claim->reason, node->np, "more than %u nodes in a claim",
			    SOCASSIGN_MAX_NODES);
		return -EINVAL;
	}
	nodes = krealloc_array(claim->nodes, claim->num_nodes + 1,
			       sizeof(*nodes), GFP_KERNEL_ACCOUNT);
	if (!nodes)
		return -ENOMEM;
	claim->nodes = nodes;
	nodes[claim->num_nodes++] = (struct soca_node) {
		.np = of_node_get(node->np), .is_root = is_root,
	};
	claim->has_liodns |= !!node->liodns;
	return soca_strings_add(&claim->paths, node->path);
}

static bool soca_overlaps_claim(const struct soca_claim *claim,
				const struct device_node *np)
{
	for (u32 i = 0; i < claim->num_nodes; i = soca_next_root(claim, i))
		if (soca_node_below(np, claim->nodes[i].np) ||
		    soca_node_below(claim->nodes[i].np, np))
			return true;
	return false;
}

/* Is the path, up to its first slash, an alias of the tree's? */
static bool soca_is_alias(const char *path)
{
	struct device_node *aliases __free(device_node) =
		of_find_node_by_path("/aliases");
	char *name __free(kfree) =
		kmemdup_nul(path, strcspn(path, "/"), GFP_KERNEL);

	return aliases && name && of_property_present(aliases, name);
}

/* The node, without a reference: under soca_tree_lock() it stays. */
static struct device_node *soca_find_path(const char *path)
{
	struct device_node *np;

	if (strchr(path, ':') || (*path != '/' && !soca_is_alias(path)))
		return ERR_PTR(-EINVAL);
	np = of_find_node_by_path(path);
	of_node_put(np);
	return np ?: ERR_PTR(-ENOENT);
}

static int soca_add_root(struct soca_claim *claim, const char *path)
{
	const struct device_node *np = soca_find_path(path);
	const struct soca_tree_node *top, *node;
	u32 root = claim->num_nodes;
	int ret = 0;

	if (IS_ERR(np))
		return PTR_ERR(np);
	top = soca_tree_find(np);
	if (!top)
		return -ENOENT;
	if (soca_overlaps_claim(claim, np)) {
		soca_refuse(claim->reason, np, "named twice, or with a node above or below it");
		return -EINVAL;
	}
	soca_tree_for_each_below(node, top) {
		ret = soca_add_node(claim, node, node == top);
		if (ret || !(claim->flags & SOCASSIGN_SUBTREE))
			break;
	}
	if (!ret)
		claim->nodes[root].num_below = claim->num_nodes - root - 1;
	return ret;
}

static int soca_add_paths(struct soca_claim *claim, const char *paths, u32 len)
{
	int ret = 0;

	for (const char *path = paths; path < paths + len && !ret;
	     path += strlen(path) + 1)
		ret = soca_add_root(claim, path);
	return ret;
}

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

/**
 * soca_in_claimed_tree - Is a node claimed, or below one that is?
 * @claim: The claim, which holds its nodes
 * @np: The node
 *
 * Return: true if so; without SUBTREE what is below is no part of the claim.
 */
bool soca_in_claimed_tree(const struct soca_claim *claim,
			  const struct device_node *np)
{
	for (u32 i = 0; i < claim->num_nodes; i = soca_next_root(claim, i))
		if (soca_node_below(np, claim->nodes[i].np))
			return true;
	return false;
}

/**
 * soca_is_above_claim - Is a node above one that is claimed?
 * @claim: The claim, which holds its nodes
 * @np: The node, no part of the claim
 *
 * Return: true if so.
 */
bool soca_is_above_claim(const struct soca_claim *claim,
			 const struct device_node *np)
{
	for (u32 i = 0; i < claim->num_nodes; i = soca_next_root(claim, i))
		if (soca_node_below(claim->nodes[i].np, np))
			return true;
	return false;
}

/**
 * soca_claim_has_node - Is a node part of a claim?
 * @claim: The claim, which holds its nodes
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_claim_has_node(const struct soca_claim *claim,
			 const struct device_node *np)
{
	if (claim->flags & SOCASSIGN_SUBTREE)
		return soca_in_claimed_tree(claim, np);
	for (unsigned int i = 0; i < claim->num_nodes; i++)
		if (claim->nodes[i].np == np)
			return true;
	return false;
}

/**
 * soca_node_index - The index of a node in its claim
 * @claim: The claim, which holds its nodes
 * @np: The node
 *
 * Return: The index; 0 for a node that is not part of the claim.
 */
u32 soca_node_index(const struct soca_claim *claim,
		    const struct device_node *np)
{
	for (u32 i = 0; i < claim->num_nodes; i++)
		if (claim->nodes[i].np == np)
			return i;
	return 0;
}

/**
 * soca_claim_put_nodes - Drop the claim's references to its nodes
 * @claim: The claim, which owns nothing any more
 */
void soca_claim_put_nodes(struct soca_claim *claim)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++) {
		of_node_put(claim->nodes[i].np);
		claim->nodes[i].np = NULL;
	}
}

static int soca_devices_build(struct soca_claim *claim)
{
	int ret = soca_policy_attached(claim);

	/* First: what the host has left running must not reach memory. */
	if (!ret)
		ret = soca_dmas_build(claim);
	if (!ret)
		ret = soca_power_hold(claim);
	if (!ret)
		soca_irqs_map(claim);
	return ret;
}

/*
 * The devices are ours; one of them may go again at any time, though, and nothing
 * must be left of a claim that failed when its remove() is over.
 */
static int soca_claim_fill(struct soca_claim *claim)
{
	int ret = -ENODEV;

	guard(rwsem_write)(&claim->gate);

	if (claim->down)
		soca_refuse(claim->reason, claim->nodes[0].np, "its device, or one that was to come along, has just gone");
	else
		ret = claim->is_partition ? soca_partition_build(claim) :
					    soca_devices_build(claim);
	if (ret) {
		soca_claim_take_down(claim, NULL);
		return ret;
	}
	soca_policy_taint(claim);
	claim->built = true;
	return 0;
}

/* Once the registry has the claim, a failure must take the ladder. */
static int soca_claim_build(struct soca_claim *claim)
{
	int ret = claim->is_partition ? 0 : soca_devices_take(claim);

	if (!ret)
		ret = soca_claim_fill(claim);
	else
		soca_claim_abort(claim);
	/* A claim that fails leaves nothing behind. */
	if (ret)
		flush_work(&claim->give_back_work);
	return ret;
}

/* What the tree has for the claim. */
static int soca_claim_find(struct soca_claim *claim)
{
	int ret = soca_regions_build(claim);

	if (!ret)
		ret = soca_irqs_build(claim);
	if (ret)
		return ret;
	soca_supplies_find(claim);
	soca_quiesce_find(claim);
	return 0;
}

/* All that can be asked without a device lock, under soca_tree_lock(). */
static int soca_claim_ask(struct soca_claim *claim, const char *paths, u32 len)
{
	int ret = soca_add_paths(claim, paths, len);

	if (!ret)
		ret = soca_policy_claim(claim);
	if (!ret && !claim->is_partition)
		ret = soca_claim_find(claim);
	return ret ?: soca_dmas_check(claim);
}

/*
 * Once the tree may change, only what is on the registry may hold a node: it is
 * what the change asks.
 */
static void soca_claim_forget(struct soca_claim *claim)
{
	soca_irqs_free(claim);
	soca_devices_forget(claim);
	soca_claim_put_nodes(claim);
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
		ret = soca_registry_add(claim);
	if (ret)
		soca_claim_forget(claim);
	else
		soca_regions_tell(claim);
	soca_tree_unlock();
	return ret;
}

static int soca_claim_acquire(struct soca_claim *claim, const char *paths,
			      u32 len)
{
	int ret;

	/* A claim works right after the last one was closed. */
	soca_returns_wait();
	ret = soca_claim_reserve(claim, paths, len);
	if (ret)
		return ret;
	ret = claim->is_partition ? 0 : soca_devices_check(claim, true);
	if (!ret)
		return soca_claim_build(claim);
	soca_claim_abort(claim);
	return ret;
}

/* The same questions; the claim is on no list, so it holds nothing afterwards. */
static int soca_claim_rehearse(struct soca_claim *claim, const char *paths,
			       u32 len)
{
	int ret;

	soca_returns_wait();
	ret = soca_tree_lock();
	if (ret)
		return ret;
	ret = soca_claim_ask(claim, paths, len);
	if (!ret)
		ret = soca_registry_check(claim);
	if (!ret && !claim->is_partition)
		ret = soca_devices_check(claim, false);
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
	trace_socassign_claim(claim, claim->paths.buf);
	return file;
}

static int soca_claim_publish(struct soca_claim *claim, struct soca_ucmd *ucmd,
			      const char *paths)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	if (cmd->flags & SOCASSIGN_DRY_RUN) {
		put_unused_fd(fd);
		cmd->out_fd = -1;
		return soca_claim_rehearse(claim, paths, cmd->paths_len);
	}
	cmd->out_fd = fd;
	return soca_return_file(ucmd, fd,
				soca_claim_open(claim, paths, cmd->paths_len));
}

static int soca_claim_request(struct soca_ucmd *ucmd, struct soca_reason *reason)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	struct soca_claim *claim;
	int ret;

	if (cmd->flags & ~SOCA_INSTANTIATE_FLAGS || cmd->__reserved)
		return -EOPNOTSUPP;
	if (cmd->flags & SOCASSIGN_NO_DMA && cmd->flags & SOCASSIGN_UNSAFE_DMA)
		return -EINVAL;

	char *paths __free(kfree) = soca_copy_paths(cmd->paths, cmd->paths_len);
	if (IS_ERR(paths))
		return PTR_ERR(paths);
	claim = soca_claim_alloc();
	if (!claim)
		return -ENOMEM;
	claim->flags = cmd->flags & ~SOCASSIGN_DRY_RUN;
	claim->privileged = capable(CAP_SYS_ADMIN);
	claim->reason = reason;
	ret = soca_claim_publish(claim, ucmd, paths);
	claim->reason = NULL;
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
	struct soca_reason *reason __free(kfree) = soca_reason_alloc();
	int ret;

	if (!reason)
		return -ENOMEM;
	ret = soca_claim_request(ucmd, reason);
	soca_reason_to_user(reason, cmd->reason, cmd->reason_len);
	return ret;
}
