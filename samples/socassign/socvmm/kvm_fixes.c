// SPDX-License-Identifier: GPL-2.0
/*
 * Does the host's KVM survive a guest?  See patches/0003 and 0004.
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

#define INSTRUCTION_MR_R4_R5	0x7ca42b78
#define INSTRUCTION_BCTRL	0x4e800421

/* The first call in kvmppc_resume_host() is within this many instructions. */
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

/**
 * struct symbols - Addresses of what tells
 * @entry: The host's entries
 * @handler: KVM's, which it copies over them: kvmppc_handler_0 and so on
 * @resume_host: kvmppc_resume_host()
 */
struct symbols {
	uint32_t entry[NUM_ENTRIES];
	uint32_t handler[NUM_ENTRIES];
	uint32_t resume_host;
};

static bool cannot_tell(const char *why)
{
	return fail("cannot tell whether KVM has the fixes without which a guest crashes this machine: %s (--no-kvm-check, if you know that it has)",
		    why);
}

static bool lacks(const char *fix)
{
	return fail("a guest would crash this machine: its kernel lacks the fix \"%s\" (see patches/)",
		    fix);
}

static void note_symbol(const char *name, uint32_t address,
			struct symbols *symbols)
{
	unsigned int i;
	int end = 0;

	if (!strcmp(name, "kvmppc_resume_host"))
		symbols->resume_host = address;
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
	return symbols->resume_host;
}

/* None may be so long that it would be overwritten by the next one. */
static bool check_room(const struct symbols *symbols)
{
	for (size_t i = 0; i + 1 < NUM_ENTRIES; i++)
		if (symbols->entry[i + 1] - symbols->entry[i] <
		    symbols->handler[i + 1] - symbols->handler[i])
			return lacks(FIX_ENTRY);
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
		return cannot_tell("no /proc/kcore (CONFIG_PROC_KCORE), or no right to read it");
	return passes || lacks(FIX_EXIT_NUMBER);
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
	return check_room(&symbols) && check_exit_number(symbols.resume_host);
}
