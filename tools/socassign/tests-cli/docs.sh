# SPDX-License-Identifier: GPL-2.0
# Examples of the documentation, as they are printed
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

root=../../..
selftests=$root/tools/testing/selftests/socassign
docs=$root/Documentation/virt/socassign.rst
abi=$root/Documentation/ABI/testing/sysfs-driver-socassign
header=../libsocassign-tree.h
enet=/soc@ffe000000/ethernet@b0000

# The literal block that starts with /dts-v1/
overlay_of_documentation()
{
	sed -n '/^    \/dts-v1\/;$/,/^[^ ]/s/^    //p' "$docs"
}

overlay_of_header()
{
	printf '/dts-v1/;\n/plugin/;\n'
	sed -n '/^ \*	&enet0 {$/,/^ \*	};$/s/^ \*	//p' "$header"
}

edited() # <overlay>
{
	dtc -q -@ -O dtb -o "$TMP/edit.dtbo" - <"$1" || return
	"$SOCASSIGN" dtb --dtb "$TMP/phy.dtb" --overlay "$TMP/edit.dtbo" \
		"$enet" >"$TMP/guest.dtb" 2>"$TMP/told" || return
	fdtget -t u "$TMP/guest.dtb" "$enet/fixed-link" speed
}

dtc -q -@ -o "$TMP/phy.dtb" phy.dts
for where in documentation header; do
	overlay_of_$where >"$TMP/$where.dts"
	ok "the overlay of the $where is there" \
		grep -q 'delete-properties = "phy-handle"' "$TMP/$where.dts"
	ok "it works as it is printed" prints '^1000$' edited "$TMP/$where.dts"
	ok "what is not there to be deleted is told" \
		grep -q 'phy-handle: the overlay deletes it, but' "$TMP/told"
done

# A program of 32 bits, too, hands whole offsets to mmap().
has_wide_offsets() # <source>
{
	if ! command -v powerpc-linux-gnu-gcc >/dev/null; then return; fi
	powerpc-linux-gnu-gcc -Wall -Wextra -Werror -I.. \
		-isystem "$root/include/uapi" -c -o "$1.o" "$1" || return
	! powerpc-linux-gnu-nm -u "$1.o" | grep -w mmap
}

# It has to end where it finds no /dev/socassign.
run_program() # <source>
{
	has_wide_offsets "$1" || return
	gcc -Wall -Wextra -Werror -isystem ../../../include/uapi -I.. -o "$1.out" \
		"$1" "$BUILD/libsocassign.a" -lfdt || return
	[ -e /dev/socassign ] || exits 1 "$1.out"
}

# Is what was printed what is wanted, but for the lines that "..." stands for?
fits() # <wanted> <printed>
{
	awk 'FNR == NR { if ($0 == "...") any[num + 1] = 1; else want[++num] = $0; next }
		$0 == want[at + 1] { at++; next }
		!any[at + 1] { bad = 1 }
		END { exit bad || at < num }' "$1" "$2"
}

# It runs where the board trees are.
run_example() # <without .sh>
{
	(cd "$TMP" && PATH="$BUILD:$PATH" sh -e "$1.sh") >"$1.got" 2>&1 || {
		cat "$1.got"
		return 1
	}
	[ ! -e "$1.want" ] || fits "$1.want" "$1.got" ||
		{ diff "$1.want" "$1.got"; return 1; }
}

# Does the Makefile have the targets and the variables, the tests the board?
does_make() # <words behind make>
{
	makefile=$root/Makefile
	while [ $# -gt 0 ]; do
		case $1 in
		'#'*) return ;;
		-C)
			makefile=$root/$2/Makefile
			shift
			;;
		-*) ;;
		BOARD=*) [ -e "$selftests/vm/boards/${1#*=}.sh" ] ;;
		TESTS=*) [ -e "$selftests/${1#*=}.c" ] ;;
		*=*) grep -qw "${1%%=*}" "$makefile" ;;
		*) grep -Eq "(^|[[:space:]])$1([[:space:]][^=]*)?:" "$makefile" ;;
		esac || {
			echo "$1"
			return 1
		}
		shift
	done
}

