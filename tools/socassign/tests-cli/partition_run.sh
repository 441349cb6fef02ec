# SPDX-License-Identifier: GPL-2.0
# Partitions are started and stopped: by systemd where it is, else as processes
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

SOCASSIGN_RUN=$TMP/run
export SOCASSIGN_RUN
mkdir -p "$TMP/bin" "$SOCASSIGN_RUN"
PATH=$TMP/bin:$PATH

# One that ends when it is told to, one that does not listen, one that fails, and one
# that takes until it may
cat >"$TMP/bin/socvmm" <<END
#!/bin/sh
echo "\$@" >"$TMP/args"
echo "socvmm: here" >&2
echo console
[ ! -e "$TMP/deaf" ] || trap '' TERM
[ ! -e "$TMP/failing" ] || exit 1
[ ! -e "$TMP/slow" ] || trap end TERM
end()
{
	touch "$TMP/ending"
	while [ -e "$TMP/slow" ]; do sleep 0.1; done
	exit
}
touch "$TMP/up"
while :; do sleep 0.1; done
END
chmod +x "$TMP/bin/socvmm"
dtc -q -o "$TMP/conf.dtb" - <<END
/dts-v1/;
/ { partitions {
	compatible = "socassign,partitions";
	a { kernel = "/boot/a"; memory-size = <0x1000000>;
		device { paths = "/x", "/y"; };
		bell-doorbell { partner = "b"; };
		shared-memory { memory-path = "/reserved-memory/z"; }; };
	b { kernel = "/boot/b"; memory-path = "/reserved-memory/b"; cpus = <2>;
		bell-doorbell { partner = "a"; };
		net-device { paths = "/n";
			ram-window { index = <1>; iova = <0>; size = <0x1000>;
				offset = <0x2000>; read-only; };
			own-window { index = <2>; iova = <0>; size = <0x1000>;
				memory-path = "/reserved-memory/b"; operation = <1>;
				stash-level = <2>; stash-cpu-path = "/cpus/c"; }; }; };
}; };
END

partition() # <action> [argument...]
{
	"$SOCASSIGN" partition "$@" --description "$TMP/conf.dtb"
}

await() # <file>
{
	for _ in $(seq 100); do
		[ ! -e "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

# What was started is up when it can be told to end.
started() # <name>
{
	rm -f "$TMP/up"
	partition start "$1" && await "$TMP/up"
}

id_of() # <name>
{
	read -r pid <"$SOCASSIGN_RUN/socassign/$1"
	echo "${pid#-}"
}

# Whoever has to wait for it may not have done so yet.
is_gone() # <name>
{
	pid=$(id_of "$1")
	[ ! -e "/proc/$pid" ] || grep -q '^State:	Z' "/proc/$pid/status"
}

ok "list: what a partition has" json "it['partitions'][0] == {
	'name': 'a', 'kernel': '/boot/a', 'memory': '0x1000000', 'cpus': 1,
	'devices': ['/x', '/y'], 'shared_memory': ['/reserved-memory/z'],
	'windows': [], 'doorbells': [{'name': 'bell-doorbell', 'partner': 'b'}]} and
	it['partitions'][1]['memory'] == '/reserved-memory/b'" \
	partition list --json
ok "list: what its devices see of memory" json "it['partitions'][1]['windows'] == [
	{'device': 'net-device', 'index': 1, 'iova': '0x0', 'size': '0x1000',
	 'offset': '0x2000', 'read_only': True},
	{'device': 'net-device', 'index': 2, 'iova': '0x0', 'size': '0x1000',
	 'memory': '/reserved-memory/b', 'offset': '0x0', 'stash_level': 2,
	 'stash_cpu': '/cpus/c', 'operation': 1, 'read_only': False}] and
	it['partitions'][1]['cpus'] == 2" partition list --json
ok "nothing runs" exits 1 partition status
ok "that is said of each" prints '^stopped b$' sh -c \
	"'$SOCASSIGN' partition status --description '$TMP/conf.dtb' || :"
