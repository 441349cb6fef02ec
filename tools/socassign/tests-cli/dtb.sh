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

# The node and the property are named, and nothing is built.
bad_base() # <node, property and rule> <the root's contents>
{
	echo "/dts-v1/; / { $2 };" | dtc -f -q -O dtb -o "$TMP/bad.dtb" - || return
	rm -f "$TMP/bad-guest.dtb"
	if dtb --base "$TMP/bad.dtb" --output "$TMP/bad-guest.dtb" $i2c \
		2>"$TMP/told"; then
		return 1
	fi
	cat "$TMP/told"
	grep -Fq "error: $1" "$TMP/told" && [ ! -e "$TMP/bad-guest.dtb" ]
}

bus='#address-cells = <1>; #size-cells = <1>;'
ok "a base with an impossible bus" bad_base "/ #address-cells: " \
	"#address-cells = <7>;"
ok "one whose bus has no sizes" bad_base "/ #size-cells: " \
	"#address-cells = <1>; #size-cells = <0>;"
ok "one whose controller is not there" bad_base "/ interrupt-parent: " \
	"$bus interrupt-parent = <9>;"
ok "one whose controller is no phandle" bad_base "/ interrupt-parent: " \
	"$bus interrupt-parent = [09];"
ok "one whose controller has no specifiers" bad_base "/a #interrupt-cells: " \
	"$bus interrupt-parent = <9>; a { phandle = <9>; };"
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

# Lines of a GPIO controller and of the machine's own look the same.
cat >"$TMP/cascade.dts" <<END
/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	cpus {
		#address-cells = <1>;
		#size-cells = <0>;
		cpu@0 {
			reg = <0>;
			local: interrupt-controller {
				compatible = "riscv,cpu-intc";
				#interrupt-cells = <1>;
				interrupt-controller;
			};
		};
	};
	plic: plic@1000 {
		compatible = "sifive,plic-1.0.0";
		reg = <0x1000 0x1000>;
		interrupts-extended = <&local 9>;
		#interrupt-cells = <1>;
		interrupt-controller;
	};
	pins: gpio@2000 {
		compatible = "vendor,gpio";
		reg = <0x2000 0x1000>;
		interrupt-parent = <&plic>;
		interrupts = <5>;
		#interrupt-cells = <1>;
		interrupt-controller;
	};
	router: router@4000 {
		compatible = "vendor,router";
		reg = <0x4000 0x1000>;
		interrupt-parent = <&plic>;
		#interrupt-cells = <1>;
		interrupt-controller;
	};
	routed@5000 {
		compatible = "vendor,routed";
		reg = <0x5000 0x1000>;
		interrupt-parent = <&router>;
		interrupts = <3>;
	};
	key@3000 {
		compatible = "vendor,key";
		reg = <0x3000 0x1000>;
		interrupts-extended = <&pins 1>, <0>, <&plic 7>;
		interrupt-names = "key", "none", "error";
	};
};
END
dtc -q -o "$TMP/cascade.dtb" "$TMP/cascade.dts"

cascade() # <argument...>: the guest's tree, as source
{
	"$SOCASSIGN" dtb --dtb "$TMP/cascade.dtb" "$@" >"$TMP/guest.dtb" \
		2>"$TMP/report" || return
	dtc -q -I dtb -O dts "$TMP/guest.dtb"
}

tells() # <extended regular expression> <argument...>: the report has it
{
	expected=$1
	shift
	cascade "$@" >"$TMP/printed" || return
	cat "$TMP/report"
	grep -Eq -- "$expected" "$TMP/report"
}

ok "the stand-in is the controller where lines end" \
	prints '"sifive,plic-1.0.0"' cascade /gpio@2000
ok "it is that of the cascade, too" prints '"sifive,plic-1.0.0"' cascade \
	/key@3000 /gpio@2000
ok "it is that behind a router, too" prints '"sifive,plic-1.0.0"' cascade \
	/routed@5000
ok "the line of a router is dropped" tells 'ends at /router@4000: claim that' \
	/routed@5000
ok "a line of another controller is dropped" prints \
	'interrupts-extended = <0x00 0x00 0x[0-9a-f]+ 0x07>' cascade /key@3000
ok "it is told where it ends" tells 'ends at /gpio@2000: claim that' /key@3000
ok "it can be said what the guest's controller stands for" prints \
	'interrupts-extended = <0x[0-9a-f]+ 0x01>' cascade --intc /gpio@2000 /key@3000
ok "that it stands for no controller is a failure" complains \
	'cannot stand for it' "$SOCASSIGN" dtb --dtb "$TMP/cascade.dtb" \
	--output /dev/null --intc /key@3000 /key@3000
ok "indices are those that show has" json \
	'[(i["entry"], i["name"]) for i in it["interrupts"]] == [(0, "key"), (2, "error")]' \
	"$SOCASSIGN" show --json --dtb "$TMP/cascade.dtb" /key@3000

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
