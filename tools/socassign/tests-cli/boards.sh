# SPDX-License-Identifier: GPL-2.0
# Trees of real boards
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

for board in mpc8544ds p2020rdb p4080ds p5020ds t4240rdb; do
	if [ ! -e "$DTS/fsl/$board.dts" ]; then
		skip "$board" "no kernel source"
		continue
	fi
	ok "$board: compiles" compile_board $board
	ok "$board: something can be assigned, something cannot" json \
		"{n['assignable'] for n in it['nodes']} == {True, False}" \
		"$SOCASSIGN" list --json --dtb "$TMP/$board.dtb"
	ok "$board: an I2C controller can" \
		prints '^yes none .*/i2c@' \
		"$SOCASSIGN" list --dtb "$TMP/$board.dtb"
	ok "$board: the interrupt controller cannot" prints '^no .*/pic@40000 ' \
		"$SOCASSIGN" list --dtb "$TMP/$board.dtb"
done
finish