ok "nothing can be stopped" prints '^stopped a$' partition stop a
ok "one is started" prints '^running a$' started a
ok "socvmm gets the description" grep -Fqx -- \
	"--partition $TMP/conf.dtb:/partitions/a" "$TMP/args"
ok "what it says is kept" grep -qx 'socvmm: here' "$SOCASSIGN_RUN/socassign/a.log"
ok "its console is not" exits 1 grep console "$SOCASSIGN_RUN/socassign/a.log"
ok "it runs" prints '^running a$' partition status a
ok "the other does not" exits 1 partition status b
ok "in JSON" json "it['partitions'] == [
	{'name': 'a', 'running': True, 'kept_by': 'socassign'}]" \
	partition status --json a
pid=$(id_of a)
ok "it is not started twice" prints '^running a$' partition start a
ok "but is the same" [ "$(id_of a)" = "$pid" ]
ok "killed" kill -9 "$pid"
ok "it does not run" sh -c "sleep 0.5; ! '$SOCASSIGN' partition status a \
	--description '$TMP/conf.dtb'"
ok "the ID that is left is nobody's to stop" prints '^stopped a$' partition stop a
ok "it is started again" started a
ok "and stopped" prints '^stopped a$' partition stop a
ok "it is gone" is_gone a

# The description may have been edited meanwhile, and be wrong.
ok "one that will be described no more" started a
mv "$TMP/conf.dtb" "$TMP/kept.dtb"
echo nothing >"$TMP/conf.dtb"
ok "a description that is none is told" complains "not a device tree blob" \
	partition stop
ok "so it is of one that is named" complains "not a device tree blob" \
	partition status b
ok "but that one runs" prints '^running a$' partition status a
ok "and is not started" complains "not a device tree blob" partition start a
cp "$TMP/kept.dtb" "$TMP/conf.dtb"
fdtput -r "$TMP/conf.dtb" /partitions/a
fdtput -r "$TMP/conf.dtb" /partitions/b/bell-doorbell
ok "it is described no more" prints '^stopped b$' partition stop
ok "and runs" prints '^running a$' partition status a
ok "any path is no partition" complains "no such partition" partition stop ./a
ok "it is stopped" prints '^stopped a$' partition stop a
ok "then it is none" complains "no such partition" partition stop a
mv "$TMP/kept.dtb" "$TMP/conf.dtb"
touch "$TMP/deaf"
ok "one that does not listen" started b
ok "is killed" prints '^stopped b$' partition stop
ok "it is gone, too" is_gone b
rm "$TMP/deaf"

# The ID in the file may be anybody's.
sleep 1000 &
other=$!
ok "one whose file has another's ID" started a
pid=$(id_of a)
echo "$other" >"$SOCASSIGN_RUN/socassign/a"
ok "is stopped" prints '^stopped a$' partition stop a
ok "and gone" exits 1 grep -sq '^State:	[^Z]' "/proc/$pid/status"
ok "the other is not" kill "$other"

# Who calls may have closed what everybody has.
closing() # <descriptor>
{
	case $1 in
	0) started b <&- ;;
	1) started b >&- || await "$TMP/up" ;;
	2) started b 2>&- ;;
	esac
}

for fd in 0 1 2; do
	ok "one is started without descriptor $fd" closing $fd
	ok "it runs" prints '^running b$' partition status b
	ok "and is stopped" prints '^stopped b$' partition stop b
done

# A guest lives for months.
with_own_file()
{
	started b 9<>"$SOCASSIGN_RUN/socassign/b"
}

with_lock()
(
	exec 9>"$TMP/lock"
	flock 9
	started a
)

ok "one is started with a lock of the caller's" with_lock
ok "who does not keep it" flock -n "$TMP/lock" true
ok "nor his directory" [ "$(readlink "/proc/$(id_of a)/cwd")" = / ]
ok "one is started with a descriptor of its own file" with_own_file
ok "it runs nevertheless" prints '^running b$' partition status b
ok "both are stopped" prints '^stopped b$' partition stop

# It could not be stopped.
on_full_disk() # <command...>
(
	trap '' XFSZ
	ulimit -f 0
	"$@" 2>&1 | cat
)

