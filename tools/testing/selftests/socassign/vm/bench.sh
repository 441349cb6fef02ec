# SPDX-License-Identifier: GPL-2.0
# What the driver costs, on a Power board: a table, and whether our promises
# hold.  Sourced after qemu.sh.
#
# Costs are in instructions of the guest, which do not depend on the machine
# that it runs on: with -icount shift=0 each of them takes 1 ns of its time, and
# with sleep=off the guest's time jumps where there is nothing to do.
#
# e500mc is the board to believe: the kernel of e500v2 looks for our mistakes,
# which costs several times what it looks at.

BENCH_SECONDS=600

# Memory for a partition of 512 MiB (dts/bench-power.dtsi) and, in front of it,
# for as much in huge pages in a row: they come in the order of their addresses,
# from 768 MiB on.
bench_machine() {
	[ "$ARCH" = powerpc ] ||
		die "the benchmark is for the Power boards, e500mc and e500v2"
	QEMU+=(-smp 1 -m 2304 -icount "shift=0,sleep=off")
	BOARD_ARGS="hugepagesz=4M hugepages=224"
	KERNEL_ARGS="quiet loglevel=3"
	DTS=bench
}

bench() {
	bench_machine
	prepare
	new_image
	add_bench
	pack_image
	extra_tree "*"
	say "booting Linux $KERNEL and measuring (1 to 10 minutes)"
	boot "$BENCH_SECONDS" -dtb "$WORK/extra.dtb" | program_output || true
	grep -q '^# demo: exit=0$' "$WORK/console.log" ||
		program_failed benchmark
}
