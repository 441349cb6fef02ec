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

#define SOCA_INSTANTIATE_FLAGS					\
	(SOCASSIGN_SUBTREE | SOCASSIGN_DETACH |			\
	 SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA |		\
	 SOCASSIGN_SHARED | SOCASSIGN_DRY_RUN)

/* Takes over the reference to @np, also when it fails. */
static int soca_add_node(struct soca_claim *claim, struct device_node *np,
			 bool is_root)
{
	struct soca_node *nodes;

	if (claim->num_nodes == SOCASSIGN_MAX_NODES) {
		soca_refuse(claim->reason, np, "more than %u nodes in a claim",
			    SOCASSIGN_MAX_NODES);
		of_node_put(np);
		return -EINVAL;
	}
	nodes = krealloc_array(claim->nodes, claim->num_nodes + 1,
			       sizeof(*nodes), GFP_KERNEL_ACCOUNT);
	if (!nodes) {
		of_node_put(np);
		return -ENOMEM;
	}
	claim->nodes = nodes;
	nodes[claim->num_nodes++] = (struct soca_node) {
		.np = np, .is_root = is_root,
	};
	return soca_strings_add_path(&claim->paths, np);
}

static int soca_add_descendants(struct soca_claim *claim,
				struct device_node *root)
{
	struct device_node *np = of_find_all_nodes(of_node_get(root));
	int ret = 0;

	for (; np && soca_node_below(np, root); np = of_find_all_nodes(np)) {
		ret = soca_add_node(claim, of_node_get(np), false);
		if (ret)
			break;
	}
	of_node_put(np);
	return ret;
}

static bool soca_overlaps_claim(const struct soca_claim *claim,
				const struct device_node *np)
{
	for (unsigned int i = 0; i < claim->num_nodes; i++)
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

static int soca_add_root(struct soca_claim *claim, const char *path)
{
	struct device_node *np;
	int ret;

	if (strchr(path, ':') || (*path != '/' && !soca_is_alias(path)))
		return -EINVAL;
	np = of_find_node_by_path(path);
	if (!np)
		return -ENOENT;
	if (soca_overlaps_claim(claim, np)) {
		soca_refuse(claim->reason, np, "named twice, or with a node above or below it");
		of_node_put(np);
		return -EINVAL;
	}
	ret = soca_add_node(claim, np, true);
	if (!ret && claim->flags & SOCASSIGN_SUBTREE)
		ret = soca_add_descendants(claim, np);
	return ret;
}

static int soca_add_paths(struct soca_claim *claim, u64 uptr, u32 len)
{
	if (!len)
		return -EINVAL;
	if (len > SOCASSIGN_MAX_PATHS_LEN)
		return -ENAMETOOLONG;

	char *paths __free(kfree) = memdup_user(u64_to_user_ptr(uptr), len);
	if (IS_ERR(paths))
		return PTR_ERR(paths);
	if (paths[len - 1])
		return -EINVAL;
	for (const char *path = paths; path < paths + len;
	     path += strlen(path) + 1) {
		int ret = soca_add_root(claim, path);

		if (ret)
			return ret;
	}
	return 0;
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
		ret = soca_irqs_build(claim);
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

/*
 * What can be known of the nodes and their devices without touching any.  A claim
 * for good has reserved them by now, so that they stay as they are.
 */
static int soca_claim_examine(struct soca_claim *claim)
{
	int ret;

	if (claim->is_partition)
		return 0;
	ret = soca_devices_check(claim);
	if (!ret)
		ret = soca_dmas_check(claim);
	if (ret)
		return ret;

	guard(rwsem_write)(&claim->gate);

	return soca_regions_build(claim);
}

static int soca_claim_acquire(struct soca_claim *claim)
{
	int ret;

	/* A claim works right after the last one was closed. */
	flush_workqueue(soca_wq);
	ret = soca_policy_claim(claim);
	if (!ret)
		ret = soca_registry_add(claim);
	if (ret)
		return ret;
	ret = soca_claim_examine(claim);
	if (!ret)
		return soca_claim_build(claim);
	soca_claim_abort(claim);
	return ret;
}

/* The questions of soca_claim_acquire(), in the same order. */
static int soca_claim_rehearse(struct soca_claim *claim)
{
	int ret;

	flush_workqueue(soca_wq);
	ret = soca_policy_claim(claim);
	if (!ret)
		ret = soca_registry_check(claim);
	return ret ?: soca_claim_examine(claim);
}

static struct soca_claim *
soca_claim_create(const struct socassign_instantiate *cmd,
		  struct soca_reason *reason)
{
	struct soca_claim *claim = soca_claim_alloc();
	int ret;

	if (!claim)
		return ERR_PTR(-ENOMEM);
	claim->flags = cmd->flags;
	claim->reason = reason;
	claim->privileged = capable(CAP_SYS_ADMIN);
	ret = soca_add_paths(claim, cmd->paths, cmd->paths_len);
	if (!ret)
		return claim;
	soca_claim_put(claim);
	return ERR_PTR(ret);
}

/* The file comes first: want of one must not cost the host its devices. */
static struct file *soca_claim_open(const struct socassign_instantiate *cmd,
				    struct soca_reason *reason)
{
	struct soca_claim *claim = soca_claim_create(cmd, reason);
	struct file *file;
	int ret;

	if (IS_ERR(claim))
		return ERR_CAST(claim);
	file = soca_claim_file(claim);
	if (IS_ERR(file)) {
		soca_claim_put(claim);
		return file;
	}
	ret = soca_claim_acquire(claim);
	claim->reason = NULL;
	if (ret) {
		fput(file);
		return ERR_PTR(ret);
	}
	trace_socassign_claim(claim, claim->paths.buf);
	return file;
}

static int soca_dry_run(const struct socassign_instantiate *cmd,
			struct soca_reason *reason)
{
	struct soca_claim *claim = soca_claim_create(cmd, reason);
	int ret;

	if (IS_ERR(claim))
		return PTR_ERR(claim);
	ret = soca_claim_rehearse(claim);
	soca_claim_put(claim);
	return ret;
}

static int soca_claim_request(struct soca_ucmd *ucmd,
			      struct soca_reason *reason)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	int fd;

	if (cmd->flags & ~SOCA_INSTANTIATE_FLAGS || cmd->__reserved)
		return -EOPNOTSUPP;
	if (cmd->flags & SOCASSIGN_NO_DMA && cmd->flags & SOCASSIGN_UNSAFE_DMA)
		return -EINVAL;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	if (cmd->flags & SOCASSIGN_DRY_RUN) {
		put_unused_fd(fd);
		cmd->out_fd = -1;
		return soca_dry_run(cmd, reason);
	}
	cmd->out_fd = fd;
	return soca_return_file(ucmd, fd, soca_claim_open(cmd, reason));
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
