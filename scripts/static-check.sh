#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checks that need no board: style, warnings, the ABI's form, the documents.
# KERNEL=6.1 (default), 6.12 or 7.3 is the kernel whose tools judge.
# THOROUGH=1 takes all, or more, of what is a sample otherwise, and runs the fuzzers.

set -euo pipefail
. "$(dirname "$0")/begin.sh"
. "$VM_DIR/kernel.sh"
. "$VM_DIR/build.sh"
. scripts/check.sh
. scripts/files.sh

TAG=static
KERNEL=${KERNEL:-6.1}
THOROUGH=${THOROUGH:-}
WORK="$CACHE/work/static-$KERNEL"
TREE="$WORK/linux"
PACKAGES=(sparse shellcheck python3-docutils python3-git python3-ply rsync git
	  perl make xz-utils g++ gcc-powerpc-linux-gnu libc6-dev-powerpc-cross
	  gcc-aarch64-linux-gnu libc6-dev-arm64-cross libfdt-dev pkg-config
	  device-tree-compiler dt-schema dpkg-dev)
# The fuzzers', which run with 32 bits as well where the machine does.
THOROUGH_PACKAGES=(clang)
[ "$(uname -m)" != x86_64 ] ||
	THOROUGH_PACKAGES+=(libc6-dev-i386 lib32stdc++-12-dev)

# Some explain a failure before they report it, some afterwards.
what_failed() { grep -C 15 '^not ok ' "$1" || tail -n 40 "$1"; }

# tap NAME COMMAND...: tests that count themselves.
tap() {
	local name=$1 log="$WORK/tap.log" status good bad left

	shift
	set +e
	(set -e; "$@") >"$log" 2>&1 </dev/null
	status=$?
	set -e
	good=$(grep -c '^ok ' "$log" || true)
	bad=$(grep -c '^not ok ' "$log" || true)
	left=$(grep -c '^ok .*# SKIP ' "$log" || true)
	{ [ $status = 0 ] && [ "$good" != 0 ]; } || [ "$bad" != 0 ] || bad=1
	good=$((good - left))
	sed -n 's/^ok [0-9 -]*\(.*# SKIP \)/# \1/p' "$log"
	if [ "$bad" = 0 ]; then
		echo "ok $name: $good tests"
	else
		what_failed "$log" | sed -n '1,60s/^/# /p'
		echo "not ok $name"
	fi
	passed=$((passed + good)) failed=$((failed + bad))
	skipped=$((skipped + left))
}

# --- style

