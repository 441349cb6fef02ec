# SPDX-License-Identifier: GPL-2.0
# Examples of the documentation, as they are printed
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

docs=../../../Documentation/virt/socassign.rst
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

# It has to end where it finds no /dev/socassign.
run_program() # <source>
{
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

# Does the program have the command and the options?
are_known() # <words>
{
	# shellcheck disable=SC2086
	set -- $1
	if [ "$1" = socvmm ]; then
		cat ../../../samples/socassign/socvmm/options.c >"$TMP/help"
	else
		"$SOCASSIGN" "$2" --help >"$TMP/help" || return
	fi
	for word; do
		case $word in
		--*) grep -qE "[ \"]${word#--}[\" ]|$word " "$TMP/help" || {
				echo "$word"
				return 1
			} ;;
		esac
	done
}

num_examples=0
use_stand_in
make_tree "$tree" /
make_device platform fe0003000.i2c /soc@fe0000000/i2c@3000 mpc-i2c
boards_there=y
for board in p4080ds t4240qds; do
	compile_board $board || boards_there=
done
for document in "$docs" ../socassign.8 ../libsocassign.3; do
	examples=$TMP/$(basename "$document").examples
	mkdir "$examples"
	ok "$document: the examples are found" ./examples.py "$document" "$examples"
	for example in "$examples"/*.c "$examples"/*.sh "$examples"/*.words; do
		[ -e "$example" ] || continue
		what=$(grep -v '^#include' "$example" | grep . | head -n 1)
		num_examples=$((num_examples + 1))
		case $example in
		*.c)
			ok "$(basename "$document"): a program" \
				run_program "$example"
			;;
		*.words)
			ok "$(basename "$document"): $what" \
				are_known "$(cat "$example")"
			;;
		*)
			if [ -n "$boards_there" ]; then
				ok "$(basename "$document"): $what" \
					run_example "${example%.sh}"
			else
				skip "$what" "no kernel source"
			fi
			;;
		esac
	done
done
ok "there are examples" [ "$num_examples" -ge 12 ]

# What the administrator writes to is described.
attributes()
{
	sed -n 's,^    # .*\.[a-z0-9]*/socassign/\([a-z_]*\)$,\1,p' "$docs"
	sed -n 's,^    # echo [0-9]* > \([a-z_]*\)$,\1,p' "$docs"
}

abi=../../../Documentation/ABI/testing/sysfs-driver-socassign
ok "there are attributes" [ "$(attributes | wc -l)" -ge 4 ]
for attribute in $(attributes | sort -u); do
	ok "$attribute is described" grep -q "/socassign/$attribute\$" "$abi"
done
finish
