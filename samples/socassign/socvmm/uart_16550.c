// SPDX-License-Identifier: GPL-2.0
/* The console of a Power guest: a 16550, as far as Linux's 8250 driver goes. */
#include <stdlib.h>

#include "fifo.h"
#include "socvmm.h"

enum {
	UART_DATA = 0,	/* with LCR_DLAB: divisor, low */
	UART_IER = 1,	/* with LCR_DLAB: divisor, high */
	UART_IIR = 2,	/* when written: FCR */
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
	UART_MSR = 6,
	UART_SCR = 7
};

#define IER_RX		0x01
#define IER_TX		0x02
#define IIR_NONE	0x01
#define IIR_TX		0x02
#define IIR_RX		0x04
#define IIR_FIFO	0xc0
#define FCR_CLEAR_RX	0x02
#define LCR_DLAB	0x80
#define MCR_LOOP	0x10
#define LSR_RX		0x01
#define LSR_TX_EMPTY	0x60
#define MSR_READY	0xb0	/* DCD, DSR, CTS */

/**
 * struct uart - A 16550
 * @vm: The machine
 * @rx: What was typed
 * @tx_told: The guest knows that it may send: it has read so in IIR
 * @regs: Registers that hold what was written
 * @divisor: The same, behind %LCR_DLAB
 */
struct uart {
	struct vm *vm;
	struct fifo rx;
	bool tx_told;
	uint8_t regs[8];
	uint8_t divisor[2];
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

/* What was sent is gone at once, so there always is room. */
static uint8_t interrupt_cause(const struct uart *uart)
{
	if (uart->regs[UART_IER] & IER_RX && uart->rx.num)
		return IIR_RX;
	if (uart->regs[UART_IER] & IER_TX && !uart->tx_told)
		return IIR_TX;
	return IIR_NONE;
}

static void update(struct uart *uart)
{
	arch_irq_line(uart->vm, uart->vm->uart_pin,
		      interrupt_cause(uart) != IIR_NONE);
}

static uint8_t read_data(struct uart *uart)
{
	uint8_t byte = fifo_get(&uart->rx);

	if (!uart->rx.num)
		console_drained(uart->vm);
	return byte;
}

static uint8_t read_cause(struct uart *uart)
{
	uint8_t cause = interrupt_cause(uart);

	if (cause == IIR_TX)
		uart->tx_told = true;
	return cause | IIR_FIFO;
}

/* The modem's lines come back as they are set, in a loop. */
static uint8_t read_modem(const struct uart *uart)
{
	uint8_t out = uart->regs[UART_MCR];

	if (!(out & MCR_LOOP))
		return MSR_READY;
	return (out & 0x0c) << 4 | (out & 0x02) << 3 | (out & 0x01) << 5;
}

static uint8_t read_register(struct uart *uart, uint64_t offset)
{
	bool dlab = uart->regs[UART_LCR] & LCR_DLAB;

	switch (offset) {
	case UART_DATA:
		return dlab ? uart->divisor[0] : read_data(uart);
	case UART_IER:
		return dlab ? uart->divisor[1] : uart->regs[UART_IER];
	case UART_IIR:
		return read_cause(uart);
	case UART_LSR:
		return LSR_TX_EMPTY | (uart->rx.num ? LSR_RX : 0);
	case UART_MSR:
		return read_modem(uart);
	}
	return uart->regs[offset];
}

uint64_t uart_read(void *data, uint64_t offset, unsigned int width)
{
	struct uart *uart = data;
	uint8_t value = read_register(uart, offset);

	update(uart);
	return value;
}

static void write_data(struct uart *uart, uint8_t value)
{
	uart->tx_told = false;
	if (!(uart->regs[UART_MCR] & MCR_LOOP))
		console_put(uart->vm, value);
	else
		fifo_put(&uart->rx, value);
}

static void write_fifo_control(struct uart *uart, uint8_t value)
{
	if (!(value & FCR_CLEAR_RX))
		return;
	uart->rx.num = 0;
	console_drained(uart->vm);
}

/* Nothing is taken in from outside while it is connected to itself. */
static void write_modem(struct uart *uart, uint8_t value)
{
	uart->regs[UART_MCR] = value;
	if (!(value & MCR_LOOP))
		console_drained(uart->vm);
}

static void write_enable(struct uart *uart, uint8_t value)
{
	/* To enable it again asks again. */
	if (value & ~uart->regs[UART_IER] & IER_TX)
		uart->tx_told = false;
	uart->regs[UART_IER] = value;
}

void uart_write(void *data, uint64_t offset, unsigned int width, uint64_t value)
{
	struct uart *uart = data;
	bool dlab = uart->regs[UART_LCR] & LCR_DLAB;

	if (offset <= UART_IER && dlab)
		uart->divisor[offset] = value;
	else if (offset == UART_DATA)
		write_data(uart, value);
	else if (offset == UART_IER)
		write_enable(uart, value & 0x0f);
	else if (offset == UART_IIR)
		write_fifo_control(uart, value);
	else if (offset == UART_MCR)
		write_modem(uart, value);
	else
		uart->regs[offset] = value;
	update(uart);
}

size_t uart_room(struct uart *uart)
{
	return uart->regs[UART_MCR] & MCR_LOOP ? 0 : FIFO_SIZE - uart->rx.num;
}

void uart_input(struct uart *uart, const unsigned char *bytes, size_t num)
{
	for (size_t i = 0; i < num; i++)
		fifo_put(&uart->rx, bytes[i]);
	update(uart);
}
