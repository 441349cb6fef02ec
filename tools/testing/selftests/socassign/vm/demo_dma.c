// SPDX-License-Identifier: GPL-2.0
/*
 * Part two: the device is a bus master, an Ethernet controller behind the PAMU.
 * It reaches the memory that the program gives it, at addresses that the
 * program chooses, and nothing else.
 */
#include "demo.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/dma.h"
#include "../lib/nic.h"
#include "../lib/trap.h"

#define OUR_IP		0x0a000210
#define SERIAL		1	/* of the ping */
#define FAULT_MS	10000

#define MEM_SIZE	0x400000	/* a huge page */
#define MEM_SHARED	0x200000

/* As a guest would see it: RAM, and far away a bit of shared memory. */
static const struct window {
	__u32 iova;
	__u32 offset;
	__u32 length;
} windows[] = {
	{ 0x80000000, 0, 0x100000 },
	{ 0xc0000000, MEM_SHARED, 0x10000 },
};

#define NUM_WINDOWS	(sizeof(windows) / sizeof(*windows))

struct part {
	struct demo_device dev;
	struct nic nic;
	__u32 num_dmas;
	char *mem;
	int memory;		/* the memory object of it */
	struct nic_mem tx;	/* in the first window */
	struct nic_mem rx;	/* in the second */
	struct trap trap;
	struct peer me;
	struct peer gateway;
};

static void show_dma(int fd, __u32 index)
{
	struct socassign_dma dma = {};

	check(soc_dma(fd, index, &dma), "DMA");
	printf("  DMA %u: LIODN %u, %s, %u windows", index, dma.out_liodn,
	       dma.out_flags & SOCASSIGN_DMA_ENABLED ? "enabled" : "blocked",
	       dma.out_num_windows);
	if (dma.out_bytes)
		printf("; geometry: %u subwindows in 0x%llx bytes at 0x%llx",
		       dma.out_num_subwindows,
		       (unsigned long long)dma.out_bytes,
		       (unsigned long long)dma.out_base);
	printf("\n");
}

static void show_dmas(const struct part *part)
{
	for (__u32 i = 0; i < part->num_dmas; i++)
		show_dma(part->nic.fd, i);
}

static void show_fault(int fd, const struct socassign_get_event *event)
{
	static const char * const kinds[] = {
		[SOCASSIGN_FAULT_OUTSIDE] = "it is in no window",
		[SOCASSIGN_FAULT_PERMISSION] = "the window does not permit it",
		[SOCASSIGN_FAULT_DISABLED] = "DMA is not enabled",
		[SOCASSIGN_FAULT_OPERATION] = "an unknown operation",
	};
	struct socassign_dma dma = {};

	if (event->out_type != SOCASSIGN_EVENT_DMA_FAULT)
		die("event %u", event->out_type);
	check(soc_dma(fd, event->out_index, &dma), "DMA");
	printf("  CAUGHT: DMA %u (LIODN %u), address 0x%08llx: %s\n",
	       event->out_index, dma.out_liodn,
	       (unsigned long long)event->out_address,
	       kinds[event->out_fault]);
}

/* The device was told to do what it may not. */
static void show_refusal(struct nic *nic)
{
	struct socassign_get_event event;
	int ret;

	check(nic_wait_bus_error(nic), "waiting for a bus error");
	printf("  the controller meets a bus error and halts\n");
	ret = soc_next_event(nic->fd, &event, FAULT_MS);
	check(ret, "waiting for an event");
	/* The PAMU may have refused it in more than one piece. */
	for (; !ret; ret = soc_get_event(nic->fd, &event))
		show_fault(nic->fd, &event);
}

static void claim(struct part *part)
{
	struct socassign_info info = {};

	check(nic_open(&part->nic, &nic_devs[1], 0), "INSTANTIATE");
	show_claim(part->nic.fd);
	check(soc_info(part->nic.fd, &info), "INFO");
	part->num_dmas = info.out_num_dmas;
	show_dmas(part);
}

static void get_memory(struct part *part)
{
	part->mem = huge_alloc(MEM_SIZE, MEM_SIZE);
	if (!part->mem)
		die("no huge page");
	part->memory = soc_memory(part->nic.fd, part->mem, MEM_SIZE,
				  SOCASSIGN_MEMORY_WRITE);
	check(part->memory, "MEMORY");
	part->tx = (struct nic_mem) { part->mem, windows[0].iova };
	part->rx = (struct nic_mem) { part->mem + MEM_SHARED,
				      windows[1].iova };
	check(trap_open(&part->trap), "memory with a pattern");
}

static void send_while_blocked(struct part *part)
{
	struct nic *nic = &part->nic;

	printf("  told to send all the same, it looks for its descriptors at 0x%08x\n",
	       part->tx.bus);
	nic_start(nic, &part->tx, &part->rx);
	check(etsec_send(&nic->etsec, part->tx.bus + NIC_BUFFERS, FRAME_MIN),
	      "sending");
	show_refusal(nic);
}

static void show_memory(const struct part *part)
{
	printf("  the program's memory: 0x%x bytes at 0x%lx, physical 0x%08llx\n",
	       MEM_SIZE, (unsigned long)part->mem,
	       (unsigned long long)physical_address(part->mem));
}

static void map_window(const struct part *part, __u32 index,
		       const struct window *win)
{
	struct socassign_dma_map map = {
		.index = index, .flags = DMA_RW, .memory_fd = part->memory,
		.offset = win->offset, .iova = win->iova,
		.length = win->length,
	};

	check(soc_dma_map(part->nic.fd, &map), "DMA_MAP");
	printf("  DMA %u: window at 0x%08x, 0x%x bytes, onto physical 0x%08llx\n",
	       index, win->iova, win->length,
	       (unsigned long long)physical_address(part->mem + win->offset));
}

