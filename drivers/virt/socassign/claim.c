// SPDX-License-Identifier: GPL-2.0-only
/*
 * From device-tree paths to a claim
 */
#define pr_fmt(fmt) "socassign: " fmt

#include <linux/file.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "private.h"
#include "trace.h"

#define SOCA_INSTANTIATE_FLAGS					\
	(SOCASSIGN_SUBTREE | SOCASSIGN_DETACH |			\
	 SOCASSIGN_NO_DMA | SOCASSIGN_UNSAFE_DMA)

/* Takes over the reference to @np, also when it fails. */
static int soca_add_node(struct soca_claim *claim, struct device_node *np,
			 bool is_root)
{
	struct soca_node *nodes;

	if (claim->num_nodes == SOCA_MAX_NODES) {
		soca_refuse(np, "more than %u nodes in a claim", SOCA_MAX_NODES);
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

static bool soca_has_resources(struct device_node *np)
{
	struct of_phandle_args oirq;
	struct resource res;

	if (!of_address_to_resource(np, 0, &res))
		return true;
	if (of_irq_parse_one(np, 0, &oirq))
		return false;
	of_node_put(oirq.np);
	return true;
}

static int soca_check_resources(const struct soca_claim *claim,
				unsigned int first)
{
	for (unsigned int i = first; i < claim->num_nodes; i++)
		if (soca_has_resources(claim->nodes[i].np))
			return 0;
	soca_refuse(claim->nodes[first].np, "it has no registers and no interrupts");
	return -EINVAL;
}

static int soca_add_root(struct soca_claim *claim, const char *path)
{
	unsigned int first = claim->num_nodes;
	struct device_node *np;
	int ret;

	if (!*path || strchr(path, ':'))
		return -EINVAL;
	np = of_find_node_by_path(path);
	if (!np)
		return -ENOENT;
	if (soca_overlaps_claim(claim, np)) {
		soca_refuse(np, "named twice, or with a node above or below it");
		of_node_put(np);
		return -EINVAL;
	}
	ret = soca_add_node(claim, np, true);
	if (!ret && claim->flags & SOCASSIGN_SUBTREE)
		ret = soca_add_descendants(claim, np);
	return ret ?: soca_check_resources(claim, first);
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

/* The devices are ours; one of them may go again at any time, though. */
static int soca_claim_fill(struct soca_claim *claim)
{
	int ret;

	guard(rwsem_write)(&claim->gate);

	if (claim->down)
		return -ENODEV;
	ret = soca_policy_attached(claim);
	if (!ret)
		ret = soca_power_hold(claim);
	if (!ret)
		ret = soca_regions_build(claim);
	if (!ret)
		ret = soca_irqs_build(claim);
	return ret;
}

/* From here on a failure must take the ladder: the registry has the claim. */
static int soca_claim_acquire(struct soca_claim *claim)
{
	int ret = soca_registry_add(claim);

	if (ret)
		return ret;
	ret = soca_policy_claim(claim);
	if (!ret)
		ret = soca_devices_take(claim);
	if (!ret)
		ret = soca_claim_fill(claim);
	if (ret)
		soca_claim_down(claim, NULL);
	return ret;
}

static struct soca_claim *soca_claim_create(u32 flags, u64 paths, u32 len)
{
	struct soca_claim *claim = soca_claim_alloc();
	int ret;

	if (!claim)
		return ERR_PTR(-ENOMEM);
	claim->flags = flags;
	ret = soca_add_paths(claim, paths, len);
	if (!ret)
		ret = soca_claim_acquire(claim);
	if (!ret)
		return claim;
	soca_claim_put(claim);
	return ERR_PTR(ret);
}

static int soca_claim_publish(struct soca_claim *claim, struct soca_ucmd *ucmd)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = soca_claim_file(claim);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	ucmd->new_fd = fd;
	ucmd->new_file = file;
	cmd->out_fd = fd;
	return 0;
}

/**
 * soca_instantiate - ioctl(SOCASSIGN_INSTANTIATE)
 * @ucmd: The command
 *
 * Return: 0 with a file to publish, or a negative errno of the contract in
 * the UAPI header.
 */
int soca_instantiate(struct soca_ucmd *ucmd)
{
	struct socassign_instantiate *cmd = ucmd->cmd;
	struct soca_claim *claim;
	int ret;

	if (cmd->flags & ~SOCA_INSTANTIATE_FLAGS)
		return -EOPNOTSUPP;
	ret = soca_policy_request(cmd->flags);
	if (ret)
		return ret;
	claim = soca_claim_create(cmd->flags, cmd->paths, cmd->paths_len);
	if (IS_ERR(claim))
		return PTR_ERR(claim);
	ret = soca_claim_publish(claim, ucmd);
	if (ret) {
		soca_claim_down(claim, NULL);
		soca_claim_put(claim);
		return ret;
	}
	soca_policy_taint(claim);
	trace_socassign_claim(claim);
	return 0;
}
