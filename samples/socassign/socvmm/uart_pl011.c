// SPDX-License-Identifier: GPL-2.0
/* The console of an arm64 guest: a PL011, as far as Linux's driver goes. */
#include <stdlib.h>

#include "fifo.h"
#include "socvmm.h"

enum {
	UART_DR = 0x00,
	UART_FR = 0x18,
	UART_CR = 0x30,
	UART_IMSC = 0x38,
	UART_RIS = 0x3c,
	UART_MIS = 0x40,
	UART_ICR = 0x44,
	UART_ID = 0xfe0
};

#define FR_RX_EMPTY	0x10
#define FR_RX_FULL	0x40
#define FR_TX_EMPTY	0x80
#define INT_RX		0x10
#define INT_TX		0x20
#define INT_RX_TIMEOUT	0x40

#define NUM_REGS	(0x48 / 4)

/* PeriphID0 to 3, of ARM's PL011 r1p5, and PCellID0 to 3 */
static const uint8_t id[] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

/**
 * struct uart - A PL011
 * @vm: The machine
 * @rx: What was typed
 * @raised: Interrupts of what was sent: raised, and not cleared yet
 * @regs: Registers that hold what was written
 */
struct uart {
	struct vm *vm;
	struct fifo rx;
	uint32_t raised;
	uint32_t regs[NUM_REGS];
};

struct uart *uart_new(struct vm *vm)
{
	struct uart *uart = calloc(1, sizeof(*uart));

	if (uart)
		uart->vm = vm;
	return uart;
}

void uart_free(struct uart *uart)
{
	free(uart);
}

static uint32_t raw_interrupts(const struct uart *uart)
{
	return uart->raised | (uart->rx.num ? INT_RX | INT_RX_TIMEOUT : 0);
}

static uint32_t interrupts(const struct uart *uart)
{
	return raw_interrupts(uart) & uart->regs[UART_IMSC / 4];
}

static void update(struct uart *uart)
{
	arch_irq_line(uart->vm, uart->vm->uart_pin, interrupts(uart));
}

static uint32_t read_data(struct uart *uart)
{
	uint32_t byte = fifo_get(&uart->rx);

	if (!uart->rx.num)
		console_drained(uart->vm);
	return byte;
}

static uint32_t read_flags(const struct uart *uart)
{
	return FR_TX_EMPTY | (uart->rx.num ? 0 : FR_RX_EMPTY) |
	       (uart->rx.num == FIFO_SIZE ? FR_RX_FULL : 0);
}

static uint32_t read_register(struct uart *uart, uint64_t offset)
{
	switch (offset) {
	case UART_DR:
		return read_data(uart);
	case UART_FR:
		return read_flags(uart);
	case UART_RIS:
		return raw_interrupts(uart);
	case UART_MIS:
		return interrupts(uart);
	}
	if (offset >= UART_ID)
		return id[(offset - UART_ID) / 4];
	return offset / 4 < NUM_REGS ? uart->regs[offset / 4] : 0;
}

uint64_t uart_read(void *data, uint64_t offset, unsigned int width)
{
	struct uart *uart = data;
	uint32_t value = read_register(uart, offset);

	update(uart);
	return value;
}

void uart_write(void *data, uint64_t offset, unsigned int width, uint64_t value)
{
	struct uart *uart = data;

	switch (offset) {
	case UART_DR:
		console_put(uart->vm, value);
		uart->raised |= INT_TX;
		break;
	case UART_ICR:
		uart->raised &= ~value;
		break;
	default:
		if (offset / 4 < NUM_REGS)
			uart->regs[offset / 4] = value;
	}
	update(uart);
}

size_t uart_room(struct uart *uart)
{
	return FIFO_SIZE - uart->rx.num;
}

void uart_input(struct uart *uart, const unsigned char *bytes, size_t num)
{
	for (size_t i = 0; i < num; i++)
		fifo_put(&uart->rx, bytes[i]);
	update(uart);
}
