// SPDX-License-Identifier: GPL-2.0
/*
 * socvmm on e500v2 looks at the host's kernel before it runs a guest: without
 * some fixes the first one takes the machine down, without others it reaches
 * what has been taken from it.  The board's kernel has them;
 * what one without them looks like is put over /proc/kallsyms and /proc/kcore,
 * for socvmm only.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness.h"
#include "lib/board.h"
#include "lib/program.h"

#define SOCVMM		"/bin/socvmm"
#define KALLSYMS	"/tmp/kallsyms"
#define KCORE		"/tmp/kcore"

#define NO_ROOM		"leave room for KVM's system call handler"
#define NO_NUMBER	"pass the exit number as the second argument"
#define NO_FRAME	"take the frame of a TLB1 entry from the page table"
#define NO_FLUSH	"flush the TLB when a memory slot goes"
#define NOT_KNOWN	"cannot tell"
/* It is content, and fails for want of a kernel. */
#define CONTENT		"/no/kernel: "

#define NOP		0x60000000
#define BLR		0x4e800020
#define MR_R4_R5	0x7ca42b78
#define BCTRL		0x4e800421
#define B(_from, _to)	(0x48000000 | (((_to) - (_from)) & 0x03fffffc))
#define BL(_from, _to)	(B(_from, _to) | 1)

/* Functions: those that are looked into have this many instructions. */
#define MOST		8
#define RESUME_HOST	0xc0058fb4u
#define MMU_MAP		(RESUME_HOST + 4 * MOST)
#define SHADOW_MAP	(MMU_MAP + 4 * MOST)
#define FLUSH_MEMSLOT	(SHADOW_MAP + 4 * MOST)
#define END		(FLUSH_MEMSLOT + 4 * MOST)
#define FIND_VMA	0xc0190000u
#define FLUSH_TLBS	0xc0040000u

/* What is in those that are looked into; the rest is "blr". */
struct text {
	uint32_t resume_host[MOST];
	uint32_t mmu_map[MOST];
	uint32_t shadow_map[MOST];
	uint32_t flush_memslot[MOST];
};

/* One with all the fixes. */
static const struct text fixed = {
	.resume_host = { NOP, MR_R4_R5, BCTRL },
	.mmu_map = { NOP, BL(MMU_MAP + 4, FLUSH_TLBS) },
	.shadow_map = { NOP },
	.flush_memslot = { B(FLUSH_MEMSLOT, FLUSH_TLBS) },
};

/* As long as KVM's handlers; the entry must not be shorter. */
#define HANDLER		0x44

static bool over(const char *file, const char *target)
{
	return access(file, F_OK) || !mount(file, target, NULL, MS_BIND, NULL);
}

/* Another view of /proc, for the program only. */
static int with_other_kernel(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    !over(KALLSYMS, "/proc/kallsyms") || !over(KCORE, "/proc/kcore"))
		return -errno;
	return 0;
}

/* All entries have the same size, but that for system calls. */
static bool put_kallsyms(unsigned int system_call)
{
	static const char * const entries[] = {
		"CriticalInput", "MachineCheck", "DataStorage",
		"InstructionStorage", "ExternalInput", "Alignment", "Program",
		"FloatingPointUnavailable", "SystemCall",
		"AuxillaryProcessorUnavailable", "Decrementer",
		"FixedIntervalTimer", "WatchdogTimer", "DataTLBError",
		"InstructionTLBError", "DebugCrit",
	};
	unsigned int entry = 0xc0000420, handler = 0xc0058a44;
	FILE *file = fopen(KALLSYMS, "we");

	if (!file)
		return false;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		fprintf(file, "%08x t %s\n", entry, entries[i]);
		fprintf(file, "%08zx T kvmppc_handler_%zu\n",
			handler + i * HANDLER, i);
		entry += strcmp(entries[i], "SystemCall") ? 0x160 : system_call;
	}
	fprintf(file, "%08x T kvmppc_resume_host\t[kvm]\n", RESUME_HOST);
	fprintf(file, "%08x T kvmppc_mmu_map\n", MMU_MAP);
	fprintf(file, "%08x t kvmppc_e500_shadow_map.isra.0\n", SHADOW_MAP);
	fprintf(file, "%08x T another_name\n", FLUSH_MEMSLOT);
	fprintf(file, "%08x T kvmppc_core_flush_memslot\n", FLUSH_MEMSLOT);
	fprintf(file, "%08x T yet_another_name\n", FLUSH_MEMSLOT);
	fprintf(file, "%08x T what_comes_next\n", END);
	fprintf(file, "%08x t kvmppc_mmu_map.cold\n", END + 4);
	fprintf(file, "%08x T the_end\n", END + 8);
	fprintf(file, "%08x T kvm_flush_remote_tlbs\n", FLUSH_TLBS);
	fprintf(file, "%08x T find_vma\n", FIND_VMA);
	return !fclose(file);
}

static void return_where_empty(uint32_t *code, size_t num)
{
	for (size_t i = 0; i < num; i++)
		if (!code[i])
			code[i] = BLR;
}