static void map_windows(const struct part *part)
{
	for (__u32 i = 0; i < part->num_dmas; i++) {
		for (size_t w = 0; w < NUM_WINDOWS; w++)
			map_window(part, i, &windows[w]);
		check(soc_dma_enable(part->nic.fd, i), "DMA_CONTROL");
	}
	show_dmas(part);
}

/* Where it is for the device, for the program, and for the hardware. */
static void show_place(const struct nic_mem *mem, __u32 bus)
{
	const char *cpu = (const char *)mem->cpu + (bus - mem->bus);

	printf("0x%08x (program 0x%lx, physical 0x%08llx)", bus,
	       (unsigned long)cpu, (unsigned long long)physical_address(cpu));
}

static void show_rings(const struct nic *nic)
{
	printf("  descriptors, to send:    ");
	show_place(&nic->tx, nic->etsec.tx.address);
	printf("\n  descriptors, to receive: ");
	show_place(&nic->rx, nic->etsec.rx.address);
	printf("\n");
}

/* The frame of the descriptor that the device finished last. */
static void show_traffic(const char *what, const struct etsec_ring *ring,
			 const struct nic_mem *mem, const void *frame, int len)
{
	unsigned int last = (ring->tail - 1) % ring->count;

	printf("  %d bytes %s ", len, what);
	show_place(mem, be32toh(ring->bd[last].address));
	printf(":\n    ");
	show_frame(frame);
	printf("\n");
}

static void transmit(struct nic *nic, const void *frame, int len)
{
	check(nic_send(nic, frame, len), "sending");
	show_traffic("sent from", &nic->etsec.tx, &nic->tx, frame, len);
}

static void ask_who(struct part *part, void *frame)
{
	transmit(&part->nic, frame,
		 frame_arp(frame, &part->me, FRAME_GATEWAY_IP));
}

static bool is_answer(struct part *part, const void *frame, int len)
{
	return frame_is_arp_reply(frame, len, &part->me, &part->gateway) ||
	       frame_is_pong(frame, len, &part->me, &part->gateway, SERIAL);
}

/* Frames of others may come in between. */
static void receive_answer(struct part *part, void *frame)
{
	struct nic *nic = &part->nic;
	int len;

	do {
		len = nic_receive(nic, frame);
		check(len, "receiving");
	} while (!is_answer(part, frame, len));
	show_traffic("received into", &nic->etsec.rx, &nic->rx, frame, len);
}

static void ping(struct part *part)
{
	uint8_t frame[ETSEC_BUFFER];

	ask_who(part, frame);
	receive_answer(part, frame);
	transmit(&part->nic, frame,
		 frame_ping(frame, &part->me, &part->gateway, SERIAL));
	receive_answer(part, frame);
}

/* Nobody may see on the network what is there. */
static void send_from_outside(struct part *part)
{
	struct nic *nic = &part->nic;

	printf("  told to send %d bytes of it\n", FRAME_MIN);
	check(etsec_send(&nic->etsec, part->trap.bus, FRAME_MIN), "sending");
	show_refusal(nic);
	if (etsec_sent(&nic->etsec))
		die("it was sent");
	printf("  nothing was sent\n");
}

/* Nobody on the network may change what is there. */
static void receive_outside(struct part *part)
{
	struct nic *nic = &part->nic;
	uint8_t frame[FRAME_MIN];

	printf("  told to receive to it, with an answer to come:\n");
	nic_set_rings(nic, &part->tx, &part->rx);
	check(etsec_give(&nic->etsec, part->trap.bus), "receiving");
	etsec_start(&nic->etsec);
	ask_who(part, frame);
	show_refusal(nic);
	if (etsec_received(&nic->etsec) != -EAGAIN ||
	    !trap_unchanged(&part->trap))
		die("it was received");
	printf("  nothing was received: all 0x%x bytes are as they were\n",
	       TRAP_SIZE);
}

static void leave_windows(struct part *part)
{
	printf("  0x%x bytes at physical 0x%08x, in no window, hold a pattern\n",
	       TRAP_SIZE, part->trap.bus);
	send_from_outside(part);
	receive_outside(part);
	nic_start(&part->nic, &part->tx, &part->rx);
	check(nic_ping_gateway(&part->nic, OUR_IP), "ping");
	printf("  set up anew, it works on: the gateway answers\n");
}

static void release(struct part *part)
{
	nic_close(&part->nic);
	close(part->memory);
	munmap(part->mem, MEM_SIZE);
	trap_close(&part->trap);
}

static void run(struct part *part)
{
	printf("\n5. The host has another Ethernet controller, which masters the bus.\n");
	show_driver(&part->dev);
	show_host_ping(&part->dev);

	printf("\n6. Handed out and claimed, it reaches no memory at all.\n");
	hand_out(&part->dev);
	claim(part);
	get_memory(part);
	send_while_blocked(part);

	printf("\n7. The program gives it windows, as a guest would see memory.\n");
	show_memory(part);
	map_windows(part);

	printf("\n8. It sends and receives through them.\n");
	nic_start(&part->nic, &part->tx, &part->rx);
	show_rings(&part->nic);
	ping(part);

	printf("\n9. Told to leave its windows, it is stopped.\n");
	leave_windows(part);

	printf("\n10. The device goes back to the host.\n");
	release(part);
	give_back(&part->dev);
	show_host_ping(&part->dev);
}

void demo_dma(void)
{
	struct part part = { .me.ip = OUR_IP };

	if (!nics_exist()) {
		printf("\nThis board has no PAMU: the second part, a bus master, is left out.\n");
		return;
	}
	memcpy(part.me.mac, nic_devs[1].mac, MAC_LEN);
	find_device(&part.dev, nic_devs[1].node);
	run(&part);
}
