#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where phandles lead in the guest, of every board tree of Linux
#
#   refs.sh directory-with-the-built-tests
set -u
cd "$(dirname "$0")" || exit 1
O=$1
. ./tap.sh
. ./every_tree.sh

if [ ! -d "$LINUX/arch" ]; then
	skip refs "no kernel source in $LINUX"
	finish
fi
./trees.sh "$LINUX" "$TREES"
every_tree "$O/refs.out" 20 inside "$O/refs" "$STEP" "$O/base-refs.dtb"
ok $? "references, of one node in $STEP: $sums"
finish
