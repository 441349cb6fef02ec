# SPDX-License-Identifier: GPL-2.0
# Boots the Debian of a directory on the emulated board arm64, with two partitions
# of the machine, and has boot/checks.sh look at them there.  Sourced after begin.sh,
# check.sh and debian-root.sh.

. "$VM_DIR/emulator.sh"
. "$VM_DIR/build.sh"
. "$VM_DIR/image.sh"
. "$VM_DIR/kexec.sh"
. "$VM_DIR/qemu.sh"

# What such a Debian has beside our packages
BOOT_PACKAGES=(linux-image-arm64 systemd-sysv udev)
# Against hangs
BOOT_SECONDS=7200
# On the machine
CHECKS=/usr/local/lib/boot-checks

use_boot_board() {
	BOARD=arm64
	NEXT_KERNEL=
	. "$VM_DIR/boards/$BOARD.sh"
	WORK="$CACHE/work/boot"
	REPORT="$WORK/report"
	mkdir -p "$WORK"
	install_tools "${TOOLS[@]}" cpio device-tree-compiler e2fsprogs rsync
	emulator_prepare
	copy_sources
}

# install_boot ROOT: with an initramfs of what the board needs: to make one of all
# that there is takes a quarter of an hour, since mkinitramfs is emulated.
install_boot() {
	local tools=/usr/share/initramfs-tools

	as_root mkdir -p "$1/etc/initramfs-tools/conf.d" "$1$tools/modules.d"
	printf '%s\n' MODULES=list COMPRESS=gzip |
		as_root tee "$1/etc/initramfs-tools/conf.d/board" >/dev/null
	printf '%s\n' virtio_mmio virtio_blk ext4 |
		as_root tee "$1$tools/modules.d/board" >/dev/null
	say "installing ${BOOT_PACKAGES[*]} there"
	quietly "$1.boot.log" in_root "$1" / apt-get install -y \
		--no-install-recommends "${BOOT_PACKAGES[@]}"
}

# put FILE: standard input, as that file of the machine's.
put() {
	as_root install -D -m "${2:-644}" /dev/stdin "$DISK_ROOT$1"
}

# The guests' kernel is the machine's own; their steps take no modules.
put_guest() {
	GUEST_KIMAGE=$KIMAGE
	GUEST_KROOT=
	copy_guest_kernel "$WORK/guest-kernel"
	guest_initrd "$WORK/tree/$SELFTESTS/socassign/vm" "$WORK/guest-initrd"
	put /guest/kernel <"$WORK/guest-kernel"
	put /guest/initrd <"$WORK/guest-initrd"
}

put_checks() {
	put "$CHECKS/checks.sh" 755 <scripts/boot/checks.sh
	put "$CHECKS/check.sh" <scripts/check.sh
	put /etc/systemd/system/boot-checks.service \
		<scripts/boot/boot-checks.service
}

# What an administrator does
configure() {
	dtc -q -O dtb "$VM_DIR/dts/$DTS-partitions.dts" |
		put /etc/socassign/partitions.dtb
	put /etc/udev/rules.d/50-socassign.rules <scripts/boot/50-socassign.rules
	in_root "$DISK_ROOT" / systemctl --quiet enable \
		socassign-partition@clock socassign-partition@lines boot-checks
}

# A machine has an ID of its own, and keeps its journal.
personalize() {
	as_root rm -f "$DISK_ROOT/etc/machine-id"
	in_root "$DISK_ROOT" / systemd-machine-id-setup >/dev/null 2>&1
	as_root mkdir -p "$DISK_ROOT/var/log/journal"
}

# The copy shares its files with ROOT: none is written to.
make_disk() {
	DISK_ROOT="$WORK/root"
	as_root rm -rf "$DISK_ROOT"
	as_root cp -al "$1" "$DISK_ROOT"
	KIMAGE=$(echo "$DISK_ROOT"/boot/vmlinuz-*)
	cp "$DISK_ROOT"/boot/initrd.img-* "$WORK/initrd"
	personalize
	put_guest
	put_checks
	configure
	rm -f "$WORK/disk"
	truncate -s 4G "$WORK/disk"
	as_root mke2fs -q -F -t ext4 -d "$DISK_ROOT" "$WORK/disk"
}

boot_disk() {
	KERNEL_ARGS="root=/dev/vda rw systemd.show_status=1"
	KERNEL_ARGS+=" rcupdate.rcu_cpu_stall_timeout=300"
	extra_tree '*' scripts/boot/board.dtsi
	rm -f "$REPORT"
	say "booting it, which takes minutes (console: $WORK/console.log)"
	boot "$BOOT_SECONDS" -dtb "$WORK/extra.dtb" \
		-drive "if=none,id=disk,format=raw,cache=unsafe,file=$WORK/disk" \
		-device virtio-blk-device,drive=disk \
		-chardev "file,id=report,path=$REPORT" \
		-device pci-serial,chardev=report | sign_of_life || true
}

# The machine's checks are counted with those here; its last line is its own count.
report_checks() {
	local line

	while IFS= read -r line; do
		echo "$line"
		case $line in
		'ok '*' # SKIP '*) skipped=$((skipped + 1)) ;;
		'ok '*) passed=$((passed + 1)) ;;
		'not ok '*) failed=$((failed + 1)) ;;
		esac
	done < <(sed -e 's/\r$//' -e '/^[0-9]* passed, /d' "$REPORT")
	check 'the checks on the machine came to their end' \
		there_is_a_count
}

there_is_a_count() {
	grep -q '^[0-9]* passed, ' "$REPORT" || tail -n 40 "$WORK/console.log"
}

# in_order PATTERN...: lines of the journal, the last of its kind each.
in_order() {
	local pattern line last=0

	for pattern; do
		line=$(grep -n -E -- "$pattern" "$WORK/journal.log" | tail -n 1)
		if [ -z "$line" ] || [ "${line%%:*}" -le "$last" ]; then
			echo "\"$pattern\" is not there, or too early:"
			tail -n 40 "$WORK/journal.log"
			return
		fi
		last=${line%%:*}
	done
}

# Read from the disk, and not by what this machine has mounted
read_journal() {
	rm -rf "$WORK/journal"
	mkdir "$WORK/journal"
	debugfs -R "rdump /var/log/journal $WORK/journal" "$WORK/disk" \
		>/dev/null 2>&1
	journalctl --directory "$(dirname \
		"$(find "$WORK/journal" -name system.journal)")" \
		--output short-monotonic >"$WORK/journal.log"
}

end_checks() {
	check 'the machine has switched itself off' power_is_off
	read_journal
	check 'the partitions have ended before' \
		in_order 'Stopping socassign-partition@lines' \
			'Stopped socassign-partition@lines' \
			'Reached target shutdown'
	check 'the RTC was the host'\''s again before' \
		in_order 'Stopping socassign-partition@clock' \
			'pl031: registered as rtc' \
			'Stopped socassign-partition@clock' \
			'Reached target shutdown'
}

power_is_off() {
	grep -q 'reboot: Power down' "$WORK/console.log" ||
		tail -n 40 "$WORK/console.log"
}

# boot_checks ROOT
boot_checks() {
	use_boot_board
	make_disk "$1"
	boot_disk
	report_checks
	end_checks
}
