# SPDX-License-Identifier: GPL-2.0
# A test over every board tree of Linux, in $TREES.  Sourced.

TREES=$CACHE/trees/$(basename "$LINUX")

# every_tree <directory> <trees at a time> <needed> <program> [argument]...
#
# The program gets trees as its last arguments, and prints what is wrong, and
# lines with "= name number name number".  Their sums come to be in $sums; false
# if one is bad, if trees are missing, or if there is nothing of what is needed
# ("" needs nothing).  The output of each call is kept in the directory.
every_tree() {
	local needed=$3

	W=$1
	export W
	rm -rf "$W"
	mkdir -p "$W"
	# shellcheck disable=SC2016 # the inner shell expands it
	find "$TREES" -name '*.dtb' -print0 |
		xargs -0 -P "$JOBS" -n "$2" nice bash -c \
			'"$@" >"$(mktemp "$W/XXXXXX")"' - "${@:4}"
	cat "$W"/* | grep -v '^=' | sed "s,$TREES/,," | head -n 50
	sums=$(cat "$W"/* | awk -v needed="$needed" '/^=/ {
			for (i = 2; i < NF; i += 2) {
				if (!($i in sum)) order[n++] = $i
				sum[$i] += $(i + 1)
			}
		}
		END {
			for (i = 0; i < n; i++)
				printf "%s%d %s", i ? ", " : "", sum[order[i]], order[i]
			exit !n || sum["bad"] || sum["trees"] < 2000 ||
			     needed != "" && !sum[needed]
		}')
}