# Does the program have the command and the options?
are_known() # <words>
{
	# shellcheck disable=SC2086
	set -- $1
	case $1 in
	make)
		shift
		does_make "$@"
		return
		;;
	socvmm) cat "$root/samples/socassign/socvmm/options.c" >"$TMP/help" ;;
	*) "$SOCASSIGN" "$2" --help >"$TMP/help" || return ;;
	esac
	for word; do
		case $word in
		--*) grep -qE "[ \"]${word#--}[\" ]|$word " "$TMP/help" || {
				echo "$word"
				return 1
			} ;;
		esac
	done
}

all_known() # <file>
{
	while read -r line; do
		are_known "$line" || return
	done <"$1"
}

# Nothing else is at hand: who runs the tests may be root.
make_root_path()
{
	mkdir "$TMP/root-path"
	for program in cat grep ls realpath; do
		ln -s "$(command -v $program)" "$TMP/root-path/"
	done
	ln -s "$(realpath "$SOCASSIGN")" "$TMP/root-path/socassign"
}

# In a directory that looks like /sys, where each file that is written to is there
run_root() # <without .root>
{
	# What is not looked at is not written to.
	if grep '>' "$1.root" | grep -v '^echo [^<>|&;]*> *[^ <>|&;]*$'; then
		return 1
	fi
	{
		cat <<-END
			chgrp() { grep -q "^g \$1 " ../socassign.sysusers; }
			modprobe() { [ "\$1" = socassign ]; }
			systemctl() { [ -e "../\${2%@*}@.service.in" ]; }
			is_ours() {
				case \$(realpath -e "\$1") in
				"$(realpath "$TMP")"/*) ;;
				*) echo "\$1 is no file of the test's"; false ;;
				esac
			}
			chmod() { is_ours "\$2"; }
		END
		sed -e "s,/sys/,$SOCASSIGN_SYSFS/,g" \
			-e "s,/dev/socassign,$TMP/node,g" \
			-e 's/^echo .*> *\(.*\)$/is_ours \1\n&/' "$1.root"
	} >"$1.script"
	: >"$TMP/node"
	sh=$(command -v sh)
	PATH="$TMP/root-path" "$sh" -e "$1.script" >"$1.got" 2>&1 || {
		cat "$1.got"
		return 1
	}
	[ ! -s "$1.want" ] || diff "$1.want" "$1.got"
}

# Without a warning; and a description of partitions is one, memory can be had.
is_tree() # <source>
{
	case $(head -n 1 "$1") in
	/dts-v1/*) cat "$1" ;;
	'&'*)
		printf '/dts-v1/;\n/plugin/;\n'
		cat "$1"
		;;
	*)
		printf '/dts-v1/;\n/ {\n#address-cells = <2>;\n#size-cells = <2>;\n'
		cat "$1"
		echo '};'
		;;
	esac >"$1.whole"
	dtc -@ -O dtb -o "$1.dtb" "$1.whole" 2>"$1.warnings" || return
	if grep . "$1.warnings"; then return 1; fi
	if grep -q 'socassign,partitions' "$1"; then
		"$SOCASSIGN" partition list --description "$1.dtb"
	elif grep -q '^reserved-memory' "$1"; then
		! "$SOCASSIGN" list --dtb "$1.dtb" | grep -v '^CAN\|^yes'
	fi
}

# Somebody says that, whatever the numbers are, and however long the line.
are_said() # <messages>
{
	find "$root/drivers" "$root/samples/socassign/qemu" -name '*.c' -exec cat {} + |
		tr -s '\n\t ' ' ' | sed 's/" "//g' >"$TMP/sources"
	while read -r line; do
		line=${line%: ...}
		text=$(echo "${line##*: }" |
			sed -e 's/[+.()]/\\&/g' -e 's/0x[0-9a-f]*/[^;]{1,40}/g')
		grep -qE -- "$text" "$TMP/sources" || {
			echo "$text"
			return 1
		}
	done <"$1"
}

are_counters() # <lines of fdinfo>
{
	while read -r key _; do
		key=${key%:}
		case $key in *-[0-9] | *-[0-9][0-9]) key=${key%-*}-N ;; esac
		grep -qw -- "$key" \
			"$root/Documentation/ABI/testing/procfs-fdinfo-socassign" || {
				echo "$key"
				return 1
			}
	done <"$1"
}

variables_of() # <rule>
{
	grep -o 'ENV{SOCASSIGN_[A-Z]*}=' "$1" | grep -o 'SOCASSIGN_[A-Z]*'
}

# What udev makes of it, with the rule that is installed
is_rule() # <rule>
{
	for name in $(variables_of "$1"); do
		grep -q "[{]$name}" ../socassign.rules.in || return
	done
	sed -n 's/.*ENV{OF_FULLNAME}=="\([^"]*\)".*/\1/p' "$1" >"$1.path"
	sed -n 's/.*ENV{SOCASSIGN_OPTIONS}="\([^"]*\)".*/\1/p' "$1" >"$1.options"
	# shellcheck disable=SC2046
	"$SOCASSIGN" bind --transient $(cat "$1.options") "$(cat "$1.path")"
}

check_example() # <file>
{
	case $1 in
	*.c) run_program "$1" ;;
	*.words) all_known "$1" ;;
	*.root) run_root "${1%.root}" ;;
	*.dts) is_tree "$1" ;;
	*.qemu) ./qemu_options.py "$root/samples/socassign/qemu" "$1" ;;
	*.json) python3 -m json.tool "$1" ;;
	*.said) are_said "$1" ;;
	*.keys) are_counters "$1" ;;
	*.rule) is_rule "$1" ;;
	*) false ;; # nobody knows what it is
	esac
}

