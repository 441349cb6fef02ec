// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells: lines to another guest.  To either it is a PL061, a GPIO controller,
 * as far as Linux's driver goes: where one raises an output, the other one's input
 * has had both edges.
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
#include "socvmm.h"

enum {
	GPIO_DATA_END = 0x400,	/* bits 9 to 2 of the address are a mask */
	GPIO_DIR = 0x400,
	GPIO_IE = 0x410,
	GPIO_RIS = 0x414,
	GPIO_MIS = 0x418,
	GPIO_IC = 0x41c,
	GPIO_REGS_END = 0x424,
	GPIO_ID = 0xfe0
};

#define NUM_REGS	((GPIO_REGS_END - GPIO_DIR) / 4)

#define MAX_PATH	512

/* PeriphID0 to 3, of ARM's PL061, and PCellID0 to 3 */
static const uint8_t id[] = { 0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

/**
 * struct doorbell - A PL061
 * @vm: The machine
 * @name: Its node's name
 * @pin: Its interrupt
 * @in: FIFO of lines that the other guest has raised, a byte for each time
 * @out: FIFO of those that this one has
 * @data: Outputs
 * @raised: Lines that have been raised, and are not cleared yet
 * @regs: Registers that hold what was written
 */
struct doorbell {
	struct vm *vm;
	const char *name;
	int pin;
	int in;
	int out;
	uint8_t data;
	uint8_t raised;
	uint8_t regs[NUM_REGS];
};

static uint8_t reg(const struct doorbell *bell, unsigned int offset)
{
	return bell->regs[(offset - GPIO_DIR) / 4];
}

static void update(struct doorbell *bell)
{
	arch_irq_line(bell->vm, bell->pin, bell->raised & reg(bell, GPIO_IE));
}

static uint8_t data_mask(uint64_t offset)
{
	return offset >> 2;
}

/* A full FIFO has rung so often that the other guest cannot have looked. */
static void ring(struct doorbell *bell, uint8_t lines)
{
	if (lines && write(bell->out, &lines, 1) < 0 && errno != EAGAIN)
		say("%s: %s", bell->name, strerror(errno));
}

static void write_data(struct doorbell *bell, uint8_t mask, uint8_t value)
{
	uint8_t before = bell->data;

	mask &= reg(bell, GPIO_DIR);
	bell->data = (before & ~mask) | (value & mask);
	ring(bell, bell->data & ~before);
}

static uint8_t read_register(const struct doorbell *bell, uint64_t offset)
{
	if (offset < GPIO_DATA_END)
		return bell->data & reg(bell, GPIO_DIR) & data_mask(offset);
	if (offset == GPIO_RIS)
		return bell->raised;
	if (offset == GPIO_MIS)
		return bell->raised & reg(bell, GPIO_IE);
	if (offset >= GPIO_ID)
		return id[(offset - GPIO_ID) / 4];
	return offset < GPIO_REGS_END ? reg(bell, offset) : 0;
}

static uint64_t doorbell_read(void *data, uint64_t offset, unsigned int width)
{
	return read_register(data, offset);
}

static void doorbell_write(void *data, uint64_t offset, unsigned int width,
			   uint64_t value)
{
	struct doorbell *bell = data;

	if (offset < GPIO_DATA_END)
		write_data(bell, data_mask(offset), value);
	else if (offset == GPIO_IC)
		bell->raised &= ~value;
	else if (offset < GPIO_REGS_END)
		bell->regs[(offset - GPIO_DIR) / 4] = value;
	update(bell);
}

/* The FIFOs */

/* As for the command; SOCASSIGN_RUN stands in for /run, for tests. */
static const char *run_directory(void)
{
	const char *instead = getenv("SOCASSIGN_RUN");

	return instead ? instead : "/run";
}

/* Of who is rung: his partition and the node's name */
static int open_fifo(const char *partition, const char *name)
{
	char path[MAX_PATH];
	int fd;

	snprintf(path, sizeof(path), "%s/socassign", run_directory());
	mkdir(path, 0755);
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
		.out = open_fifo(it->partner, it->name),
	};
	vm->num_doorbells++;
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
 *
 * An output does not hear it: it has another value.
 */
void doorbell_rings(struct vm *vm, unsigned int index)
{
	struct doorbell *bell = &vm->doorbells[index];

	pthread_mutex_lock(&vm->lock);
	bell->raised |= take(bell) & ~reg(bell, GPIO_DIR);
	update(bell);
	pthread_mutex_unlock(&vm->lock);
}
