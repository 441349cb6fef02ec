// SPDX-License-Identifier: GPL-2.0
/* The emulated console: our standard input and output, and a UART between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "fifo.h"
#include "socvmm.h"

static struct termios saved;
static bool is_raw;

/**
 * terminal_raw - Hand every key to the guest, but Ctrl-C
 *
 * The guest does the echo.
 */
void terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved))
		return;
	raw = saved;
	raw.c_iflag &= ~(ICRNL | IXON);
	raw.c_lflag &= ~(ICANON | ECHO | IEXTEN);
	raw.c_cc[VQUIT] = _POSIX_VDISABLE;
	raw.c_cc[VSUSP] = _POSIX_VDISABLE;
	is_raw = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void terminal_restore(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

/**
 * console_open - Give the guest the console that the user wants
 * @vm: The machine, with its interrupt controller
 *
 * Return: true, or false after a message.
 */
bool console_open(struct vm *vm)
{
	if (vm->options->no_console || vm->options->console)
		return true;
	vm->uart_pin = arch_pin(vm, true);
	vm->uart = vm->uart_pin < 0 ? NULL : uart_new(vm);
	if (!vm->uart)
		return fail("no console: no memory, or no interrupt, for it");
	return mmio_add(vm, &(struct mmio) {
			.start = vm->window + arch_layout.uart,
			.size = arch_layout.uart_size,
			.counter = &vm->stats->console, .read = uart_read,
			.write = uart_write, .data = vm->uart,
		});
}

void console_close(struct vm *vm)
{
	uart_free(vm->uart);
}

/**
 * console_put - The guest prints something
 * @vm: The machine, whose lock is held
 * @byte: What
 *
 * An access is one byte at most; console_take() follows.
 */
void console_put(struct vm *vm, unsigned char byte)
{
	vm->output = byte;
	vm->has_output = true;
}

/**
 * console_take - What the access has printed
 * @vm: The machine, whose lock is held
 * @byte: Returns it, for console_print()
 *
 * Return: true if there is such.
 */
bool console_take(struct vm *vm, unsigned char *byte)
{
	bool has_output = vm->has_output;

	*byte = vm->output;
	vm->has_output = false;
	return has_output;
}

/**
 * console_print - Print what the guest has printed
 * @vm: The machine
 * @byte: What
 *
 * Without the lock: it may wait for whoever reads.
 */
void console_print(struct vm *vm, unsigned char byte)
{
	while (write(STDOUT_FILENO, &byte, 1) < 0)
		if (errno != EINTR || atomic_load(&vm->why) != WHY_RUNNING)
			return;
}

/**
 * console_wants_input - Is there room for what is typed?
 * @vm: The machine
 *
 * If there is none, console_drained() tells when there is again.
 *
 * Return: true if so.
 */
bool console_wants_input(struct vm *vm)
{
	bool wants;

	if (!vm->uart || vm->input_ended)
		return false;
	pthread_mutex_lock(&vm->lock);
	wants = uart_room(vm->uart);
	vm->input_waits = !wants;
	pthread_mutex_unlock(&vm->lock);
	return wants;
}

static size_t room(struct vm *vm)
{
	size_t num;

	pthread_mutex_lock(&vm->lock);
	num = uart_room(vm->uart);
	pthread_mutex_unlock(&vm->lock);
	return num;
}

/**
 * console_input - Hand the guest what was typed
 * @vm: The machine; there is something to read, which may be the end
 *
 * The guest makes room and may fill it by itself, in a loop: what does not fit
 * then is lost, as on a wire.
 */
void console_input(struct vm *vm)
{
	unsigned char bytes[FIFO_SIZE];
	size_t max = room(vm);
	ssize_t num;

	if (!max)
		return;
	num = read(STDIN_FILENO, bytes, max);
	if (!num || (num < 0 && errno != EINTR && errno != EAGAIN))
		vm->input_ended = true;
	if (num <= 0)
		return;
	pthread_mutex_lock(&vm->lock);
	uart_input(vm->uart, bytes, num);
	pthread_mutex_unlock(&vm->lock);
}

/**
 * console_drained - The guest has taken what was typed
 * @vm: The machine, whose lock is held
 */
void console_drained(struct vm *vm)
{
	const uint64_t one = 1;

	if (!vm->input_waits)
		return;
	vm->input_waits = false;
	if (write(vm->kick, &one, sizeof(one)) < 0)
		fail("eventfd: %s", strerror(errno));
}
