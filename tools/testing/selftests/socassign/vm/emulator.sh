# SPDX-License-Identifier: GPL-2.0
# The boards' QEMUs, with what Debian's lacks: a PAMU for the Power boards, and on
# arm64 platform devices behind the SMMU.  Debian's source, our files in qemu/.
# Sourced after lib.sh and apt.sh, with a board file read.
#
# Each takes 3 minutes on two cores, and a few seconds after a change of ours.
# Blobs are not part of it, and the boards need none.

EMULATOR_SUITE=bookworm
EMULATOR_TOOLS=(ccache dpkg-dev gcc libc6-dev libfdt-dev libglib2.0-dev
		libpixman-1-dev libslirp-dev make meson ninja-build patch
		pkg-config python3 rsync zlib1g-dev)
# The board's are EMULATOR_TARGET, EMULATOR_DEVICES (qemu/configs/devices has them)
# and EMULATOR_PATCHES, in qemu/.
EMULATOR_OPTIONS=(--without-default-devices --without-default-features
		  --enable-tcg --enable-slirp --enable-fdt=system
		  --disable-docs --disable-tools --disable-install-blobs
		  --disable-debug-info)

# emulator_prepare: sets QEMU[0] to the board's.
emulator_prepare() {
	local source="$CACHE/source/qemu" hash program

	install_tools "${EMULATOR_TOOLS[@]}"
	[ -e "$source/.unpacked" ] ||
		with_lock source-qemu unpack_qemu "$EMULATOR_SUITE" "$source"
	hash=$( (cat "$source/debian/changelog" && emulator_parts) | sha256sum |
		cut -c 1-12)
	program="$CACHE/qemu-$EMULATOR_TARGET/$hash/${QEMU[0]}"
	[ -e "$program" ] || with_lock "qemu-$EMULATOR_TARGET" \
		build_emulator "$source" "${program%/*/*}" "$program"
	QEMU[0]=$program
}

# unpack_qemu SUITE SOURCE
unpack_qemu() {
	[ ! -e "$2/.unpacked" ] || return 0
	mkdir -p "${2%/*}"
	fetch_source "$1" "$2" qemu
	touch "$2/.unpacked"
}

emulator_options() {
	printf '%s\n' "--target-list=$EMULATOR_TARGET-softmmu" \
		"--with-devices-$EMULATOR_TARGET=$EMULATOR_DEVICES" \
		"${EMULATOR_OPTIONS[@]}"
}

# What makes one build differ from another.
emulator_parts() {
	emulator_options
	(cd "$VM_DIR/qemu" && find configs hw "${EMULATOR_PATCHES[@]}" pamu_walk.h \
		-type f | LC_ALL=C sort | xargs grep -H '')
}

build_emulator() {
	local source=$1 dir=$2 program=$3 options

	[ ! -e "$program" ] || return 0
	say "building the board's QEMU (3 minutes on two cores, once)"
	qemu_tree "$source" "$dir/tree" add_emulator_files \
		"${EMULATOR_PATCHES[@]/#/$VM_DIR/qemu/}"
	mapfile -t options < <(emulator_options)
	CC="ccache gcc" quietly "$CACHE/log/qemu.log" qemu_make "$dir" \
		"${program##*/}" "${options[@]}"
	qemu_keep "$dir" "$program"
}

add_emulator_files() {
	cp -r "$VM_DIR/qemu/configs" "$VM_DIR/qemu/hw" "$1/"
	cp "$VM_DIR/qemu/pamu_walk.h" "$1/hw/ppc/"
}

# qemu_tree SOURCE TREE COMMAND PATCH...: Debian's source with our part, whose new
# files COMMAND copies.  What did not change keeps its time, so that only the
# rest is compiled.  patch(1) replaces files: hard links are safe.
qemu_tree() {
	local source=$1 tree=$2 next="$2.next" patch

	rm -rf "$next"
	mkdir -p "$tree"
	cp -al "$source" "$next"
	for patch in "${@:4}"; do
		quietly "$CACHE/log/qemu-patch.log" \
			patch -d "$next" -p1 --forward -i "$patch"
	done
	"$3" "$next"
	rsync -rlpc --delete "$next/" "$tree/"
	rm -rf "$next"
}

# qemu_make DIR PROGRAM OPTION...: with the tree in DIR, configured only if the
# options are others.  Constant paths let another cache find the same objects.
qemu_make() {
	local tree="$1/tree" build="$1/build" program=$2

	shift 2
	export CCACHE_BASEDIR="$CACHE" CCACHE_NOHASHDIR=1
	if ! printf '%s\n' "$@" | cmp -s - "$build/.configured"; then
		rm -rf "$build"
		mkdir -p "$build"
		(cd "$build" && "$tree/configure" "$@") || return
		printf '%s\n' "$@" >"$build/.configured"
	fi
	ninja -C "$build" "$program"
}

# qemu_keep DIR PROGRAM: the one that was just built, and no older ones.
qemu_keep() {
	local dir=$1 program=$2

	find "$dir" -mindepth 1 -maxdepth 1 -name '????????????' \
		-exec rm -rf {} +
	mkdir -p "${program%/*}"
	cp "$dir/build/${program##*/}" "$program.new"
	mv "$program.new" "$program"
}
