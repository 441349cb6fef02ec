// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells: lines to another guest.  To either it is a GPIO controller: where one
 * raises an output, the other one's input has had both edges.
 *
 * Between the two is a FIFO for each direction, which both of them make, and whose
 * ends both have open: so whoever is killed and started again finds it, and nothing
 * has to be connected.  What was rung before a guest starts is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "conf/stand_in.h"
#include "gpio.h"
#include "socvmm.h"

#define MAX_PATH	512

/**
 * struct doorbell - A GPIO controller, and where its lines lead to
 * @vm: The machine
 * @name: Its node's name
 * @pin: Its interrupt
 * @in: FIFO of lines that the other guest has raised, a byte for each time
 * @out: FIFO of those that this one has
 * @gpio: Its registers
 */
struct doorbell {
	struct vm *vm;
	const char *name;
	int pin;
	int in;
	int out;
	struct gpio *gpio;
};

static void update(struct doorbell *bell)
{
	arch_irq_line(bell->vm, bell->pin, gpio_interrupts(bell->gpio));
}

/* A full FIFO has rung so often that the other guest cannot have looked. */
static void ring(struct doorbell *bell, uint8_t lines)
{
	if (lines && write(bell->out, &lines, 1) < 0 && errno != EAGAIN)
		say("%s: %s", bell->name, strerror(errno));
}

static uint64_t doorbell_read(void *data, uint64_t offset, unsigned int width)
{
	const struct doorbell *bell = data;

	return gpio_read(bell->gpio, offset);
}

static void doorbell_write(void *data, uint64_t offset, unsigned int width,
			   uint64_t value)
{
	struct doorbell *bell = data;

	ring(bell, gpio_write(bell->gpio, offset, value));
	update(bell);
}

/* The FIFOs */

/* Of who is rung: his partition and the node's name */
static int open_fifo(const char *partition, const char *name)
{
	char path[MAX_PATH];
	int fd;

	snprintf(path, sizeof(path), "%s/socassign", run_directory());
	if (mkdir(path, 0755) && errno != EEXIST) {
		fail("%s: %s", path, strerror(errno));
		return -1;
	}
	snprintf(path, sizeof(path), "%s/socassign/%s.%s", run_directory(),
		 partition, name);
	if (mkfifo(path, 0600) && errno != EEXIST) {
		fail("%s: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static uint8_t take(struct doorbell *bell)
{
	uint8_t lines[64], all = 0;
	ssize_t num;

	do {
		num = read(bell->in, lines, sizeof(lines));
		for (ssize_t i = 0; i < num; i++)
			all |= lines[i];
	} while (num == sizeof(lines));
	return all;
}

static bool open_doorbell(struct vm *vm, unsigned int index)
{
	const struct conf_doorbell *it = &vm->options->doorbells[index];
	struct doorbell *bell = &vm->doorbells[index];

	*bell = (struct doorbell) {
		.vm = vm, .name = it->name, .pin = arch_pin(vm, true),
		.in = open_fifo(vm->options->name, it->name),
		.out = open_fifo(it->partner, it->name), .gpio = gpio_new(),
	};
	vm->num_doorbells++;
	if (!bell->gpio)
		return fail("%s", strerror(ENOMEM));
	if (bell->pin < 0)
		return fail("%s: no interrupt for it", bell->name);
	if (bell->in < 0 || bell->out < 0)
		return false;
	take(bell);
	return mmio_add(vm, &(struct mmio) {
			.start = doorbell_address(vm, index),
			.size = DOORBELL_SIZE, .counter = &vm->stats->other,
			.read = doorbell_read, .write = doorbell_write,
			.data = bell,
		});
}

/**
 * doorbells_open - Give the guest the lines that are described
 * @vm: The machine, with its interrupt controller
 *
 * Return: true, or false after a message.  doorbells_close() is due in either case.
 */
bool doorbells_open(struct vm *vm)
{
	unsigned int num = vm->options->num_doorbells;

	vm->doorbells = calloc(num + 1, sizeof(*vm->doorbells));
	if (!vm->doorbells)
		return fail("%s", strerror(ENOMEM));
	for (unsigned int i = 0; i < num; i++)
		if (!open_doorbell(vm, i))
			return false;
	return true;
}

void doorbells_close(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->num_doorbells; i++) {
		close(vm->doorbells[i].in);
		close(vm->doorbells[i].out);
		free(vm->doorbells[i].gpio);
	}
	free(vm->doorbells);
}

uint64_t doorbell_address(const struct vm *vm, unsigned int index)
{
	return vm->window + arch_layout.doorbells + index * DOORBELL_SIZE;
}

const char *doorbell_name(const struct vm *vm, unsigned int index)
{
	return vm->doorbells[index].name;
}

int doorbell_pin(const struct vm *vm, unsigned int index)
{
	return vm->doorbells[index].pin;
}

/* What is readable when the other guest has rung */
int doorbell_fd(const struct vm *vm, unsigned int index)
{
	return vm->doorbells[index].in;
}

/**
 * doorbell_rings - Tell the guest that the other one has rung
 * @vm: The machine
 * @index: Which of its doorbells
 */
void doorbell_rings(struct vm *vm, unsigned int index)
{
	struct doorbell *bell = &vm->doorbells[index];

	pthread_mutex_lock(&vm->lock);
	gpio_pulse(bell->gpio, take(bell));
	update(bell);
	pthread_mutex_unlock(&vm->lock);
}