# shellcheck disable=SC2016 # the inner shell expands it
ok "one that cannot say what it is is told" sh -c 'echo "$1" | grep -q "$2"' - \
	"$(on_full_disk partition start a)" \
	"a: $SOCASSIGN_RUN/socassign/a: File too large"
ok "and does not run" exits 1 partition status a

# While it is about to end it runs, but who starts it wants it to run on.
start_meanwhile() # <name>: and let it end then
{
	await "$TMP/ending" || return
	partition start "$1" >"$TMP/meanwhile" &
	starting=$!
	sleep 0.5
	rm "$TMP/slow" "$TMP/ending"
	wait "$starting"
}

touch "$TMP/slow"
ok "one that takes its time" started a
pid=$(id_of a)
partition stop a >"$TMP/stop" 2>&1 &
stopping=$!
ok "is started while it is stopped" start_meanwhile a
wait "$stopping"
ok "it was stopped" grep -qx 'stopped a' "$TMP/stop"
ok "that is another one" [ "$(id_of a)" != "$pid" ]
ok "and runs" prints '^running a$' partition status a
partition stop a >"$TMP/stop"
touch "$TMP/slow"
ok "one that takes its time" started a
pid=$(id_of a)
"$SOCASSIGN" partition stop a --description "$TMP/conf.dtb" &
stopping=$!
await "$TMP/ending"
kill -9 "$stopping"
ok "is started after a stop that was killed" start_meanwhile a
ok "that is another one" [ "$(id_of a)" != "$pid" ]
ok "and runs" prints '^running a$' partition status a

# Two descriptions may have partitions of the same name.
cp "$TMP/conf.dtb" "$TMP/other.dtb"
other() # <action> [argument...]
{
	"$SOCASSIGN" partition "$@" --description "$TMP/other.dtb"
}

from_there() # <action> [argument...]
(
	cd "$TMP" || return
	"$SOCASSIGN" partition "$@" --description ./conf.dtb
)

ok "another description's does not run" exits 1 other status a
ok "its start is refused" complains \
	"a: one of this name runs, which $TMP/conf.dtb describes" other start a
ok "it stops none" complains "a: one of this name runs, which $TMP/conf.dtb" \
	other stop a
ok "none that it does not describe, either" complains "no such partition" \
	"$SOCASSIGN" partition stop a --description lib.sh
ok "the one that runs" prints '^running a$' partition status a
ok "does so by another name of the same file" prints '^running a$' \
	from_there status a
ok "it is stopped by that" prints '^stopped a$' from_there stop a
ok "then the other description's is started" prints '^running a$' other start a
ok "and is no more the first one's" exits 1 partition status a
ok "it is stopped" prints '^stopped a$' other stop a
ok "a relative name is enough" prints '^running a$' from_there start a
ok "to run" prints '^running a$' partition status a
ok "and be stopped" prints '^stopped a$' partition stop a

touch "$TMP/failing"
ok "one that fails is told, and where it said why" complains \
	"a: socvmm has ended at once; $SOCASSIGN_RUN/socassign/a.log has" \
	partition start a
ok "nothing runs" exits 1 partition status a
rm "$TMP/failing"

# Root may do what others may not.
as_nobody() # <command...>
{
	setpriv --reuid 65534 --clear-groups --inh-caps=-all "$@"
}

chmod 755 "$TMP"
if as_nobody test -r "$SOCASSIGN_RUN/socassign/a"; then
	skip "who may not know is told so" "nobody may"
elif ! as_nobody test -x "$SOCASSIGN"; then
	skip "who may not know is told so" "nobody has the command"
else
	ok "who may not know is told so" complains \
		"a: $SOCASSIGN_RUN/socassign/a: Permission denied" as_nobody \
		"$SOCASSIGN" partition status --description "$TMP/conf.dtb" a
	ok "and no state" [ -z "$(as_nobody "$SOCASSIGN" partition status \
		--description "$TMP/conf.dtb" a 2>"$TMP/err")" ]
