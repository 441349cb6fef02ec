/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a node could be claimed: the driver's rules, as far as the tree and
 * sysfs tell, for where the driver cannot be asked.
 */
#ifndef _SOCASSIGN_POLICY_H
#define _SOCASSIGN_POLICY_H

#include "plan.h"

/**
 * struct verdict - Whether a node could be claimed
 * @refusal: Why not, or NULL if it could; for free()
 * @plan: How it would be claimed; a node that nobody gets has no DMA class
 */
struct verdict {
	char *refusal;
	struct plan plan;
};

/* @given: as for plan_make() */
struct verdict policy_judge(const struct dt_node *np, uint32_t given);
void policy_free(struct verdict *verdict);

/**
 * struct policy_taken - Devices that will have been taken from the host's drivers
 * @has: Is a node one of these, or a part of one?
 * @data: The first argument of @has
 */
struct policy_taken {
	bool (*has)(const void *data, const struct dt_node *np);
	const void *data;
};

/* Why memory is refused, once these are taken; for free(), or NULL. */
char *policy_refuses_memory(const struct dt_node *np,
			    const struct policy_taken *taken);

/* Why nobody gets a device, whoever has it at present; for free(), or NULL. */
char *policy_forbids(const struct dt_node *np, uint32_t given);
/* Who of the host's devices depends on it, or what is below; for free(), or NULL. */
char *policy_in_use_by(const struct dt_node *np);
/* The rule that forbids a node to everybody, or NULL. */
const char *policy_forbidden_rule(const struct dt_node *np);

/* Registers, interrupts or memory: something to claim. */
bool policy_has_resources(const struct dt_node *np);
bool policy_is_partition(const struct dt_node *np);
/* The bytes of memory that are not reserved; false: the tree does not tell. */
bool policy_memory(uint64_t *bytes);

/* Is it all in what is below it? */
bool policy_is_container(const struct dt_node *np);

/* dma_class.c; whether a PAMU runs, from who knows better than the tree */
void dma_set_pamu(bool runs);
int dma_class_of(const struct dt_node *np);
const char *dma_class_name(int dma_class);

/* The node whose fsl,liodn it uses: itself, or one above it, or NULL. */
const struct dt_node *dma_liodn_node(const struct dt_node *np);

/**
 * struct dma_liodn - A LIODN of a node
 * @id: The LIODN
 * @np: The node
 */
struct dma_liodn {
	uint32_t id;
	const struct dt_node *np;
};

/* The next one with this number, or the first (NULL); NULL behind the last. */
const struct dma_liodn *dma_next_liodn(const struct dma_liodn *it, uint32_t id);

/*
 * Does the tree say that it masters a bus, or a part of it, but for those that have
 * registers and an IOMMU of their own?
 */
bool dma_is_master(const struct dt_node *np);
/* Of these parts of @np the one behind @it, which is @np at first; or NULL. */
const struct dt_node *dma_next_master_below(const struct dt_node *it,
					    const struct dt_node *np);
bool dma_behind_iommu(const struct dt_node *np);

/* Its own DMA has windows, whatever others do on its behalf. */
bool dma_is_behind(const struct dt_node *np);

/* A portal for which it is enough to say that the others are confined */
bool dma_may_be_confined(const struct dt_node *np);
/* Why an IOMMU that it is behind does not guard it; for free(), or NULL. */
char *dma_iommu_rule(const struct dt_node *np);
bool dma_same_liodn(const struct dt_node *a, const struct dt_node *b);

#endif /* _SOCASSIGN_POLICY_H */
