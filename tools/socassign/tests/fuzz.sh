#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# libFuzzer on hostile trees, bases, overlays and descriptions of partitions, with
# 64 and with 32 bits
#
#   fuzz.sh directory-with-the-compiled-trees
#
# FUZZ_SECONDS is how long each of the targets runs.  What makes one fail is kept
# in the directory, fuzz/TARGET-BITS.  libfdt is built along, from the kernel's
# source, so that what it does is seen, too.
set -u
cd "$(dirname "$0")" || exit 1
O=$1
SECONDS_EACH=${FUZZ_SECONDS:-60}
FDT=$LINUX/scripts/dtc/libfdt
SANITIZE=-fsanitize=address,undefined
export FUZZ_TREES=$O
export ASAN_OPTIONS=detect_leaks=1
. ./tap.sh

build() { # <target> <bits>
	clang "-m$2" -std=gnu11 -g -O1 $SANITIZE,fuzzer \
		-fno-sanitize-recover=all -Wall -Wextra -Werror \
		-Wno-unused-parameter -Wno-missing-field-initializers \
		-Wno-sign-compare \
		-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I"$FDT" -I.. \
		-idirafter ../../../include/uapi \
		-idirafter "/usr/include/$(gcc -print-multiarch)" \
		-o "$O/fuzz/$1-$2" "fuzz/$1.c" fuzz/common.c ../tree*.c ../conf/*.c \
		"$FDT"/fdt{,_ro,_rw,_sw,_wip,_overlay,_strerror,_addresses}.c
}

# The trees of the tests are what the fuzzer starts from.
seeds() { # <target>
	local dir=$O/fuzz/seeds-$1 dts name

	rm -rf "$dir"
	mkdir -p "$dir"
	for dts in dts/*.dts base*.dts; do
		name=$(basename "$dts" .dts)
		case $name in
		partitions) [ "$1" = partitions ] || continue ;;
		base*) [[ $1 != overlay && $1 != partitions ]] || continue ;;
		arm | power | cascade | malformed | maps | nexus | paths | refs | \
			reports)
			[ "$1" = tree ] || continue
			;;
		*) [ "$1" = overlay ] || continue ;;
		esac
		cp "$O/$name.dtb" "$dir/"
	done
	[ "$1" != overlay ] ||
		cat "$O/renumber.dtb" "$O/base.dtb" > "$dir/two.dtb"
}

run() { # <target> <bits>
	local name=$1-$2 log=$O/fuzz/$1-$2.log found=$O/fuzz/found-$1-$2
	local status cov all execs

	rm -rf "$found"
	mkdir -p "$found"
	# 64 MiB: no size doubles without end.
	nice "$O/fuzz/$name" -max_total_time="$SECONDS_EACH" -max_len=16384 \
		-malloc_limit_mb=64 -timeout=20 -dict=fuzz/fuzz.dict \
		-print_final_stats=1 -artifact_prefix="$found/" \
		"$found" "$O/fuzz/seeds-$1" > "$log" 2>&1
	status=$?
	cov=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
	all=$(sed -n 's/^INFO: Loaded .* (\([0-9]*\) inline .*/\1/p' "$log")
	execs=$(sed -n 's/.*number_of_executed_units: //p' "$log")
	[ $status = 0 ] || grep -A 12 'ERROR:\|runtime error' "$log" |
		sed 's/^/# /' | head -n 20
	# All are those of the library, of libfdt and of the target.
	ok $status "$1, $2 bits: ${execs:-no} runs, ${cov:-no} of ${all:-?} branches seen"
}

if ! command -v clang > /dev/null; then
	skip fuzzers "clang is not installed"
	finish
fi
if [ ! -e "$FDT/fdt_overlay.c" ]; then
	skip fuzzers "no libfdt in $LINUX"
	finish
fi
mkdir -p "$O/fuzz"
for bits in 64 32; do
	echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
		clang -m$bits $SANITIZE,fuzzer -o "$O/fuzz/probe" -x c - \
			2> "$O/fuzz/probe.log" || {
		skip "$bits bits" "clang does not link for them here"
		continue
	}
	for target in tree base overlay partitions; do
		seeds $target
		build $target $bits
		status=$?
		[ $status = 0 ] || {
			ok $status "$target, $bits bits: it is built"
			continue
		}
		run $target $bits
	done
done
finish