# What is ignored, and why.
checkpatch_ignores() {
	case $1 in
	*/compat.h)
		# Its purpose; and __has_include() takes no spaces.
		echo LINUX_VERSION_CODE,CONSTANT_COMPARISON,SPACING
		;;
	*/node_facts.c) echo TYPO_SPELLING,MACRO_ARG_REUSE ;; # names; ARRAY_SIZE()
	*/trace.h) echo OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT ;; # tracing's style
	# soca_..._for_each_...(), a list's type
	*/reason.h | */tree.h | */tree/read.c)
		echo MACRO_ARG_REUSE
		;;
	# A hook's name; the others are no expressions with side effects.
	*/claim/part.c) echo MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE ;;
	*/tree_intc.c) echo TYPO_SPELLING ;;& # names
	drivers/*.c) echo LONG_LINE_STRING ;; # soca_refuse() is a printk()
	*/cli/policy.c) echo LONG_LINE_STRING ;; # the driver's sentences
	*/uapi-layout.h) echo MACRO_ARG_REUSE,COMPLEX_MACRO ;; # declarations
	Kconfig) echo EMBEDDED_FILENAME ;; # it sources a file called Kconfig
	*/guest_fixes.c | */next_kernel.c) echo CAMELCASE ;;& # the types of <elf.h>
	samples/socassign/*)
		# C's own types, words that are also a function's name, and what KVM
		# returns; fail() is a printf().
		echo PREFER_KERNEL_TYPES,CAMELCASE,EMBEDDED_FUNCTION_NAME
		echo ENOSYS,LONG_LINE_STRING
		;;&
	tools/socassign/*)
		# PRIx64; words that are also a function's name; libc's way to fail.
		echo CAMELCASE,EMBEDDED_FUNCTION_NAME,USE_NEGATIVE_ERRNO
		;;&
	tools/* | samples/*)
		# A program has no readl(), ARRAY_SIZE(), __printf(), BIT();
		# macros make the tests, as in the kernel's own harness.
		echo VOLATILE,ARRAY_SIZE,PREFER_DEFINED_ATTRIBUTE_MACRO,BIT_MACRO
		echo MACRO_ARG_REUSE,MACRO_WITH_FLOW_CONTROL,COMPLEX_MACRO
		;;
	esac
}

checkpatch_one() {
	local ignores

	ignores=$(checkpatch_ignores "$1")
	perl "$SOURCE/scripts/checkpatch.pl" --strict --no-tree --terse \
		--no-summary --show-types --typedefsfile "$WORK/types" \
		--ignore "${ignores//$'\n'/,}" -f "$1" || true
}

checkpatch() {
	echo 'FIXTURE_(?:DATA|VARIANT)\(\w+\)\s\*' >"$WORK/types"
	export SOURCE WORK
	export -f checkpatch_one checkpatch_ignores
	# QEMU's sources have QEMU's style.
	# shellcheck disable=SC2016 # the inner shell expands it
	list_files "$1" | grep -vE '/qemu/(hw|include)/' |
		xargs -P "$(nproc)" -n 1 bash -c 'checkpatch_one "$1"' -
}

# spdxcheck reads the licences from a git repository's last commit.
spdxcheck() {
	local repo="$WORK/spdx"

	rm -rf "$repo"
	mkdir -p "$repo"
	cp -r "$SOURCE/LICENSES" "$repo/"
	list_files | xargs cp --parents -t "$repo"
	cd "$repo"
	git init -q .
	git add -A -f
	git -c user.name=check -c user.email=check commit -q -m check
	list_files | grep -v ^LICENSES |
		PYTHONDONTWRITEBYTECODE=1 xargs /usr/bin/python3 \
			"$SOURCE/scripts/spdxcheck.py"
}

# The files that are sourced say no shell, and have variables for each other.
shell_scripts() {
	list_files '\.sh$|^\.ci/run$' | xargs shellcheck -s bash -f gcc \
		-e SC1090,SC1091,SC2034,SC2153,SC2154
}

version_checks() {
	list_files '\.[ch]$' | grep -v '/compat\.h$' |
		xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION|QEMU_VERSION' ||
		true
}

# A machine gets packages from where its owner says.
host_names() {
	local hosts

	list_files '(^|/)(Makefile|Kconfig|run)$|\.(sh|py|c|h|config|conf)$' |
		xargs grep -nE '(https?|ftp)://[^/ ]' || true
	# shellcheck disable=SC2016 # apt expands it, not the shell
	hosts=$(apt-get indextargets --format '$(SITE)' | sed 's|.*://||; s|/.*||' |
		sort -u)
	[ -z "$hosts" ] || list_files | xargs grep -nF "$hosts" || true
}

makefile_help() { make -s -n help >/dev/null; }

# Each place has the version of debian/changelog.
versions() {
	local version

	version=$(sed -n '1s/^socassign (\(.*\)) .*/\1/p' debian/changelog)
	grep -LxF "PACKAGE_VERSION=\"$version\"" dkms.conf || true
	grep -LxF "VERSION := $version" tools/socassign/Makefile || true
	list_files '\.[1-8]$' |
		xargs grep -LE "^\.TH .* \"socassign ${version//./\\.}\"\$" || true
}

# --- packages

# What is not ours, but can be in a checkout: of the kernel's build, and of ours
built_files() {
	echo drivers/virt/socassign/{claim.o,claim/.part.o.cmd,socassign.{ko,mod,mod.c}}
	echo drivers/virt/socassign/modules.order modules.order Module.symvers
	echo .Module.symvers.cmd {tools/socassign,samples/socassign/socvmm}/build/a.o
}

