# SPDX-License-Identifier: GPL-2.0
# What the driver costs: tables, and whether our promises hold.  Sourced after
# qemu.sh.
#
# Costs are in instructions of the guest, which do not depend on the machine
# that it runs on: with -icount shift=0 each of them takes 1 ns of its time, and
# with sleep=off the guest's time jumps where there is nothing to do.
#
# The first table (peers/) sets the driver beside others that hand a device to a
# program: vfio-platform and UIO, and a module that does nothing but that.  All
# of that is one boot.  Larger trees, and many claims, have boots of their own.
# The second one (bench/), on the Power boards, is about DMA.
#
# e500mc is the board to believe of the Power boards: the kernel of e500v2 looks
# for our mistakes, which costs several times what it looks at.

BENCH_SECONDS=1800

bench_machine() {
	QEMU+=(-smp 1 -icount "shift=0,sleep=off" -rtc "clock=vm")
	# One tick of the counter is one instruction.
	[ "$ARCH" != arm64 ] || QEMU+=(-cpu "cortex-a57,cntfrq=1000000000")
	BOARD_ARGS=
	# A module that is loaded far from the kernel takes longer to call it.
	KERNEL_ARGS="quiet loglevel=3 nokaslr"
}

# --- the driver and its peers

# kernel_part DIRECTORY OPTION...: modules that Debian's kernel comes without,
# from its own source.
kernel_part() {
	local dir=$1 build="$WORK/peers/$1"

	shift
	mkdir -p "$build"
	rsync -rlpc "$(kernel_source "$KERNEL")/$dir/" "$build/"
	quietly "$WORK/peers.log" make -C "$KDIR" M="$build" ARCH="$ARCH" \
		CROSS_COMPILE="$CROSS_COMPILE" CC="${CROSS_COMPILE}gcc" \
		"$@" modules
}

# vfio-platform is for arm and arm64 only, and that of Linux 6.1 takes no device
# without a reset, its parameter reset_required notwithstanding.
has_vfio() { [ "$ARCH" = arm64 ] && [ "$KERNEL" != 6.1 ]; }

build_peers() {
	[ "$ARCH" = arm64 ] || return 0
	say "building vfio-platform and UIO"
	kernel_part drivers/uio CONFIG_UIO=m CONFIG_UIO_PDRV_GENIRQ=m
	has_vfio || return 0
	kernel_part drivers/vfio CONFIG_VFIO_PLATFORM=m \
		CONFIG_VFIO_PLATFORM_BASE=m CONFIG_VFIO_NOIOMMU=y \
		CONFIG_VFIO_IOMMU_TYPE1=m CONFIG_VFIO_PCI_CORE= \
		CONFIG_VFIO_FSL_MC= KCFLAGS=-DCONFIG_VFIO_NOIOMMU=1
}

# peer_module DIRECTORY NAME [PARAMETER]
peer_module() {
	add_module "$WORK/peers/$1/$2.ko"
	echo "$2 ${3:-}" >>"$IMAGE/etc/modules"
}

add_peer_modules() {
	local ours="$WORK/tree/$SELFTESTS/socassign/modules" module

	for module in socassign_test socassign_floor; do
		add_module "$ours/$module.ko"
		echo "$module" >>"$IMAGE/etc/modules"
	done
	add_board_modules
	[ "$ARCH" = arm64 ] || return 0
	peer_module drivers/uio uio
	peer_module drivers/uio uio_pdrv_genirq
	has_vfio || return 0
	peer_module drivers/vfio vfio enable_unsafe_noiommu_mode=1
	peer_module drivers/vfio vfio_iommu_type1 allow_unsafe_interrupts=1
	peer_module drivers/vfio/platform vfio-platform-base
	peer_module drivers/vfio/platform vfio-platform reset_required=0
}

add_peers() {
	local tests="$WORK/tree/$SELFTESTS/socassign"

	add_peer_modules
	build_static "$IMAGE/bin/peers" -D_FILE_OFFSET_BITS=64 -pthread \
		"$tests/vm/peers"/*.c "$tests/vm/bench/measure.c" \
		"$tests/lib"/*.c
}

# peers_boot TREE ARGUMENT...: a boot with that tree (trees.sh).
peers_boot() {
	local tree=$1

	shift
	echo "/bin/peers $*" >"$IMAGE/etc/demo"
	pack_image
	tree_extra "$tree" >"$WORK/peers/$tree.dtsi"
	extra_tree bench "$VM_DIR/dts/peers-$DTS.dtsi" "$WORK/peers/$tree.dtsi"
	say "measuring: $*"
	boot_program "$*" >>"$WORK/bench.raw"
}

# pread() is measured, too, which wants the administrator's word.
bench_image() {
	new_image
	sed -i 's/^socassign$/& kernel_access=1/' "$IMAGE/etc/modules"
}

peers() {
	local tree

	build_peers
	build_test_module
	mkdir -p "$WORK/peers"
	bench_image
	add_peers
	: >"$WORK/bench.raw"
	peers_boot board all
	for tree in board P4080DS T4240QDS 1600-more; do
		peers_boot "$tree" tree "$tree"
	done
	peers_boot held held
	peers_boot subtree subtree
	[ "$ARCH" != arm64 ] || peers_dma
	awk -v tsv="$WORK/bench.tsv" -f "$VM_DIR/peers/table.awk" \
		"$WORK/bench.raw"
	echo "Raw numbers: $WORK/bench.raw, the rows again: $WORK/bench.tsv"
}

# With room for 512 MiB of huge pages.
peers_dma() {
	QEMU+=(-m 2048)
	peers_boot board dma
}

# --- DMA

# Memory for a partition of 512 MiB (dts/bench-power.dtsi) and, in front of it,
# for as much in huge pages in a row: they come in the order of their addresses,
# from 768 MiB on.
dma_bench() {
	QEMU+=(-m 2304)
	BOARD_ARGS="hugepagesz=4M hugepages=224"
	DTS=bench
	bench_image
	add_bench
	pack_image
	extra_tree "*"
	say "measuring: DMA"
	boot_program benchmark
}

# boot_program NAME: its output, and whether it was content.
boot_program() {
	boot "$BENCH_SECONDS" -dtb "$WORK/extra.dtb" | program_output || true
	! grep '^cannot load' "$WORK/console.log" >&2 || program_failed "$1"
	grep -q '^# demo: exit=0$' "$WORK/console.log" || program_failed "$1"
}

bench() {
	bench_machine
	prepare
	peers
	[ "$ARCH" != powerpc ] || dma_bench
}
