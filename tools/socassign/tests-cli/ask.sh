# SPDX-License-Identifier: GPL-2.0
# The driver is asked, where there is one; here it is driver.c
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

link_asking "$BUILD" "$TMP/asking" -lfdt || exit 1

ASKED=$TMP/asked
export ASKED
DRIVER=new
export DRIVER
use_stand_in
soc=/soc@fe0000000
make_tree "$tree" /
make_device platform fe0003000.i2c $soc/i2c@3000 mpc-i2c

list()
{
	rm -f "$ASKED"
	"$TMP/asking" list "$@"
}

asked() # <flags and paths>
{
	cat "$ASKED"
	grep -Fqx -- "$1" "$ASKED"
}

# Is the word at the end of none of its lines?
ends_no_line() # <word> <file>
{
	! grep " $1\$" "$2"
}

ok "what the driver refuses is refused" \
	prints "^no  .* $soc/clock@5000  \(so it is\)$" list
ok "what it grants is granted" prints "^yes .*/pic@40000  \(needs" list
ok "whether the caller is the administrator is asked with the root" \
	asked "0x2 /"
ok "no question leaves a line in the log" ends_no_line log "$ASKED"
ok "a device of the host's is asked for with DETACH" \
	asked "0x2 $soc/i2c@3000"
ok "one that nobody reviewed with NO_DMA" asked "0x4 $soc/user@6000"
ok "an eTSEC with SUBTREE, and not UNSAFE_DMA, which is not allowed" \
	asked "0x1 $soc/ethernet@b0000"
ok "a portal with CONFINED_DMA" asked "0x80 /bman-portal@ff4000000"
ok "who shares a LIODN with the other" \
	asked "0x0 $soc/dma@7000 $soc/sata@8000"
ok "a partition without anything" asked "0x0 /reserved-memory/guest@20000000"
ok "show says who judges" json "it['judged_by'] == 'driver' and
	it['refusal'] == 'so it is'" "$TMP/asking" show --json $soc/clock@5000
ok "so does list" json "it['judged_by'] == 'driver'" list --json
ok "so does dtb, of each path" json "it['judged_by'] == 'driver' and
	[n.get('refusal') for n in it['nodes']] == ['so it is', None]" \
	"$TMP/asking" dtb --json --output "$TMP/guest.dtb" $soc/clock@5000 \
	$soc/i2c@3000
rm -f "$ASKED"
ok "as it is wanted" "$TMP/asking" dtb --subtree --output "$TMP/guest.dtb" \
	$soc/i2c@3000
ok "with what is below it" asked "0x3 $soc/i2c@3000"
ok "a file is not the driver's" json "it['judged_by'] == 'command'" \
	"$TMP/asking" show --json --dtb "$TMP/board.dtb" $soc/clock@5000

cat >"$TMP/conf.dts" <<-END
	/dts-v1/;
	/ { partitions {
		compatible = "socassign,partitions";
		a {
			kernel = "/dev/null";
			memory-size = <0x1000>;
			device { paths = "$soc/i2c@3000", "$soc/i2c@3100"; detach; };
			clock-device { paths = "$soc/clock@5000"; no-dma; };
		};
	}; };
END
dtc -q -o "$TMP/conf.dtb" "$TMP/conf.dts"
rm -f "$ASKED"
ok "a claim that is described, and refused" prints \
	"^error: /partitions/a/clock-device paths: $soc/clock@5000: refused: so it is$" \
	sh -c "'$TMP/asking' partition check '$TMP/conf.dtb' || :"
ok "what is not refused is no error" exits 1 \
	grep "^error: /partitions/a/device" "$TMP/printed"
ok "it is asked for as a whole, with its flags" \
	asked "0x2 $soc/i2c@3000 $soc/i2c@3100"

DRIVER=shy
ok "who has no power does not ask for it" \
	prints "^yes .* $soc/i2c@3000$" list
ok "but for what he can have" asked "0x0 $soc/i2c@3000"
DRIVER=old
ok "an old driver is not asked" json "it['judged_by'] == 'command'" \
	"$TMP/asking" show --json $soc/clock@5000

finish