# A checkout without git, in which somebody has built
built_copy() {
	local copy="$WORK/built"

	rm -rf "$copy"
	mkdir -p "$copy"
	list_files >"$WORK/ours"
	xargs cp --parents -t "$copy" <"$WORK/ours"
	cd "$copy"
	# shellcheck disable=SC2046 # words
	mkdir -p $(built_files | xargs dirname)
	# shellcheck disable=SC2046
	touch $(built_files)
}

# cleans COMMAND...: it leaves nothing that is not ours.
cleans() {
	built_copy
	"$@" >/dev/null
	find . -type f -printf '%P\n' | sort | diff <(sort "$WORK/ours") -
}

# The copy may be inside somebody's repository.
tarball_files() {
	built_copy
	GIT_CEILING_DIRECTORIES="$WORK" list_files | sort |
		diff <(sort "$WORK/ours") -
}

# Which kernels DKMS tries: prints those about which it is wrong.
dkms_kernels() {
	local kernel_source_dir=/none kernel

	. ./dkms.conf
	for kernel in 6.1.0-18-arm64 6.6.1 6.12.3+deb13-arm64 7.3 10.0.1; do
		[[ $kernel =~ $BUILD_EXCLUSIVE_KERNEL ]] || echo "not $kernel"
	done
	for kernel in 4.19.0-1-arm64 5.10.0-28-arm64 5.6.1 6.0.12 2.6.1; do
		[[ ! $kernel =~ $BUILD_EXCLUSIVE_KERNEL ]] || echo "$kernel"
	done
}

# A kernel's own `make install` calls DKMS, too.
dkms_commands() {
	local kernel_source_dir=/none

	. ./dkms.conf
	export KERNELRELEASE=6.1
	[[ "${MAKE[0]}" != make* ]] || echo "DKMS sets KERNELRELEASE"
	# Not a pipe: who reads the first line only kills make at its second.
	grep -q '^-C /none .* modules' <<<"$(eval "${MAKE[0]} MAKE=echo")" ||
		echo "${MAKE[0]}"
	cleans eval "$CLEAN && rm -r {tools/socassign,samples/socassign/socvmm}/build"
}

# A backport's version is not that of the sources.
dkms_place() {
	local copy="$WORK/backport" name version

	rm -rf "$copy"
	mkdir -p "$copy"
	cp -r debian dkms.conf "$copy"
	sed -i '1s/)/~bpo12+1)/' "$copy/debian/changelog"
	# shellcheck disable=SC2016 # it is not the shell's
	name=$(sed -n '1s/.*${env:\(.*\)}.*/\1/p' debian/socassign-dkms.install)
	version=$(make -s -C "$copy" -f debian/rules place \
		--eval="place:; @echo \$\$$name")
	grep -LxF "PACKAGE_VERSION=\"$version\"" dkms.conf || true
}

# The package of the library tells of each function since when it is there.
package_symbols() {
	diff <(sed -n 's/^\t\t\(soca_.*\);$/\1/p' \
			tools/socassign/libsocassign.map | sort) \
		<(sed -n 's/^ \(soca_.*\)@.*/\1/p' \
			debian/libsocassign0.symbols | sort)
}

package_checks() {
	check 'make clean leaves what is ours' cleans make clean KDIR=/none
	check "so does Debian's" cleans make -f debian/rules override_dh_auto_clean
	check 'a tarball has the same files' tarball_files
	check 'DKMS: the kernels' dkms_kernels
	check 'DKMS: the commands' dkms_commands
	check 'DKMS: the place of the sources' dkms_place
	check 'Debian: symbols of the library' package_symbols
}

# --- warnings

# module BOARD OPTION...: builds the module, and the tests' own; only what
# warns is heard.
module() {
	local BOARD=$1 dir="$WORK/$1" kdir modules

	shift
	kdir=$(cat "$dir/kdir")
	modules="$dir/tree/$SELFTESTS/socassign/modules"
	. "$VM_DIR/boards/$BOARD.sh"
	set -- ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" \
		CC="${CROSS_COMPILE}gcc" "$@"
	{
		make -C "$dir/tree" modules KDIR="$kdir" "$@"
		[ ! -e "$modules" ] || make -C "$kdir" M="$modules" modules "$@"
	} >"$dir/module.log" 2>&1 || tail -n 20 "$dir/module.log"
	grep -E '[0-9]: (warning|error):|modpost:' "$dir/module.log" || true
}

