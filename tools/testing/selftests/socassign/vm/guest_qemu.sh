# SPDX-License-Identifier: GPL-2.0
# QEMU with the device of samples/socassign/qemu, for the guests of a board:
# Debian's source, cross-built, static, against Debian's libraries of the board's
# architecture, or where Debian has none against those of guest_libraries.sh.
# Sourced after that, emulator.sh and build.sh.
#
# It takes some 7 minutes of CPU time, so it is built only where VMM=qemu asks for
# it; what is there is used.
#
# TCG is in it because 7.2 does not compile for arm without, and for the tests.

GUEST_QEMU_TOOLS=(ccache dpkg-dev gcc libc6-dev libglib2.0-dev make meson
		  ninja-build patch pkg-config python3 rsync)
GUEST_QEMU_PACKAGES=(libglib2.0-dev libglib2.0-0 libpcre2-dev zlib1g-dev
		     libpixman-1-dev libfdt-dev libffi-dev)
GUEST_QEMU_OPTIONS=(--static --disable-pie --without-default-devices
		    --without-default-features --enable-kvm --enable-tcg
		    --enable-fdt=system --disable-docs --disable-tools
		    --disable-install-blobs --disable-debug-info)

# guest_qemu: prints the path of the program; nothing if it is not there and
# nobody asked for it.
guest_qemu() {
	local source="$CACHE/source/qemu" dir program

	[ -n "$GUEST_QEMU" ] || return 0
	dir="$CACHE/guest-qemu-$ARCH"
	[ "${VMM:-}" != qemu ] || guest_qemu_source "$source"
	[ -e "$source/.unpacked" ] || return 0
	program="$dir/$(guest_qemu_hash "$source")/$GUEST_QEMU"
	[ -e "$program" ] || [ "${VMM:-}" != qemu ] ||
		with_lock "guest-qemu-$ARCH" \
			build_guest_qemu "$source" "$dir" "$program"
	[ ! -e "$program" ] || echo "$program"
}

guest_qemu_source() {
	install_tools "${GUEST_QEMU_TOOLS[@]}"
	[ -e "$1/.unpacked" ] || with_lock source-qemu unpack_emulator "$1"
}

# What makes one build differ from another.
guest_qemu_hash() {
	{
		printf '%s\n' "${GUEST_QEMU_OPTIONS[@]}"
		if [ -n "$GUEST_QEMU_DEBIAN" ]; then
			printf '%s\n' "${GUEST_QEMU_PACKAGES[@]}"
		else
			guest_libraries_hash
		fi
		cat "$1/debian/changelog"
		(cd "$TOP_DIR" && find samples/socassign/qemu include/uapi \
			tools/socassign/*.[ch] tools/socassign/*.mk \
			tools/socassign/Makefile -type f | LC_ALL=C sort |
			xargs grep -H '')
	} | sha256sum | cut -c 1-12
}

build_guest_qemu() {
	local source=$1 dir=$2 program=$3

	[ ! -e "$program" ] || return 0
	say "building QEMU for guests (some 7 minutes of CPU time, once)"
	mkdir -p "$dir/root"
	guest_qemu_compiler "$dir/root"
	if [ -n "$GUEST_QEMU_DEBIAN" ]; then
		fetch "$EMULATOR_SUITE" "$dir/root" \
			"${GUEST_QEMU_PACKAGES[@]/%/:$GUEST_QEMU_DEBIAN}"
	else
		guest_libraries "$dir/libraries" "$dir/root"
	fi
	install_library "$dir/root"
	qemu_tree "$source" "$dir/tree" add_guest_qemu_files \
		"$TOP_DIR"/samples/socassign/qemu/patches-7.2/*.patch
	# What is linked statically is no dependency that ninja knows of.
	rm -f "$dir/build/${program##*/}"
	quietly "$CACHE/log/guest-qemu-$ARCH.log" qemu_make "$dir" \
		"${program##*/}" "--target-list=${GUEST_QEMU_TARGET}" \
		"--with-devices-${GUEST_QEMU_TARGET%-softmmu}=socassign" \
		--cross-prefix="$CROSS_COMPILE" "${GUEST_QEMU_OPTIONS[@]}"
	"${CROSS_COMPILE}strip" "$dir/build/${program##*/}"
	qemu_keep "$dir" "$program"
}

add_guest_qemu_files() {
	cp -r "$TOP_DIR"/samples/socassign/qemu/{configs,hw,include,qapi} "$1/"
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
