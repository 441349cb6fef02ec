# SPDX-License-Identifier: GPL-2.0
# Where the user puts regions and lines of the guest, and what rates clocks have
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

cat >"$TMP/place.dts" <<END
/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	aliases {
		dev = "/device@1000";
	};
	pic: pic@0 {
		compatible = "vendor,pic";
		reg = <0 0x100>;
		#interrupt-cells = <2>;
		interrupt-controller;
	};
	clk: clock-generator@200 {
		compatible = "vendor,clocks";
		reg = <0x200 0x100>;
		#clock-cells = <1>;
	};
	device@1000 {
		compatible = "vendor,device";
		reg = <0x1000 0x100>, <0x2000 0x200>;
		interrupt-parent = <&pic>;
		interrupts = <5 1>, <6 4>;
		clocks = <&clk 7>;
	};
};
END
dtc -q -o "$TMP/place.dtb" "$TMP/place.dts"

dtb()
{
	"$SOCASSIGN" dtb --dtb "$TMP/place.dtb" --output "$TMP/guest.dtb" "$@" \
		/device@1000
}

# Has the guest's device that in a property?
has() # <value> <property> <argument...>
{
	value=$1
	property=$2
	shift 2
	dtb "$@" || return
	fdtget -t x "$TMP/guest.dtb" /device@1000 "$property" >"$TMP/value" ||
		return
	cat "$TMP/value"
	[ "$(cat "$TMP/value")" = "$value" ]
}

nothing_built() # <extended regular expression> <argument...>
{
	rm -f "$TMP/guest.dtb"
	expected=$1
	shift
	complains "$expected" dtb "$@" && [ ! -e "$TMP/guest.dtb" ]
}

rate()
{
	dtb "$@" || return
	fdtget -t u "$TMP/guest.dtb" /socassign-clock-0 clock-frequency
}

ok "everything stays where it is" has '1000 100 2000 200' reg
ok "a region is moved, the other is not" has '1000 100 9000 200' reg \
	--region /device@1000:1=0x9000
ok "an alias names it" has '1000 100 9000 200' reg --region dev:1=0x9000
ok "the line is the host's" has '5 1 6 4' interrupts
ok "a line is chosen, the other is not" has '5 1 9 8' interrupts \
	--line /device@1000:1=9,8
ok "two are exchanged" has '6 4 5 1' interrupts \
	--line /device@1000:0=6,4 --line /device@1000:1=5,1
ok "without a rate there is no clock" exits 1 rate
ok "a rate makes one" prints '^33000000$' rate --clock /device@1000:0=33000000

ok "a region that is not there" nothing_built '--region: .*/device@1000:2' \
	--region /device@1000:2=0
ok "a region where another one is" nothing_built \
	'/device@1000: region 1 goes to 0x1080, where another one is' \
	--region /device@1000:1=0x1080
ok "two regions that change places" dtb \
	--region /device@1000:0=0x2000 --region /device@1000:1=0x1000
ok "a clock that is not there" nothing_built '--clock: .*/device@1000:1' \
	--clock /device@1000:1=1
ok "a line that is not there" nothing_built '--line: .*/device@1000:2' \
	--line /device@1000:2=1,1
ok "a node that is not there" nothing_built '--region: .*no such node: /x' \
	--region /x:0=0
ok "one that is not claimed" nothing_built '--region: .*/pic@0:0' \
	--region /pic@0:0=0
ok "a specifier of the wrong size" nothing_built \
	'--line /device@1000:0: .* 2 cells, not 3' --line /device@1000:0=1,2,3
for wrong in /x /x:0 /x:=1 :0=1 /x:0= /x:0=y /x:4294967296=1; do
	ok "$wrong is wrong usage" exits 2 dtb --region $wrong
done
ok "half a specifier is wrong usage" exits 2 dtb --line /device@1000:0=1,
ok "a base has no controller that is known" exits 2 dtb \
	--base "$TMP/place.dtb" --line /device@1000:0=1,1
finish
