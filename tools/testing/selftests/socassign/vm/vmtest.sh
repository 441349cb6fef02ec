#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Boots an emulated board and shows or tests socassign on it.

set -euo pipefail
shopt -s inherit_errexit

usage() {
	cat <<-'EOT'
		usage: vmtest.sh demo BOARD        the main job, on the console
		       vmtest.sh demo-partitions BOARD
		                                   several guests, from a description
		       vmtest.sh bench BOARD       what the driver costs
		       vmtest.sh check [BOARD...]  all tests (default: every board)
		       vmtest.sh check-debug [BOARD...]
		                                   the same on kernels that look for
		                                   mistakes (default: arm64 e500mc)
		       vmtest.sh kdir BOARD        get the board's kernel, and print the
		                                   directory to build modules against

		BOARD is e500v2 (or power), e500mc or arm64; with -debug behind it,
		e500mc and arm64 have their debug kernels; arm64-rt is arm64
		with PREEMPT_RT, arm64-patched with a kernel that has patches/, e5500
		a Power board of 64 bits, e500v2-kexec is e500v2 with the one test
		that starts another kernel.
		KERNEL=6.1 (default), 6.12 or 7.3 chooses the kernel.
		TESTS="dma irq kunit" leaves out all other tests of a check.
		VMM=qemu builds QEMU for guests, where a board has KVM (arm64, e500v2):
		for the tests guest and qemu*, and for the demo to use.  That is QEMU
		7.2; VMM=qemu10 has QEMU 10.0, on arm64.
	EOT
}

. "$(dirname "$0")/lib.sh"
. "$VM_DIR/apt.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/emulator.sh"
. "$VM_DIR/build.sh"
. "$VM_DIR/guest_libraries.sh"
. "$VM_DIR/guest_qemu.sh"
. "$VM_DIR/image.sh"
. "$VM_DIR/qemu.sh"
. "$VM_DIR/kexec.sh"
. "$VM_DIR/trees.sh"
. "$VM_DIR/bench.sh"

KERNEL=${KERNEL:-6.1}
ALL_BOARDS=(e500v2 e500mc arm64)
DEBUG_BOARDS=(arm64 e500mc)
# Against hangs only; a debug kernel's board has a multiple of them.
DEMO_SECONDS=1200
CHECK_SECONDS=10000

end_on_interrupt

use_board() {
	BOARD=$1
	[ "$BOARD" != power ] || BOARD=e500v2
	[ -e "$VM_DIR/boards/$BOARD.sh" ] || die "there is no board $BOARD"
	SLOWNESS=1
	NEXT_KERNEL=
	. "$VM_DIR/boards/$BOARD.sh"
	TAG=$BOARD
	WORK="$CACHE/work/$BOARD-$KERNEL"
	mkdir -p "$WORK"
}

# What takes long, or apt: one board at a time.
ready_board() {
	install_tools "${TOOLS[@]}" rsync cpio xz-utils device-tree-compiler
	emulator_prepare
	kernel_prepare "$KERNEL"
	guest_kernel "$KERNEL"
	kernel_modules "$KERNEL" "$KROOT"
	kernel_modules "$KERNEL" "$GUEST_KROOT"
	guest_qemu >/dev/null
}

prepare() {
	ready_board
	copy_sources
	build_module
}

check_vmm() {
	[ "${VMM:-socvmm}" = socvmm ] || asks_for_qemu ||
		die "VMM=$VMM is unknown: choose socvmm, qemu or qemu10"
}

check_demo_vmm() {
	! asks_for_qemu || has_guest_qemu "$VMM" ||
		die "VMM=$VMM is not for BOARD=$BOARD: qemu is for arm64 and e500v2, qemu10 for arm64"
}

demo() {
	check_demo_vmm
	prepare
	new_image
	add_host_modules "$KROOT" "$IMAGE" listed
	add_demo
	add_guest
	boot_demo guest
}

demo_partitions() {
	[ -n "$GUESTS" ] ||
		die "BOARD=$BOARD runs no guests: choose arm64 or e500v2"
	prepare
	build_tools
	new_image
	add_tools
	add_demo partitions
	add_partitions
	add_guest
	boot_demo '*'
}

# boot_demo PATTERN: as for extra_tree.
boot_demo() {
	pack_image
	KERNEL_ARGS="quiet loglevel=3"
	extra_tree "$1"
	say "booting Linux $KERNEL"
	boot "$DEMO_SECONDS" -dtb "$WORK/extra.dtb" | program_output || true
	grep -q '^# demo: exit=0$' "$WORK/console.log" || program_failed demo
}

