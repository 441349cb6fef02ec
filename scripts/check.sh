# SPDX-License-Identifier: GPL-2.0
# Checks that are counted: each says "ok NAME" or "not ok NAME".  Sourced.

passed=0 failed=0 skipped=0

# check NAME COMMAND...: good is what succeeds and has nothing to say, or
# "SKIP: reason" only.
check() {
	local name=$1 output status

	shift
	# Not in a condition: the command is to stop at its first failure.
	set +e
	output=$(set -e; "$@" 2>&1 </dev/null)
	status=$?
	set -e
	if [ $status = 0 ] && [[ $output == "SKIP: "* ]]; then
		echo "ok $name # SKIP ${output#SKIP: }"
		skipped=$((skipped + 1))
	elif [ $status = 0 ] && [ -z "$output" ]; then
		echo "ok $name"
		passed=$((passed + 1))
	else
		output=${output:-no output, status $status}
		echo "# ${output//$'\n'/$'\n# '}"
		echo "not ok $name"
		failed=$((failed + 1))
	fi
}

# The last line of every check
checks_end() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
