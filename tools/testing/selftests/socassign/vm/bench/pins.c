// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "../../lib/dma.h"
#include "bench.h"
#include "measure.h"

struct pins {
	int fd;
	void *mem;
	size_t length;
	int memory;
};

static int pin(void *arg)
{
	struct pins *pins = arg;

	pins->memory = soc_memory(pins->fd, pins->mem, pins->length,
				  SOCASSIGN_MEMORY_WRITE);
	return pins->memory;
}

static int unpin(void *arg)
{
	struct pins *pins = arg;

	return close(pins->memory);
}

void bench_pins(int fd, void *mem)
{
	static const struct {
		size_t length;
		const char *pin, *unpin;
	} sizes[] = {
		{ 4 * KIB, "pin 4 KiB", "unpin 4 KiB" },
		{ SMALL, "pin 2 MiB", "unpin 2 MiB" },
		{ LARGE, "pin 512 MiB", "unpin 512 MiB" },
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct pins pins = {
			.fd = fd, .mem = mem, .length = sizes[i].length,
		};
		struct job job = {
			.what = sizes[i].pin, .run = pin, .after = unpin,
			.rounds = 11,
		};

		measure(&job, &pins);
		job = (struct job) {
			.what = sizes[i].unpin, .before = pin, .run = unpin,
			.rounds = 11,
		};
		measure(&job, &pins);
	}
}
