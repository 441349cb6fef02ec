#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where phandles lead in the guest, of every board tree of Linux
#
#   refs.sh directory-with-the-built-tests
set -u
cd "$(dirname "$0")" || exit 1
O=$1
TREES=$CACHE/trees/$(basename "$LINUX")
W=$O/refs.out
export O W

if [ ! -d "$LINUX/arch" ]; then
	echo "ok 1 - refs # SKIP no kernel source in $LINUX"
	echo "1..1"
	exit 0
fi
./trees.sh "$LINUX" "$TREES"
rm -rf "$W"
mkdir -p "$W"
# shellcheck disable=SC2016 # the inner shell expands it
find "$TREES" -name '*.dtb' -print0 |
	xargs -0 -P "$JOBS" -n 20 nice bash -c \
		'"$O/refs" "$STEP" "$O/base-refs.dtb" "$@" >"$(mktemp "$W/XXXXXX")"' -
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
		exit !n || sum["bad"] || sum["trees"] < 2000 || !sum["inside"]
	}')
status=$?
[ $status = 0 ] || printf 'not '
echo "ok 1 - references, of one node in $STEP: $sums"
echo "1..1"
exit $status
