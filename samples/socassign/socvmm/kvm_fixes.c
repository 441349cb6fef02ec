// SPDX-License-Identifier: GPL-2.0
/*
 * Does the host's KVM survive a guest, and keep it to what it has been given?
 * See patches/0003, 0004, 0007 and 0008.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_fixes.h"
#include "socvmm.h"

#define FIX_EXIT_NUMBER	"KVM: PPC: booke: pass the exit number as the second argument"
#define FIX_ENTRY	"powerpc/85xx: leave room for KVM's system call handler"

#define FIX_FRAME	"KVM: PPC: e500: take the frame of a TLB1 entry from the page table"
#define FIX_SLOT	"KVM: PPC: booke: flush the TLB when a memory slot goes"

#define INSTRUCTION_MR_R4_R5	0x7ca42b78
#define INSTRUCTION_BCTRL	0x4e800421

/* b and bl, to a place relative to their own */
#define IS_BRANCH(_code)	(((_code) & 0xfc000002) == 0x48000000)
#define BRANCH_DISTANCE(_code)	((int32_t)((_code) << 6) >> 6 & ~3)

/*
 * The first call in kvmppc_resume_host() is within this many instructions; and
 * so many are read at a time.
 */
#define MAX_INSTRUCTIONS	256

/* The host's entries of interrupts: IVOR0 to IVOR15, in this order in memory. */
static const char *const entries[] = {
	"CriticalInput", "MachineCheck", "DataStorage", "InstructionStorage",
	"ExternalInput", "Alignment", "Program", "FloatingPointUnavailable",
	"SystemCall", "AuxillaryProcessorUnavailable", "Decrementer",
	"FixedIntervalTimer", "WatchdogTimer", "DataTLBError",
	"InstructionTLBError", "DebugCrit",
};

#define NUM_ENTRIES	ARRAY_SIZE(entries)

/*
 * What makes an entry of the shadow TLB.  The compiler puts some of them into
 * others, and adds to the name of what is left.
 */
static const char *const mappers[] = {
	"kvmppc_mmu_map", "kvmppc_e500_tlb1_map", "kvmppc_e500_shadow_map",
};

#define NUM_MAPPERS	ARRAY_SIZE(mappers)

/**
 * struct code - A function
 * @start: Address of its first instruction; 0 if there is none
 * @end: Address of the next symbol
 */
struct code {
	uint32_t start;
	uint32_t end;
};

/**
 * struct symbols - Addresses of what tells
 * @entry: The host's entries
 * @handler: KVM's, which it copies over them: kvmppc_handler_0 and so on
 * @resume_host: kvmppc_resume_host()
 * @mapper: What makes an entry of the shadow TLB
 * @flush_slot: kvmppc_core_flush_memslot()
 * @flush_tlbs: kvm_flush_remote_tlbs()
 * @find_vma: find_vma()
 * @open: The function that ends with the next symbol, or NULL
 */
struct symbols {
	uint32_t entry[NUM_ENTRIES];
	uint32_t handler[NUM_ENTRIES];
	uint32_t resume_host;
	struct code mapper[NUM_MAPPERS];
	struct code flush_slot;
	uint32_t flush_tlbs;
	uint32_t find_vma;
	struct code *open;
};

static bool cannot_tell(const char *why)
{
	return fail("cannot tell whether KVM has the fixes that it needs: %s (--no-kvm-check, if you know that it has)",
		    why);
}

static bool no_code(void)
{
	return cannot_tell("no /proc/kcore (CONFIG_PROC_KCORE), or no right to read it");
}

static bool crashes(const char *fix)
{
	return fail("a guest would crash this machine: its kernel lacks the fix \"%s\" (see patches/)",
		    fix);
}

static bool leaks(const char *fix)
{
	return fail("a guest could reach memory that is not its own, such as that of a device that was taken back: this machine's kernel lacks the fix \"%s\" (see patches/)",
		    fix);
}

/*
 * The name, or what the compiler makes of it: with .isra.0 and the like.  What
 * ends with .cold is a piece apart, for what hardly happens.
 */
static bool is_named(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(symbol, name, len) &&
	       (!symbol[len] || symbol[len] == '.') &&
	       !strstr(symbol + len, ".cold");
}

static void open_code(struct symbols *symbols, struct code *code,
		      uint32_t address)
{
	code->start = address;
	symbols->open = code;
}

/* Symbols come in the order of their addresses, some of them with the same. */
static void close_code(struct symbols *symbols, uint32_t address)
{
	if (!symbols->open || address == symbols->open->start)
		return;
	symbols->open->end = address;
	symbols->open = NULL;
}

static void note_code(const char *name, uint32_t address,
		      struct symbols *symbols)
{
	close_code(symbols, address);
	if (!strcmp(name, "kvmppc_core_flush_memslot"))
		open_code(symbols, &symbols->flush_slot, address);
	for (size_t i = 0; i < NUM_MAPPERS; i++)
		if (is_named(name, mappers[i]))
			open_code(symbols, &symbols->mapper[i], address);
}

static void note_symbol(const char *name, uint32_t address,
			struct symbols *symbols)
{
	unsigned int i;
	int end = 0;

