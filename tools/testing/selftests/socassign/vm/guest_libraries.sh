# SPDX-License-Identifier: GPL-2.0
# What QEMU is linked with, static, for a board whose architecture Debian has a
# compiler for but no libraries: from Debian's source packages.  Sourced after
# emulator.sh.
#
# It takes some 2 minutes of CPU time.  The upstream part of the packages is enough
# for a program that only tests run.

# Each after those that it needs.
GUEST_LIBRARIES=(zlib libffi pcre2 glib2.0 pixman libfdt)

# guest_libraries DIR ROOT: build them in DIR, each once, and put them into ROOT,
# where guest_qemu_compiler() has the compiler and pkg-config look.
guest_libraries() {
	local dir=$1 root=$2 library built

	built="$root/.built-$(guest_libraries_hash)"
	mkdir -p "$dir" "$built"
	for library in "${GUEST_LIBRARIES[@]}"; do
		[ ! -e "$built/$library" ] || continue
		say "building $library for the guests' QEMU"
		guest_library_source "$library" "$dir/$library"
		quietly "$CACHE/log/guest-library-$library.log" \
			build_guest_library "$library" "$dir/$library" "$root"
		rm -r "${dir:?}/$library"
		touch "$built/$library"
	done
}

# What other code than this built is built anew.
guest_libraries_hash() {
	declare -f guest_library_source build_guest_library build_zlib \
		build_configured build_pixman guest_library_cross_file \
		build_glib install_glib build_libfdt |
		sha256sum | cut -c 1-12
}

# The upstream tarballs of a source package, which the first one starts.  Of libfdt
# there is one already.
guest_library_source() {
	local library=$1 dir=$2 file

	rm -rf "$dir"
	mkdir -p "$dir"
	[ "$library" != libfdt ] || return 0
	download "$EMULATOR_SUITE-src" "$dir.files" \
		source --download-only --tar-only "$library"
	for file in "$dir.files"/*.orig.tar.*; do
		tar -x -f "$file" --strip-components=1 -C "$dir"
	done
	rm -r "$dir.files"
}

build_guest_library() {
	local library=$1 dir=$2 root=$3

	case $library in
	zlib) build_zlib "$dir" "$root" ;;
	libffi) build_configured "$dir" "$root" --disable-docs \
		--disable-multi-os-directory ;;
	pcre2) build_configured "$dir" "$root" --disable-jit ;;
	glib2.0) build_glib "$dir" "$root" ;;
	pixman) build_pixman "$dir" "$root" ;;
	libfdt) build_libfdt "$dir" "$root" ;;
	esac
}

guest_library_dir() { echo "/usr/lib/${CROSS_COMPILE%-}"; }

build_zlib() {
	(cd "$1" && CHOST="${CROSS_COMPILE%-}" ./configure --static \
		--prefix=/usr --libdir="$(guest_library_dir)") &&
		make -j2 -C "$1" install DESTDIR="$2"
}

# build_configured DIR ROOT OPTION...
build_configured() {
	(cd "$1" && ./configure --host="${CROSS_COMPILE%-}" --prefix=/usr \
		--libdir="$(guest_library_dir)" --enable-static \
		--disable-shared "${@:3}") &&
		make -j2 -C "$1" install DESTDIR="$2"
}

# No AltiVec: no board of ours has it.  No tests.
build_pixman() {
	SUBDIRS=pixman MAKEFLAGS=-e \
		build_configured "$1" "$2" --disable-gtk --disable-libpng \
		--disable-openmp --disable-vmx
}

# meson asks with the right compiler what can be asked without running it.
guest_library_cross_file() {
	cat <<-EOT
		[binaries]
		c = ['ccache', '${CROSS_COMPILE}gcc']
		ar = '${CROSS_COMPILE}ar'
		strip = '${CROSS_COMPILE}strip'
		pkgconfig = '$PKG_CONFIG'
		[properties]
		have_c99_snprintf = true
		have_c99_vsnprintf = true
		have_unix98_printf = true
		[host_machine]
		system = 'linux'
		cpu_family = 'ppc'
		cpu = 'ppc'
		endian = 'big'
	EOT
}

# Three of its libraries, without what finds files, processes and users for the rest.
build_glib() {
	local dir=$1 root=$2 lib

	lib="$root$(guest_library_dir)"
	guest_library_cross_file >"$dir/cross.ini"
	meson setup --cross-file "$dir/cross.ini" --wrap-mode=nodownload \
		--prefix=/usr --libdir="$(guest_library_dir)" \
		--buildtype=release -Ddefault_library=static \
		-Dselinux=disabled -Dlibmount=disabled -Dnls=disabled \
		-Dlibelf=disabled -Dxattr=false -Dtests=false \
		"$dir/build" "$dir" &&
		ninja -C "$dir/build" glib/libglib-2.0.a \
			gmodule/libgmodule-2.0.a gthread/libgthread-2.0.a &&
		install_glib "$dir" "$root/usr/include/glib-2.0" "$lib"
}

# What meson would install if all of glib had been built
install_glib() {
	local dir=$1 include=$2 lib=$3

	install -d "$include/glib/deprecated" "$lib/glib-2.0/include" \
		"$lib/pkgconfig" &&
		cp "$dir"/glib/{glib,glib-*}.h "$dir/gmodule/gmodule.h" \
			"$include" &&
		cp "$dir"/glib/*.h "$include/glib" &&
		cp "$dir"/glib/deprecated/*.h "$include/glib/deprecated" &&
		cp "$dir/build/glib/glibconfig.h" "$lib/glib-2.0/include" &&
		cp "$dir"/build/{glib,gmodule,gthread}/lib*.a "$lib" &&
		cp "$dir"/build/meson-private/{glib,gmodule,gthread}-*.pc \
			"$lib/pkgconfig"
}

# The kernel's, which the library for the device uses, too.
build_libfdt() {
	local dir=$1 root=$2 source lib

	lib="$root$(guest_library_dir)"
	source=$(kernel_source "$KERNEL")/scripts/dtc/libfdt
	cp "$source"/*.[ch] "$dir" &&
		(cd "$dir" && "${CROSS_COMPILE}gcc" -O2 -I. -c fdt*.c &&
			"${CROSS_COMPILE}ar" rcs "$lib/libfdt.a" fdt*.o) &&
		cp "$dir"/{fdt,libfdt,libfdt_env}.h "$root/usr/include"
}
