# SPDX-License-Identifier: GPL-2.0
# TAP on stdout.  Sourced; num and failed are the sourcing script's, too.

num=0
failed=0

ok() { # <status> <what>
	local result=ok

	num=$((num + 1))
	[ "$1" = 0 ] || { result="not ok"; failed=1; }
	echo "$result $num - $2"
}

skip() { # <what> <why>
	num=$((num + 1))
	echo "ok $num - $1 # SKIP $2"
}

finish() {
	echo "1..$num"
	exit $failed
}
