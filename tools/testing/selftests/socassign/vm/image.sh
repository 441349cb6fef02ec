# SPDX-License-Identifier: GPL-2.0
# The initramfs: init, modules, programs, and the lists that tell init what to
# do (see init/init.c).  Sourced after build.sh.

# The kernel brings /dev/console itself, so that no root is needed here.
new_image() {
	IMAGE="$WORK/image"
	rm -rf "$IMAGE"
	mkdir -p "$IMAGE"/{bin,dev,etc,lib/modules,proc,run,sys,tmp}
	build_static "$IMAGE/init" "$WORK/tree/$SELFTESTS/socassign/vm/init"/*.c
	add_module "$WORK/tree/drivers/virt/socassign/socassign.ko"
	echo socassign >"$IMAGE/etc/modules"
}

add_module() {
	cp "$1" "$IMAGE/lib/modules/"
}

# add_host_modules KROOT IMAGE [listed]: drivers that one of Debian's kernels has as
# modules.  A built one has them in itself.  Those that are listed are loaded at
# once; the others a test loads.
add_host_modules() {
	local root=$1 image=$2 module

	[ -n "$root" ] || return 0
	mkdir -p "$image/lib/modules" "$image/etc"
	for module in "${HOST_MODULES[@]}"; do
		kernel_module "$root" "$module" >"$image/lib/modules/$module.ko"
		[ -z "${3:-}" ] || echo "$module" >>"$image/etc/modules"
	done
}

# Modules of the kernel itself that a test may use.
add_board_modules() {
	local module

	for module in "${MODULES[@]}"; do
		add_module "$KDIR/$module"
		echo "?$(basename "$module" .ko)" >>"$IMAGE/etc/modules"
	done
}

add_demo() {
	build_static "$IMAGE/bin/demo" \
		"$WORK/tree/$SELFTESTS/socassign/vm"/demo*.c \
		"$WORK/tree/$SELFTESTS/socassign/lib"/*.c
	echo "/bin/demo ${*:-${VMM:-socvmm} ${DEMO[*]}}" >"$IMAGE/etc/demo"
}

# The description of partitions, where the command looks for it.
add_partitions() {
	mkdir -p "$IMAGE/etc/socassign"
	dtc -q -I dts -O dtb "$VM_DIR/dts/$DTS-partitions.dts" \
		-o "$IMAGE/etc/socassign/partitions.dtb"
}

add_bench() {
	build_static "$IMAGE/bin/bench" -D_FILE_OFFSET_BITS=64 \
		"$WORK/tree/$SELFTESTS/socassign/vm/bench"/*.c \
		"$WORK/tree/$SELFTESTS/socassign/lib"/*.c
	echo /bin/bench >"$IMAGE/etc/demo"
}

# What it takes to boot a guest on the board: socvmm, QEMU if it is there, and in
# /guest a kernel, an initramfs (see guest/main.c), and overlays for its tree: for
# all boards', and for the tree that QEMU makes on this one.
add_guest() {
	local overlay qemu vm="$WORK/tree/$SELFTESTS/socassign/vm"

	[ -n "$GUESTS" ] || return 0
	build_socvmm
	cp "$WORK/socvmm/socvmm" "$IMAGE/bin/"
	qemu=$(guest_qemu)
	[ -z "$qemu" ] || cp "$qemu" "$IMAGE/bin/"
	mkdir -p "$IMAGE/guest"
	copy_guest_kernel "$IMAGE/guest/kernel"
	guest_initrd "$vm" "$IMAGE/guest/initrd"
	for overlay in "$vm/guest"/*.dtso "$vm/guest/$DTS"/*.dtso; do
		dtc -q -@ -I dts -O dtb "$overlay" \
			-o "$IMAGE/guest/$(basename "$overlay" .dtso).dtbo"
	done
}

# As socvmm takes it: vmlinux, or an Image that is not compressed.
copy_guest_kernel() {
	case $ARCH in
	powerpc) "${CROSS_COMPILE}strip" -o "$1" "$GUEST_KIMAGE" ;;
	*) gzip -dcf "$GUEST_KIMAGE" >"$1" ;;
	esac
}

guest_initrd() {
	local vm=$1 root="$WORK/guest" lib="$1/../lib"

	rm -rf "$root"
	mkdir -p "$root"/{dev,proc,sys,tmp}
	build_static "$root/init" -D_FILE_OFFSET_BITS=64 "$vm/guest"/*.c \
		"$vm/init/start.c" "$vm/init/files.c" "$lib/devtree.c" \
		"$lib/etsec.c" "$lib/procirq.c" "$lib/sysfs.c" \
		"$lib/virtio_mmio.c"
	add_host_modules "$GUEST_KROOT" "$root" listed
	(cd "$root" && find . | cpio --quiet -o -H newc --owner 0:0) |
		gzip >"$2"
}

add_tools() {
	cp "$WORK/tools/socassign" "$IMAGE/bin/"
}

# Is the test among those that TESTS names, if it names any?
wanted() { [[ -z ${TESTS:-} || " $TESTS " == *" $1 "* ]]; }

# The time limit is kselftest's, "timeout=SECONDS" in the file settings; a board
# with a debug kernel has a multiple.
program_seconds() {
	local settings="$TOP_DIR/$SELFTESTS/socassign/settings"

	echo $(($(sed -n 's/^timeout=//p' "$settings") * SLOWNESS))
}

add_tests() {
	local file limit

	add_module "$WORK/tree/$SELFTESTS/socassign/modules/socassign_test.ko"
	echo socassign_test >>"$IMAGE/etc/modules"
	limit=$(program_seconds)
	for file in "$WORK/tests"/*; do
		{ [ -f "$file" ] && [ -x "$file" ] && wanted "${file##*/}"; } || continue
		cp "$file" "$IMAGE/bin/"
		echo "$(basename "$file") $limit" >>"$IMAGE/etc/tests"
	done
	for file in "$WORK/tree/drivers/virt/socassign"/*kunit*.ko; do
		{ [ -e "$file" ] && wanted kunit; } || continue
		add_module "$file"
		basename "$file" .ko >>"$IMAGE/etc/kunit"
	done
}

pack_image() {
	(cd "$IMAGE" && find . | cpio --quiet -o -H newc --owner 0:0) \
		>"$WORK/initrd"
}
