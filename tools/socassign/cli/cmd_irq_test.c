// SPDX-License-Identifier: GPL-2.0
/*
 * socassign irq-test
 */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "claim.h"
#include "out.h"

/* The hardware may raise it as well; so there may come more than were fired. */
static int fire_once(struct soca_claim *claim, unsigned int index,
		     uint64_t *received)
{
	uint64_t count = 0;
	int ret = soca_irq_fire(claim, index);

	/* The automatic mask says that one is on its way already. */
	if (ret && ret != -EBUSY)
		return ret;
	ret = soca_irq_wait(claim, index, options.timeout, &count);
	*received += count;
	return ret ? ret : soca_irq_done(claim, index);
}

static void report(const char *path, const struct soca_irq *irq,
		   uint64_t fired, uint64_t received, uint64_t hardware)
{
	if (!options.json) {
		out_line("%s: %s interrupt%s%s: fired %" PRIu64 ", received %"
			 PRIu64 ", raised by the hardware %" PRIu64,
			 path, irq->flags & SOCASSIGN_IRQ_LEVEL ? "level" : "edge",
			 *irq->name ? " " : "", irq->name, fired, received,
			 hardware);
		return;
	}
	out_begin();
	out_string("path", path);
	out_string("name", irq->name);
	out_bool("level", irq->flags & SOCASSIGN_IRQ_LEVEL);
	out_number("fired", fired);
	out_number("received", received);
	out_number("hardware", hardware);
	out_end();
}

static int test(struct soca_claim *claim, const char *path, unsigned int index)
{
	uint64_t fired = 0, received = 0, hardware = 0;
	int ret = soca_irq_open(claim, index);

	while (!ret && fired < options.count) {
		ret = fire_once(claim, index, &received);
		fired += !ret;
	}
	if (!ret)
		ret = soca_irq_state(claim, index, NULL, &hardware);
	if (ret) {
		complain_soca(path, SOCA_OP_IRQ, ret);
		return EXIT_FAILED;
	}
	report(path, soca_irq_get(claim, index), fired, received, hardware);
	return received >= fired ? EXIT_OK : EXIT_FAILED;
}

int cmd_irq_test(int num, char **args)
{
	struct soca_claim *claim;
	uint64_t index;
	int code;

	if (!parse_number(args[1], &index) || index > UINT32_MAX)
		return complain_usage("irq-test: no number: %s", args[1]);
	claim = claim_path(args[0]);
	if (!claim)
		return EXIT_FAILED;
	code = test(claim, args[0], index);
	soca_close(claim);
	return code;
}
