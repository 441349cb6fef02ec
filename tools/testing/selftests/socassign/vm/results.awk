# SPDX-License-Identifier: GPL-2.0
# Counts the results in a console log: prints "passed failed skipped".
#
#   "# ok 1 ..."	a case of the program that is running
#   "    ok 1 ..."	a case of a KUnit suite
#   "ok 1 selftests: ..."	what init says of a program or a log; it counts
#			by itself where it had no cases, or where it failed
#			and none of its cases did; a KUnit module without
#			cases did not run
#   "# selftests: socassign: end"
#			without it, something failed

function count(line) {
	if (line ~ /not ok /)
		failed++
	else if (line ~ /# SKIP/)
		skipped++
	else
		passed++
}

/^# selftests: / { cases = bad = 0 }
/^(# +|    )(not )?ok [0-9]+/ {
	count($0)
	cases++
	bad += /not ok /
}
/^(not )?ok [0-9]+ selftests: / {
	if (!cases && /kunit$/ && !/log clean/)
		failed++
	else if (!cases || (/^not ok/ && !bad))
		count($0)
	cases = bad = 0
}
/^# selftests: socassign: end$/ { ended = 1 }

END { print passed + 0, failed + !ended, skipped + 0 }
