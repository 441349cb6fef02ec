// SPDX-License-Identifier: GPL-2.0
/*
 * The command line
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/socassign.h>

struct options options = {
	.count = 1, .timeout = 1000, .description = DESCRIPTION,
};

/* In the order of option_helps; the letters are not for users. */
static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "dtb", required_argument, NULL, 'd' },
	{ "page-size", required_argument, NULL, 'g' },
	{ "all", no_argument, NULL, 'a' },
	{ "description", required_argument, NULL, 'y' },
	{ "dma-class", required_argument, NULL, 'c' },
	{ "transient", no_argument, NULL, 't' },
	{ "output", required_argument, NULL, 'o' },
	{ "overlay", required_argument, NULL, 'b' },
	{ "base", required_argument, NULL, 'f' },
	{ "bus", required_argument, NULL, 'p' },
	{ "intc", required_argument, NULL, 'i' },
	{ "keep", required_argument, NULL, 'e' },
	{ "region", required_argument, NULL, 'm' },
	{ "clock", required_argument, NULL, 'q' },
	{ "line", required_argument, NULL, 'l' },
	{ "count", required_argument, NULL, 'n' },
	{ "timeout", required_argument, NULL, 'w' },
	{ "detach", no_argument, NULL, 'k' },
	{ "no-dma", no_argument, NULL, 'v' },
	{ "unsafe-dma", no_argument, NULL, 'u' },
	{ "confined-dma", no_argument, NULL, 'x' },
	{ "subtree", no_argument, NULL, 's' },
	{ "share-regs", no_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 }
};

static const char *const option_helps[] = {
	"--help             this text",
	"--json             print JSON",
	"--dtb FILE         plan: read this tree instead of the machine's",
	"--page-size BYTES  of the machine planned for",
	"--all              also nodes that have nothing to assign",
	"--description FILE the partitions (" DESCRIPTION ")",
	"--dma-class CLASS  declare none, protected or confined",
	"--transient        until the next boot only, even if driverctl is there",
	"--output FILE      write there instead of standard output",
	"--overlay FILE     apply this overlay (dtbo) to the guest's tree at last",
	"--base FILE        the guest's tree without devices (dtb)",
	"--bus PATH         the node of it to put the devices below",
	"--intc PATH        the host's interrupt controller that its stands for",
	"--keep HOST=GUEST  references to that node lead to this one of --base",
	"--region P:N=ADDR  entry N of reg of the node P is there in the guest",
	"--clock P:N=HZ     the rate of entry N of clocks",
	"--line P:N=CELL,.. the guest's specifier of entry N of interrupts",
	"--count N          fire so many times (1)",
	"--timeout MS       wait so long for each (1000)",
	"--detach           take the devices from their drivers meanwhile",
	"--no-dma           vouch that they master no bus",
	"--unsafe-dma       take them although nothing protects memory",
	"--confined-dma     vouch for who does DMA on behalf of portals",
	"--subtree          with all that is below",
	"--share-regs       reach registers of others among theirs, too",
};

void help_print_all(void)
{
	puts("usage: socassign COMMAND [OPTIONS] [ARGUMENTS]\n");
	for (const struct command *it = commands; it->name; it++)
		printf("  %-9s %s\n", it->name, it->args);
	puts("\n`socassign COMMAND --help` tells more; see also socassign(8).");
	puts("Exit codes: 0 done, 1 failed, 2 wrong usage.");
}

static void print_help(const struct command *command)
{
	printf("usage: socassign %s [OPTIONS] %s\n\n%s\n\n", command->name,
	       command->args, command->help);
	for (int i = 0; long_options[i].name; i++)
		if (long_options[i].val == 'h' ||
		    strchr(command->options, long_options[i].val))
			printf("  %s\n", option_helps[i]);
}

bool parse_number(const char *text, uint64_t *value)
{
	char *end;

	/* strtoull() takes "-1" for the greatest number. */
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end;
}

static void usage_exit(const char *name, const char *what)
{
	exit(complain_usage("--%s: not %s: %s", name, what, optarg));
}

static uint64_t number_of(const char *name, uint64_t max)
{
	uint64_t value;

	if (!parse_number(optarg, &value) || !value || value > max)
		usage_exit(name, "a number that makes sense");
	return value;
}

static void set_page_size(void)
{
	options.page_size = number_of("page-size", 1 << 30);
	if (options.page_size & (options.page_size - 1))
		usage_exit("page-size", "a power of two");
}

static void set_dma_class(void)
{
	if (strcmp(optarg, "none") && strcmp(optarg, "protected") &&
	    strcmp(optarg, "confined"))
		usage_exit("dma-class", "none, protected or confined");
	options.dma_class = optarg;
}

