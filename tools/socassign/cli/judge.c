// SPDX-License-Identifier: GPL-2.0
/*
 * Who judges: the driver, where there is one to ask about this very tree, else
 * the rules as far as the command knows them
 */
#include "judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "libsocassign.h"
#include "out.h"
#include "sysfs.h"

#define FLAGS_OF_ADMIN (SOCASSIGN_DETACH | SOCASSIGN_NO_DMA | \
			SOCASSIGN_UNSAFE_DMA | SOCASSIGN_CONFINED_DMA)

/**
 * struct driver - The driver, as this caller finds it
 * @answers: It can be asked
 * @flags: Flags that are of use: what the caller may set, and the administrator
 *	has allowed.  With others the driver would look no further, and not tell
 *	what is wrong with the node.
 */
struct driver {
	bool answers;
	uint32_t flags;
};

/*
 * The flags are looked at first, then the root, which nobody gets.  Where nobody
 * wants the reason, the kernel's log gets it.
 */
static bool is_admin(void)
{
	char reason[SOCASSIGN_MAX_REASON_LEN];
	const char *path = "/";

	return soca_dry_run(&path, 1, SOCASSIGN_DETACH, reason) != -EPERM;
}

static struct driver find_driver(void)
{
	struct driver driver = { .flags = ~0u };
	struct socassign_query query;

	if (!sysfs_is_this_machine() || soca_query(&query) ||
	    !(query.out_instantiate_flags & SOCASSIGN_DRY_RUN))
		return driver;
	driver.answers = true;
	if (!is_admin())
		driver.flags &= ~FLAGS_OF_ADMIN;
	if (!(query.out_features & SOCASSIGN_FEATURE_UNSAFE_DMA))
		driver.flags &= ~SOCASSIGN_UNSAFE_DMA;
	dma_set_pamu(query.out_features & SOCASSIGN_FEATURE_PAMU);
	return driver;
}

static const struct driver *the_driver(void)
{
	static struct driver driver;
	static bool found;

	if (!found)
		driver = find_driver();
	found = true;
	return &driver;
}

bool judge_is_driver(void)
{
	return the_driver()->answers;
}

/* What the driver said, without the node that the reader knows already */
static char *rule_of(const struct dt_node *np, int error, const char *reason)
{
	char *head = must_print("%s: refused: ", np->path);
	size_t len = strlen(head);
	const char *text = *reason ? reason : soca_explain(SOCA_OP_OPEN, error);

	if (!strncmp(text, head, len))
		text += len;
	free(head);
	return must_print("%s", text);
}

static struct verdict ask_driver(const struct dt_node *np, uint32_t given,
				 uint32_t flags)
{
	char reason[SOCASSIGN_MAX_REASON_LEN];
	struct verdict verdict = { .plan = plan_make(np, given) };
	struct plan *plan = &verdict.plan;
	const char *paths[PLAN_MAX_TOPS];
	int ret;

	plan->flags &= flags;
	for (unsigned int i = 0; i < plan->num_tops; i++)
		paths[i] = plan->top[i]->path;
	ret = soca_dry_run(paths, plan->num_tops, plan->flags, reason);
	if (ret)
		verdict.refusal = rule_of(np, ret, reason);
	/* What nobody gets does nothing to memory. */
	if (ret == -EACCES || ret == -EINVAL)
		plan->dma_class = -1;
	return verdict;
}

struct verdict judge(const struct dt_node *np, uint32_t given)
{
	const struct driver *driver = the_driver();

	return driver->answers ? ask_driver(np, given, driver->flags) :
				 policy_judge(np, given);
}

char *judge_claim(const char *const *paths, unsigned int num, uint32_t flags)
{
	char reason[SOCASSIGN_MAX_REASON_LEN];
	int ret = soca_dry_run(paths, num, flags, reason);

	if (!ret)
		return NULL;
	return must_print("%s", *reason ? reason :
			  soca_explain(SOCA_OP_OPEN, ret));
}

void out_judge(void)
{
	out_string("judged_by", judge_is_driver() ? "driver" : "command");
}

void out_verdict(const struct verdict *verdict)
{
	char *needs = verdict->refusal ? NULL : plan_needs(&verdict->plan);

	out_bool("assignable", !verdict->refusal);
	if (verdict->refusal)
		out_string("refusal", verdict->refusal);
	if (needs)
		out_string("needs", needs);
	if (verdict->plan.dma_class >= 0)
		out_string("dma_class",
			   dma_class_name(verdict->plan.dma_class));
	free(needs);
}

/* Who has it: a driver, socassign, a claim; "-": nobody, or not known */
static const char *holder_of(const struct dt_node *np)
{
	const struct device *dev = sysfs_device(np);

	if (!dev || !dev->driver)
		return "-";
	if (dev->quarantine)
		return "quarantine";
	return dev->claimed ? "claimed" : dev->driver;
}

static void print_plain(const struct dt_node *np, const struct verdict *verdict)
{
	const char *refusal = verdict->refusal;
	char *needs = refusal ? NULL : plan_needs(&verdict->plan);

	out_line("%-3s %-9s %-16s %s%s%s%s%s", refusal ? "no" : "yes",
		 dma_class_name(verdict->plan.dma_class), holder_of(np),
		 np->path, refusal ? "  (" : needs ? "  (needs " : "",
		 refusal ? refusal : "", needs ? needs : "",
		 refusal || needs ? ")" : "");
	free(needs);
}

static void print_json(const struct dt_node *np, const struct verdict *verdict)
{
	const struct device *dev = sysfs_device(np);

	out_object(NULL);
	out_string("path", np->path);
	out_verdict(verdict);
	out_bool("enabled", dt_available(np));
	if (sysfs_is_live())
		out_string("holder", holder_of(np));
	if (dev) {
		out_string("bus", dev->bus);
		out_string("device", dev->name);
	}
	out_object_end();
}

void out_node_head(void)
{
	if (!options.json)
		out_line("%-3s %-9s %-16s %s", "CAN", "DMA", "HOLDER", "NODE");
}

void out_node(const struct dt_node *np, uint32_t given)
{
	struct verdict verdict = judge(np, given);

	if (options.json)
		print_json(np, &verdict);
	else
		print_plain(np, &verdict);
	policy_free(&verdict);
}
