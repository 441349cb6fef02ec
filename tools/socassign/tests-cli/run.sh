#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# All tests, in TAP; run.sh <build directory>

set -e
BUILD=$(cd "$1" && pwd)
cd "$(dirname "$0")"
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
SOCASSIGN=$BUILD/socassign
export BUILD TMP SOCASSIGN

dtc -q -I dts -O dtb -o "$TMP/board.dtb" board.dts

status=0
for test in usage list cost show status ask dtb report place partition partition_run socvmm bind json boards symbols cxx install boot library docs keep; do
	echo "# $test"
	sh "./$test.sh" || status=1
done
exit $status