all_attributes()
{
	sed -n 's,^What:.*/socassign/\([a-z_]*\)$,\1,p' "$abi" | sort -u
}

# What the examples write to, each with the attributes that ours have
make_devices()
{
	make_device platform fe0003000.i2c /soc@fe0000000/i2c@3000 mpc-i2c
	make_device platform ffe24000.ethernet /soc@fe0000000/ethernet@b0000
	make_device platform ff4200000.qman-portal /qman-portal@ff4200000
	drivers=$SOCASSIGN_SYSFS/bus/platform/drivers
	: >"$drivers/socassign/unbind"
	: >"$drivers/mpc-i2c/bind"
	for device in "$SOCASSIGN_SYSFS"/bus/platform/devices/*; do
		ln -s "$device" "$drivers/socassign/"
		for attribute in $(all_attributes); do
			echo 1 >"$device/socassign/$attribute"
		done
	done
	mkdir -p "$SOCASSIGN_SYSFS/kernel/iommu_groups/0/devices/any"
	: >"$SOCASSIGN_SYSFS/kernel/iommu_groups/0/reserved_regions"
}

num_examples=0
use_stand_in
make_tree "$tree" /
make_devices
make_root_path
boards_there=y
for board in p4080ds t4240qds; do
	compile_board $board || boards_there=
done
for document in "$docs" ../socassign.8 ../libsocassign.3 \
	"$root/samples/socassign/socvmm/socvmm.1" "$root/README.md"; do
	examples=$TMP/$(basename "$document").examples
	mkdir "$examples"
	ok "$document: the examples are found" ./examples.py "$document" "$examples"
	for example in "$examples"/*; do
		case $example in
		*.want) continue ;;
		esac
		what="$(basename "$document"): $(grep -v '^#include' "$example" |
			grep . | head -n 1)"
		num_examples=$((num_examples + 1))
		if [ "${example%.sh}" = "$example" ]; then
			ok "$what" check_example "$example"
		elif [ -n "$boards_there" ]; then
			ok "$what" run_example "${example%.sh}"
		else
			skip "$what" "no kernel source"
		fi
	done
done
ok "there are examples" [ "$num_examples" -ge 80 ]

# What the administrator writes to is described.
attributes()
{
	sed -n 's,^    # .*\.[a-z0-9]*/socassign/\([a-z_]*\)$,\1,p' "$docs"
	sed -n 's,^    # echo [0-9]* > \([a-z_]*\)$,\1,p' "$docs"
}

ok "there are attributes" [ "$(attributes | wc -l)" -ge 4 ]
for attribute in $(attributes | sort -u); do
	ok "$attribute is described" grep -q "/socassign/$attribute\$" "$abi"
done

# So is what else the driver has under a name or a number.
driver=$root/drivers/virt/socassign

trace_points()
{
	sed -n 's/^TRACE_EVENT(\(socassign_[a-z_]*\),$/\1/p' "$driver/base/trace.h"
}

ok "there are trace points" [ "$(trace_points | wc -l)" -ge 8 ]
for point in $(trace_points); do
	ok "$point is described" grep -q "\`\`$point\`\`" "$docs"
done
depth=$(sed -n 's/^#define SOCA_MAX_EVENTS[[:space:]]*//p' "$driver/claim/claim.h")
ok "so is how deep the queue of events is" grep -q "queue holds $depth events" "$docs"
finish
