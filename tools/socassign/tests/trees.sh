#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every board tree of Linux, compiled so that it says where its phandles are
#
#   trees.sh linux-source directory
#
# The trees come to lie in directory/architecture, and stay there: they take
# long, the first time.  dtc tells where phandles are of overlays only, so each
# is compiled as if it were one.
set -u
export LC_ALL=C
LINUX=$1
W=$2
JOBS=${JOBS:-2}
export W

# The trees of an architecture may include those of another one.
copy_sources() {
	local dts arch

	rm -rf "$W/source"
	mkdir -p "$W/source"
	ln -s "$LINUX/include/dt-bindings" "$W/source/dt-bindings"
	for dts in "$LINUX"/arch/*/boot/dts; do
		arch=${dts#"$LINUX/arch/"}
		cp -rL "$dts" "$W/source/${arch%%/*}"
	done
	grep -rlE '/dts-v1/' "$W/source" --include='*.dts*' |
		xargs sed -i -E 's,/dts-v1/[[:space:]]*;,/dts-v1/; /plugin/;,'
}

# One that does not compile (its headers are made by a build) is left out.
# shellcheck disable=SC2317 # invoked indirectly, by xargs
compile() {
	local out=$W/${1%.dts}.dtb from=$W/source/$1

	mkdir -p "$(dirname "$out")"
	cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp \
		-I "$W/source/${1%%/*}" -I "$(dirname "$from")" \
		-I "$W/source" "$from" 2>/dev/null |
		dtc -q -I dts -O dtb -b 0 -i "$(dirname "$from")" \
			-o "$out.new" - 2>/dev/null && mv "$out.new" "$out"
	rm -f "$out.new"
}
export -f compile

mkdir -p "$W" || exit
exec 9>"$W/lock"
flock 9
[ ! -e "$W/complete" ] || exit 0
copy_sources
# shellcheck disable=SC2016 # the inner shell expands it
(cd "$W/source" && find -L . -path ./dt-bindings -prune -o -name '*.dts' -printf '%P\n') |
	sort | while read -r dts; do
		[ -e "$W/${dts%.dts}.dtb" ] || echo "$dts"
	done | xargs -P "$JOBS" -n 20 bash -c 'for dts; do compile "$dts"; done' -
rm -rf "$W/source"
touch "$W/complete"
