#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The rule book against the sources of Linux: its trees, its drivers
#
#   rules.sh directory-with-the-built-tests
set -u
cd "$(dirname "$0")" || exit 1
O=$1
. ./tap.sh
. ./every_tree.sh

# Strings of macros in C sources: the first of each call of one of these
strings_of() { # <macro, extended regular expression> <path>...
	local macro=$1

	shift
	find "$@" -name '*.c' -print0 | xargs -0 cat |
		grep -A 2 -E "^\s*($macro)\(" | tr -d '\n' |
		grep -oE "($macro)\([^\")]*\"[^\"]+\"" |
		sed 's/.*"\(.*\)"/\1/' | sort -u
}

# Those on stdin are in the tables, and are enough to believe it.
known() { # <option of rules> <what> <least number>
	local names

	mapfile -t names
	"$O/rules" "$1" "${names[@]}" && [ "${#names[@]}" -gt "$3" ]
	ok $? "$2: ${#names[@]} names"
}

if [ ! -d "$LINUX/drivers/clocksource" ]; then
	skip "rule book" "no kernel source in $LINUX"
	finish
fi
known -t timers 50 < <(strings_of TIMER_OF_DECLARE "$LINUX"/{drivers,arch})
known -i "interrupt controllers" 100 < <(strings_of \
	'IRQCHIP_DECLARE|IRQCHIP_MATCH' "$LINUX"/{drivers,arch})
known -p "properties of drivers/of/property.c" 20 < <(strings_of \
	'DEFINE_SIMPLE_PROP|DEFINE_SUFFIX_PROP' "$LINUX/drivers/of")
./trees.sh "$LINUX" "$TREES"
every_tree "$O/rules.out" 50 "" "$O/rules"
ok $? "trees: $sums"
finish
