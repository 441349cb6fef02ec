// SPDX-License-Identifier: GPL-2.0
/*
 * socvmm on e500v2 looks at the host's kernel before it runs a guest: without
 * two fixes the first one takes the machine down.  The board's kernel has them;
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
#define NOT_KNOWN	"cannot tell"
/* It is content, and fails for want of a kernel. */
#define CONTENT		"/no/kernel: "

#define NOP		0x60000000
#define MR_R4_R5	0x7ca42b78
#define BCTRL		0x4e800421

#define RESUME_HOST	0xc0058fb4u

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
	return !fclose(file);
}

/* A core dump with the start of kvmppc_resume_host(). */
static bool put_kcore(const uint32_t *code, size_t num)
{
	const struct {
		Elf32_Ehdr header;
		Elf32_Phdr segment;
	} head = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				     ELFCLASS32, ELFDATA2MSB, EV_CURRENT },
			.e_type = ET_CORE, .e_machine = EM_PPC,
			.e_phoff = sizeof(Elf32_Ehdr), .e_phnum = 1,
			.e_phentsize = sizeof(Elf32_Phdr),
		},
		.segment = {
			.p_type = PT_LOAD, .p_offset = sizeof(head),
			.p_vaddr = RESUME_HOST,
			.p_filesz = num * sizeof(*code),
			.p_memsz = num * sizeof(*code),
		},
	};
	int fd = open(KCORE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool done = fd >= 0 &&
		    write(fd, &head, sizeof(head)) == sizeof(head) &&
		    write(fd, code, num * sizeof(*code)) ==
		    (ssize_t)(num * sizeof(*code));

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
	static const uint32_t code[] = { NOP, MR_R4_R5, BCTRL };

	ASSERT_TRUE(put_kcore(code, 3));
	ASSERT_TRUE(put_kallsyms(HANDLER - 4));
	EXPECT_SAYS(NO_ROOM, NULL);
	ASSERT_TRUE(put_kallsyms(HANDLER));
	EXPECT_SAYS(CONTENT, NULL);
}

TEST_F(fixes, exit_number_not_passed)
{
	SKIP_IF(self->skip);
	static const uint32_t without[] = { NOP, NOP, BCTRL };
	static const uint32_t too_late[] = { NOP, BCTRL, MR_R4_R5 };
	static const uint32_t at_once[] = { MR_R4_R5, BCTRL };

	ASSERT_TRUE(put_kallsyms(0x60));
	ASSERT_TRUE(put_kcore(without, 3));
	EXPECT_SAYS(NO_NUMBER, NULL);
	ASSERT_TRUE(put_kcore(too_late, 3));
	EXPECT_SAYS(NO_NUMBER, NULL);
	ASSERT_TRUE(put_kcore(at_once, 2));
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
	ASSERT_TRUE(put_kcore(NULL, 0));
	EXPECT_SAYS(NOT_KNOWN, NULL);
	EXPECT_SAYS(CONTENT, "--no-kvm-check");
}

TEST_HARNESS_MAIN
