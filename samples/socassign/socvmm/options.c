// SPDX-License-Identifier: GPL-2.0
/* The command line. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "socvmm.h"

#define EXIT_USAGE	2

static const char usage_text[] =
"usage: socvmm --kernel FILE --mem SIZE|PARTITION [OPTION]...\n"
"       socvmm --partition FILE:/partitions/NAME [OPTION]...\n"
"\n"
"  --kernel FILE       the guest's kernel: vmlinux (Power), Image (arm64)\n"
"  --initrd FILE       its initramfs\n"
"  --append TEXT       its command line\n"
"  --mem SIZE          its memory: bytes, or with a suffix K, M or G\n"
"  --mem PATH          the same, as a partition: a child of /reserved-memory;\n"
"                      what a device needs that does DMA\n"
"  --mem fd=N          the same, claimed by somebody else: see --assign fd=N\n"
"  --assign PATH[,PATH...][,subtree][,detach][,no-dma][,unsafe-dma]\n"
"           [,confined-dma][,share-regs][,shared]\n"
"                      claim these nodes of the host's device tree, as one, and\n"
"                      give them to the guest; the words are flags of the claim\n"
"                      (shared: memory that others have, too).  A partition is\n"
"                      claimed alone: memory that devices name\n"
"  --assign fd=N       the same, claimed by somebody else, who has handed the\n"
"                      claim over as this descriptor; takes no privilege\n"
"  --overlay FILE      apply this overlay (dtc -@) to the guest's tree\n"
"  --console PATH      its console is this UART, which is assigned\n"
"  --console none      it has no console (default: an emulated one, here)\n"
"  --cpus NUMBER       how many CPUs it has (default: 1)\n"
"  --cpu PATH          its CPU runs on this one of the host's, a node of /cpus;\n"
"                      the next --cpu is for its next CPU\n"
"  --partition FILE:/partitions/NAME\n"
"                      all of that is described there (dtb)\n"
"  --dump-dtb FILE     write its device tree to a file\n"
"  --no-reboot         end when it reboots\n"
"  --no-kvm-check      run on a KVM that is not known to work\n"
"  --stats             say at the end what had to be done for it; SIGUSR1: now\n"
"\n"
"Ctrl-C ends the guest.  Its devices then go back to the host.\n";

enum option_id {
	OPT_KERNEL = 1,
	OPT_INITRD,
	OPT_APPEND,
	OPT_MEM,
	OPT_ASSIGN,
	OPT_OVERLAY,
	OPT_CONSOLE,
	OPT_CPUS,
	OPT_CPU,
	OPT_PARTITION,
	OPT_DUMP_DTB,
	OPT_NO_REBOOT,
	OPT_NO_KVM_CHECK,
	OPT_STATS,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "initrd", required_argument, NULL, OPT_INITRD },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "mem", required_argument, NULL, OPT_MEM },
	{ "assign", required_argument, NULL, OPT_ASSIGN },
	{ "overlay", required_argument, NULL, OPT_OVERLAY },
	{ "console", required_argument, NULL, OPT_CONSOLE },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "partition", required_argument, NULL, OPT_PARTITION },
	{ "dump-dtb", required_argument, NULL, OPT_DUMP_DTB },
	{ "no-reboot", no_argument, NULL, OPT_NO_REBOOT },
	{ "no-kvm-check", no_argument, NULL, OPT_NO_KVM_CHECK },
	{ "stats", no_argument, NULL, OPT_STATS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 }
};

/* A size with a suffix, or 0 if it is none. */
static uint64_t parse_size(const char *text)
{
	static const char suffixes[] = "KMG";
	unsigned int shift = 0;
	const char *suffix;
	uint64_t size;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	size = strtoull(text, &end, 0);
	suffix = *end ? strchr(suffixes, *end) : NULL;
	if (suffix) {
		shift = 10 * (suffix - suffixes + 1);
		end++;
	}
	if (errno || *end || size << shift >> shift != size)
		return 0;
	return size << shift;
}

/* A claim that was handed over: each descriptor will be closed once. */

#define FD_PREFIX	"fd="

static bool is_fd(const char *text)
{
	return !strncmp(text, FD_PREFIX, strlen(FD_PREFIX));
}

static bool has_fd(const struct options *options, int fd)
{
	for (unsigned int i = 0; i < options->num_assign; i++)
		if (options->assign[i].fd == fd)
			return true;
	return options->partition.fd == fd;
}

static bool parse_fd(const char *option, const char *text,
		     struct options *options, struct claim_option *claim)
{
	const char *digits = text + strlen(FD_PREFIX);
	unsigned long fd;
	char *end;

	errno = 0;
	fd = strtoul(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end || errno || fd > INT_MAX)
		return fail("%s %s: not the number of a descriptor", option,
			    text);
	if (has_fd(options, fd))
		return fail("%s %s: it has been named before", option, text);
	*claim = (struct claim_option) { .text = text, .fd = fd };
	return true;
}

bool option_mem(struct options *options, const char *path, uint64_t size)
{
	options->partition = (struct claim_option) { .fd = -1 };
	options->mem = size;
	if (path)
		options->partition = (struct claim_option) {
			.text = path, .fd = -1, .paths = { path }, .num = 1,
		};
	return path || (size && size % page_size() == 0);
}

static bool parse_mem(const char *text, struct options *options)
{
	bool is_path = *text == '/';

	if (is_fd(text))
		return option_mem(options, text, 0) &&
		       parse_fd("--mem", text, options, &options->partition);
	if (option_mem(options, is_path ? text : NULL,
		       is_path ? 0 : parse_size(text)))
		return true;
	return fail("--mem %s: not a size in whole pages, nor the path of a partition",
		    text);
}

