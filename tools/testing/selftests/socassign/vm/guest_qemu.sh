# SPDX-License-Identifier: GPL-2.0
# QEMU with the device of samples/socassign/qemu, for the guests of a board:
# Debian's source, cross-built, static, against Debian's libraries of the board's
# architecture, or where Debian has none against those of guest_libraries.sh.
# Sourced after that, emulator.sh and build.sh.
#
# There are two: VMM=qemu is bookworm's, with which the boards' are made, too, and
# VMM=qemu10 trixie's, against the same libraries.  Each takes some 7 minutes of CPU
# time, so it is built only where VMM asks for it; bookworm's is used where it is
# there.
#
# TCG is in it because 7.2 does not compile for arm without, and for the tests.

declare -A GUEST_QEMU_SUITE=([qemu]=$EMULATOR_SUITE [qemu10]=trixie)
declare -A GUEST_QEMU_VERSION=([qemu]=7.2 [qemu10]=10.0)
GUEST_QEMU_TOOLS=(ccache dpkg-dev gcc libc6-dev libglib2.0-dev make meson
		  ninja-build patch pkg-config python3 python3-venv rsync)
GUEST_QEMU_PACKAGES=(libglib2.0-dev libglib2.0-0 libpcre2-dev zlib1g-dev
		     libpixman-1-dev libfdt-dev libffi-dev)
GUEST_QEMU_OPTIONS=(--static --disable-pie --without-default-devices
		    --without-default-features --enable-kvm --enable-tcg
		    --enable-fdt=system --disable-docs --disable-tools
		    --disable-install-blobs --disable-debug-info)

# guest_qemu: prints the path of the program; nothing if it is not there and
# nobody asked for it, or if it is not for this board.
guest_qemu() {
	local vmm=qemu source dir program

	! asks_for_qemu || vmm=$VMM
	has_guest_qemu "$vmm" || return 0
	source="$CACHE/source/$vmm"
	dir="$CACHE/guest-$vmm-$ARCH"
	! asks_for_qemu || guest_qemu_source "$vmm" "$source"
	[ -e "$source/.unpacked" ] || return 0
	program="$dir/$(guest_qemu_hash "$vmm" "$source")/$GUEST_QEMU"
	[ -e "$program" ] || ! asks_for_qemu ||
		with_lock "guest-$vmm-$ARCH" \
			build_guest_qemu "$vmm" "$source" "$dir" "$program"
	[ ! -e "$program" ] || echo "$program"
}

asks_for_qemu() { [[ -n ${VMM:-} && -v GUEST_QEMU_SUITE[$VMM] ]]; }

# has_guest_qemu VMM: is it one of those that are for this board?
has_guest_qemu() { [[ " ${GUEST_QEMU_VMMS[*]} " == *" $1 "* ]]; }

guest_qemu_source() {
	install_tools "${GUEST_QEMU_TOOLS[@]}"
	[ -e "$2/.unpacked" ] || with_lock "source-$1" \
		unpack_qemu "${GUEST_QEMU_SUITE[$1]}" "$2"
}

# guest_qemu_options VMM
guest_qemu_options() {
	local devices=socassign more=()

	if [ "$1" = qemu10 ]; then
		devices=socassign-10.0
		# The one that python3-venv is for.
		more=(--python=/usr/bin/python3)
	fi
	printf '%s\n' "--target-list=$GUEST_QEMU_TARGET" \
		"--with-devices-${GUEST_QEMU_TARGET%-softmmu}=$devices" \
		"--cross-prefix=$CROSS_COMPILE" "${GUEST_QEMU_OPTIONS[@]}" \
		"${more[@]}"
}

guest_qemu_patches() {
	echo "samples/socassign/qemu/patches-${GUEST_QEMU_VERSION[$1]}"
}

# What makes one build differ from another.
guest_qemu_hash() {
	{
		guest_qemu_options "$1"
		if [ -n "$GUEST_QEMU_DEBIAN" ]; then
			printf '%s\n' "${GUEST_QEMU_PACKAGES[@]}"
		else
			guest_libraries_hash
		fi
		cat "$2/debian/changelog"
		(cd "$TOP_DIR" && find \
			samples/socassign/qemu/{configs,hw,include,qapi} \
			"$(guest_qemu_patches "$1")" include/uapi \
			tools/socassign/*.[ch] tools/socassign/*.mk \
			tools/socassign/Makefile -type f | LC_ALL=C sort |
			xargs grep -H '')
	} | sha256sum | cut -c 1-12
}

build_guest_qemu() {
	local vmm=$1 source=$2 dir=$3 program=$4 options

	[ ! -e "$program" ] || return 0
	say "building QEMU ${GUEST_QEMU_VERSION[$vmm]} for guests (some 7 minutes of CPU time, once)"
	mkdir -p "$dir/root"
	guest_qemu_compiler "$dir/root"
	if [ -n "$GUEST_QEMU_DEBIAN" ]; then
		fetch "$EMULATOR_SUITE" "$dir/root" \
			"${GUEST_QEMU_PACKAGES[@]/%/:$GUEST_QEMU_DEBIAN}"
	else
		guest_libraries "$dir/libraries" "$dir/root"
	fi
	[ "$vmm" != qemu10 ] || guest_qemu_meson "$vmm" "$dir/meson"
	install_library "$dir/root"
	qemu_tree "$source" "$dir/tree" add_guest_qemu_files \
		"$TOP_DIR/$(guest_qemu_patches "$vmm")"/*.patch
	# What is linked statically is no dependency that ninja knows of.
	rm -f "$dir/build/${program##*/}"
	mapfile -t options < <(guest_qemu_options "$vmm")
	quietly "$CACHE/log/guest-$vmm-$ARCH.log" qemu_make "$dir" \
		"${program##*/}" "${options[@]}"
	"${CROSS_COMPILE}strip" "$dir/build/${program##*/}"
	qemu_keep "$dir" "$program"
}

add_guest_qemu_files() {
	cp -r "$TOP_DIR"/samples/socassign/qemu/{configs,hw,include,qapi} "$1/"
}

# Bookworm's meson is too old for 10.0; all of trixie's is Python.
guest_qemu_meson() {
	fetch "${GUEST_QEMU_SUITE[$1]}" "$2" meson
	export PYTHONPATH="$2/usr/lib/python3/dist-packages"
}

# As a user of it would, but below ROOT.
install_library() {
	quietly "$CACHE/log/guest-qemu-library.log" \
		make -C "$TOP_DIR/tools/socassign" install DESTDIR="$1" \
		PREFIX=/usr O="$1/library" CROSS_COMPILE="$CROSS_COMPILE" \
		LIBFDT_SRC="$(kernel_source "$KERNEL")/scripts/dtc/libfdt"
}

# meson looks for libfdt where the compiler does, and for the others with
# pkg-config, which is to see the libraries in ROOT and no others.
guest_qemu_compiler() {
	local root=$1 lib="$1/usr/lib/${CROSS_COMPILE%-}"

	export CC="ccache ${CROSS_COMPILE}gcc -B$lib -idirafter $root/usr/include"
	export PKG_CONFIG="$root/pkg-config"
	cat >"$PKG_CONFIG" <<-EOT
		#!/bin/sh
		export PKG_CONFIG_LIBDIR=$lib/pkgconfig:$root/usr/lib/pkgconfig
		export PKG_CONFIG_SYSROOT_DIR=$root
		exec pkg-config "\$@"
	EOT
	chmod +x "$PKG_CONFIG"
}
