// SPDX-License-Identifier: GPL-2.0
/*
 * Events
 */
#include "internal.h"

#include <errno.h>

int soca_event_get(const struct soca_claim *claim, struct soca_event *event)
{
	struct socassign_get_event cmd = { .size = sizeof(cmd) };
	int ret = soca_ioctl(claim->fd, SOCASSIGN_GET_EVENT, &cmd);

	if (ret)
		return ret;
	*event = (struct soca_event) {
		.type = cmd.out_type, .flags = cmd.out_flags,
		.index = cmd.out_index, .fault = cmd.out_fault,
		.storm = cmd.out_storm, .time = cmd.out_time,
		.address = cmd.out_address,
	};
	return 0;
}

int soca_event_wait(const struct soca_claim *claim, int milliseconds,
		    struct soca_event *event)
{
	int ret = soca_event_get(claim, event);
	int came;

	if (ret != -EAGAIN)
		return ret;
	came = soca_poll(claim->fd, milliseconds);
	if (came < 0)
		return came;
	if (!came)
		return -ETIMEDOUT;
	/* Another thread may have taken it: then nothing came in time. */
	ret = soca_event_get(claim, event);
	return ret == -EAGAIN ? -ETIMEDOUT : ret;
}
