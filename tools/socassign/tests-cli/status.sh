# SPDX-License-Identifier: GPL-2.0
# Who has which devices: from what looks like /proc
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

SOCASSIGN_PROCFS=$TMP/proc
export SOCASSIGN_PROCFS

open_file() # <pid> <command> <fd> <line...>: with the lines that all have
{
	mkdir -p "$SOCASSIGN_PROCFS/$1/fdinfo"
	echo "$2" >"$SOCASSIGN_PROCFS/$1/comm"
	file=$SOCASSIGN_PROCFS/$1/fdinfo/$3
	shift 3
	printf 'pos:\t0\nflags:\t02\nmnt_id:\t15\n' >"$file"
	for line; do
		echo "$line" | tr '=' '\t' >>"$file"
	done
}

held() # <pid> <command> <fd> <inode>: a claim of two nodes, with two interrupts
{
	open_file "$1" "$2" "$3" "ino:=$4" \
		"socassign-path:=/soc/i2c@3000" "socassign-path:=/soc/i2c@3100" \
		"socassign-state:=held" "socassign-dma-faults:=7" \
		"socassign-windows-0:=2" "socassign-window-bytes-0:=2097152" \
		"socassign-interrupts-0:=1207" "socassign-storms-0:=0" \
		"socassign-interrupts-1:=3" "socassign-storms-1:=1"
}

mkdir -p "$SOCASSIGN_PROCFS/self"
open_file 1 init 0 "ino:=4"
ok "nobody has anything" json "it == {'claims': [], 'memory': []}" \
	"$SOCASSIGN" status --json

held 41 socvmm 5 100
held 7 broker 3 100
open_file 9 qemu 4 "ino:=101" "socassign-path:=/soc/rtc@0" \
	"socassign-state:=revoked"
open_file 9 qemu 11 "ino:=12" "socassign-pinned:=67108864"

one() { json "$1" "$SOCASSIGN" status --json; }

ok "each claim once" one "[c['paths'] for c in it['claims']] == \
	[['/soc/i2c@3000', '/soc/i2c@3100'], ['/soc/rtc@0']]"
ok "all who have it" one "it['claims'][0]['holders'] == \
	[{'pid': 7, 'command': 'broker', 'fd': 3}, \
	 {'pid': 41, 'command': 'socvmm', 'fd': 5}]"
ok "what it does" one "[it['claims'][0][k] for k in ('interrupts', 'storms', \
	'windows', 'window_bytes', 'dma_faults')] == \
	[[1207, 3], [0, 1], [2], [2097152], 7]"
ok "one that is revoked" one "it['claims'][1]['state'] == 'revoked' and \
	it['claims'][1]['interrupts'] == []"
ok "memory" one "it['memory'] == [{'pid': 9, 'command': 'qemu', 'fd': 11, \
	'pinned': 67108864}]"
ok "as text" prints "command: socvmm" "$SOCASSIGN" status
ok "no argument" exits 2 "$SOCASSIGN" status /soc/i2c@3000
finish
