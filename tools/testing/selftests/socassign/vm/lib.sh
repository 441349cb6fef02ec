# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts here: the cache, messages, long steps.  Sourced.

: "${HOME:=/root}"
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/socassign
VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP_DIR=$(cd "$VM_DIR/../../../../.." && pwd)
TAG=socassign

mkdir -p "$CACHE"

# Progress goes to stderr: the standard output of a function is its result.
say() { printf '[%s] %s\n' "$TAG" "$*" >&2; }

die() {
	say "error: $*"
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		command -v sudo >/dev/null || die "please run as root: $*"
		sudo "$@"
	fi
}

# quietly LOG COMMAND...: keep the noise of a long step in a file, with a sign
# of life now and then, and show its end only where the step fails.
quietly() {
	local log=$1

	shift
	mkdir -p "$(dirname "$log")"
	if ! "$@" </dev/null 2>&1 | tee "$log" | sign_of_life; then
		tail -n 25 "$log" >&2
		die "failed: $* (all of it: $log)"
	fi
}

sign_of_life() {
	local line lines=0 next=$((SECONDS + 30))

	while IFS= read -r line; do
		lines=$((lines + 1))
		[ "$SECONDS" -ge "$next" ] || continue
		say "... $((SECONDS / 60)) min, $lines lines:$line"
		next=$((SECONDS + 30))
	done
}

# QEMU ends well on Ctrl-C, and bash would go on with the next step.
end_on_interrupt() { trap 'exit 130' INT TERM; }

# with_lock NAME COMMAND...: two runs may share the cache, not a work directory.
with_lock() {
	local file="$CACHE/lock/$1"

	shift
	mkdir -p "$CACHE/lock"
	(
		end_on_interrupt
		if ! flock -n 9; then
			say "waiting for another run to end ($file)"
			flock 9
		fi
		"$@" 9>&-
	) 9>"$file"
}