# Objects that are there already would not warn again.
module_warnings() {
	local dir="$WORK/$1"

	KERNEL=$KERNEL "$VM_DIR/vmtest.sh" kdir "$1" 2>"$dir/kdir.log" >"$dir/kdir" || {
		tail -n 20 "$dir/kdir.log"
		return 1
	}
	WORK="$dir" copy_sources
	find "$dir/tree" -name '*.o' -delete
	module "$1" W=1
}

module_sparse() { module "$1" W=1 C=2; }

module_floors() {
	scripts/floors.sh "$WORK/$1/tree/drivers/virt/socassign"
}

# As in the kernel, callbacks may have parameters that they do not need, and a
# table may override its own defaults.  The harness is found next to any
# directory of the kernel's selftests, and is not ours to judge.
selftests_warnings() {
	local defines

	defines=$(grep -o -e '-D[A-Z0-9_=]*' "$SELFTESTS/socassign/Makefile" ||
		true)
	# shellcheck disable=SC2086 # one word each
	list_files "^$SELFTESTS/socassign/.*\.c\$" |
		grep -vE '/(modules|host|vm/qemu)/' |
		xargs -P "$(nproc)" -n 1 "$1gcc" -O2 -Wall -Wextra -Werror \
			-Wno-unused-parameter -Wno-override-init -D_GNU_SOURCE= $defines \
			-isystem include/uapi \
			-isystem "$SOURCE/$SELFTESTS/size" -c -o /dev/null
}

# --- in a kernel tree

# What configuring and preparing needs: a fifth of the tree.
copy_tree() {
	[ -e "$TREE/.copied" ] || rsync -a --delete \
		--include='Kconfig*' --include='Makefile*' \
		--include=/Documentation/virt/index.rst \
		--include=/Documentation/userspace-api/ioctl/ioctl-number.rst \
		--exclude='/Documentation/**.*' --exclude='*.dts*' \
		--exclude='/drivers/**.[chS]' --exclude='/sound/**.[ch]' \
		--exclude='/fs/**.c' --exclude='/net/**.c' \
		--exclude='/tools/testing/selftests/*/' "$SOURCE/" "$TREE/"
	touch "$TREE/.copied"
}

overlay_twice() {
	copy_tree
	scripts/overlay.sh "$TREE" >/dev/null
	scripts/overlay.sh "$TREE"
}

# in_tree VALUE COMPILER: builds it there as CONFIG_SOCASSIGN=VALUE.
in_tree() {
	local value=$1 compiler=$2 log="$WORK/in-tree.log" BOARD=e500v2

	. "$VM_DIR/boards/$BOARD.sh"
	KDIR="$WORK/in-tree-$value-$compiler"
	mkdir -p "$KDIR"
	{
		requested_config "$KERNEL"
		printf 'CONFIG_%s\n' VIRT_DRIVERS=y SOCASSIGN="$value" \
			SOCASSIGN_KUNIT_TEST="$value"
	} >"$KDIR/requested.config"
	rm -rf "$KDIR/drivers/virt"
	set -- "$TREE" CC="ccache $compiler"
	{
		kernel_make "$@" KCONFIG_ALLCONFIG="$KDIR/requested.config" \
			allnoconfig &&
		check_config "$KERNEL" &&
		kernel_make "$@" -j"$(nproc)" prepare &&
		kernel_make "$@" -j"$(nproc)" W=1 drivers/virt/socassign/
	} >"$log" 2>&1 || tail -n 20 "$log"
	grep -E 'socassign.*(warning|error):' "$log" || true
}

in_tree_clang() {
	local least have

	least=$(sh "$SOURCE/scripts/min-tool-version.sh" llvm)
	if ! have=$(clang -dumpversion 2>/dev/null); then
		echo "SKIP: clang is not installed"
	elif ! printf '%s\n' "$least" "$have" | sort -V -C; then
		echo "SKIP: Linux $KERNEL wants clang $least"
	else
		in_tree m clang
	fi
}

# --- the ABI

