# SPDX-License-Identifier: GPL-2.0
# For a board with NEXT_KERNEL=y, whose kernel starts another one (kexec.c): what that
# one is, and a peer that sends for ever.  Sourced after qemu.sh.

# The same kernel with the same programs, and with a tree that says where they go, as
# QEMU would place them.  The host's driver would stop the devices that it finds at
# work, so it stays away.
add_next_kernel() {
	local next="$IMAGE/next" KERNEL_ARGS=$KERNEL_ARGS

	[ -n "$NEXT_KERNEL" ] || return 0
	KERNEL_ARGS+=" initcall_blacklist=gfar_driver_init next_kernel=yes"
	pack_image
	extra_tree '*'
	mkdir "$next"
	cp "$WORK/initrd" "$next/initrd"
	cp "$WORK/extra.dtb" "$next/tree"
	"${CROSS_COMPILE}strip" -o "$next/kernel" "$KIMAGE"
}

# COMMAND gets a peer on the wire.  It is no part of the machine: whatever becomes
# of that, it goes on.
add_sender() {
	[ -n "$NEXT_KERNEL" ] || return 0
	gcc -O2 -Wall -D_GNU_SOURCE -o "$WORK/sender" "$VM_DIR/sender.c" \
		"$VM_DIR/../lib/frame.c" || die "cannot build the sender"
	COMMAND=("$WORK/sender" "${COMMAND[@]}" -netdev "socket,id=peer,fd=3"
		-netdev "hubport,id=port4,hubid=0,netdev=peer")
}
