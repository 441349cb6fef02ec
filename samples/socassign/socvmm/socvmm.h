/* SPDX-License-Identifier: GPL-2.0 */
/*
 * socvmm: a small VMM whose guest owns real devices
 *
 * The host's memory is a memslot, the registers of claimed devices are
 * memslots, their interrupts are irqfds: once the guest runs, nothing of what
 * it does with its devices comes here.  What is left is a console, power, and
 * news of the claims.
 *
 * A thread for each CPU of the guest's, in vcpu.c, and one of loop.c, which waits for
 * everything else.  What several of them change is under struct vm.lock.  Functions
 * that can fail return false, and have said why.
 */
#ifndef SOCVMM_H
#define SOCVMM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "libsocassign.h"
#include "options.h"

#define ARRAY_SIZE(_array)	(sizeof(_array) / sizeof((_array)[0]))
#define MiB			(1ULL << 20)

/* Addresses for what the VMM has itself: controller, console, power. */
#define WINDOW_SIZE		(2 * MiB)

/**
 * enum why - Why a guest does not run any more
 * @WHY_RUNNING: It does
 * @WHY_OFF: It has powered itself off
 * @WHY_REBOOT: It wants to boot again
 * @WHY_ASKED: The host has asked for one of its devices
 * @WHY_SIGNAL: We were told to stop, by a signal
 * @WHY_ERROR: Something failed, and was told
 */
enum why {
	WHY_RUNNING,
	WHY_OFF,
	WHY_REBOOT,
	WHY_ASKED,
	WHY_SIGNAL,
	WHY_ERROR
};

/**
 * struct mmio - Addresses that the VMM answers for
 * @start: Guest-physical address
 * @size: Size
 * @counter: Which of the statistics counts the accesses
 * @read: Called under vm.lock; @offset + @width is within @size
 * @write: The same
 * @data: Their first argument
 */
struct mmio {
	uint64_t start;
	uint64_t size;
	atomic_ulong *counter;
	uint64_t (*read)(void *data, uint64_t offset, unsigned int width);
	void (*write)(void *data, uint64_t offset, unsigned int width,
		      uint64_t value);
	void *data;
};

/**
 * struct region - Registers of a device, or the memory of a partition
 * @claim: The claim
 * @index: Region of the claim
 * @is_placed: The guest's tree has it
 * @gpa: Guest-physical address, the host's physical one
 * @bytes: Size
 * @slot: Memslot, -1 if each access is ours to do
 */
struct region {
	struct assigned *claim;
	unsigned int index;
	bool is_placed;
	uint64_t gpa;
	uint64_t bytes;
	int slot;
};

/**
 * struct line - An interrupt of a device
 * @pin: The guest's interrupt, -1 if it has none
 * @trigger: eventfd, -1 if there is none
 * @resample: eventfd, -1 for an edge interrupt
 */
struct line {
	int pin;
	int trigger;
	int resample;
};

/**
 * struct assigned - A claim
 * @name: Paths as the user gave them
 * @option: What the user wants
 * @claim: The claim, NULL if it could not be opened
 * @is_gone: The host has taken it away
 * @regions: One for each region of the claim
 * @lines: One for each interrupt of the claim
 * @faults_since: The second in which @num_faults DMA faults have been seen
 * @num_faults: See above
 */
struct assigned {
	const char *name;
	const struct claim_option *option;
	struct soca_claim *claim;
	atomic_bool is_gone;
	struct region *regions;
	struct line *lines;
	time_t faults_since;
	unsigned int num_faults;
};

/**
 * struct ram - The guest's memory
 * @mem: Where we see it
 * @gpa: Where the guest sees it
 * @size: Its size
 * @partition: Claim of the partition that it is, or NULL
 * @pinned: Memory object of it for windows, -1 if there is none
 * @contiguous: How many bytes of @pinned, from the start, are in one piece
 * @used: Bytes from the start that are loaded with something
 */
struct ram {
	void *mem;
	uint64_t gpa;
	uint64_t size;
	struct soca_claim *partition;
	int pinned;
	uint64_t contiguous;
	uint64_t used;
};

/**
 * struct stats - What had to be done for the guest
 * @runs: Returns of KVM_RUN
 * @console: Accesses to the emulated UART
 * @other: Other accesses
 * @interrupted: Returns because of a signal
 * @wakes: Wake-ups of the thread of loop.c
 */
struct stats {
	atomic_ulong runs;
	atomic_ulong console;
	atomic_ulong other;
	atomic_ulong interrupted;
	atomic_ulong wakes;
};

