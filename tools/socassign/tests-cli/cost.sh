# SPDX-License-Identifier: GPL-2.0
# What it costs to list a large tree, and to ask of all of it, counted: no quadratic
# loop
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

fdt=$DTS/../../../../scripts/dtc/libfdt
counting=$TMP/counting/socassign

# With a libfdt that is counted as well; for this machine, whatever the other is for
build_counting()
{
	gcc -c -o "$TMP/blocks.o" blocks.c &&
		make -s -C .. O="$TMP/counting" CROSS_COMPILE= CFLAGS=-O1 \
			CC="gcc -fsanitize-coverage=trace-pc" AR=ar \
			LIBFDT_SRC="$fdt" LDFLAGS="$TMP/blocks.o" "$counting"
}

# Nodes, each with registers, a line, a supplier, a LIODN
tree_of() # <number>: to $TMP/<number>.dtb
{
	awk -v num="$1" 'BEGIN {
		print "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;"
		print "interrupt-parent = <&pic>; pic: pic { #interrupt-cells = <1>;"
		print "interrupt-controller; #clock-cells = <1>; };"
		print "memory { device_type = \"memory\"; reg = <0 0x1000>; };"
		for (i = 1; i <= num; i++)
			printf "dev%d { reg = <%d 16>; clocks = <&pic %d>; interrupts = <%d>; fsl,liodn = <%d>; };\n",
				i, i * 65536, i, i, i
		print "};"
	}' | dtc -q -I dts -O dtb -o "$TMP/$1.dtb" -
}

# The same as files, as the kernel shows it, without a controller
live_tree_of() # <number>
{
	rm -rf "$tree" && mkdir -p "$tree" && python3 - "$tree" "$1" <<-'END'
		import os, struct, sys

		def node(name, **props):
		    path = os.path.join(sys.argv[1], name)
		    os.makedirs(path, exist_ok=True)
		    for prop, cells in props.items():
		        with open(os.path.join(path, prop), 'wb') as file:
		            file.write(struct.pack('>%dI' % len(cells), *cells))

		node('.', **{'#address-cells': [1], '#size-cells': [1]})
		for i in range(1, int(sys.argv[2]) + 1):
		    node('dev%d' % i, **{'reg': [i * 65536, 16], 'fsl,liodn': [i]})
	END
}

ask_of() # <number>
{
	rm -f "$ASKED"
	BLOCKS="$TMP/blocks.$1" DRIVER=new "$TMP/asking" list >"$TMP/counted"
}

# Each once, and the root
all_asked() # <number>
{
	[ "$(sort -u "$ASKED" | wc -l)" = $(($1 + 1)) ] &&
		[ "$(wc -l <"$ASKED")" = $(($1 + 1)) ]
}

# The blocks of a command on such a tree are left in the file blocks.<number>.
counts() # <number> <command> [argument...]
{
	nodes=$1
	command=$2
	shift 2
	BLOCKS="$TMP/blocks.$nodes" "$counting" "$command" \
		--dtb "$TMP/$nodes.dtb" "$@" >"$TMP/counted"
}

# Twice as many nodes cost hardly more than twice as much: trees are sorted, too.
is_linear()
{
	few=$(cat "$TMP/blocks.4000")
	many=$(cat "$TMP/blocks.8000")
	echo "4000 nodes: $few blocks, 8000 nodes: $many"
	[ "$few" -gt 4000 ] && [ "$((many * 100))" -lt "$((few * 205))" ]
}

at_most() # <blocks for each of 8000 nodes>
{
	many=$(cat "$TMP/blocks.8000")
	echo "$((many / 8000)) for each node"
	[ "$many" -le "$((8000 * $1))" ]
}

if [ ! -e "$fdt" ]; then
	skip "costs" "no kernel source"
	finish
fi
ok "a command that counts" build_counting
for size in 4000 8000; do
	ok "$size nodes" tree_of $size
	ok "$size are listed" counts $size list
	ok "all of them" [ "$(wc -l <"$TMP/counted")" = $((size + 2)) ]
done
ok "to list twice as many costs twice as much" is_linear
ok "for each node" at_most 100000
for size in 4000 8000; do
	ok "one of $size is shown" counts $size show /dev5
done
ok "to show one of twice as many costs no more than twice as much" is_linear
ok "for each node" at_most 100000

ASKED=$TMP/asked
export ASKED
use_stand_in
ok "the same that asks a driver" link_asking "$TMP/counting" "$TMP/asking" \
	"$TMP/counting/libfdt.a" "$TMP/blocks.o"
for size in 4000 8000; do
	ok "$size nodes, as files" live_tree_of $size
	ok "$size are asked for" ask_of $size
	ok "once each" all_asked $size
done
ok "to ask for twice as many costs twice as much" is_linear
ok "for each node" at_most 100000
finish
