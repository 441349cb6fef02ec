# SPDX-License-Identifier: GPL-2.0
# References that the guest has an end for
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

cat >"$TMP/base.dts" <<END
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	own: own-firmware {
		#clock-cells = <1>;
		#reset-cells = <1>;
		phandle = <1>;
	};
	bare {
	};
	aliases {
		loop = "loop";
	};
};
END
dtc -q -o "$TMP/base.dtb" "$TMP/base.dts"
dtc -q -o "$TMP/firmware.dtb" firmware.dts

kept()
{
	"$SOCASSIGN" dtb --dtb "$TMP/firmware.dtb" --base "$TMP/base.dtb" \
		"$@" /device@1000
}

# Do clocks and resets lead to the guest's firmware?
leads()
{
	kept "$@" >"$TMP/guest.dtb" || return
	own=$(fdtget -t u "$TMP/guest.dtb" /own-firmware phandle)
	[ "$(fdtget -t u "$TMP/guest.dtb" /device@1000 clocks)" = "$own 5" ] &&
		[ "$(fdtget -t u "$TMP/guest.dtb" /device@1000 resets)" = "$own 6" ]
}

ok "references lead to the guest's own node" \
	leads --keep /firmware=/own-firmware
ok "without that they do not" exits 1 leads
ok "half an argument is wrong usage" exits 2 kept --keep /firmware
ok "a node that the host has not is a failure" \
	complains "host's tree has no such node" kept --keep /x=/own-firmware
ok "a node that the guest has not is a failure" \
	complains "no node with a phandle" kept --keep /firmware=/x
ok "one without a phandle is a failure" \
	complains "no node with a phandle" kept --keep /firmware=/bare
ok "so is an alias that leads to itself" \
	complains "no node with a phandle" kept --keep /firmware=loop
finish