/**
 * struct vcpu - A CPU of the guest's
 * @vm: The machine
 * @index: Which one
 * @fd: KVM's, -1 if there is none
 * @run: What KVM and we have in common, NULL if there is nothing
 * @start: eventfd: it may run, or it is to end; -1 if there is none
 * @thread: What runs it
 * @has_thread: It was started
 */
struct vcpu {
	struct vm *vm;
	unsigned int index;
	int fd;
	struct kvm_run *run;
	int start;
	pthread_t thread;
	bool has_thread;
};

#define MAX_MMIO	512

/**
 * struct vm - A virtual machine
 * @options: What the user wants
 * @kvm: /dev/kvm
 * @fd: The VM
 * @vcpus: Its CPUs
 * @num_vcpus: Number of @vcpus
 * @run_size: What of each of them is in common with KVM, in bytes
 * @ram: Its memory
 * @window: Guest-physical address of what the VMM has itself
 * @claims: One for each --assign
 * @num_claims: Number of @claims
 * @num_gone: Number of claims that the host has taken away
 * @host: The host's device tree
 * @host_size: Size of @host
 * @host_tree: The same to look things up, while the guest's is made of it
 * @mmio: What the VMM answers for
 * @num_mmio: Number of @mmio
 * @num_slots: Number of memslots
 * @uart: The emulated console, NULL if there is none
 * @uart_pin: Its interrupt
 * @doorbells: One for each that is described
 * @num_doorbells: Number of @doorbells
 * @arch: What the machine has beside that
 * @entry: Where the kernel starts
 * @dtb: Where its tree is
 * @initrd: Where its initramfs is
 * @initrd_size: Its size, 0 if it has none
 * @output: What the guest prints with the access that is being done
 * @has_output: There is such
 * @input_ended: There is nothing more to type
 * @input_waits: Something typed waits for room
 * @why: enum why
 * @stopped: eventfd: a thread of vcpu.c is at its end
 * @kick: eventfd: there is room for input again
 * @lock: Protects what is behind @mmio, @output, @input_waits, and the @slot of
 *	regions
 * @stats: What had to be done
 */
struct vm {
	const struct options *options;
	int kvm;
	int fd;
	struct vcpu vcpus[MAX_CPUS];
	unsigned int num_vcpus;
	size_t run_size;
	struct ram ram;
	uint64_t window;
	struct assigned *claims;
	unsigned int num_claims;
	atomic_uint num_gone;
	void *host;
	size_t host_size;
	struct soca_tree *host_tree;
	struct mmio mmio[MAX_MMIO];
	unsigned int num_mmio;
	unsigned int num_slots;
	struct uart *uart;
	int uart_pin;
	struct doorbell *doorbells;
	unsigned int num_doorbells;
	struct arch *arch;
	uint64_t entry;
	uint64_t dtb;
	uint64_t initrd;
	uint64_t initrd_size;
	unsigned char output;
	bool has_output;
	bool input_ended;
	bool input_waits;
	atomic_int why;
	int stopped;
	int kick;
	pthread_mutex_t lock;
	struct stats *stats;
};

/* main.c */
bool fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void stats_print(struct stats *stats);
uint64_t round_up(uint64_t value, uint64_t multiple);
uint64_t page_size(void);

/* vm.c */
bool vm_open(struct vm *vm);
void vm_close(struct vm *vm);
int vm_add_slot(struct vm *vm, uint64_t gpa, void *mem, uint64_t size);
void vm_remove_slot(struct vm *vm, int slot);
bool vm_irqfd(struct vm *vm, const struct line *line);
bool vm_irq_line(struct vm *vm, uint32_t irq, bool level);
void vm_stop(struct vm *vm, enum why why);

/* ram.c */
bool ram_open(struct vm *vm);
void ram_close(struct vm *vm);
void *ram_at(struct vm *vm, uint64_t gpa, uint64_t size);

/* load.c */
struct file {
	void *data;
	size_t size;
};

bool file_read(const char *path, struct file *file);
void file_free(struct file *file);
bool load_all(struct vm *vm);

/* assign.c */
bool claim_get(const char *name, const struct claim_option *option,
	       struct soca_claim **claim);
bool assign_open(struct vm *vm);
void assign_close(struct vm *vm);
bool assign_connect(struct vm *vm);
void assign_disconnect(struct vm *vm);
struct region *assign_find_region(struct vm *vm,
				  const struct soca_tree_region *wanted);
struct line *assign_find_line(struct vm *vm, const struct soca_tree_irq *wanted,
			      bool *is_level);
uint64_t assign_clock_rate(struct vm *vm, const char *path, uint32_t entry);
bool assign_overlaps(struct vm *vm, uint64_t start, uint64_t size);
void assign_news(struct vm *vm, struct assigned *claim);
void assign_reap(struct vm *vm);

/* dma.c */
bool dma_open(struct vm *vm);

