# SPDX-License-Identifier: GPL-2.0
# Larger device trees for the benchmark: nodes that are merged into the board's
# tree, as dts/ is.  Sourced after kernel.sh.

# Nodes of a real board, FILE.dts of the kernel's Power boards, in /bench-NAME.
# Its addresses are moved to where no board has any, and its nodes get another
# "compatible" and no type: they are there to be looked at, and nobody here drives
# them, or counts their CPUs.
tree_graft() {
	local name=$1 dts

	dts=$(kernel_source "$KERNEL")/arch/powerpc/boot/dts/fsl/$2.dts
	echo "/ { bench-$name {"
	echo "ranges = <0 0 0x100 0 0x10 0>;"
	dtc -q -I dts -O dtb "$dts" | dtc -q -I dtb -O dts |
		sed -e '/^\//d' -e '/device_type = "pci"/!{/device_type = /d}' \
			-e '/compatible = /s/\("\|\\0\)\([a-zA-Z]\)/\1x-\2/g'
	echo "};"
}

# tree_bus NAME PAGE NUMBER: /bench-NAME with so many nodes of a page of registers
# each, in a part of the address space that QEMU leaves free.  They have an
# interrupt, which every hundredth of them shares, clocks and names as well.
tree_bus() {
	local name=$1 page=$2 num=$3

	echo "/ { bench-$name {"
	tree_bus_head "$page" "$num"
	awk -v num="$num" -v irq="$TREE_IRQ" -v parent="&{$TREE_PIC}" \
		-v clock="&{/apb-pclk}" '
		BEGIN {
			for (i = 0; i < num; i++) {
				at = sprintf("%x", i * 4096)
				print "dev@" at " {"
				print "compatible = \"bench,device\";"
				print "reg = <0x" at " 0x1000>;"
				printf("interrupts = <" irq ">;\n", 64 + i % 100)
				print "interrupt-parent = <" parent ">;"
				print "clocks = <" clock ">, <" clock ">;"
				print "clock-names = \"bus\", \"core\";"
				print "};"
			}
		}'
	echo "}; };"
}

tree_bus_head() {
	echo 'compatible = "bench,bus";'
	echo '#address-cells = <1>;'
	echo '#size-cells = <1>;'
	printf 'ranges = <0 %#x %#x %#x>;\n' "$TREE_HIGH" \
		$((TREE_LOW + $1 * 4096)) $(($2 * 4096))
}

# What differs between the boards: free addresses, and an interrupt.
tree_board() {
	case $ARCH in
	arm64)
		TREE_HIGH=0 TREE_LOW=0xb300000
		TREE_IRQ="0 %d 4" TREE_PIC=/intc@8000000
		;;
	powerpc)
		TREE_HIGH=0xf TREE_LOW=0x80000000
		TREE_IRQ="%d 2" TREE_PIC=/soc@fe0000000/pic@40000
		;;
	esac
}

tree_subtrees() {
	local num page=0

	for num in 1 10 50 100 200 400; do
		tree_bus "subtree-$num" $page $num
		page=$((page + num))
	done
}

# tree_extra NAME: what the benchmark's tree of that name has more than the
# board's.
tree_extra() {
	tree_board
	case $1 in
	P4080DS) tree_graft "$1" p4080ds ;;
	T4240QDS) tree_graft "$1" t4240qds ;;
	1600-more) tree_bus "$1" 0 1600 ;;
	held) tree_bus "$1" 0 256 ;;
	subtree) tree_subtrees ;;
	esac
}
