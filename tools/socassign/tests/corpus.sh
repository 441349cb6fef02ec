#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every assignable node, alone and as a subtree, of every board tree of Linux
#
#   corpus.sh directory-with-the-built-tests
#
# Power's trees are compiled here, arm64's come compiled.
set -u
cd "$(dirname "$0")" || exit 1
O=$1
W=$O/trees
. ./tap.sh

# Compile $1, a copy of the kernel's directory in $2, to $3/board.dtb.
# shellcheck disable=SC2317 # invoked indirectly, by xargs
compile() {
	local out

	out=$3/$(basename "$1" .dts)

	cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp -I "$2" \
		-I "$2/fsl" -I "$(dirname "$1")" -I "$W/prefixes" \
		-o "$out.pp" "$1" 2> "$out.err" &&
	dtc -q -@ -I dts -O dtb -b 0 -i "$(dirname "$1")" -o "$out.dtb" \
		"$out.pp" 2>> "$out.err"
	rm -f "$out.pp"
}
export -f compile
export W

# The headers of bindings
prefixes() {
	rm -rf "$W/prefixes"
	mkdir -p "$W/prefixes"
	ln -s "$LINUX/include/dt-bindings" "$W/prefixes/dt-bindings"
}

compile_all() {
	local from=$1 to=$2 depth=$3

	mkdir -p "$to"
	find "$from" -maxdepth "$depth" -name '*.dts' | sort |
		xargs -P "$JOBS" -I{} bash -c 'compile "$@"' - {} "$from" "$to"
}

# Run the test over the trees whose names come in; $1: options
run() {
	local out=$W/run.$num

	rm -f "$out".*
	# shellcheck disable=SC2016 # the inner shell expands it
	xargs -P "$JOBS" -n 20 bash -c 'out=$(mktemp "$0.XXXXXX"); opts=$1; shift
		exec nice -n 10 "$O/corpus" $opts "$O/base.dtb" "$@" \
			> "$out" 2>&1' "$out" "$1"
	ran=$?
	grep -hv '^=' "$out".* | head -n 50
	sums=$(grep -h '^=' "$out".* | awk '{ for (i = 2; i < NF; i += 2) {
			if (!($i in sum)) order[n++] = $i
			sum[$i] += $(i + 1) } }
		END { for (i = 0; i < n; i++)
			printf "%s%d %s", i ? ", " : "", sum[order[i]], order[i] }')
}
export O

# Warnings of dtc: which check, and the node's name and property.  A bus may
# have lost its unit address.
# shellcheck disable=SC2317 # invoked indirectly, by xargs
warnings() {
	dtc -I dtb -O dtb -o /dev/null "$1" 2>&1 |
		sed -nE 's,^[^ ]*: Warning \(([a-z_]+)\): (/[^:]*/)?([^/:]*)(:[^: ]*)?:.*,\1 \3\4,p' |
		tr @ - | sort -u
}

# shellcheck disable=SC2317 # invoked indirectly, by xargs
host_warnings() {
	warnings "$1" > "$W/warn/$(basename "$1")"
}

# Those of a sample that its host's tree has not.  The node of msm8998 below
# the one that is named has a unit address that is not its own; dtc sees that
# only where the parent is a bus.
# shellcheck disable=SC2317 # invoked indirectly, by xargs
compare() {
	local name

	name=$(basename "$1")
	warnings "$1" | comm -23 - "$W/warn/${name%.*}" |
		grep -v 'simple_bus_reg phy-1c06000' | sed "s,^,# $name: ,"
}
export -f warnings host_warnings compare

mkdir -p "$W"
rm -rf "$W/sample" "$W/warn" "$W"/*.list
mkdir -p "$W/sample" "$W/warn"

if [ -d "$LINUX/arch/powerpc/boot/dts/fsl" ]; then
	P=$LINUX/arch/powerpc/boot/dts
	prefixes
	compile_all "$P" "$W/power" 2
	boards=$(find "$P" -maxdepth 2 -name '*.dts' | wc -l)
	fsl=$(find "$P/fsl" -name '*.dts' | wc -l)
	find "$W/power" -name '*.dtb' | sort > "$W/power.list"
	done=$(wc -l < "$W/power.list")
	[ "$done" -ge "$fsl" ]
	ok $? "Power: $done of $boards boards compile ($fsl of Freescale's)"
	run "-s $W/sample" < "$W/power.list"
	ok $ran "Power: $sums"
else
	skip "Power" "no kernel source in $LINUX"
fi

find "$DTBS" -name '*.dtb' 2>/dev/null | sort > "$W/arm64.list"
if [ -s "$W/arm64.list" ]; then
	run "-s $W/sample" < "$W/arm64.list"
	ok $ran "arm64: $sums"
else
	skip "arm64" "no trees in $DTBS"
fi

cat "$W"/power.list "$W"/arm64.list > "$W/all.list" 2>/dev/null
# shellcheck disable=SC2016 # the inner shell expands it
xargs -P "$JOBS" -n 50 nice -n 10 bash -c \
	'for f; do host_warnings "$f"; done' - < "$W/all.list"
find "$W/sample" -type f | sort > "$W/sample.list"
# shellcheck disable=SC2016 # the inner shell expands it
xargs -P "$JOBS" -n 50 nice -n 10 bash -c 'for f; do compare "$f"; done' - \
	< "$W/sample.list" > "$W/warnings"
head -n 40 "$W/warnings"
[ -s "$W/sample.list" ] && [ ! -s "$W/warnings" ]
ok $? "dtc: $(wc -l < "$W/sample.list") samples, $(wc -l < "$W/warnings") warnings that the host's trees have not"

finish
