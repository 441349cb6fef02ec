#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Installs the packages in a Debian that has nothing of ours; has DKMS see to the
# module there, with the headers of Debian's kernel; uses what is installed; and
# removes all of it.  Another architecture is emulated: slow, for a compiler.
#
# usage: check-deb.sh [ARCHITECTURE]   default: this machine's
#        check-deb.sh arm64 boot       boot the emulated board with it meanwhile

set -euo pipefail
. "$(dirname "$0")/begin.sh"
. scripts/check.sh
. scripts/debian-root.sh
. scripts/boot.sh

HOST=${1:-$(dpkg --print-architecture)}
TAG="check-deb $HOST"
ROOT="$CACHE/deb/clean-$HOST"
# In the root
MODULE='/lib/modules/*/updates/dkms/socassign.ko'
BINFMT=/proc/sys/fs/binfmt_misc
# How this machine becomes again what it was
UNDO=()
# What ours depend on, and what the checks need
PACKAGES=(dkms "linux-headers-$HOST" libfdt-dev systemd-standalone-sysusers
	  libc6-dev man-db pkg-config)
BOOT=${2:-}
RELOAD='systemctl --system daemon-reload'

# What the package qemu-user-static does at boot, until this has ended; the
# interpreter is opened now, so it need not be in the root.
run_foreign() {
	[ "$(dpkg --print-architecture)" != "$HOST" ] || return 0
	install_tools arch-test qemu-user-static
	trap undo EXIT
	[ -e $BINFMT/register ] || mount_binfmt || return 0
	[ -e $BINFMT/qemu-aarch64 ] || register_binfmt
}

mount_binfmt() {
	as_root mount -t binfmt_misc none $BINFMT &&
		UNDO+=("umount $BINFMT")
}

register_binfmt() {
	as_root sh -c "cat /usr/lib/binfmt.d/qemu-aarch64.conf >$BINFMT/register"
	UNDO+=("echo -1 >$BINFMT/qemu-aarch64")
}

