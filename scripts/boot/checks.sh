#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs on the machine, as a service: looks at what the boot has made of the
# partitions, disturbs one of them, and ends the machine.

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")"
. ./check.sh

CONF=/etc/socassign/partitions.dtb
RTC=9010000.pl031
GPIO=9030000.pl061
# Against hangs
LIMIT=600

unit() { echo "socassign-partition@$1.service"; }

property() { systemctl show --property "$2" --value "$(unit "$1")"; }

# equals TEXT COMMAND...
equals() {
	local have

	have=$("${@:2}")
	[ "$have" = "$1" ] || echo "$have, not $1: ${*:2}"
}

# until_true COMMAND...
until_true() {
	local end=$((SECONDS + LIMIT))

	while ! "$@"; do
		[ "$SECONDS" -lt "$end" ] || return
		sleep 1
	done
}

# What it has said since it was started the last time
output() {
	journalctl --output cat \
		_SYSTEMD_INVOCATION_ID="$(property "$1" InvocationID)"
}

lines_with() { output "$1" | grep -c -- "$2" || true; }

has_said() { [ "$(lines_with "$1" "$2")" != 0 ]; }

# says PARTITION TEXT: sooner or later, and no step of its guest fails.
says() {
	until_true has_said "$1" "$2" || {
		echo "$1 does not say \"$2\":"
		output "$1" | tail -n 20
	}
	output "$1" | grep FAILED || true
}

driver_of() { basename "$(readlink "/sys/bus/amba/devices/$1/driver")"; }

# --- the boot

boot_checks() {
	check 'the machine is up, and no unit has failed' all_running
	check 'the module is loaded' test -e /sys/module/socassign
	check '/dev/socassign is the group'\''s' \
		equals 'root socassign 660' stat -c '%U %G %a' /dev/socassign
	check 'udev has bound what the rules name' \
		equals socassign driver_of "$GPIO"
	check 'with its DMA class' \
		equals 'none (declared)' cat "/sys/bus/amba/devices/$GPIO/socassign/dma_class"
	check 'the description fits the machine' description_fits
	check 'the partitions run' equals 'active
active' systemctl is-active "$(unit clock)" "$(unit lines)"
	check 'the command says so, too' socassign_says_so
}

all_running() {
	local state

	state=$(systemctl is-system-running --wait) || true
	[ "$state" = running ] || echo "$state"
	failed_units
}

description_fits() {
	local log

	log=$(socassign partition check "$CONF") || echo "$log"
}

socassign_says_so() {
	local log

	log=$(socassign partition status) || echo "$log"
}

# --- the guests

guest_checks() {
	check 'the journal has the console of a guest with the RTC' \
		says clock 'guest: ticks: ok'
	check 'the host'\''s driver has given way to it' \
		equals socassign driver_of "$RTC"
	check 'the journal has the console of a guest with the GPIO controller' \
		says lines 'guest: gpio: ok'
	check 'they hear each other' says lines 'guest: ring: ok'
}

# --- one is disturbed, the other one is not

remember() {
	pid=$(property "$1" MainPID)
	restarts=$(property "$1" NRestarts)
}

remember_clock() {
	clock_pid=$(property clock MainPID)
	clock_ticks=$(lines_with clock 'guest: ticks: ok')
}

clock_has_ticked() {
	[ "$(lines_with clock 'guest: ticks: ok')" -gt "$clock_ticks" ]
}

clock_goes_on() {
	equals "$clock_pid" property clock MainPID
	until_true clock_has_ticked || echo "the clock has stopped"
}

# PARTITION has another process than it had when it was remembered.
is_another() {
	[ "$(property "$1" MainPID)" != "$pid" ] &&
		[ "$(systemctl is-active "$(unit "$1")")" = active ]
}

works_again() {
	until_true is_another lines || systemctl status "$(unit lines)"
	says lines 'guest: ring: ok'
}

restart_checks() {
	remember lines
	remember_clock
	check 'a partition is restarted' systemctl restart "$(unit lines)"
	check 'its guest works again' works_again
	check 'the other one has not noticed' clock_goes_on
}

kill_checks() {
	remember lines
	remember_clock
	check 'a VMM is killed' kill -KILL "$pid"
	check 'its partition is started again' works_again
	check 'that is counted' equals $((restarts + 1)) \
		property lines NRestarts
	check 'the other one has not noticed that, either' clock_goes_on
}

has_failed() { [ "$(systemctl is-active "$(unit "$1")")" = failed ]; }

# A name that the description does not have
mistake_checks() {
	systemctl start "$(unit nobody)" || true
	check 'what is not described fails' until_true has_failed nobody
	check 'and is not started again' equals 0 property nobody NRestarts
	check 'the journal has the reason' \
		says nobody 'describes no such partition'
	systemctl reset-failed "$(unit nobody)"
}

# --- who may

# peek_as GROUP: what the command reads there for nobody, a member of it, or says
peek_as() {
	setpriv --reuid nobody --regid "$1" --clear-groups -- \
		socassign peek /pl061@9030000 0 0x400 2>&1
}

# A register, whatever is in it
member_reads() {
	local log

	log=$(peek_as socassign) && grep -Eqx '0x[0-9a-f]{8}' <<<"$log" ||
		echo "${log:-nothing}"
}

others_do_not() {
	local log

	if log=$(peek_as nogroup) || ! grep -q 'belongs to root' <<<"$log"; then
		echo "${log:-nothing}"
	fi
}

stop_checks() {
	check 'a partition is stopped' systemctl stop "$(unit lines)"
	check 'that is no failure' equals inactive property lines ActiveState
	check 'its device is still to be handed out' \
		equals socassign driver_of "$GPIO"
	check 'to the members of the group' member_reads
	check 'and to no others' others_do_not
	check 'the partition is started' systemctl start "$(unit lines)"
	check 'its guest works' says lines 'guest: ring: ok'
}

# --- what is the host's

host_checks() {
	check 'the host has its Ethernet controller' \
		equals virtio_net driver_of_net
	check 'no unit has failed meanwhile' failed_units
	check 'the kernel has nothing to complain of' complaints
}

driver_of_net() {
	basename "$(readlink /sys/class/net/e*/device/driver)"
}

failed_units() { systemctl list-units --failed --plain --no-legend; }

complaints() {
	journalctl --dmesg --output cat |
		grep -E 'BUG:|WARNING:|Oops|Call trace|Internal error' || true
}

boot_checks
guest_checks
restart_checks
kill_checks
mistake_checks
stop_checks
host_checks
checks_end || true
systemctl poweroff --no-block
