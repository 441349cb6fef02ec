/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns what
 */
#ifndef _SOCASSIGN_REGISTRY_H
#define _SOCASSIGN_REGISTRY_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct device_node;
struct soca_set;

extern struct mutex soca_registry_lock;
/* Each is part of a struct soca_claim.  Under soca_registry_lock. */
extern struct list_head soca_registry_sets;

int soca_registry_check(const struct soca_set *set);
int soca_registry_add(struct soca_set *set);
void soca_registry_remove(struct soca_set *set);
bool soca_registry_is_shared(const struct soca_set *set);
bool soca_is_owned(const struct device_node *np);
bool soca_registry_owns(const struct device_node *np);
bool soca_registry_owns_liodns_of(const struct device_node *np);
bool soca_owns_liodn(const struct soca_set *set, u32 id);

#endif /* _SOCASSIGN_REGISTRY_H */
