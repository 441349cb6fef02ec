/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A claim that is refused, and what the log and the caller are told; after the
 * harness.
 */
#ifndef _SELFTESTS_SOCASSIGN_REFUSAL_H
#define _SELFTESTS_SOCASSIGN_REFUSAL_H

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "claim.h"
#include "kmsg.h"

/* Is the caller told the node and the rule?  "/" alone is in any other path. */
static inline bool was_told(const char *node, const char *rule)
{
	return strcasestr(soc_reason(), strcmp(node, "/") ? node : "/: ") &&
	       strcasestr(soc_reason(), rule);
}

/* How many lines of the log say what the caller is told, the node and the rule? */
static inline int lines_of_refusal(int log, const char *node, const char *rule)
{
	return was_told(node, rule) ? kmsg_count_said(log, soc_reason()) : 0;
}

/* Something that is refused, such as a claim; 0 or a negative errno. */
typedef int (*refused_attempt)(void *arg);

/* How many lines of the log an attempt leaves with the node and the rule. */
static inline int lines_of_attempt(refused_attempt attempt, void *arg,
				   const char *node, const char *rule,
				   int *result)
{
	int log = kmsg_open();
	int count;

	*result = attempt(arg);
	count = lines_of_refusal(log, node, rule);
	close(log);
	return count;
}

/*
 * The log is limited to 10 messages of a kind in 5 seconds: where a line was
 * swallowed, it is asked for again in a calm.
 */
static inline void check_refused(struct __test_metadata *_metadata,
				 int expected, refused_attempt attempt,
				 void *arg, const char *node, const char *rule)
{
	int result;
	int lines = lines_of_attempt(attempt, arg, node, rule, &result);

	EXPECT_EQ(expected, result)
		TH_LOG("%s", node);
	EXPECT_TRUE(was_told(node, rule))
		TH_LOG("%s: \"%s\", not \"%s\"", node, soc_reason(), rule);
	if (!lines) {
		sleep(6);
		lines = lines_of_attempt(attempt, arg, node, rule, &result);
	}
	EXPECT_EQ(1, lines)
		TH_LOG("lines with %s and \"%s\"", node, rule);
}

struct refused_claim {
	const char *path;
	__u32 flags;
};

static inline int refused_try_claim(void *arg)
{
	const struct refused_claim *claim = arg;

	return soc_try_claim(claim->path, claim->flags);
}

/* The same for a claim of one path. */
static inline void check_refusal(struct __test_metadata *_metadata,
				 int expected, const char *path, __u32 flags,
				 const char *rule)
{
	struct refused_claim claim = { path, flags };

	check_refused(_metadata, expected, refused_try_claim, &claim, path,
		      rule);
}

#endif