static void add_keep(void)
{
	struct option_keep *keep;

	options.keep = must_grow(options.keep, options.num_keep + 1,
				 sizeof(*options.keep));
	keep = &options.keep[options.num_keep++];
	keep->host = must_print("%s", optarg);
	keep->guest = strchr(keep->host, '=');
	if (!keep->guest || keep->guest == keep->host || !keep->guest[1])
		usage_exit("keep", "two paths with a = between them");
	*keep->guest++ = 0;
}

/* PATH:INDEX=...: what stands behind it, or NULL.  No path has a colon. */
static char *split_place(char *text, uint32_t *index)
{
	char *number = strchr(text, ':');
	char *value = number ? strchr(number, '=') : NULL;
	uint64_t wide;

	if (!value || number == text)
		return NULL;
	*number++ = 0;
	*value++ = 0;
	if (!parse_number(number, &wide) || wide > UINT32_MAX)
		return NULL;
	*index = wide;
	return value;
}

static bool parse_cells(char *text, struct option_place *place)
{
	char *rest = text, *cell;
	uint64_t wide;

	while ((cell = strsep(&rest, ","))) {
		if (!parse_number(cell, &wide) || wide > UINT32_MAX ||
		    place->num_cells == OPTION_MAX_CELLS)
			return false;
		place->cells[place->num_cells++] = wide;
	}
	return true;
}

static void add_place(const char *option, struct option_places *places,
		      bool takes_cells)
{
	struct option_place place = {
		.option = option, .path = must_print("%s", optarg),
	};
	char *value = split_place(place.path, &place.index);

	if (!value ||
	    !(takes_cells ? parse_cells(value, &place) :
			    parse_number(value, &place.value)))
		usage_exit(option, "a path, an index and a value as PATH:INDEX=VALUE");
	places->place = must_grow(places->place, places->num + 1,
				  sizeof(*places->place));
	places->place[places->num++] = place;
}

static void set_argument(int letter)
{
	switch (letter) {
	case 'd':
		options.dtb = optarg;
		break;
	case 'g':
		set_page_size();
		break;
	case 'y':
		options.description = optarg;
		break;
	case 'c':
		set_dma_class();
		break;
	case 'o':
		options.output = optarg;
		break;
	case 'b':
		options.overlay = optarg;
		break;
	case 'f':
		options.base = optarg;
		break;
	case 'p':
		options.bus = optarg;
		break;
	case 'i':
		options.intc = optarg;
		break;
	case 'e':
		add_keep();
		break;
	case 'm':
		add_place("region", &options.regions, false);
		break;
	case 'q':
		add_place("clock", &options.clocks, false);
		break;
	case 'l':
		add_place("line", &options.lines, true);
		break;
	case 'n':
		options.count = number_of("count", 1000000);
		break;
	case 'w':
		options.timeout = number_of("timeout", 3600000);
		break;
	}
}

static void set_option(int letter)
{
	switch (letter) {
	case 'j':
		options.json = true;
		break;
	case 'a':
		options.all = true;
		break;
	case 't':
		options.transient = true;
		break;
	case 'k':
		options.claim_flags |= SOCASSIGN_DETACH;
		break;
	case 'v':
		options.claim_flags |= SOCASSIGN_NO_DMA;
		break;
	case 'u':
		options.claim_flags |= SOCASSIGN_UNSAFE_DMA;
		break;
	case 'x':
		options.claim_flags |= SOCASSIGN_CONFINED_DMA;
		break;
	case 's':
		options.claim_flags |= SOCASSIGN_SUBTREE;
		break;
	case 'r':
		options.claim_flags |= SOCASSIGN_SHARE_REGS;
		break;
	default:
		set_argument(letter);
	}
}

const char *option_beside(const char *letters)
{
	for (const struct option *it = long_options; it->name; it++)
		if (options.said & 1u << (it->val - 'a') &&
		    !strchr(letters, it->val))
			return it->name;
	return NULL;
}

/* Of a word of several letters the first is wrong, and getopt stays at the word. */
static const char *wrong_option(int argc, char **argv)
{
	const char *word = optind < argc ? argv[optind] : "";

	return optopt && word[0] == '-' && word[1] == optopt && word[2] ?
	       word : argv[optind - 1];
}

/* Returns the index of the first argument that is no option. */
int options_parse(const struct command *command, int argc, char **argv)
{
	int letter, index;

	options.page_size = sysconf(_SC_PAGESIZE);
	opterr = 0;
	while ((letter = getopt_long(argc, argv, "h", long_options,
				     &index)) != -1) {
		if (letter == 'h') {
			print_help(command);
			exit(fflush(stdout) ? EXIT_FAILED : EXIT_OK);
		}
		if (letter == '?')
			exit(complain_usage("%s: wrong option or no argument: %s",
					    command->name,
					    wrong_option(argc, argv)));
		if (!strchr(command->options, letter))
			exit(complain_usage("%s: takes no --%s", command->name,
					    long_options[index].name));
		options.said |= 1u << (letter - 'a');
		set_option(letter);
	}
	return optind;
}
