# SPDX-License-Identifier: GPL-2.0
# A kernel for a board: built from Debian's linux-source where Debian has no
# kernel for the machine, else Debian's own.  Sourced after lib.sh and apt.sh,
# with a board file read (ARCH, CROSS_COMPILE, BOARD; FLAVOUR where the kernel is
# Debian's).

# What building one takes, beside the board's compiler.
KERNEL_TOOLS=(ccache gcc libc6-dev make bc flex bison libelf-dev libssl-dev perl
	      python3 patch)

# Where the versions come from.
kernel_suite() {
	case $1 in
	6.1) echo bookworm ;;
	6.12) echo trixie ;;
	7.3) echo trixie-backports ;;
	*) die "KERNEL=$1 is unknown: choose 6.1, 6.12 or 7.3" ;;
	esac
}

# kernel_source VERSION: the path of Debian's source tree, unpacked once.
kernel_source() {
	local tree="$CACHE/source/linux-$1"

	[ -e "$tree/.unpacked" ] ||
		with_lock "source-$1" unpack_source "$1" "$tree"
	echo "$tree"
}

unpack_source() {
	local version=$1 tree=$2 package="$CACHE/source/package-$1"

	[ ! -e "$tree/.unpacked" ] || return 0
	rm -rf "$tree" "$package"
	mkdir -p "$tree"
	fetch "$(kernel_suite "$version")" "$package" "linux-source-$version"
	say "unpacking Linux $version"
	tar -C "$tree" --strip-components=1 -I 'xz -T0' \
		-xf "$package/usr/src/linux-source-$version.tar.xz"
	rm -r "$package"
	touch "$tree/.unpacked"
}

# patch_list VERSION: the upstream fixes that the board's kernel gets, in order
# (quilt's format).
patch_list() {
	local patch comment

	[ -n "$PATCHED" ] || return 0
	while IFS='# ' read -r patch comment; do
		[ -n "$patch" ] || continue
		has_use "$1" "$comment" || continue
		echo "$TOP_DIR/patches/$patch"
	done <"$TOP_DIR/patches/$PATCHED"
}

# has_use VERSION COMMENT: not where the comment says "before" that, or an older one;
# nor "since" a newer one.
has_use() {
	local limit=${2#* }

	case $2 in
	before\ *) is_older "$1" "$limit" ;;
	since\ *) ! is_older "$1" "$limit" ;;
	esac
}

# is_older VERSION THAN
is_older() {
	[ "$1" != "$2" ] &&
		printf '%s\n' "$1" "$2" | sort -C -V
}