static bool parse_flag(const char *word, uint32_t *flags)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} words[] = {
		{ "subtree", SOCASSIGN_SUBTREE },
		{ "detach", SOCASSIGN_DETACH },
		{ "no-dma", SOCASSIGN_NO_DMA },
		{ "unsafe-dma", SOCASSIGN_UNSAFE_DMA },
		{ "confined-dma", SOCASSIGN_CONFINED_DMA },
		{ "share-regs", SOCASSIGN_SHARE_REGS },
		{ "shared", SOCASSIGN_SHARED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(word, words[i].word))
			continue;
		*flags |= words[i].flag;
		return true;
	}
	return false;
}

/*
 * What is no flag is a path, an alias if it is the first word, or what follows a
 * comma in the name of a node: undo the cut.
 */
static bool parse_path(struct claim_option *assign, char *word)
{
	if (assign->num && *word != '/') {
		word[-1] = ',';
		return true;
	}
	if (assign->num == MAX_PATHS)
		return fail("--assign %s: too many paths", assign->text);
	assign->paths[assign->num++] = word;
	return true;
}

/* Never freed: the words live on. */
static bool parse_words(struct claim_option *assign)
{
	char *copy = strdup(assign->text), *rest = copy, *word;

	while (copy && (word = strsep(&rest, ",")))
		if (!parse_flag(word, &assign->flags) &&
		    !parse_path(assign, word))
			return false;
	if (assign->num && *assign->paths[0])
		return true;
	return fail("--assign %s: no path", assign->text);
}

static bool parse_assign(const char *text, struct options *options)
{
	struct claim_option claim = { .text = text, .fd = -1 };

	if (options->num_assign == MAX_ASSIGN)
		return fail("--assign: not more than %u times", MAX_ASSIGN);
	if (!(is_fd(text) ? parse_fd("--assign", text, options, &claim) :
			    parse_words(&claim)))
		return false;
	options->assign[options->num_assign++] = claim;
	return true;
}

static bool parse_overlay(const char *file, struct options *options)
{
	if (options->num_overlays == MAX_OVERLAYS)
		return fail("--overlay: not more than %u times", MAX_OVERLAYS);
	options->overlays[options->num_overlays++] = file;
	return true;
}

static bool parse_cpus(const char *text, struct options *options)
{
	char *end;
	unsigned long num = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || !num || num > MAX_CPUS)
		return fail("--cpus %s: not a number from 1 to %u", text,
			    MAX_CPUS);
	options->num_cpus = num;
	return true;
}

static bool parse_cpu(const char *path, struct options *options)
{
	if (options->num_cpu_paths == MAX_CPUS)
		return fail("--cpu: not more than %u times", MAX_CPUS);
	options->cpu_paths[options->num_cpu_paths++] = path;
	return true;
}

bool option_console(struct options *options, const char *text)
{
	options->no_console = !strcmp(text, "none");
	options->console = *text == '/' ? text : NULL;
	if (options->no_console || options->console || !strcmp(text, "emulated"))
		return true;
	return fail("--console %s: not \"emulated\", \"none\" or the path of a UART",
		    text);
}

static bool parse_option(int id, struct options *options)
{
	switch (id) {
	case OPT_KERNEL:
		options->kernel = optarg;
		return true;
	case OPT_INITRD:
		options->initrd = optarg;
		return true;
	case OPT_APPEND:
		options->append = optarg;
		return true;
	case OPT_MEM:
		return parse_mem(optarg, options);
	case OPT_ASSIGN:
		return parse_assign(optarg, options);
	case OPT_OVERLAY:
		return parse_overlay(optarg, options);
	case OPT_CONSOLE:
		return option_console(options, optarg);
	case OPT_CPUS:
		return parse_cpus(optarg, options);
	case OPT_CPU:
		return parse_cpu(optarg, options);
	case OPT_PARTITION:
		options->described = optarg;
		return true;
	case OPT_DUMP_DTB:
		options->dump_dtb = optarg;
		return true;
	case OPT_NO_REBOOT:
		options->no_reboot = true;
		return true;
	case OPT_NO_KVM_CHECK:
		options->no_kvm_check = true;
		return true;
	case OPT_STATS:
		options->print_stats = true;
		return true;
	}
	return false;
}

/* Each of the guest's CPUs has one of the host's, or none has. */
static bool count_cpus(struct options *options)
{
	options->num_cpus = conf_num_cpus(options->num_cpus,
					  options->num_cpu_paths);
	if (!options->num_cpu_paths ||
	    options->num_cpu_paths == options->num_cpus)
		return true;
	return fail("--cpu: is there %u times, for %u CPUs",
		    options->num_cpu_paths, options->num_cpus);
}

static bool check_options(const struct options *options)
{
	if (!options->kernel)
		return fail("--kernel is missing");
	if (!options->mem && !options->partition.text)
		return fail("--mem is missing");
	return true;
}

int options_parse(int argc, char **argv, struct options *options)
{
	int id;

	*options = (struct options) { .append = "", .partition.fd = -1 };
	while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (id == OPT_HELP) {
			fputs(usage_text, stdout);
			return EXIT_SUCCESS;
		}
		if (!parse_option(id, options))
			return EXIT_USAGE;
	}
	if (optind < argc) {
		fail("%s: not an option", argv[optind]);
		return EXIT_USAGE;
	}
	if (options->described && !partition_read(options))
		return EXIT_USAGE;
	return check_options(options) && count_cpus(options) ? -1 : EXIT_USAGE;
}
