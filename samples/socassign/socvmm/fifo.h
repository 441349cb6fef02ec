/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was typed and not yet read, in a UART
 */
#ifndef SOCVMM_FIFO_H
#define SOCVMM_FIFO_H

#include <stddef.h>

#define FIFO_SIZE	16

/**
 * struct fifo - Bytes in the order they came in
 * @bytes: A ring
 * @first: Index of the oldest one
 * @num: Number of bytes
 */
struct fifo {
	unsigned char bytes[FIFO_SIZE];
	size_t first;
	size_t num;
};

/* Lost if there is no room. */
static inline void fifo_put(struct fifo *fifo, unsigned char byte)
{
	if (fifo->num < FIFO_SIZE)
		fifo->bytes[(fifo->first + fifo->num++) % FIFO_SIZE] = byte;
}

/* 0 if there is none. */
static inline unsigned char fifo_get(struct fifo *fifo)
{
	unsigned char byte = fifo->bytes[fifo->first];

	if (!fifo->num)
		return 0;
	fifo->first = (fifo->first + 1) % FIFO_SIZE;
	fifo->num--;
	return byte;
}

#endif /* SOCVMM_FIFO_H */