# What was done last comes first.
undo() {
	local i

	for ((i = ${#UNDO[@]} - 1; i >= 0; i--)); do
		as_root sh -c "${UNDO[i]}"
	done
}

runs_programs() {
	[ "$(dpkg --print-architecture)" = "$HOST" ] ||
		arch-test "$HOST" >/dev/null 2>&1
}

clean_root() {
	install_tools mmdebstrap device-tree-compiler
	debian_root "$ROOT" "$HOST" "${PACKAGES[@]}"
	[ -z "$BOOT" ] || install_boot "$ROOT"
	as_root mkdir "$ROOT/debs"
	as_root cp "$CACHE/deb/$HOST"/*.deb "$ROOT/debs/"
	dtc -q -O dtb tools/socassign/tests-cli/board.dts |
		as_root tee "$ROOT/debs/board.dtb" >/dev/null
	stand_in systemctl
	stand_in udevadm
}

# stand_in COMMAND: it writes down what it is told.
stand_in() {
	# shellcheck disable=SC2016 # the shell there expands it
	printf '%s\n' '#!/bin/sh' 'echo "${0##*/} $*" >>/debs/told' |
		as_root install -D -m 755 /dev/stdin "$ROOT/debs/bin/$1"
}

# there SCRIPT: run in the root; quiet unless it fails.
there() {
	local log

	log=$(in_root "$ROOT" /debs sh -ec "$1" 2>&1) || {
		tail -n 40 <<<"$log"
		return 1
	}
}

# there_says PATTERN SCRIPT: a line of what it prints matches.
there_says() {
	local log

	if ! log=$(in_root "$ROOT" /debs sh -ec "$2" 2>&1) ||
			! grep -Eq -- "$1" <<<"$log"; then
		tail -n 40 <<<"$log"
		return 1
	fi
}

# there_running SCRIPT: as where systemd runs, which is not really there.
there_running() {
	there ": >told
		mkdir -p /run/systemd/system
		trap 'rmdir /run/systemd/system' EXIT
		PATH=/debs/bin:\$PATH
		$1"
}

# told LINE...: to systemd or udev by the last of them, in this order.
told() {
	printf '%s\n' "$@" | diff - "$ROOT/debs/told"
}

# A program that uses the library
user_program() {
	cat <<-'EOT'
		#include <libsocassign.h>

		int main(void)
		{
			struct soca_tree *tree;

			return soca_tree_open("no tree", 7, &tree) != -22;
		}
	EOT
}

# link_command [OPTION OF PKG-CONFIG] [OPTION OF GCC]
link_command() {
	echo "gcc -Werror ${2:-} user.c -o user \
		\$(pkg-config ${1:-} --cflags --libs libsocassign) && ./user"
}

compiles() {
	user_program | as_root tee "$ROOT/debs/user.c" >/dev/null
	there "$(link_command)"
	there "$(link_command --static -static)"
}

our_packages() {
	local file names=()

	for file in "$CACHE/deb/$HOST"/*.deb; do
		names+=("$(dpkg-deb -f "$file" Package)")
	done
	echo "${names[*]}"
}

# The pages that were read are man's to keep.
left_behind() {
	as_root find "$ROOT" \( -path "$ROOT/debs" -o -path "$ROOT/proc" -o \
			-path "$ROOT/var/cache/man" \) -prune -o \
		\( -name '*socassign*' -o -name '*socvmm*' \) -print
}

# Where a device tree makes the machine
module_checks() {
	check 'DKMS has built the module' \
		there_says "^socassign/[^ ]*, 6\.1\.[^ ]*-$HOST, .*: installed" \
		'dkms status'
	check 'it is for that kernel' \
		there_says '^vermagic: *6\.1\.' "modinfo $MODULE"
	check 'socvmm runs' there_says '^usage: socvmm' 'socvmm --help'
	check 'the manual: socvmm(1)' there 'man socvmm'
}

# What is no failure of the package's
no_module_checks() {
	check 'DKMS leaves this kernel out' \
		there_says '^socassign/[^ ,]*: added' 'dkms status'
	check 'there is no module' there "! ls $MODULE"
}

use_checks() {
	check 'the command runs' there_says '^socassign [0-9]' \
		'socassign --version'
	check 'it judges a tree' there_says '^yes none .* /soc@fe0000000/i2c@3000$' \
		'socassign list --dtb board.dtb'
	check 'the group is there' there 'getent group socassign'
	check 'the manual: socassign(8)' there 'man socassign'
	check 'the manual: soca_open(3)' there 'man soca_open'
	check 'programs are built with the library' compiles
}

# As the administrator has it in `systemctl enable`
enable_partition() {
	local wants=/etc/systemd/system/multi-user.target.wants

	there "mkdir -p $wants
		ln -s /lib/systemd/system/socassign-partition@.service \
			$wants/socassign-partition@clock.service"
}

remove_checks() {
	local packages

	packages=$(our_packages)
	check 'a partition is enabled' enable_partition
	check 'the packages are removed' there_running "dpkg -r $packages"
	check 'what runs is stopped' told \
		'systemctl stop socassign-partition@*.service' "$RELOAD"
	check 'and the module with them' there "! dkms status | grep .
		! ls $MODULE"
	check 'the packages are purged' there_running "dpkg -P $packages"
	check 'systemd forgets the partition' told "$RELOAD"
	check 'nothing is left' left_behind
}

install_checks() {
	local udev=('udevadm control --reload'
		'udevadm trigger --action=change --subsystem-match=misc --sysname-match=socassign')

	check 'the packages are installed' there_running 'dpkg -i *.deb'
	check 'systemd and udev look again' told "$RELOAD" "${udev[@]}"
	check 'the command is upgraded' there_running 'dpkg -i socassign_*.deb'
	check 'what runs is left alone' told "$RELOAD" "${udev[@]}"
}

checks() {
	install_checks
	if [ "$HOST" = amd64 ]; then
		no_module_checks
	else
		module_checks
	fi
	use_checks
	[ -z "$BOOT" ] || boot_checks "$ROOT"
	remove_checks
	checks_end
}

check_deb() {
	scripts/deb.sh "$HOST" >&2
	run_foreign
	if runs_programs; then
		clean_root
		checks
	else
		check 'the packages are installed' echo \
			"SKIP: this machine runs no programs for $HOST (binfmt_misc)"
		checks_end
	fi
}

end_on_interrupt
with_lock "check-deb-$HOST" check_deb
