# SPDX-License-Identifier: GPL-2.0
# Examples of the documentation, as they are printed
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

docs=../../../Documentation/virt/socassign.rst
header=../libsocassign-tree.h
enet=/soc@ffe000000/ethernet@b0000

# The literal block that starts with /dts-v1/
overlay_of_documentation()
{
	sed -n '/^    \/dts-v1\/;$/,/^[^ ]/s/^    //p' "$docs"
}

overlay_of_header()
{
	printf '/dts-v1/;\n/plugin/;\n'
	sed -n '/^ \*	&enet0 {$/,/^ \*	};$/s/^ \*	//p' "$header"
}

edited() # <overlay>
{
	dtc -q -@ -O dtb -o "$TMP/edit.dtbo" - <"$1" || return
	"$SOCASSIGN" dtb --dtb "$TMP/phy.dtb" --overlay "$TMP/edit.dtbo" \
		"$enet" >"$TMP/guest.dtb" 2>"$TMP/told" || return
	fdtget -t u "$TMP/guest.dtb" "$enet/fixed-link" speed
}

dtc -q -@ -o "$TMP/phy.dtb" phy.dts
for where in documentation header; do
	overlay_of_$where >"$TMP/$where.dts"
	ok "the overlay of the $where is there" \
		grep -q 'delete-properties = "phy-handle"' "$TMP/$where.dts"
	ok "it works as it is printed" prints '^1000$' edited "$TMP/$where.dts"
	ok "what is not there to be deleted is told" \
		grep -q 'phy-handle: the overlay deletes it, but' "$TMP/told"
done
finish
