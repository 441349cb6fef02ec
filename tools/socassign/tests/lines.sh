#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Interrupts on the host and in the guest, of every board tree of Linux
#
#   lines.sh directory-with-the-built-tests
set -u
cd "$(dirname "$0")" || exit 1
O=$1
. ./tap.sh
. ./every_tree.sh

# No board of Linux has all that theirs have.
out=$("$O/lines" 1 "$O"/{arm,cascade,nexus,power}.dtb)
[ "$(grep -c '^=.* bad 0$' <<< "$out")" = 4 ] || { echo "$out"; false; }
ok $? "lines, of the tests' own trees"
if [ ! -d "$LINUX/arch" ]; then
	skip lines "no kernel source in $LINUX"
	finish
fi
./trees.sh "$LINUX" "$TREES"
every_tree "$O/lines.out" 20 written "$O/lines" "$STEP"
ok $? "lines, of one node in $STEP: $sums"
finish
