# SPDX-License-Identifier: GPL-2.0
# The module and the programs for a board, built in a copy of the sources in
# the cache: the checkout stays clean.  Sourced after kernel.sh.

SELFTESTS=tools/testing/selftests

# Without times: make must see what changed against the last run, which may
# have been of another checkout.
copy_sources() {
	mkdir -p "$WORK/tree/$SELFTESTS"
	rsync -rlpc --delete --exclude='*.o' --exclude='*.o.d' --exclude='*.ko' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude='.*.cmd' \
		--exclude='.tmp_*' --exclude=modules.order \
		--exclude=Module.symvers --exclude='/.git' --exclude='/patches' \
		--exclude="/$SELFTESTS/*.h" --exclude="/$SELFTESTS/lib.mk" \
		"$TOP_DIR/" "$WORK/tree/"
}

has_kunit() { grep -q '^CONFIG_KUNIT=[ym]' "$KDIR/.config"; }

# Where the kernel has UBSAN, for the module at least.
build_module() {
	local options=(UBSAN_SANITIZE=y)

	! has_kunit || options+=(CONFIG_SOCASSIGN_KUNIT_TEST=m)
	say "building the module"
	quietly "$WORK/module.log" make -C "$WORK/tree" modules KDIR="$KDIR" \
		ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" \
		CC="${CROSS_COMPILE}gcc" "${options[@]}"
}

# Static: the initramfs has no libraries.
build_static() {
	local program=$1

	shift
	"${CROSS_COMPILE}gcc" -static -O2 -Wall -D_GNU_SOURCE \
		-isystem "$WORK/tree/include/uapi" -o "$program" "$@" ||
		die "cannot build $program"
}

# The programs that TESTS names; kunit, for one, is none.
named_programs() {
	local test

	for test in $TESTS; do
		[ ! -e "$WORK/tree/$SELFTESTS/socassign/$test.c" ] ||
			echo "$WORK/tests/$test"
	done
}

# The tests build with kselftest's own rules and harness, as they would in a
# kernel tree.
build_tests() {
	local source selection=()

	[ -z "${TESTS:-}" ] ||
		selection=("TEST_GEN_PROGS=$(named_programs | xargs)")
	source=$(kernel_source "$KERNEL")/$SELFTESTS
	ln -sf "$source"/*.h "$source/lib.mk" "$WORK/tree/$SELFTESTS/"
	say "building the tests"
	rm -rf "$WORK/tests"
	mkdir -p "$WORK/tests"
	quietly "$WORK/tests.log" make -j2 -C "$WORK/tree/$SELFTESTS/socassign" \
		ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" OUTPUT="$WORK/tests" \
		KHDR_INCLUDES="-isystem $WORK/tree/include/uapi" \
		USERLDFLAGS=-static "${selection[@]}"
}

# The command and its libraries.  The libfdt is that of the kernel's sources:
# the cross compilers come without one.
build_tools() {
	local fdt

	fdt=$(kernel_source "$KERNEL")/scripts/dtc/libfdt
	say "building the command"
	rm -rf "$WORK/tools"
	quietly "$WORK/tools.log" make -j2 -C "$WORK/tree/tools/socassign" \
		O="$WORK/tools" CROSS_COMPILE="$CROSS_COMPILE" \
		LIBFDT_SRC="$fdt" LDFLAGS=-static
}

# What the tests need from inside the kernel.
build_test_module() {
	quietly "$WORK/test-module.log" make -C "$KDIR" \
		M="$WORK/tree/$SELFTESTS/socassign/modules" ARCH="$ARCH" \
		CROSS_COMPILE="$CROSS_COMPILE" CC="${CROSS_COMPILE}gcc" modules
}

# The VMM that the guests run under, with its library.
build_socvmm() {
	say "building socvmm"
	rm -rf "$WORK/socvmm"
	quietly "$WORK/socvmm.log" \
		make -C "$WORK/tree/samples/socassign/socvmm" O="$WORK/socvmm" \
		CROSS_COMPILE="$CROSS_COMPILE" LDFLAGS=-static \
		LIBFDT_SRC="$(kernel_source "$KERNEL")/scripts/dtc/libfdt"
}