/* A core dump with those functions. */
static bool put_kcore(const struct text *text)
{
	struct {
		Elf32_Ehdr header;
		Elf32_Phdr segment;
		struct text text;
	} core = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				     ELFCLASS32, ELFDATA2MSB, EV_CURRENT },
			.e_type = ET_CORE, .e_machine = EM_PPC,
			.e_phoff = sizeof(Elf32_Ehdr), .e_phnum = 1,
			.e_phentsize = sizeof(Elf32_Phdr),
		},
		.segment = {
			.p_type = PT_LOAD,
			.p_offset = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
			.p_vaddr = RESUME_HOST,
			.p_filesz = text ? sizeof(*text) : 0,
			.p_memsz = text ? sizeof(*text) : 0,
		},
	};
	int fd = open(KCORE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool done;

	if (text)
		core.text = *text;
	return_where_empty((uint32_t *)&core.text, sizeof(core.text) / 4);
	done = fd >= 0 && write(fd, &core, sizeof(core)) == sizeof(core);
	close(fd);
	return done;
}

FIXTURE(fixes) {
	const char *skip;
	struct program program;
};

FIXTURE_SETUP(fixes)
{
	if (strcmp(board_get()->name, "ppce500"))
		self->skip = "what it looks for is in KVM on e500v2 only";
	else if (access(SOCVMM, X_OK) || access("/dev/kvm", F_OK))
		self->skip = "no /dev/kvm, or no " SOCVMM;
}

FIXTURE_TEARDOWN(fixes)
{
	program_free(&self->program);
	unlink(KALLSYMS);
	unlink(KCORE);
}

static const char *socvmm_says(FIXTURE_DATA(fixes) *self, const char *more)
{
	const char *const args[] = {
		SOCVMM, "--mem", "16M", "--kernel", "/no/kernel", more, NULL,
	};

	program_run(&self->program, with_other_kernel, args);
	return self->program.err ? self->program.err : "";
}

#define EXPECT_SAYS(_text, _more)					\
do {									\
	const char *_says = socvmm_says(self, _more);			\
									\
	EXPECT_EQ(1, self->program.code);				\
	EXPECT_TRUE(strstr(_says, _text)) TH_LOG("%s", _says);		\
} while (0)

/* The kernel that runs, as it is. */
TEST_F(fixes, kernel_of_the_board)
{
	SKIP_IF(self->skip);

	EXPECT_SAYS(CONTENT, NULL);
}

TEST_F(fixes, entry_too_short)
{
	SKIP_IF(self->skip);

	ASSERT_TRUE(put_kcore(&fixed));
	ASSERT_TRUE(put_kallsyms(HANDLER - 4));
	EXPECT_SAYS(NO_ROOM, NULL);
	ASSERT_TRUE(put_kallsyms(HANDLER));
	EXPECT_SAYS(CONTENT, NULL);
}

TEST_F(fixes, exit_number_not_passed)
{
	SKIP_IF(self->skip);
	struct text without = fixed, too_late = fixed, at_once = fixed;

	without.resume_host[1] = NOP;
	too_late.resume_host[1] = BCTRL;
	too_late.resume_host[2] = MR_R4_R5;
	at_once.resume_host[0] = MR_R4_R5;
	at_once.resume_host[1] = BCTRL;

	ASSERT_TRUE(put_kallsyms(0x60));
	ASSERT_TRUE(put_kcore(&without));
	EXPECT_SAYS(NO_NUMBER, NULL);
	ASSERT_TRUE(put_kcore(&too_late));
	EXPECT_SAYS(NO_NUMBER, NULL);
	ASSERT_TRUE(put_kcore(&at_once));
	EXPECT_SAYS(CONTENT, NULL);
}

/* Whatever the compiler has put into what. */
TEST_F(fixes, frame_of_the_mapping)
{
	SKIP_IF(self->skip);
	struct text apart = fixed, inlined = fixed;

	apart.shadow_map[MOST - 1] = BL(SHADOW_MAP + 4 * (MOST - 1), FIND_VMA);
	inlined.mmu_map[0] = BL(MMU_MAP, FIND_VMA);

	ASSERT_TRUE(put_kallsyms(0x60));
	ASSERT_TRUE(put_kcore(&apart));
	EXPECT_SAYS(NO_FRAME, NULL);
	ASSERT_TRUE(put_kcore(&inlined));
	EXPECT_SAYS(NO_FRAME, NULL);
}

TEST_F(fixes, slot_not_flushed)
{
	SKIP_IF(self->skip);
	struct text empty = fixed, other = fixed, call = fixed;

	empty.flush_memslot[0] = BLR;
	other.flush_memslot[0] = B(FLUSH_MEMSLOT, FLUSH_TLBS + 4);
	call.flush_memslot[0] = NOP;
	call.flush_memslot[1] = BL(FLUSH_MEMSLOT + 4, FLUSH_TLBS);

	ASSERT_TRUE(put_kallsyms(0x60));
	ASSERT_TRUE(put_kcore(&empty));
	EXPECT_SAYS(NO_FLUSH, NULL);
	ASSERT_TRUE(put_kcore(&other));
	EXPECT_SAYS(NO_FLUSH, NULL);
	ASSERT_TRUE(put_kcore(&call));
	EXPECT_SAYS(CONTENT, NULL);
}

/* Who cannot tell starts nothing, unless told to. */
TEST_F(fixes, nothing_to_see)
{
	SKIP_IF(self->skip);
	FILE *file = fopen(KALLSYMS, "we");

	ASSERT_TRUE(file);
	fclose(file);
	EXPECT_SAYS(NOT_KNOWN, NULL);
	EXPECT_SAYS(CONTENT, "--no-kvm-check");

	ASSERT_TRUE(put_kallsyms(0x60));
	ASSERT_TRUE(put_kcore(NULL));
	EXPECT_SAYS(NOT_KNOWN, NULL);
	EXPECT_SAYS(CONTENT, "--no-kvm-check");
}

TEST_HARNESS_MAIN
