#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The rule book against the sources of Linux: its trees, its drivers
#
#   rules.sh directory-with-the-built-tests
set -u
cd "$(dirname "$0")" || exit 1
O=$1
TREES=$CACHE/trees/$(basename "$LINUX")
W=$O/rules.out
num=0
failed=0
export O W

ok() {
	local result=ok

	num=$((num + 1))
	[ "$1" = 0 ] || { result="not ok"; failed=1; }
	echo "$result $num - $2"
}

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

all_trees() {
	local sums

	rm -rf "$W"
	mkdir -p "$W"
	# shellcheck disable=SC2016 # the inner shell expands it
	find "$TREES" -name '*.dtb' -print0 |
		xargs -0 -P "$JOBS" -n 50 nice bash -c \
			'"$O/rules" "$@" >"$(mktemp "$W/XXXXXX")"' -
	cat "$W"/* | grep -v '^=' | sed "s,$TREES/,," | head -n 50
	sums=$(cat "$W"/* | awk '/^=/ {
			for (i = 2; i < NF; i += 2) {
				if (!($i in sum)) order[n++] = $i
				sum[$i] += $(i + 1)
			}
		}
		END {
			for (i = 0; i < n; i++)
				printf "%s%d %s", i ? ", " : "", sum[order[i]], order[i]
			exit !n || sum["bad"] || sum["trees"] < 2000
		}')
	ok $? "trees: $sums"
}

if [ ! -d "$LINUX/drivers/clocksource" ]; then
	echo "ok 1 - rule book # SKIP no kernel source in $LINUX"
	echo "1..1"
	exit 0
fi
known -t timers 50 < <(strings_of TIMER_OF_DECLARE "$LINUX"/{drivers,arch})
known -i "interrupt controllers" 100 < <(strings_of \
	'IRQCHIP_DECLARE|IRQCHIP_MATCH' "$LINUX"/{drivers,arch})
known -p "properties of drivers/of/property.c" 20 < <(strings_of \
	'DEFINE_SIMPLE_PROP|DEFINE_SUFFIX_PROP' "$LINUX/drivers/of")
./trees.sh "$LINUX" "$TREES"
all_trees
echo "1..$num"
exit $failed
