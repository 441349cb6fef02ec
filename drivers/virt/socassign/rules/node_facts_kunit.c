// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the rule book
 */
#include <kunit/test.h>

#include "rules/node_facts.c"

/* One that is out of order would not be found. */
static void soca_test_compatibles(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(soca_rules); i++) {
		const struct soca_rule *rule = &soca_rules[i];

		for (u32 j = 0; j < rule->num; j++)
			KUNIT_EXPECT_TRUE_MSG(test, rule->fact &
					      soca_compatible_facts(rule->names[j]),
					      "%s", rule->names[j]);
	}
	KUNIT_EXPECT_TRUE(test, soca_compatible_facts("ARM,PSCI") & SOCA_IS_SYSTEM);
	KUNIT_EXPECT_TRUE(test, soca_compatible_facts("fsl,dcsr-cpu-sb-proxy") &
			  SOCA_IS_SYSTEM);
	KUNIT_EXPECT_EQ(test, soca_compatible_facts("dcsr"), 0);
	KUNIT_EXPECT_EQ(test, soca_compatible_facts(""), 0);
}

static struct kunit_case soca_facts_cases[] = {
	KUNIT_CASE(soca_test_compatibles),
	{ }
};

static struct kunit_suite soca_facts_suite = {
	.name = "socassign_facts",
	.test_cases = soca_facts_cases,
};

kunit_test_suite(soca_facts_suite);
