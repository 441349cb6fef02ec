# SPDX-License-Identifier: GPL-2.0
# Trees of real boards; DTS is arch/powerpc/boot/dts of a kernel tree
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/socassign
DTS=${DTS:-$cache/source/linux-6.1/arch/powerpc/boot/dts}

compile() # <board>
{
	cpp -nostdinc -undef -x assembler-with-cpp -I "$DTS" -I "$DTS/fsl" \
		-I "$DTS/../../../../include" "$DTS/fsl/$1.dts" 2>/dev/null |
		dtc -q -i "$DTS/fsl" -o "$TMP/$1.dtb" -
}

for board in mpc8544ds p2020rdb p4080ds p5020ds t4240rdb; do
	if [ ! -e "$DTS/fsl/$board.dts" ]; then
		skip "$board" "no kernel source"
		continue
	fi
	ok "$board: compiles" compile $board
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