	note_code(name, address, symbols);
	if (!strcmp(name, "kvmppc_resume_host"))
		symbols->resume_host = address;
	if (!strcmp(name, "kvm_flush_remote_tlbs"))
		symbols->flush_tlbs = address;
	if (!strcmp(name, "find_vma"))
		symbols->find_vma = address;
	if (sscanf(name, "kvmppc_handler_%u%n", &i, &end) == 1 &&
	    !name[end] && i < NUM_ENTRIES)
		symbols->handler[i] = address;
	for (i = 0; i < NUM_ENTRIES; i++)
		if (!strcmp(name, entries[i]))
			symbols->entry[i] = address;
}

static bool read_symbols(struct symbols *symbols)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	uint32_t address;
	char name[256];

	if (!file)
		return cannot_tell("no /proc/kallsyms");
	while (fscanf(file, "%" SCNx32 " %*c %255[^\t\n]%*[^\n]", &address,
		      name) == 2)
		note_symbol(name, address, symbols);
	fclose(file);
	return true;
}

static bool has_all(const struct symbols *symbols)
{
	for (size_t i = 0; i < NUM_ENTRIES; i++)
		if (!symbols->entry[i] || !symbols->handler[i])
			return false;
	return symbols->resume_host && symbols->flush_tlbs &&
	       symbols->find_vma && symbols->flush_slot.end &&
	       symbols->mapper[0].end;
}

/* None may be so long that it would be overwritten by the next one. */
static bool check_room(const struct symbols *symbols)
{
	for (size_t i = 0; i + 1 < NUM_ENTRIES; i++)
		if (symbols->entry[i + 1] - symbols->entry[i] <
		    symbols->handler[i + 1] - symbols->handler[i])
			return crashes(FIX_ENTRY);
	return true;
}

/* The kernel's code as a core dump: which part of the file has an address? */
static off_t find_offset(int fd, uint32_t address)
{
	Elf32_Ehdr header;
	Elf32_Phdr it;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) ||
	    header.e_ident[EI_CLASS] != ELFCLASS32)
		return -1;
	for (unsigned int i = 0; i < header.e_phnum; i++) {
		off_t at = header.e_phoff + i * sizeof(it);

		if (pread(fd, &it, sizeof(it), at) != sizeof(it))
			return -1;
		if (it.p_type == PT_LOAD && address >= it.p_vaddr &&
		    address - it.p_vaddr < it.p_filesz)
			return it.p_offset + (address - it.p_vaddr);
	}
	return -1;
}

static size_t read_code(uint32_t address, uint32_t *code, size_t num)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	off_t at = fd < 0 ? -1 : find_offset(fd, address);
	ssize_t size = at < 0 ? -1 : pread(fd, code, num * sizeof(*code), at);

	close(fd);
	return size < 0 ? 0 : size / sizeof(*code);
}

/* Before the first call, which is that of kvmppc_handle_exit(). */
static bool check_exit_number(uint32_t resume_host)
{
	uint32_t code[MAX_INSTRUCTIONS];
	size_t num = read_code(resume_host, code, ARRAY_SIZE(code));
	bool passes = false;

	for (size_t i = 0; i < num && code[i] != INSTRUCTION_BCTRL; i++)
		passes |= code[i] == INSTRUCTION_MR_R4_R5;
	if (!num)
		return no_code();
	return passes || crashes(FIX_EXIT_NUMBER);
}

/* Does the function call @target, or end with a jump to it?  -1: cannot be read. */
static int goes_to(const struct code *it, uint32_t target)
{
	uint32_t code[MAX_INSTRUCTIONS];
	uint32_t at = it->start;

	while (at < it->end) {
		size_t num = read_code(at, code, ARRAY_SIZE(code));

		if (!num)
			return -1;
		for (size_t i = 0; i < num && at < it->end; i++, at += 4)
			if (IS_BRANCH(code[i]) &&
			    at + BRANCH_DISTANCE(code[i]) == target)
				return 1;
	}
	return 0;
}

/* Until Linux 6.13 it looks at mappings of user space, and believes vm_pgoff. */
static bool check_frame(const struct symbols *symbols)
{
	for (size_t i = 0; i < NUM_MAPPERS; i++) {
		int looks = goes_to(&symbols->mapper[i], symbols->find_vma);

		if (looks)
			return looks < 0 ? no_code() : leaks(FIX_FRAME);
	}
	return true;
}

static bool check_slot(const struct symbols *symbols)
{
	int flushes = goes_to(&symbols->flush_slot, symbols->flush_tlbs);

	return flushes < 0 ? no_code() : flushes || leaks(FIX_SLOT);
}

bool kvm_fixes_check(void)
{
	struct symbols symbols = { 0 };

	/* What is missing is then told by who opens it. */
	if (access("/dev/kvm", F_OK))
		return true;
	if (!read_symbols(&symbols))
		return false;
	if (!has_all(&symbols))
		return cannot_tell("no address of a symbol of KVM for e500v2 in /proc/kallsyms");
	return check_room(&symbols) && check_exit_number(symbols.resume_host) &&
	       check_frame(&symbols) && check_slot(&symbols);
}