# abi LANGUAGE STANDARD COMPILER...
abi() {
	local language=$1 standard=$2

	shift 2
	"$@" -std="$standard" -pedantic -Wall -Wextra -Werror -fsyntax-only \
		-Iinclude/uapi -include scripts/uapi-layout.h \
		-x "$language" /dev/null
}

# A PC's 32-bit ABI is the one that aligns 64-bit fields to 4 bytes.
abi_m32() {
	local language=$1 standard=$2 compiler=$3

	[ "$(uname -m)" = x86_64 ] || {
		echo "SKIP: this machine is no PC"
		return
	}
	abi "$language" "$standard" "$compiler" -m32 \
		-idirafter "/usr/include/$($compiler -print-multiarch)"
}

# Every field of the ABI is in the table of layouts.
abi_complete() {
	diff <(awk '/^struct [a-z_]+ \{$/ { type = $2 }
		/^\}/ { type = "" }
		type && match($0, /[a-z_0-9]+(\[[A-Z_]+\])?;$/) {
			field = substr($0, RSTART)
			sub(/[[;].*/, "", field)
			print type, field
		}' include/uapi/linux/socassign.h) \
		<(awk -F '[(), ]+' '/^FIELD/ { print $2, $3 }' \
			scripts/uapi-layout.h)
}

# --- documents

kernel_doc() {
	list_files "$1" | xargs "$SOURCE/scripts/kernel-doc" -none -Werror
}

# Every struct and enum of the ABI is documented.
kernel_doc_complete() {
	local header=include/uapi/linux/socassign.h

	diff <(sed -nE 's/^ \* ((struct|enum) \w+) - .*/\1/p' $header | sort) \
		<(sed -nE 's/^((struct|enum) \w+) \{/\1/p' $header | sort)
}

documents() {
	list_files '^Documentation/.*\.rst$' |
		xargs scripts/check-rst.py "$SOURCE/scripts/kernel-doc"
}

sysfs_documents() {
	local get_abi="$SOURCE/scripts/get_abi.pl"

	if [ -e "$get_abi" ]; then
		perl "$get_abi" validate --dir Documentation/ABI
	else
		echo "SKIP: Linux $KERNEL has no get_abi.pl"
	fi
}

# --- what can be tested without a kernel

host_tests() {
	mkdir -p "$WORK/host"
	make -C "$SELFTESTS/socassign/$1" CC=gcc OUTPUT="$WORK/host" check
}

# --- the library and the command

# Another checkout may have built there before.
command_tests() {
	rm -rf "$WORK/tools"
	DTS="$SOURCE/arch/powerpc/boot/dts" \
		make -C tools/socassign -j"$(nproc)" O="$WORK/tools" check
}

unit_tests() {
	rm -rf "$WORK/guest-tree"
	make -C tools/socassign/tests -j"$(nproc)" O="$WORK/guest-tree" unit
}

# Two minutes, and two more where the trees are not compiled yet.
rules_test() {
	nice make -C tools/socassign/tests -j"$(nproc)" O="$WORK/guest-tree" \
		CACHE="$CACHE" LINUX="$1" JOBS="$(nproc)" rules
}

# A minute for one node in eight, five and more for all.
lines_test() {
	local step=${THOROUGH:+1}

	nice make -C tools/socassign/tests -j"$(nproc)" O="$WORK/guest-tree" \
		CACHE="$CACHE" LINUX="$1" JOBS="$(nproc)" \
		STEP="${step:-8}" lines
}

# Two minutes for one node in thirty-two, which is another one in each tree; the
# boards of a chip have most of their nodes in common.
refs_test() {
	local step=${THOROUGH:+4}

	nice make -C tools/socassign/tests -j"$(nproc)" O="$WORK/guest-tree" \
		CACHE="$CACHE" LINUX="$1" JOBS="$(nproc)" \
		STEP="${step:-32}" refs
}

# Six minutes, half of them with 32 bits.
fuzz_test() {
	nice make -C tools/socassign/tests O="$WORK/guest-tree" \
		LINUX="$SOURCE" FUZZ_SECONDS=60 fuzz
}

# Of Power's trees and of arm64's, which come with the kernel that the W=1
# checks got: a minute and a half on two cores.
corpus_test() {
	nice make -C tools/socassign/tests -j"$(nproc)" O="$WORK/guest-tree" \
		LINUX="$SOURCE" DTBS="$CACHE/kernel/arm64-$KERNEL/usr/lib" \
		JOBS="$(nproc)" corpus
}

# --- all of them

style_checks() {
	check 'checkpatch: driver' checkpatch '^drivers/|^Kconfig$'
	check 'checkpatch: ABI' checkpatch '^include/|^scripts/.*\.h$'
	check 'checkpatch: tests, samples' \
		checkpatch '^(tools|samples)/.*(\.[ch]|Makefile)$'
	check 'checkpatch: documents, scripts' \
		checkpatch '^Documentation/|^scripts/.*\.(sh|py)$|^Makefile$'
	check 'spdxcheck' spdxcheck
	check 'shellcheck' shell_scripts
	check 'versions are in compat.h only' version_checks
	check 'no name of a host' host_names
	check 'make help' makefile_help
	check 'one version' versions
}

abi_checks() {
	check 'ABI: every field has its place' abi_complete
	check 'ABI: C90, 32-bit Power' abi c c90 powerpc-linux-gnu-gcc
	check 'ABI: C90, 64-bit Arm' abi c c90 aarch64-linux-gnu-gcc
	check 'ABI: C90, 32-bit PC' abi_m32 c c90 gcc
	check 'ABI: C++98, 32-bit PC' abi_m32 c++ c++98 g++
	check 'ABI: C++98' abi c++ c++98 g++
	check 'ABI: C++17' abi c++ c++17 g++
}

document_checks() {
	check 'kernel-doc: ABI' kernel_doc '^include/uapi/'
	check 'kernel-doc: all of the ABI' kernel_doc_complete
	check 'kernel-doc: driver' kernel_doc '^drivers/.*\.[ch]$'
	check 'documents: reST' documents
	check 'documents: sysfs ABI' sysfs_documents
}

host_checks() {
	tap 'PAMU plans against brute force' host_tests host
	tap "the PAMU's walk" host_tests vm/qemu
	tap 'the library and the command' command_tests
	tap 'guest trees: rule by rule' unit_tests
}

build_checks() {
	local board

	for board in e500v2 arm64; do
		mkdir -p "$WORK/$board"
		check "W=1: $board" module_warnings $board
		check "sparse: $board" module_sparse $board
		check "floors: $board" module_floors $board
	done
	check 'tests: -Wextra, Power' selftests_warnings powerpc-linux-gnu-
	check 'tests: -Wextra, arm64' selftests_warnings aarch64-linux-gnu-
	check 'overlay: a second time changes nothing' overlay_twice
	check 'in tree: built in' in_tree y powerpc-linux-gnu-gcc
	check 'in tree: module' in_tree m powerpc-linux-gnu-gcc
	check 'in tree: clang' in_tree_clang
}

# Where the numbers of what was tried are the result
counted() {
	tap "$@"
	sed -n 's/^ok [0-9]* - /# /p' "$WORK/tap.log"
}

tree_checks() {
	local boards="of every board in Linux $1" source

	source=$(kernel_source "$1")
	counted "rule book $boards" rules_test "$source"
	counted "guest trees: interrupts $boards" lines_test "$source"
	counted "guest trees: references $boards" refs_test "$source"
}

corpus_checks() {
	tree_checks "$KERNEL"
	counted "guest trees: of every board in Linux $KERNEL" corpus_test
}

# The newest has half as many boards again, and other bindings.
thorough_checks() {
	[ -n "$THOROUGH" ] || return 0
	[ "$KERNEL" = 7.3 ] || tree_checks 7.3
	counted 'guest trees: fuzzers' fuzz_test
}

all_checks() {
	mkdir -p "$WORK"
	install_tools "${PACKAGES[@]}" \
		${THOROUGH:+"${THOROUGH_PACKAGES[@]}"}
	SOURCE=$(kernel_source "$KERNEL")
	style_checks
	package_checks
	abi_checks
	document_checks
	host_checks
	build_checks
	corpus_checks
	thorough_checks
	checks_end
}

end_on_interrupt
with_lock "work-static-$KERNEL" all_checks
