# SPDX-License-Identifier: GPL-2.0
#
# shellcheck shell=sh
# TAP for shell tests, which run.sh starts with: SOCASSIGN, the command; BUILD,
# where it was built; TMP, a directory of their own with board.dtb

# What looks like /sys below it is removed.
: "${TMP:?}" "${BUILD:?}" "${SOCASSIGN:?}"

num=0
failed=0

ok() # <what> <command...>
{
	what=$1
	shift
	num=$((num + 1))
	if "$@" >"$TMP/out" 2>"$TMP/err"; then
		echo "ok $num - $what"
		return
	fi
	failed=1
	echo "not ok $num - $what"
	sed 's/^/# /' "$TMP/out" "$TMP/err"
}

skip() # <what> <why>
{
	num=$((num + 1))
	echo "ok $num - $1 # SKIP $2"
}

# Does the command end with this code?
exits() # <code> <command...>
{
	expected=$1
	shift
	code=0
	"$@" || code=$?
	echo "exit code $code"
	[ "$code" = "$expected" ]
}

# Does the command print a line that matches, and end with 0?
prints() # <extended regular expression> <command...>
{
	expected=$1
	shift
	"$@" >"$TMP/printed" || return
	cat "$TMP/printed"
	grep -Eq -- "$expected" "$TMP/printed"
}

# Does the command fail and say so in a line that matches?
complains() # <extended regular expression> <command...>
{
	expected=$1
	shift
	if "$@" 2>"$TMP/complaint"; then
		return 1
	fi
	cat "$TMP/complaint"
	grep -Eq -- "$expected" "$TMP/complaint"
}

# Is an expression in Python true of what the command prints as JSON (it)?
json() # <expression> <command...>
{
	expected=$1
	shift
	"$@" >"$TMP/json" || return
	cat "$TMP/json"
	python3 -m json.tool "$TMP/json" >/dev/null || return
	python3 -c "
import json, sys
it = json.load(open(sys.argv[1]))
sys.exit(not ($expected))" "$TMP/json"
}

# DTS is arch/powerpc/boot/dts of a kernel tree.
DTS=${DTS:-${XDG_CACHE_HOME:-$HOME/.cache}/socassign/source/linux-6.1/arch/powerpc/boot/dts}

compile_board() # <board>: $TMP/<board>.dtb
{
	cpp -nostdinc -undef -x assembler-with-cpp -I "$DTS" -I "$DTS/fsl" \
		-I "$DTS/../../../../include" "$DTS/fsl/$1.dts" 2>/dev/null |
		dtc -q -i "$DTS/fsl" -o "$TMP/$1.dtb" -
}

# A directory that looks like /sys
use_stand_in()
{
	SOCASSIGN_SYSFS=$TMP/sys
	export SOCASSIGN_SYSFS
	tree=$SOCASSIGN_SYSFS/firmware/devicetree/base
	rm -rf "$SOCASSIGN_SYSFS"
}

make_tree() # <directory> <path in the tree>: from $blob, or that of the board
{
	mkdir -p "$1"
	for prop in $(fdtget -p "${blob:-$TMP/board.dtb}" "$2"); do
		# As bytes in hexadecimal, whatever it is
		fdtget -t bx "${blob:-$TMP/board.dtb}" "$2" "$prop" |
			python3 -c "import sys
sys.stdout.buffer.write(bytes(int(x, 16) for x in sys.stdin.read().split()))" \
			>"$1/$prop"
	done
	for node in $(fdtget -l "${blob:-$TMP/board.dtb}" "$2"); do
		make_tree "$1/$node" "${2%/}/$node"
	done
}

make_device() # <bus> <name> <path> [driver]
{
	dev=$SOCASSIGN_SYSFS/bus/$1/devices/$2
	mkdir -p "$dev/socassign" "$SOCASSIGN_SYSFS/bus/$1/drivers/socassign"
	ln -s "$tree$3" "$dev/of_node"
	: >"$dev/driver_override"
	: >"$dev/socassign/dma_class"
	: >"$SOCASSIGN_SYSFS/bus/$1/drivers_probe"
	: >"$SOCASSIGN_SYSFS/bus/$1/drivers/socassign/bind"
	[ -n "$4" ] || return 0
	mkdir -p "$SOCASSIGN_SYSFS/bus/$1/drivers/$4"
	: >"$SOCASSIGN_SYSFS/bus/$1/drivers/$4/unbind"
	ln -s "../../drivers/$4" "$dev/driver"
}

# The command with driver.c in place of the driver; its questions go to $ASKED.
link_asking() # <build directory> <program> <libfdt> [argument...]
{
	objects=$1
	asking=$2
	fdt_lib=$3
	shift 3
	# shellcheck disable=SC2086
	"${CC:-cc}" $CFLAGS -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter \
		-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-idirafter ../../../include/uapi \
		-Wl,--wrap=ioctl -Wl,--wrap=open -Wl,--wrap=open64 \
		-Wl,--wrap=sysfs_is_this_machine -o "$asking" driver.c "$@" \
		"$objects"/cli/*.o "$objects"/conf/*.o "$objects"/node_facts.o \
		"$objects"/phandle_props.o "$objects"/pamu_plan.o \
		"$objects/libsocassign.a" "$fdt_lib"
}

finish()
{
	echo "1..$num"
	exit "$failed"
}