# What the kernel says before and after is not the program's.
program_output() {
	sed -un '/^# demo: begin$/,/^# demo: exit=/ { /^# demo: /!p }'
}

program_failed() {
	grep -q '^# demo: begin$' "$WORK/console.log" ||
		tail -n 20 "$WORK/console.log"
	die "the $1 failed (console: $WORK/console.log)"
}

check_board() {
	[ -z "$NEXT_KERNEL" ] || TESTS=kexec
	prepare
	build_tests
	build_test_module
	build_tools
	new_image
	add_board_modules
	add_host_modules "$KROOT" "$IMAGE"
	add_tools
	add_tests
	add_guest
	KERNEL_ARGS="loglevel=7 printk.time=0 printk.devkmsg=on log_buf_len=1M"
	# A CPU that waits for a busy host does not hang.
	KERNEL_ARGS+=" rcupdate.rcu_cpu_stall_timeout=300 watchdog_thresh=60"
	add_next_kernel
	pack_image
	extra_tree '*'
	# A program may be silent, and then its end (init/runner.c); and the boot.
	SILENT_SECONDS=$(($(program_seconds) * 4 / 3 + 600 * SLOWNESS))
	say "booting Linux $KERNEL and running the tests"
	boot $((CHECK_SECONDS * SLOWNESS)) -dtb "$WORK/extra.dtb" | show_results || true
	summary
}

# What a person wants to follow; everything is in the log.
show_results() {
	grep --line-buffered -E \
		'^(# selftests:|(not )?ok [0-9]+ selftests:|# +not ok|# kernel:| {4}not ok)' |
		sed -u "s/^/[$TAG] /"
}

summary() {
	local passed failed skipped

	if ! grep -q '^# selftests: socassign: end$' "$WORK/console.log"; then
		tail -n 80 "$WORK/console.log"
		say "error: the run did not reach its end (console: $WORK/console.log)"
	fi
	read -r passed failed skipped \
		< <(awk -f "$VM_DIR/results.awk" "$WORK/console.log")
	if ! has_kunit && grep -q KUNIT "$TOP_DIR/drivers/virt/socassign/Makefile"
	then
		echo "[$TAG] KUnit suites # SKIP this kernel has no CONFIG_KUNIT"
		skipped=$((skipped + 1))
	fi
	echo "$passed $failed $skipped" >"${SUMMARIES:-$WORK}/summary-$TAG"
	echo "[$TAG] $passed passed, $failed failed, $skipped skipped on Linux $KERNEL ($WORK/console.log)"
}

# As many boards at a time as there are cores; each is a process of its own: one
# that cannot be built or booted must not hide the others.
run_boards() {
	local board

	# Background jobs of a script do not see Ctrl-C.
	trap 'trap - TERM; kill 0; exit 130' INT TERM
	for board; do
		use_board "$board"
		"$0" ready-board "$BOARD" || continue
		while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
			wait -n || true
		done
		"$0" check-board "$BOARD" &
	done
	wait
	end_on_interrupt
}

check() {
	local board passed=0 failed=0 skipped=0 p f s

	[ $# != 0 ] || set -- "${ALL_BOARDS[@]}"
	export KERNEL
	# Not in the cache: another checkout may use that at the same time.
	SUMMARIES=$(mktemp -d)
	export SUMMARIES
	run_boards "$@"
	for board; do
		use_board "$board"
		if ! read -r p f s 2>/dev/null <"$SUMMARIES/summary-$TAG"; then
			say "error: the check was not completed"
			p=0 f=1 s=0
		fi
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	done
	rm -rf "$SUMMARIES"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}

check_debug() {
	[ $# != 0 ] || set -- "${DEBUG_BOARDS[@]}"
	check "${@/%/-debug}"
}

kdir() {
	use_board "$1"
	install_tools "${TOOLS[@]}" xz-utils
	kernel_prepare "$KERNEL"
	echo "$KDIR"
}

check_vmm
case "${1:-} $#" in
demo\ 2)
	use_board "$2"
	with_lock "work-$BOARD-$KERNEL" demo
	;;
demo-partitions\ 2)
	use_board "$2"
	with_lock "work-$BOARD-$KERNEL" demo_partitions
	;;
bench\ 2)
	use_board "$2"
	with_lock "work-$BOARD-$KERNEL" bench
	;;
check\ *)
	shift
	check "$@"
	;;
check-debug\ *)
	shift
	check_debug "$@"
	;;
ready-board\ 2)
	use_board "$2"
	ready_board
	;;
check-board\ 2)
	use_board "$2"
	with_lock "work-$BOARD-$KERNEL" check_board
	;;
kdir\ 2) kdir "$2" ;;
*)
	usage >&2
	exit 2
	;;
esac
