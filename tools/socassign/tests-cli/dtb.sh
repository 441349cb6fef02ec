# SPDX-License-Identifier: GPL-2.0
# The guest's tree
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

dtb()
{
	"$SOCASSIGN" dtb --dtb "$TMP/board.dtb" "$@"
}

guest() # <path>: of the tree that is built, as source
{
	dtb "$@" >"$TMP/guest.dtb" || return
	dtc -q -I dtb -O dts "$TMP/guest.dtb"
}

i2c=/soc@fe0000000/i2c@3000

ok "a device is in the guest's tree" prints 'i2c@3000' guest $i2c
ok "another one is not" sh -c ". ./lib.sh; ! grep -q uart '$TMP/printed'"
ok "two devices are" prints 'uart@0' guest $i2c /bus@fd0000000/uart@0
ok "a file is written" dtb --output "$TMP/o.dtb" $i2c
ok "it is the same tree" sh -c \
	"'$SOCASSIGN' dtb --dtb '$TMP/board.dtb' $i2c | cmp - '$TMP/o.dtb'"
ok "a file that cannot be written is a failure" \
	exits 1 dtb --output /nowhere/o.dtb $i2c
ok "a node that is not there is a failure" exits 1 dtb /nowhere
ok "a base that is no tree is a failure" exits 1 dtb --base lib.sh $i2c
cat >"$TMP/base.dts" <<END
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	interrupt-parent = <&pic>;
	pic: pic {
		interrupt-controller;
		#interrupt-cells = <2>;
		#address-cells = <0>;
	};
};
END
dtc -q -o "$TMP/base.dtb" "$TMP/base.dts"
ok "a base is used" prints '	pic \{' guest --base "$TMP/base.dtb" $i2c
cat >"$TMP/edit.dts" <<END
/dts-v1/;
/plugin/;
&{$i2c} {
	vendor,edited;
};
END
dtc -q -o "$TMP/edit.dtbo" "$TMP/edit.dts"
ok "an overlay is applied" prints 'vendor,edited' \
	guest --overlay "$TMP/edit.dtbo" $i2c

nested() # <levels>
{
	printf '/dts-v1/; / {'
	for _ in $(seq 2 "$1"); do printf ' n {'; done
	for _ in $(seq 2 "$1"); do printf ' };'; done
	printf ' };\n'
}

nested 64 | dtc -q -o "$TMP/deep.dtb" -
ok "a tree as deep as may be is listed" "$SOCASSIGN" list --dtb "$TMP/deep.dtb"
nested 65 | dtc -q -o "$TMP/deep.dtb" -
ok "that a tree is too deep is said" complains 'deeper than 64 levels' \
	"$SOCASSIGN" list --dtb "$TMP/deep.dtb"
finish
