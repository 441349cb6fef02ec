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

/* Is the caller told the node (the root has no name) and the rule? */
static inline bool was_told(const char *node, const char *rule)
{
	return strcasestr(soc_reason(), strcmp(node, "/") ? node : "") &&
	       strcasestr(soc_reason(), rule);
}

/* How many lines of the log say what the caller is told, the node and the rule? */
static inline int lines_of_refusal(int log, const char *node, const char *rule)
{
	return was_told(node, rule) ? kmsg_count_said(log, soc_reason()) : 0;
}

/* How many lines of the log an attempt leaves with the node and the rule. */
static inline int lines_of_attempt(const char *path, __u32 flags,
				   const char *rule, int *result)
{
	int log = kmsg_open();
	int count;

	*result = soc_try_claim(path, flags);
	count = lines_of_refusal(log, path, rule);
	close(log);
	return count;
}

/*
 * The log is limited to 10 messages of a kind in 5 seconds: where a line was
 * swallowed, it is asked for again in a calm.
 */
static inline void check_refusal(struct __test_metadata *_metadata,
				 int expected, const char *path, __u32 flags,
				 const char *rule)
{
	int result;
	int lines = lines_of_attempt(path, flags, rule, &result);

	EXPECT_EQ(expected, result)
		TH_LOG("%s", path);
	EXPECT_TRUE(was_told(path, rule))
		TH_LOG("%s: \"%s\", not \"%s\"", path, soc_reason(), rule);
	if (!lines) {
		sleep(6);
		lines = lines_of_attempt(path, flags, rule, &result);
	}
	EXPECT_EQ(1, lines)
		TH_LOG("lines with %s and \"%s\"", path, rule);
}

#endif
