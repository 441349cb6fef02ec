# SPDX-License-Identifier: GPL-2.0
# Boots the image on a board.  Sourced after image.sh.

# Debian's kernel would go on after an oops, and stay where it is after a panic.
PANIC_ARGS="oops=panic panic=-1"

# board_command ARGUMENT...: sets COMMAND; KERNEL_ARGS go to the kernel.
board_command() {
	COMMAND=("${QEMU[@]}" -no-reboot -kernel "$KIMAGE"
		-initrd "$WORK/initrd"
		-pidfile "$WORK/qemu.pid"
		-append "console=$CONSOLE $PANIC_ARGS $BOARD_ARGS $KERNEL_ARGS" "$@")
}

# extra_tree PATTERN [FILE...]: the board's own device tree with our nodes merged
# in, those of dts/ARCH-PATTERN.dtsi and of the files.  The very same command line makes it: ppce500 takes a
# blob as it is, boot arguments and the initramfs's place included.
extra_tree() {
	board_command -machine dumpdtb="$WORK/board.dtb"
	quietly "$WORK/dumpdtb.log" "${COMMAND[@]}"
	{
		dtc -q -I dtb -O dts "$WORK/board.dtb"
		# shellcheck disable=SC2086 # the pattern is one
		cat "$VM_DIR/dts/$DTS"-$1.dtsi "${@:2}"
	} >"$WORK/extra.dts"
	dtc -q -I dts -O dtb -o "$WORK/extra.dtb" "$WORK/extra.dts" ||
		die "cannot merge dts/$DTS-$1.dtsi into the board's tree ($WORK/extra.dts)"
}

# boot SECONDS ARGUMENT...: the console is our standard output, and a file.
# timeout stays in the foreground so that Ctrl-C reaches QEMU.  A board that says
# nothing for SILENT_SECONDS, if that is set, is ended before.
boot() {
	local seconds=$1

	shift
	board_command "$@"
	add_sender
	timeout --foreground --kill-after=5 "$seconds" "${COMMAND[@]}" \
		</dev/null 2>&1 | sed -u 's/\r//g' |
		end_if_silent "${SILENT_SECONDS:-$seconds}" |
		tee "$WORK/console.log"
}

# end_if_silent SECONDS: copies lines; without one for so long, QEMU is killed.
end_if_silent() {
	local line status

	while status=0; IFS= read -r -t "$1" line || status=$?; [ "$status" = 0 ]; do
		printf '%s\n' "$line"
	done
	printf '%s' "$line"
	# By its time, and not the end of the file.
	[ "$status" -gt 128 ] || return 0
	printf '\n# kernel: nothing for %s s: the board is ended\n' "$1"
	kill -KILL "$(cat "$WORK/qemu.pid")"
}