/* window.c */
bool windows_check(const struct assigned *claim);
bool windows_need_ram(struct vm *vm, const struct assigned *claim);
bool windows_has(const struct assigned *claim, unsigned int index);
bool windows_map(struct vm *vm, struct assigned *claim, unsigned int index);

/* tree.c */
#define TREE_INTC	1	/* phandle of the guest's interrupt controller */
#define TREE_CLOCK	2	/* ... of the clock of what it has emulated */
#define TREE_POWER	3	/* ... of what powers it off */

bool tree_place(struct vm *vm);
bool tree_make(struct vm *vm, void **fdt, size_t *size);
int tree_begin_node(void *fdt, const char *name, uint64_t address);
int tree_put_reg(void *fdt, uint64_t address, uint64_t size);
int tree_put_irq(void *fdt, int pin, bool is_level);
int tree_put_cpus(struct vm *vm, void *fdt);
int tree_end_intc(void *fdt);
const void *tree_host_cpu(struct vm *vm, const char *property, int *len);

/* mmio.c */
bool mmio_add(struct vm *vm, const struct mmio *mmio);
void mmio_access(struct vcpu *vcpu);

/* cpu.c */
int cpu_find(const char *path);
bool cpu_bind(const char *path, pthread_attr_t *attr);

/* vcpu.c */
#define SIGNAL_STOP	SIGUSR2	/* for the CPUs' threads only */

bool vcpus_open(struct vm *vm);
void vcpus_close(struct vm *vm);
bool vcpus_start(struct vm *vm);
void vcpu_release(struct vcpu *vcpu);
void vcpus_join(struct vm *vm);

/* loop.c */
bool loop_open(void);
bool loop_run(struct vm *vm);
bool loop_was_told_to_end(void);
int loop_status(enum why why);

/* console.c */
bool console_open(struct vm *vm);
void console_close(struct vm *vm);
void console_put(struct vm *vm, unsigned char byte);
bool console_take(struct vm *vm, unsigned char *byte);
void console_print(struct vm *vm, unsigned char byte);
void console_input(struct vm *vm);
bool console_wants_input(struct vm *vm);
void console_drained(struct vm *vm);
void terminal_raw(void);
void terminal_restore(void);

/* doorbell.c */
#define DOORBELL_SIZE	0x1000

bool doorbells_open(struct vm *vm);
void doorbells_close(struct vm *vm);
uint64_t doorbell_address(const struct vm *vm, unsigned int index);
const char *doorbell_name(const struct vm *vm, unsigned int index);
int doorbell_pin(const struct vm *vm, unsigned int index);
int doorbell_fd(const struct vm *vm, unsigned int index);
void doorbell_rings(struct vm *vm, unsigned int index);

/* uart_16550.c or uart_pl011.c: the console of this architecture */
struct uart *uart_new(struct vm *vm);
void uart_free(struct uart *uart);
uint64_t uart_read(void *uart, uint64_t offset, unsigned int width);
void uart_write(void *uart, uint64_t offset, unsigned int width,
		uint64_t value);
size_t uart_room(struct uart *uart);
void uart_input(struct uart *uart, const unsigned char *bytes, size_t num);

/* powerpc.c or arm64.c: the machine */

#define MAX_WINDOWS	4

/**
 * struct arch_layout - Where a machine has what
 * @windows: Candidates for vm.window, the first free one of which is taken
 * @uart: Where in the window the emulated console is
 * @uart_size: How many bytes it answers for
 * @doorbells: Where in the window the first doorbell is, 0: it has none
 * @irq_cells: Number of cells of an interrupt specifier
 */
struct arch_layout {
	uint64_t windows[MAX_WINDOWS];
	uint64_t uart;
	uint64_t uart_size;
	uint64_t doorbells;
	unsigned int irq_cells;
};

extern const struct arch_layout arch_layout;

bool arch_check(const struct options *options);
unsigned long arch_vm_type(int kvm);
uint64_t arch_ram_base(struct vm *vm, uint64_t physical);
bool arch_load_kernel(struct vm *vm, const struct file *image);
bool arch_open(struct vm *vm);
void arch_close(struct vm *vm);
bool arch_start(struct vm *vm);
bool arch_waits(const struct vcpu *vcpu);
bool arch_exit(struct vcpu *vcpu);
int arch_pin(struct vm *vm, bool is_level);
void arch_irq_cells(int pin, bool is_level, uint32_t *cells);
void arch_irq_line(struct vm *vm, int pin, bool level);
int arch_put_cpu(struct vm *vm, void *fdt, unsigned int index);
int arch_put_tree(struct vm *vm, void *fdt);
void arch_uart_path(const struct vm *vm, char *path, size_t size);

#endif /* SOCVMM_H */