fi
mv "$SOCASSIGN_RUN/socassign" "$SOCASSIGN_RUN/kept"
: >"$SOCASSIGN_RUN/socassign"
ok "a file in the way is named" complains \
	"a: $SOCASSIGN_RUN/socassign/a: Not a directory" partition start a
ok "it is not told that all is stopped" complains "Not a directory" \
	partition status a
rm "$SOCASSIGN_RUN/socassign"
if as_nobody test -x "$SOCASSIGN"; then
	ok "who cannot make a directory is told so" complains \
		"a: $SOCASSIGN_RUN/socassign: Permission denied" as_nobody \
		"$SOCASSIGN" partition start --description "$TMP/conf.dtb" a
else
	skip "who cannot make a directory is told so" "nobody has the command"
fi
mv "$SOCASSIGN_RUN/kept" "$SOCASSIGN_RUN/socassign"

# Who plans with a file means no machine.
for action in start stop status list; do
	ok "$action plans nothing" complains "partition $action: takes no --dtb" \
		partition $action --dtb "$TMP/board.dtb"
	ok "that is wrong usage" exits 2 partition $action --page-size 65536
done
ok "nothing is started" exits 1 partition status a

ok "one that is not described" complains "c: .* describes no such partition" \
	partition start a c
ok "starts none" exits 1 partition status a
ok "a description that is none" complains "not a device tree blob" \
	"$SOCASSIGN" partition start --description lib.sh
mv "$TMP/bin/socvmm" "$TMP/socvmm"
if command -v socvmm >/dev/null; then
	skip "without socvmm it is told" "there is one"
else
	ok "without socvmm it is told" complains "a: socvmm: No such file" \
		partition start a
	ok "and nothing runs" exits 1 partition status a
fi

# systemd's units know one description only: another is not its.
mkdir -p "$SOCASSIGN_RUN/systemd/system"
cat >"$TMP/bin/systemctl" <<END
#!/bin/sh
echo "\$@" >>"$TMP/systemctl"
case "\$*" in
*is-active*) [ -e "$TMP/active" ] ;;
*start*@b*) exit 1 ;;
*start*) [ -e "$TMP/failing" ] || touch "$TMP/active" ;;
*) rm "$TMP/active" ;;
esac
END
chmod +x "$TMP/bin/systemctl"
ok "another description is not systemd's" json \
	"it['partitions'][0]['kept_by'] == 'socassign'" sh -c \
	"'$SOCASSIGN' partition status --json --description '$TMP/conf.dtb' || :"
if [ -e /etc/socassign ] || ! mkdir /etc/socassign 2>/dev/null; then
	skip "the machine's own is" "/etc/socassign is not for tests"
	finish
fi
trap 'rm -r /etc/socassign' EXIT
cp "$TMP/conf.dtb" /etc/socassign/partitions.dtb
ok "the machine's own is" json "it['partitions'] == [
	{'name': 'a', 'running': True, 'kept_by': 'systemd'}]" \
	"$SOCASSIGN" partition start --json a
ok "as a service" grep -Fqx -- "--quiet start socassign-partition@a.service" \
	"$TMP/systemctl"
ok "it runs" exits 0 "$SOCASSIGN" partition status a
ok "however it is named" json "it['partitions'][0]['kept_by'] == 'systemd'" \
	sh -c "cd /etc/socassign &&
		'$SOCASSIGN' partition status --json --description partitions.dtb a"
ok "who ignores the ends of processes is told the same" exits 0 \
	env --ignore-signal=CHLD "$SOCASSIGN" partition status a
rm "$TMP/active"
ok "one that fails is told" complains "b: systemctl start has failed: see" \
	"$SOCASSIGN" partition start b
touch "$TMP/failing"
ok "so is one that ends at once" complains \
	"a: socvmm has ended at once: see systemctl status" \
	"$SOCASSIGN" partition start a
touch "$TMP/active"
ok "it is stopped" prints '^stopped a$' "$SOCASSIGN" partition stop a
ok "by systemd" grep -Fqx -- "--quiet stop socassign-partition@a.service" \
	"$TMP/systemctl"
finish
