// SPDX-License-Identifier: GPL-2.0-only
/*
 * One DMA identity, and the nodes that use it
 */
#include <linux/slab.h>

#include "hw/dma.h"
#include "parts/identity.h"
#include "tree/set.h"

static void soca_dma_put_user(struct soca_dma *dma, unsigned int user)
{
	of_node_put(dma->users[user].np);
	of_node_put(dma->users[user].keeper);
	dma->users[user] = dma->users[--dma->num_users];
}

static void soca_dma_put_users(struct soca_dma *dma)
{
	while (dma->num_users)
		soca_dma_put_user(dma, 0);
	kfree(dma->users);
	dma->users = NULL;
}

/* The nearest node of the set that has a device; a named one always has. */
static struct device_node *soca_keeper(const struct soca_set *set,
				       struct device_node *np)
{
	for (unsigned int i = set->num_nodes; i--;)
		if (set->nodes[i].dev &&
		    soca_node_below(np, set->nodes[i].np))
			return set->nodes[i].np;
	return np;
}

/**
 * soca_dma_add_user - Remember that a node uses an identity
 * @set: The node's set, with its devices
 * @dma: The identity
 * @np: The node
 *
 * Return: 0 or -ENOMEM.
 */
int soca_dma_add_user(const struct soca_set *set, struct soca_dma *dma,
		      struct device_node *np)
{
	struct soca_dma_user *users =
		krealloc_array(dma->users, dma->num_users + 1, sizeof(*users),
			       GFP_KERNEL_ACCOUNT);

	if (!users)
		return -ENOMEM;
	dma->users = users;
	users[dma->num_users++] = (struct soca_dma_user) {
		.np = of_node_get(np),
		.keeper = of_node_get(soca_keeper(set, np)),
	};
	return 0;
}

/**
 * soca_dma_free - Forget an identity that no backend holds
 * @dma: The identity; its memory is let go of
 */
void soca_dma_free(struct soca_dma *dma)
{
	if (dma->windows)
		soca_windows_put_memory(dma->windows);
	kvfree(dma->windows);
	soca_dma_put_users(dma);
	of_node_put(dma->np);
	mutex_destroy(&dma->lock);
	kfree(dma);
}

/**
 * soca_dma_alloc - Make an identity, which no backend holds yet
 * @np: The node that has it
 * @entry: Index in its fsl,liodn
 * @id: The LIODN, or what else its kind goes by
 *
 * Return: The identity, without a backend, users and windows, or NULL.
 */
struct soca_dma *soca_dma_alloc(struct device_node *np, u32 entry, u32 id)
{
	struct soca_dma *dma = kzalloc(sizeof(*dma), GFP_KERNEL_ACCOUNT);

	if (!dma)
		return NULL;
	INIT_LIST_HEAD(&dma->list);
	mutex_init(&dma->lock);
	dma->np = of_node_get(np);
	dma->entry = entry;
	dma->id = id;
	dma->windows = soca_windows_alloc();
	if (dma->windows)
		return dma;
	soca_dma_free(dma);
	return NULL;
}

/**
 * soca_dma_put_back - Give an identity back to the host
 * @dma: The identity, of a device that is quiet; freed
 */
void soca_dma_put_back(struct soca_dma *dma)
{
	dma->ops->put_back(dma);
	soca_dma_free(dma);
}

static u32 soca_liodn_entry(const struct device_node *np, u32 id)
{
	u32 liodn;

	for (u32 i = 0; !of_property_read_u32_index(np, "fsl,liodn", i, &liodn);
	     i++)
		if (liodn == id)
			return i;
	return 0;
}

/* Any user will do; but no node is kept that is none any more. */
static void soca_dma_move(struct soca_dma *dma)
{
	of_node_put(dma->np);
	dma->np = of_node_get(dma->users[0].np);
	dma->entry = soca_liodn_entry(dma->np, dma->id);
}

/**
 * soca_dma_find_keepers - Find the devices of those who use an identity
 * @set: The set of its new claim, whose devices are not those of the old one
 * @dma: The identity
 */
void soca_dma_find_keepers(const struct soca_set *set, struct soca_dma *dma)
{
	soca_dma_move(dma);
	for (unsigned int i = 0; i < dma->num_users; i++) {
		struct soca_dma_user *user = &dma->users[i];

		of_node_put(user->keeper);
		user->keeper = of_node_get(soca_keeper(set, user->np));
	}
}

/* The user that the device of @np keeps, or @dma->num_users. */
static unsigned int soca_dma_kept_by(const struct soca_dma *dma,
				     const struct device_node *np)
{
	unsigned int i;

	for (i = 0; i < dma->num_users; i++)
		if (dma->users[i].keeper == np)
			break;
	return i;
}

/**
 * soca_dma_is_kept_by - Does a user's device keep an identity?
 * @dma: The identity
 * @np: The device's node
 *
 * Return: true if so.
 */
bool soca_dma_is_kept_by(const struct soca_dma *dma,
			 const struct device_node *np)
{
	return soca_dma_kept_by(dma, np) < dma->num_users;
}

/**
 * soca_dma_is_kept_above - Is a node one that keeps an identity, or below one?
 * @dma: The identity
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_dma_is_kept_above(const struct soca_dma *dma,
			    const struct device_node *np)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (soca_node_below(np, dma->users[i].keeper))
			return true;
	return false;
}

/**
 * soca_dma_is_kept_below - Is a node one that keeps an identity, or above one?
 * @dma: The identity
 * @np: The node
 *
 * Return: true if so.
 */
bool soca_dma_is_kept_below(const struct soca_dma *dma,
			    const struct device_node *np)
{
	for (unsigned int i = 0; i < dma->num_users; i++)
		if (soca_node_below(dma->users[i].keeper, np))
			return true;
	return false;
}

/**
 * soca_dma_part - Part an identity from the users of a device
 * @dma: The identity
 * @np: The device's node
 */
void soca_dma_part(struct soca_dma *dma, const struct device_node *np)
{
	unsigned int user;

	while ((user = soca_dma_kept_by(dma, np)) < dma->num_users)
		soca_dma_put_user(dma, user);
	if (dma->num_users)
		soca_dma_move(dma);
}