# patched_source VERSION: the source tree, or a copy with the patches applied.
patched_source() {
	local pristine hash tree patches

	pristine=$(kernel_source "$1")
	mapfile -t patches < <(patch_list "$1")
	if [ ${#patches[@]} = 0 ]; then
		echo "$pristine"
		return
	fi
	hash=$(cat "${patches[@]}" | sha256sum | cut -c 1-12)
	tree="$pristine-$hash"
	[ -e "$tree/.patched" ] || with_lock "source-$1" \
		patch_source "$pristine" "$tree" "${patches[@]}"
	echo "$tree"
}

# Hard links: patch(1) replaces a file and leaves the pristine one alone.
patch_source() {
	local pristine=$1 tree=$2 patch

	shift 2
	[ ! -e "$tree/.patched" ] || return 0
	rm -rf "$tree"
	cp -al "$pristine" "$tree"
	for patch; do
		say "applying ${patch##*/}"
		quietly "$CACHE/log/patch.log" \
			patch -d "$tree" -p1 --forward -i "$patch"
	done
	touch "$tree/.patched"
}

# kernel_prepare VERSION: sets KDIR (to build modules against), KIMAGE (to boot), and
# KROOT (where it is unpacked, if it is Debian's).
kernel_prepare() {
	KROOT=
	if [ ${#FRAGMENTS[@]} = 0 ]; then
		debian_kernel "$1"
	else
		built_kernel "$1"
	fi
}

# guest_kernel VERSION: sets GUEST_KIMAGE, the kernel of a guest on this board, and
# GUEST_KROOT.  Where the board's own is too heavy for that, GUEST_BOARD's, which has
# nothing of ours.
guest_kernel() {
	GUEST_KIMAGE=$KIMAGE
	GUEST_KROOT=$KROOT
	[ -z "$GUEST_BOARD" ] || lighter_guest_kernel "$1"
}

lighter_guest_kernel() {
	local BOARD=$GUEST_BOARD PATCHED='' FLAVOUR=arm64 KDIR KIMAGE KROOT
	local FRAGMENTS=("${GUEST_FRAGMENTS[@]}")

	kernel_prepare "$1"
	GUEST_KIMAGE=$KIMAGE
	GUEST_KROOT=$KROOT
}

# --- a kernel that we build

# requested_config VERSION: kernel/absent names the symbols that a version does
# not have.
requested_config() {
	awk -F '[= ]' -v version="$1" '
		FILENAME ~ /absent$/ { if ($1 == version) absent[$2] = 1; next }
		/^CONFIG_/ && !($1 in absent)
	' "$VM_DIR/kernel/absent" "${FRAGMENTS[@]/#/$VM_DIR/kernel/}"
}

built_kernel() {
	local version=$1 source hash

	install_tools "${KERNEL_TOOLS[@]}"
	source=$(patched_source "$version")
	hash=$( (requested_config "$version"; patch_list "$version" | xargs -r cat) | sha256sum |
		cut -c 1-12)
	KDIR="$CACHE/kernel/$BOARD-$version-$hash"
	KIMAGE="$KDIR/$KIMAGE_FILE"
	[ -e "$KDIR/.ready" ] ||
		with_lock "kernel-$BOARD-$version" build_kernel "$version" "$source"
}

build_kernel() {
	local version=$1 source=$2

	[ ! -e "$KDIR/.ready" ] || return 0
	say "building Linux $version (5 to 8 minutes on two cores, once)"
	rm -rf "$CACHE/kernel/$BOARD-$version"-*
	mkdir -p "$KDIR"
	configure_kernel "$version" "$source"
	quietly "$CACHE/log/kernel-$BOARD-$version.log" \
		kernel_make "$source" -j"$(nproc)" "${KIMAGE_FILE##*/}" modules
	touch "$KDIR/.ready"
}

# Constant strings and relative paths let another cache, or the next run on a
# machine that kept its compiler cache, find the same objects.
kernel_make() {
	local source=$1

	shift
	CCACHE_BASEDIR="$CACHE" CCACHE_NOHASHDIR=1 \
	KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=socassign \
	KBUILD_BUILD_HOST=socassign \
		make -C "$source" O="$KDIR" ARCH="$ARCH" LOCALVERSION= \
		CROSS_COMPILE="$CROSS_COMPILE" CC="ccache ${CROSS_COMPILE}gcc" "$@"
}

configure_kernel() {
	local version=$1 source=$2

	requested_config "$version" >"$KDIR/requested.config"
	quietly "$CACHE/log/config-$BOARD-$version.log" \
		kernel_make "$source" KCONFIG_ALLCONFIG="$KDIR/requested.config" \
		allnoconfig
	check_config "$version"
}

# Kconfig drops without a word what a dependency forbids.
check_config() {
	local version=$1 wrong

	wrong=$(awk '
		!/^CONFIG_/ { next }
		{ name = value = $0; sub(/=.*/, "", name); sub(/^[^=]*=/, "", value) }
		FILENAME ~ /requested/ { want[name] = value; next }
		{ have[name] = value }
		END {
			for (name in want) {
				got = name in have ? have[name] : "n"
				if (got != want[name])
					print name "=" want[name] " became " got
			}
		}' "$KDIR/requested.config" "$KDIR/.config")
	[ -z "$wrong" ] || die "Linux $version does not take its configuration:
$wrong
(change vm/kernel/*.config, or list it in vm/kernel/absent)"
}

# --- one of Debian's own kernels (FLAVOUR), unpacked: nothing of it is installed here

debian_kernel() {
	local version=$1 root="$CACHE/kernel/$BOARD-$1" release ready

	# What other code than this unpacked is unpacked anew.
	ready="$root/.ready-$(declare -f unpack_kernel adapt_headers \
		adapt_alignment adapt_modpost | sha256sum | cut -c 1-12)"
	[ -e "$ready" ] || with_lock "kernel-$BOARD-$version" \
		unpack_kernel "$version" "$root" "$ready"
	release=$(cat "$ready")
	KROOT=$root
	KDIR="$root/usr/src/linux-headers-$release"
	KIMAGE="$root/vmlinuz"
}

# kernel_modules VERSION KROOT: sees to it that HOST_MODULES are there, if it is one of
# Debian's.  Newer packages have them apart.
kernel_modules() {
	[ -n "$2" ] || return 0
	with_lock "modules-$1" debian_modules "$1" "$2"
}

debian_modules() {
	[ ${#HOST_MODULES[@]} = 0 ] ||
		[ -n "$(find_module "$2" "${HOST_MODULES[0]}")" ] ||
		fetch "$(kernel_suite "$1")" "$2" \
			"linux-modules-$(cat "$2"/.ready-*):arm64"
}

find_module() {
	find "$1" -path '*/lib/modules/*' -name "$2.ko*" -print -quit
}

# kernel_module KROOT NAME: prints it, as it is loaded.
kernel_module() {
	local file

	file=$(find_module "$1" "$2")
	case $file in
	*.ko) cat "$file" ;;
	*.ko.xz) xz -dc "$file" ;;
	*) die "Debian's kernel has no module $2" ;;
	esac
}

unpack_kernel() {
	local version=$1 root=$2 ready=$3
	local suite image headers common kbuild release

	[ ! -e "$ready" ] || return 0
	rm -rf "$root"
	suite=$(kernel_suite "$version")
	image=$(suite_depends "$suite" "linux-image-$FLAVOUR:arm64" 'linux-image-.*')
	release=${image#linux-image-}
	headers="linux-headers-$release:arm64"
	common=$(suite_depends "$suite" "$headers" 'linux-headers-.*')
	# kbuild's programs run here, so that package is this machine's.
	kbuild=$(suite_depends "$suite" "$headers" 'linux-kbuild-.*')
	# Newer packages have the image apart from the modules, elsewhere.
	image=$(suite_depends "$suite" "$image:arm64" 'linux-binary-.*' ||
		echo "$image")
	fetch "$suite" "$root" "$image:arm64" "$headers" "$common" "$kbuild"
	ln -s "$(find "$root" -name 'vmlinuz*' -type f -print -quit)" \
		"$root/vmlinuz"
	adapt_headers "$root" "$root/usr/src/linux-headers-$release"
	adapt_modpost "$root/usr/lib/$kbuild/scripts/mod/modpost.real-lsb-64"
	echo "$release" >"$ready"
}

# The headers name each other by where they would be installed.  What make reads
# of the configuration follows the tools here: no type information for a module
# (it wants the kernel's own pahole).
adapt_headers() {
	local conf="$2/include/config/auto.conf"

	sed -i "s|/usr/src|$1/usr/src|g" "$2/Makefile"
	sed -i '/^CONFIG_DEBUG_INFO_BTF_MODULES=/d' "$conf"
	"${CROSS_COMPILE}gcc" -fmin-function-alignment=8 -E -x c /dev/null \
		>/dev/null 2>&1 ||
		adapt_alignment "$conf" "$2/include/generated/autoconf.h"
}

# adapt_alignment MAKE C: both forms of the configuration say that the compiler
# is one before gcc 14.  make then takes another option, and C marks nothing as
# __cold: functions that are cold, or only call such, would not be aligned to 8
# bytes, and ftrace of an arm64 kernel BUGs on a module with one.
adapt_alignment() {
	local symbol='CONFIG_CC_HAS_\(MIN\|SANE\)_FUNCTION_ALIGNMENT'

	sed -i "/^$symbol=/d" "$1"
	sed -i "/^#define $symbol /d" "$2"
}

# A newer suite's modpost may want that suite's C library: give it one.
adapt_modpost() {
	local modpost=$1 libc="$CACHE/libc" loader

	[[ $(ldd "$modpost" 2>&1 || true) == *"not found"* ]] || return 0
	fetch trixie "$libc" libc6
	loader=$(find "$libc" -name 'ld-linux*' -type f)
	mv "$modpost" "$modpost.bin"
	cat >"$modpost" <<-EOT
		#!/bin/sh
		exec "$loader" --library-path "${loader%/*}" "$modpost.bin" "\$@"
	EOT
	chmod +x "$modpost"
}
