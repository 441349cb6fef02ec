#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every board tree of Linux, compiled so that it says where its phandles are
#
#   trees.sh linux-source directory
#
# The trees come to lie in directory/architecture, and stay there: they take
# long, the first time.  dtc tells where phandles are of overlays only, so each
# is compiled as if it were one.  TREE.dtb.shifted is the same tree with other
# numbers for the phandles: the first ones belong to nodes of /shift.
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

# shellcheck disable=SC2317 # invoked indirectly, by xargs
shift_phandles() {
	local i

	echo '/ { shift {'
	for i in {1..61}; do
		echo "n$i { phandle = <$i>; };"
	done
	echo '}; };'
}

# shellcheck disable=SC2317 # invoked indirectly, by xargs
run_dtc() {
	dtc -q -I dts -O dtb -b 0 -i "$(dirname "$2")" -o "$1" - 2>/dev/null
}

# One that does not compile (its headers are made by a build) is left out.
# shellcheck disable=SC2317 # invoked indirectly, by xargs
compile() {
	local out=$W/${1%.dts}.dtb from=$W/source/$1

	mkdir -p "$(dirname "$out")"
	cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp \
		-I "$W/source/${1%%/*}" -I "$(dirname "$from")" \
		-I "$W/source" "$from" >"$out.dts" 2>/dev/null &&
		run_dtc "$out.new" "$from" <"$out.dts" &&
		mv "$out.new" "$out" &&
		cat "$out.dts" <(shift_phandles) | run_dtc "$out.new" "$from" &&
		mv "$out.new" "$out.shifted"
	rm -f "$out.new" "$out.dts"
}
export -f compile run_dtc shift_phandles

mkdir -p "$W" || exit
exec 9>"$W/lock"
flock 9
[ ! -e "$W/complete-shifted" ] || exit 0
copy_sources
# shellcheck disable=SC2016 # the inner shell expands it
(cd "$W/source" && find -L . -path ./dt-bindings -prune -o -name '*.dts' -printf '%P\n') |
	sort | while read -r dts; do
		[ -e "$W/${dts%.dts}.dtb.shifted" ] || echo "$dts"
	done | xargs -P "$JOBS" -n 20 bash -c 'for dts; do compile "$dts"; done' -
rm -rf "$W/source"
touch "$W/complete-shifted"
