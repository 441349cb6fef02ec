# SPDX-License-Identifier: GPL-2.0
# A description of partitions, held against the board
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

binding=../../../Documentation/devicetree/bindings/virt/socassign,partitions.yaml
soc=/soc@fe0000000
mem=/reserved-memory
page="the kernel does each access"

# The board, with what partitions are made of
cat board.dts - >"$TMP/host.dts" <<END
/ {
	cpus {
		cpu@1 {
			device_type = "cpu";
			reg = <1>;
		};
	};

	reserved-memory {
		mail: mail@30200000 {
			reg = <0 0x30200000 0x100000>;
			socassign,shared;
		};

		roaming {
			size = <0x100000>;
			socassign,shared;
		};

		other@30300000 {
			reg = <0 0x30300000 0x100000>;
		};

		/* Whoever wants pages gets some of these, too. */
		cma@38000000 {
			compatible = "shared-dma-pool";
			reusable;
			reg = <0 0x38000000 0x1000000>;
		};
	};

	soc@fe0000000 {
		uart@a000 {
			compatible = "ns16550";
			reg = <0xa000 0x100>;
			interrupts = <61 2>;
		};

		uart@c000 {
			compatible = "ns16550";
			reg = <0xc000 0x100>;
			interrupts = <62 2>;
		};

		/* A page for two, and one for a device and its own parent's. */
		uart@d000 {
			compatible = "ns16550";
			reg = <0xd000 0x100>;
			interrupts = <63 2>;
			clocks = <&clock 3>, <&clock 4>;
		};

		uart@d100 {
			compatible = "ns16550";
			reg = <0xd100 0x100>;
		};

		overlap@d180 {
			compatible = "ns16550";
			reg = <0xd180 0x10>;
		};

		engine@f000 {
			compatible = "vendor,engine";
			reg = <0xf000 0x100>;
			memory-region = <&mail>;
		};

		/* Each has an end of a graph, and one has another's pins. */
		camera@10000 {
			compatible = "ns16550";
			reg = <0x10000 0x100>;

			port {
				out: endpoint {
					remote-endpoint = <&in>;
				};
			};
		};

		display@11000 {
			compatible = "ns16550";
			reg = <0x11000 0x100>;

			port {
				in: endpoint {
					remote-endpoint = <&out>;
				};
			};

			pins: pins {
				pin = <1>;
			};
		};

		uart@12000 {
			compatible = "ns16550";
			reg = <0x12000 0x100>;
			pinctrl-0 = <&pins>;
		};

		/* Two on a reset line, one of them disabled; and two, both enabled. */
		reset: reset@13000 {
			compatible = "vendor,reset";
			reg = <0x13000 0x100>;
			#reset-cells = <1>;
		};

		uart@14000 {
			compatible = "ns16550";
			status = "disabled";
			reg = <0x14000 0x100>;
			resets = <&reset 4>, <0>, <&reset 5>;
		};

		uart@15000 {
			compatible = "ns16550";
			reg = <0x15000 0x100>;
			resets = <&reset 6>, <&reset 5>;
		};

		uart@16000 {
			compatible = "ns16550";
			reg = <0x16000 0x100>;
			resets = <0>, <&reset 6>;
		};

		uart@17000 {
			compatible = "ns16550";
			status = "disabled";
			reg = <0x17000 0x100>;
			resets = <0>, <&reset 7>;
		};

		/* With a part that has registers of others, and a reset line. */
		ethernet@1e000 {
			#address-cells = <1>;
			#size-cells = <1>;
			compatible = "vendor,ethernet";
			reg = <0x1e000 0x100>;
			ranges;

			mdio@1f000 {
				compatible = "vendor,mdio";
				status = "disabled";
				reg = <0x1f000 0x100>;
				resets = <&reset 8>;
			};
		};

		uart@1f080 {
			compatible = "ns16550";
			reg = <0x1f080 0x10>;
		};

		uart@2f000 {
			compatible = "ns16550";
			reg = <0x2f000 0x100>;
			resets = <&reset 8>;
		};

		/* Two on a line each, spelt in two ways. */
		uart@18000 {
			compatible = "ns16550";
			reg = <0x18000 0x100>;
			interrupts = <64 2>;
		};

		uart@19000 {
			compatible = "ns16550";
			reg = <0x19000 0x100>;
			interrupts = <64 1>;
		};

		gic: gic@1a000 {
			compatible = "arm,gic-400";
			reg = <0x1a000 0x1000>;
			interrupt-controller;
			#interrupt-cells = <3>;
		};

		uart@1b000 {
			compatible = "ns16550";
			reg = <0x1b000 0x100>;
			interrupts-extended = <&gic 0 1 4>;
		};

		uart@1c000 {
			compatible = "ns16550";
			reg = <0x1c000 0x100>;
			interrupts-extended = <&gic 0 1 1>, <&gic 0 2 4>;
		};

		uart@1d000 {
			compatible = "ns16550";
			reg = <0x1d000 0x100>;
			interrupts-extended = <&gic 1 1 4>;
		};

		pump@e000 {
			#address-cells = <1>;
			#size-cells = <1>;
			compatible = "vendor,pump";
			reg = <0xe000 0x100>;
			ranges;

			power@e800 {
				compatible = "vendor,power", "syscon";
				reg = <0xe800 0x100>;
			};
		};
	};

	/* Where the host bridge has its window */
	uart@c00001000 {
		compatible = "ns16550";
		reg = <0xc 0x00001000 0x100>;
	};

	bus@fa0000000 {
		dma@1000 {
			compatible = "vendor,dma";
			reg = <0x1000 0x1000>;
			iommus = <&iommu 1>;
		};

		dma@2000 {
			compatible = "vendor,dma";
			reg = <0x2000 0x1000>;
			iommus = <&iommu 2>, <&iommu 1>;
		};

		dma@3000 {
			compatible = "vendor,dma";
			reg = <0x3000 0x1000>;
			iommus = <&iommu 3>, <&iommu 2>;
		};

		/* Bits of an ID that do not count: of all of them, or of one. */
		smmu: iommu@4000 {
			compatible = "arm,mmu-500";
			reg = <0x4000 0x1000>;
			#iommu-cells = <1>;
			stream-match-mask = <0x7c00>;
		};

		dma@5000 {
			compatible = "vendor,dma";
			reg = <0x5000 0x1000>;
			iommus = <&smmu 0x0401>;
		};

		dma@6000 {
			compatible = "vendor,dma";
			reg = <0x6000 0x1000>;
			iommus = <&smmu 0x0801>;
		};

		dma@7000 {
			compatible = "vendor,dma";
			reg = <0x7000 0x1000>;
			iommus = <&smmu 0x0402>;
		};

		masks: iommu@8000 {
			compatible = "arm,mmu-500";
			reg = <0x8000 0x1000>;
			#iommu-cells = <2>;
		};

		dma@9000 {
			compatible = "vendor,dma";
			reg = <0x9000 0x1000>;
			iommus = <&masks 0x10 0xf>;
		};

		dma@a000 {
			compatible = "vendor,dma";
			reg = <0xa000 0x1000>;
			iommus = <&masks 0x12 0>;
		};

		dma@b000 {
			compatible = "vendor,dma";
			reg = <0xb000 0x1000>;
			iommus = <&masks 0x20 0xf>;
		};
	};
};
END
ok "a host" dtc -q -o "$TMP/host.dtb" "$TMP/host.dts"

compiled() # <partitions>: $TMP/conf.dtb
{
	printf '/dts-v1/;\n/ { partitions { compatible = "socassign,partitions";\n%s\n}; };\n' \
		"$1" | dtc -q -o "$TMP/conf.dtb" -
}

check() # <option...>
{
	"$SOCASSIGN" partition check --dtb "$TMP/host.dtb" "$@" "$TMP/conf.dtb"
}

finds() # <line> <partitions>: that, and that it is an error or is none
{
	compiled "$2" || return
	code=0
	check >"$TMP/found" || code=$?
	cat "$TMP/found"
	grep -Fqx -- "$1" "$TMP/found" || return
	case $1 in
	error:*) [ $code = 1 ] ;;
	*) [ $code = 0 ] ;;
	esac
}

# What every partition needs
kernel='kernel = "/boot/Image";'
size="$kernel memory-size = <0x1000000>;"

a() # <body>: a partition
{
	printf 'a { %s %s };\n' "$size" "$1"
}

ab() # <body> <body>: two
{
	a "$1"
	printf 'b { %s %s };\n' "$size" "$2"
}

device() # <path> [flags]
{
	printf 'device { paths = "%s"; %s };' "$1" "$2"
}

shared() # <path>
{
	printf 'shared-memory { memory-path = "%s"; };' "$1"
}

good="a { $kernel memory-path = \"$mem/guest@20000000\"; cpu-paths = \"/cpus/cpu@0\";
	console = \"$soc/uart@a000\"; $(device $soc/uart@a000) $(shared $mem/mail@30200000) };
b { $size $(device $soc/uart@c000) $(shared $mem/mail@30200000) };"

ok "two partitions" compiled "$good"
ok "nothing is wrong with them" exits 0 check
ok "that is said" prints ': good$' check
ok "what they have in common is told" prints \
	"^note: /partitions/b/shared-memory memory-path: $mem/mail@30200000 is in common" \
	check
ok "and nothing else" [ "$(wc -l <"$TMP/printed")" = 2 ]
ok "JSON" json "it['good'] and it['judged_by'] == 'command' and
	[f['severity'] for f in it['findings']] == ['note']" check --json

# The description itself
ok "a mistake in the description is an error" finds \
	"error: /partitions/a/device pathes: unknown property" \
	"$(a 'device { pathes = "/a"; };')"
told_json()
{
	check --json | python3 -c "import json, sys
it = json.load(sys.stdin)
sys.exit(it['good'] or it['findings'][0] != {
	'severity': 'error', 'node': '/partitions/a/device',
	'property': 'pathes', 'text': 'unknown property' })"
}
ok "it is told in JSON, too" told_json
ok "what is no description is an error" exits 1 "$SOCASSIGN" partition check \
	--dtb "$TMP/host.dtb" lib.sh
ok "a file that is not there is an error" exits 1 "$SOCASSIGN" partition check \
	--dtb "$TMP/host.dtb" /nowhere
ok "so is the machine's own, if it is not there" complains \
	/etc/socassign/partitions.dtb "$SOCASSIGN" partition check \
	--dtb "$TMP/host.dtb"
ok "no action is wrong usage" exits 2 "$SOCASSIGN" partition
ok "two files are wrong usage" exits 2 check a
ok "so are a file and --description" exits 2 check --description a
ok "an unknown action is wrong usage" exits 2 "$SOCASSIGN" partition frobnicate

# What is missing
ok "a device that is not there" finds \
	"error: /partitions/a/device paths: the host's tree has no such node: /nowhere" \
	"$(a "$(device /nowhere)")"
ok "memory that is not there" finds \
	"error: /partitions/a memory-path: the host's tree has no such node: $mem/x" \
	"a { $kernel memory-path = \"$mem/x\"; };"
ok "memory that is none" finds \
	"error: /partitions/a memory-path: $soc/uart@a000 is no child of /reserved-memory" \
	"a { $kernel memory-path = \"$soc/uart@a000\"; };"
ok "memory that nobody gets" finds \
	"error: /partitions/a memory-path: $mem/odd@31000800: it does not consist of whole pages" \
	"a { $kernel memory-path = \"$mem/odd@31000800\"; };"
ok "memory that is not to be shared" finds \
	"error: /partitions/a/shared-memory memory-path: $mem/other@30300000: it has no property socassign,shared" \
	"$(a "$(shared $mem/other@30300000)")"
ok "memory that is anywhere" finds \
	"error: /partitions/a/shared-memory memory-path: $mem/roaming: it has no address in the tree, where others would find it" \
	"$(a "$(shared $mem/roaming)")"
ok "memory as a device" finds \
	"error: /partitions/a/device paths: memory is no device: memory-path, or shared-memory" \
	"$(a "$(device $mem/other@30300000)")"
ok "a CPU that is not there" finds \
	"error: /partitions/a cpu-paths: the host's tree has no such node: /cpus/cpu@9" \
	"$(a 'cpu-paths = "/cpus/cpu@9";')"
ok "a CPU that is none" finds \
	"error: /partitions/a cpu-paths: $soc/uart@a000 is no CPU" \
	"$(a "cpu-paths = \"$soc/uart@a000\";")"
ok "a console that the partition does not have" finds \
	"error: /partitions/a console: the partition has no such device: $soc/uart@c000" \
	"$(a "console = \"$soc/uart@c000\"; $(device $soc/uart@a000)")"

# What the rule book says
unsafe=/bus@f90000000/dma@0
ok "a device that nobody gets" finds \
	"error: /partitions/a/device paths: $soc/global-utilities@e0000: it is, or is part of, a system control block" \
	"$(a "$(device $soc/global-utilities@e0000)")"
ok "one without what is below it" finds \
	"error: /partitions/a/device paths: $soc/ethernet@b0000: subtree is missing" \
	"$(a "$(device $soc/ethernet@b0000)")"
ok "one with what nobody gets below it" finds \
	"error: /partitions/a/device paths: $soc/pump@e000: below it is $soc/pump@e000/power@e800: it is, or is part of, a system control block" \
	"$(a "$(device $soc/pump@e000 'subtree; no-dma;')")"
ok "one whose LIODN another has" finds \
	"error: /partitions/a/device paths: $soc/dma@7000 has a LIODN in common with $soc/sata@8000: name both" \
	"$(a "$(device $soc/dma@7000)")"
ok "both of these" finds \
	"note: /partitions/a/device paths: $soc/dma@7000: it does DMA, for which memory should be in one piece: memory-path" \
	"$(a "$(device "$soc/dma@7000\", \"$soc/sata@8000")")"
ok "a bus master that nothing stops" finds \
	"error: /partitions/a/device paths: $unsafe: it masters a bus, and nothing protects memory from it: unsafe-dma is missing" \
	"$(a "$(device $unsafe)")"
ok "nobody can vouch for it" finds \
	"error: /partitions/a/device paths: $unsafe: it masters a bus, and nothing protects memory from it: unsafe-dma is missing" \
	"$(a "$(device $unsafe 'no-dma;')")"
ok "it wants a partition of memory" finds \
	"error: /partitions/a/device paths: $unsafe: unsafe-dma wants memory in one piece: memory-path" \
	"$(a "$(device $unsafe 'unsafe-dma;')")"
ok "one that nobody knows" finds \
	"note: /partitions/a/device paths: $soc/user@6000: it may master a bus: it needs no-dma or unsafe-dma here, or a DMA class that the administrator declares" \
	"$(a "$(device $soc/user@6000)")"
ok "a portal" finds \
	"note: /partitions/a/device paths: /bman-portal@ff4000000: others do DMA for it: it needs confined-dma or unsafe-dma here, or the class confined that the administrator declares" \
	"$(a "$(device /bman-portal@ff4000000)")"
ok "a word about one" compiled \
	"$(a "$(device /bman-portal@ff4000000 'confined-dma;')")"
ok "is enough" sh -c "'$SOCASSIGN' partition check --dtb '$TMP/host.dtb' \
	'$TMP/conf.dtb' >'$TMP/found' && ! grep 'others do' '$TMP/found'"
ok "for that one, somebody can vouch" compiled \
	"$(a "$(device $soc/user@6000 'no-dma;')")"
ok "then that is not told" sh -c "'$SOCASSIGN' partition check \
	--dtb '$TMP/host.dtb' '$TMP/conf.dtb' >'$TMP/found' &&
	! grep 'may master' '$TMP/found'"
ok "two, one below the other" finds \
	"error: /partitions/a/device paths: $soc/ethernet@b0000/queue-group@b0000 is below $soc/ethernet@b0000, which is named, too" \
	"$(a "$(device "$soc/ethernet@b0000\", \"$soc/ethernet@b0000/queue-group@b0000" 'subtree;')")"

# Two that want the same
ok "a device in two" finds \
	"error: /partitions/b/device paths: $soc/uart@a000 is another's, or one above it or below it is (a/device)" \
	"$(ab "$(device $soc/uart@a000)" "$(device $soc/uart@a000)")"
ok "a device and its bus" finds \
	"error: /partitions/b/device paths: /bus@fd0000000/uart@0 is another's, or one above it or below it is (a/device)" \
	"$(ab "$(device /bus@fd0000000 'subtree; no-dma;')" "$(device /bus@fd0000000/uart@0)")"
ok "a LIODN in two" finds \
	"error: /partitions/b/device paths: $soc/sata@8000 has a LIODN of $soc/dma@7000 (a/device)" \
	"$(ab "$(device $soc/dma@7000)" "$(device $soc/sata@8000)")"
ok "the ID of an IOMMU in two" finds \
	"error: /partitions/b/device paths: /bus@fa0000000/dma@1000 is behind the IOMMU with the same ID as /bus@fa0000000/dma@0 (a/device)" \
	"$(ab "$(device /bus@fa0000000/dma@0)" "$(device /bus@fa0000000/dma@1000)")"
ok "one of several IDs in two" finds \
	"error: /partitions/b/device paths: /bus@fa0000000/dma@3000 is behind the IOMMU with the same ID as /bus@fa0000000/dma@2000 (a/device)" \
	"$(ab "$(device /bus@fa0000000/dma@2000)" "$(device /bus@fa0000000/dma@3000)")"
ok "other IDs" compiled \
	"$(ab "$(device /bus@fa0000000/dma@0)" "$(device /bus@fa0000000/dma@3000)")"
ok "are right" exits 0 check
smmus=/bus@fa0000000
ok "one but for bits that do not count" finds \
	"error: /partitions/b/device paths: $smmus/dma@6000 is behind the IOMMU with the same ID as $smmus/dma@5000 (a/device)" \
	"$(ab "$(device $smmus/dma@5000)" "$(device $smmus/dma@6000)")"
ok "one among those that another's mask takes in" finds \
	"error: /partitions/b/device paths: $smmus/dma@a000 is behind the IOMMU with the same ID as $smmus/dma@9000 (a/device)" \
	"$(ab "$(device $smmus/dma@9000)" "$(device $smmus/dma@a000)")"
ok "others with bits that do not count" compiled \
	"$(ab "$(device "$smmus/dma@5000\", \"$smmus/dma@9000")" "$(device "$smmus/dma@7000\", \"$smmus/dma@b000")")"
ok "are right" exits 0 check
ok "an interrupt in two" finds \
	"error: /partitions/b/device paths: $soc/i2c@3100 has the interrupt of $soc/i2c@3000: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/i2c@3000)" "$(device $soc/i2c@3100)")"
ok "an interrupt in two claims of one" finds \
	"error: /partitions/a/x-device paths: $soc/i2c@3100 has the interrupt of $soc/i2c@3000: one claim has to have both (a/device)" \
	"$(a "$(device $soc/i2c@3000) x-$(device $soc/i2c@3100)")"
ok "one that is spelt in two ways" finds \
	"error: /partitions/b/device paths: $soc/uart@19000 has the interrupt of $soc/uart@18000: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@18000)" "$(device $soc/uart@19000)")"
ok "one of a GIC that is" finds \
	"error: /partitions/b/device paths: $soc/uart@1c000 has the interrupt of $soc/uart@1b000: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@1b000)" "$(device $soc/uart@1c000)")"
ok "another one of a GIC" compiled \
	"$(ab "$(device $soc/uart@1b000)" "$(device $soc/uart@1d000)")"
ok "is right" exits 0 check
ok "a reset line in two" finds \
	"error: /partitions/b/device paths: $soc/uart@15000 has the reset line of $soc/uart@14000: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@14000)" "$(device $soc/uart@15000)")"
ok "both in one claim" compiled \
	"$(a "$(device "$soc/uart@14000\", \"$soc/uart@15000")")"
ok "are right" exits 0 check
ok "one that is the host's, of two that are enabled" compiled \
	"$(ab "$(device $soc/uart@15000)" "$(device $soc/uart@16000)")"
ok "is right" exits 0 check
ok "other reset lines, and holes among them" compiled \
	"$(ab "$(device $soc/uart@14000)" "$(device $soc/uart@17000)")"
ok "are right" exits 0 check
ok "registers in two" finds \
	"error: /partitions/b/device paths: $soc/overlap@d180 has registers of $soc/uart@d100 (a/device)" \
	"$(ab "$(device $soc/uart@d100)" "$(device $soc/overlap@d180)")"
bridge=/pci@fc0000000
ok "registers in a window" finds \
	"error: /partitions/b/device paths: $bridge has registers of /uart@c00001000 (a/device)" \
	"$(ab "$(device /uart@c00001000)" "$(device $bridge 'subtree; unsafe-dma;')")"
ok "a window over registers" finds \
	"error: /partitions/b/device paths: /uart@c00001000 has registers of $bridge (a/device)" \
	"$(ab "$(device $bridge 'subtree; unsafe-dma;')" "$(device /uart@c00001000)")"
enet=$soc/ethernet@1e000
ok "registers of a part that is not claimed" finds \
	"error: /partitions/b/device paths: $soc/uart@1f080 has registers of $enet/mdio@1f000 (a/device)" \
	"$(ab "$(device $enet 'no-dma;')" "$(device $soc/uart@1f080)")"
ok "the reset line of one, the other way round" finds \
	"error: /partitions/b/device paths: $enet/mdio@1f000 has the reset line of $soc/uart@2f000: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@2f000)" "$(device $enet 'no-dma;')")"
ok "a page of registers in two" finds \
	"note: /partitions/b/device paths: $soc/uart@d100 has registers in a page of $soc/uart@d000: neither maps it, $page (kernel_access) (a/device)" \
	"$(ab "$(device $soc/uart@d000)" "$(device $soc/uart@d100)")"
ok "a supplier and its consumer" finds \
	"error: /partitions/b/device paths: $soc/uart@d000 depends on $soc/clock@5000 (clocks): one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@d000)" "$(device $soc/clock@5000 'no-dma;')")"
ok "it is told once" [ "$(grep -c ^error: "$TMP/found")" = 1 ]
ok "the other way round" finds \
	"error: /partitions/a/device paths: $soc/uart@d000 depends on $soc/clock@5000 (clocks): one claim has to have both (b/device)" \
	"$(ab "$(device $soc/clock@5000 'no-dma;')" "$(device $soc/uart@d000)")"
graph="$soc/camera@10000/port/endpoint depends on $soc/display@11000/port/endpoint (remote-endpoint)"
ok "the two ends of a graph" finds \
	"error: /partitions/b/device paths: $graph: one claim has to have both (a/device)" \
	"$(ab "$(device $soc/camera@10000)" "$(device $soc/display@11000)")"
ok "a supplier that is a part of a device" finds \
	"error: /partitions/b/device paths: $soc/uart@12000 depends on $soc/display@11000/pins (pinctrl-0): one claim has to have both (a/device)" \
	"$(ab "$(device $soc/uart@12000)" "$(device $soc/display@11000)")"
ok "both in one claim" compiled \
	"$(a "$(device "$soc/camera@10000\", \"$soc/display@11000\", \"$soc/uart@12000")")"
ok "are right" exits 0 check
ok "memory in two" finds \
	"error: /partitions/b memory-path: $mem/other@30300000 is another's memory (a)" \
	"a { $kernel memory-path = \"$mem/other@30300000\"; };
	 b { $kernel memory-path = \"$mem/other@30300000\"; };"
ok "memory of one that another has in common" finds \
	"error: /partitions/b/shared-memory memory-path: $mem/mail@30200000 is another's memory (a)" \
	"a { $kernel memory-path = \"$mem/mail@30200000\"; };
	 b { $size $(shared $mem/mail@30200000) };"
ok "a CPU in two" finds \
	"note: /partitions/b cpu-paths: /cpus/cpu@0 is also a CPU of a" \
	"$(ab 'cpu-paths = "/cpus/cpu@0";' 'cpu-paths = "/cpus/cpu@0";')"

ok "a CPU twice in one" finds \
	"note: /partitions/a cpu-paths: /cpus/cpu@1 is named twice" \
	"$(a 'cpu-paths = "/cpus/cpu@1", "/cpus/cpu@1";')"
ok "more CPUs than there are" finds \
	"note: /partitions/a cpus: the guest has 3 CPUs, and the machine has 2" \
	"$(a 'cpus = <3>;')"
ok "as many as there are" compiled "$(a 'cpus = <2>;')"
ok "is nothing to tell" exits 1 sh -c "'$SOCASSIGN' partition check \
	--dtb '$TMP/host.dtb' '$TMP/conf.dtb' | grep note"
ok "more memory than there is" finds \
	"error: /partitions/a memory-size: it is more than is left of the machine's memory: 0x37cf9000 bytes" \
	"a { $kernel memory-size = <0xffffffff 0xfffff000>; };"
ok "half of a large page" compiled "a { $kernel memory-size = <0x1008000>; };"
ok "is whole pages" exits 0 check
ok "but not of those" prints "^error: /partitions/a memory-size: not a size in whole pages, which have 0x10000 bytes" \
	sh -c "! '$SOCASSIGN' partition check --dtb '$TMP/host.dtb' \
	--page-size 65536 '$TMP/conf.dtb'"
ok "all that is not reserved" compiled "a { $kernel memory-size = <0x37cf9000>; };"
ok "is no error" exits 0 check
ok "a page more" finds \
	"error: /partitions/a memory-size: it is more than is left of the machine's memory: 0x37cf9000 bytes" \
	"a { $kernel memory-size = <0x37cfa000>; };"
ok "more memory than there is for all" finds \
	"error: /partitions/c memory-size: it is more than is left of the machine's memory: 0x7cf9000 bytes" \
	"a { $kernel memory-size = <0x10000000>; };
	 b { $kernel memory-size = <0x20000000>; };
	 c { $kernel memory-size = <0x10000000>; };
	 d { $kernel memory-size = <0x7cf9000>; };"
ok "it is told of the one for which there is none" [ "$(grep -c ^error: "$TMP/found")" = 1 ]
ok "memory in common with nobody" finds \
	"note: /partitions/a/shared-memory memory-path: $mem/mail@30200000 is in common with no other partition" \
	"$(a "$(shared $mem/mail@30200000)")"

# What devices see of memory
window() # <properties> [device] [flags]
{
	printf 'a { %s memory-path = "%s"; cpu-paths = "/cpus/cpu@0"; %s
		device { paths = "%s"; %s window { %s }; }; };' "$kernel" \
		"$mem/guest@20000000" "$(shared $mem/mail@30200000)" \
		"${2:-$soc/dma@7000\", \"$soc/sata@8000}" "$3" "$1"
}

win=/partitions/a/device/window
all="iova = <0>; size = <0x1000000>;"
guest="memory-path = \"$mem/guest@20000000\";"
ok "a window onto all of the memory" compiled "$(window "$all")"
ok "nothing is wrong with it" exits 0 check
ok "one onto memory in common" compiled \
	"$(window "iova = <0x30200000>; size = <0x100000>; index = <1>;")"
ok "nor with that" exits 0 check
ok "one that is stashed for the partition's CPU" compiled \
	"$(window "$all $guest stash-level = <1>; stash-cpu-path = \"/cpus/cpu@0\"; operation = <1>;")"
ok "nor is with that" exits 0 check
ok "a mistake in one is an error" finds "error: $win iova: is missing" \
	"$(window "size = <0x1000>;")"
ok "more than the memory behind it" finds \
	"error: $win size: it ends beyond $mem/mail@30200000, which has 0x100000 bytes" \
	"$(window "iova = <0>; size = <0x100000>; offset = <0x1000>; memory-path = \"$mem/mail@30200000\";")"
ok "more than the guest's memory" finds \
	"error: $win size: it is more than the guest's memory, which has 0x10000000 bytes" \
	"$(window "iova = <0>; size = <0x10001000>;")"
ok "an identity that is not there" finds \
	"error: $win index: it is 2, and the devices have 2 LIODNs" \
	"$(window "$all index = <2>;")"
ok "a window of what does no DMA" finds \
	"error: $win index: it is 0, and the devices have neither a LIODN nor an IOMMU" \
	"$(window "$all" $soc/uart@a000)"
ok "one of what nothing stops" compiled "$(window "$all" $unsafe "unsafe-dma;")"
ok "is right" exits 0 check
ok "a CPU to stash for that is not there" finds \
	"error: $win stash-cpu-path: the host's tree has no such node: /cpus/cpu@9" \
	"$(window "$all stash-level = <1>; stash-cpu-path = \"/cpus/cpu@9\";")"
ok "one that is none" finds \
	"error: $win stash-cpu-path: $soc is no CPU" \
	"$(window "$all stash-level = <2>; stash-cpu-path = \"$soc\";")"
ok "one of another's" finds \
	"note: $win stash-cpu-path: /cpus/cpu@1 is no CPU of the partition's" \
	"$(window "$all stash-level = <2>; stash-cpu-path = \"/cpus/cpu@1\";")"
ok "a window where the PAMU cannot be" finds \
	"error: $win iova: no PAMU has such windows of index 0: window 0: exceeds 36 bits, DMA address 0x1000000000" \
	"$(window "iova = <0x10 0>; size = <0x1000>; $guest")"
thread() # <size of the last one>: as the thread has them
{
	printf 'a { %s memory-size = <0x20000000>; %s device { paths = "%s";
		memory-window { iova = <0>; size = <0x20000000>; };
		msi-window { iova = <0x20000000>; size = <0x1000>; memory-path = "%s"; };
		small-window { iova = <0x40000000>; size = <0x1000000>; offset = <0>; };
		large-window { iova = <0xc0000000>; size = <%s>; offset = <0>; };
		}; };' "$kernel" "$(shared $mem/mail@30200000)" \
		"$soc/dma@7000\", \"$soc/sata@8000" "$mem/mail@30200000" "$1"
}

ok "windows as the thread has them" compiled "$(thread 0x4000000)"
ok "are right" exits 0 check
ok "one that has no place beside the others" finds \
	"error: /partitions/a/device/large-window iova: no PAMU has such windows of index 0: window 3: no power of two in its last subwindow, size 0x3000; 524288 subwindows would do, there are 256" \
	"$(thread 0x4003000)"
other=/bus@fa0000000/dma@0
ok "stashing without a PAMU" finds \
	"error: $win stash-level: only a PAMU stashes, and the devices are behind none" \
	"$(window "$all stash-level = <3>;" $other)"
ok "an operation without one" finds \
	"error: $win operation: only a PAMU maps operations, and the devices are behind none" \
	"$(window "$all operation = <2>;" $other)"
ok "other windows behind another IOMMU" compiled \
	"$(window "iova = <0x10 0>; size = <0x1000>; $guest" $other)"
ok "are right" exits 0 check

# The host
ok "an interrupt that the host may have" finds \
	"note: /partitions/a/device paths: $soc/i2c@3100 has the interrupt of $soc/i2c@3000, which has to be left alone by the host" \
	"$(a "$(device $soc/i2c@3100)")"
ok "one that it spells in another way" finds \
	"note: /partitions/a/device paths: $soc/uart@1b000 has the interrupt of $soc/uart@1c000, which has to be left alone by the host" \
	"$(a "$(device $soc/uart@1b000)")"
ok "the ID of an IOMMU that the host may have" finds \
	"note: /partitions/a/device paths: /bus@fa0000000/dma@2000 is behind the IOMMU with the same ID as /bus@fa0000000/dma@3000, which has to be left alone by the host" \
	"$(a "$(device /bus@fa0000000/dma@2000)")"
ok "a device of the host's that may depend on one" finds \
	"note: /partitions/a/device paths: $soc/uart@d000 depends on $soc/clock@5000 (clocks), and has to be left alone by the host" \
	"$(a "$(device $soc/clock@5000 'no-dma;')")"
ok "it is told once, too" [ "$(grep -c "^note:.*uart@d000 dep" "$TMP/found")" = 1 ]
ok "a page that the host may have" finds \
	"note: /partitions/a/device paths: $soc/i2c@3100 has a page in common with $soc/i2c@3000, and is not mapped: $page (kernel_access)" \
	"$(a "$(device $soc/i2c@3100)")"
ok "larger pages have more in common" prints \
	"page in common with $soc/clock@5000" check --page-size 65536

# Its examples are for other boards.
example() # <number>
{
	awk -v want="$1" '/^  - \|$/ { num++; next } /^\.\.\.$/ { exit }
		num == want' "$binding" >"$TMP/example"
	[ -s "$TMP/example" ]
}

reads_example() # <number>
{
	example "$1" || return
	{
		echo '/dts-v1/; / {'
		cat "$TMP/example"
		echo '};'
	} | dtc -q -o "$TMP/conf.dtb" - || return
	check >"$TMP/found"
	cat "$TMP/found"
	grep -q ': not good$' "$TMP/found" && ! grep '^error:' "$TMP/found" |
		grep -Ev "the host's tree has no such|has no such device"
}

validates() # <source>
{
	dtc -q -O yaml -o "$TMP/valid.yaml" "$1" || return
	dt-validate -s "${binding%/virt/*}" "$TMP/valid.yaml" >"$TMP/said" 2>&1
	cat "$TMP/said"
	[ ! -s "$TMP/said" ]
}

is_binding()
{
	(cd "${binding%/virt/*}" && dt-doc-validate -u . virt/*.yaml) \
		>"$TMP/said" 2>&1
	cat "$TMP/said"
	[ ! -s "$TMP/said" ]
}

for number in 1 2 3; do
	ok "example $number of the binding is read" reads_example $number
done
ok "there is no other" exits 1 example 4
if command -v dt-validate >/dev/null; then
	ok "the binding is one" is_binding
	dt-extract-example "$binding" >"$TMP/valid.dts"
	ok "its examples are as it says" validates "$TMP/valid.dts"
	sed 's/subtree;/subtrees;/' "$TMP/valid.dts" >"$TMP/wrong.dts"
	ok "another property is not" exits 1 validates "$TMP/wrong.dts"
	sed 's/stash-level = <1>/stash-level = <4>/' "$TMP/valid.dts" \
		>"$TMP/wrong.dts"
	ok "nor is a level that no cache has" exits 1 validates "$TMP/wrong.dts"
else
	skip "the binding is one" "no dt-validate"
fi

# On the machine itself
use_stand_in
blob=$TMP/host.dtb
make_tree "$tree" /
make_device platform fe0003000.i2c $soc/i2c@3000 mpc-i2c
here() # <line> <partitions>
{
	compiled "$2" || return
	"$SOCASSIGN" partition check "$TMP/conf.dtb" >"$TMP/found"
	cat "$TMP/found"
	grep -Fqx -- "$1" "$TMP/found"
}

ok "a file that is missing" here \
	"error: /partitions/a kernel: /boot/nowhere: No such file or directory" \
	'a { kernel = "/boot/nowhere"; memory-size = <0x1000000>; };'
: >"$TMP/empty"
ok "a file that is none" here "error: /partitions/a kernel: $TMP: not a file" \
	"a { kernel = \"$TMP\"; memory-size = <0x1000000>; };"
ok "an empty one" here "error: /partitions/a initrd: $TMP/empty: it is empty" \
	"$(a "initrd = \"$TMP/empty\";")"
ok "a device that a driver of the host's has" here \
	"note: /partitions/a/device paths: $soc/i2c@3000: a driver of the host's has it: detach is missing, or it has to be bound to socassign" \
	"$(a "$(device $soc/i2c@3000)")"
rm "$SOCASSIGN_SYSFS/bus/platform/devices/fe0003000.i2c/driver"
ln -s ../../drivers/socassign \
	"$SOCASSIGN_SYSFS/bus/platform/devices/fe0003000.i2c/driver"
echo 1 >"$SOCASSIGN_SYSFS/bus/platform/devices/fe0003000.i2c/socassign/claimed"
# Memory for a device of the host's, which has to let go of it before
engine=$soc/engine@f000
make_device platform fe000f000.engine $engine vendor-engine
region_after() # <flags>: a device, and then its memory
{
	a "$(device $engine "$1 no-dma;") $(shared $mem/mail@30200000)"
}

in_use="$mem/mail@30200000: $engine, which driver vendor-engine has, depends on it (memory-region)"
ok "memory of a device that the host has" here \
	"error: /partitions/a/shared-memory memory-path: $in_use" \
	"$(region_after "")"
ok "that of one that was taken before" compiled "$(region_after "detach;")"
ok "can be had" exits 1 sh -c "'$SOCASSIGN' partition check '$TMP/conf.dtb' |
	grep memory-region"
ok "that of one that is taken afterwards" here \
	"error: /partitions/a/shared-memory memory-path: $in_use" \
	"$(a "$(shared $mem/mail@30200000) $(device $engine 'detach; no-dma;')")"
ok "the partition's own is the last to be claimed" compiled \
	"a { $kernel memory-path = \"$mem/mail@30200000\"; $(device $engine 'detach; no-dma;') };"
ok "it can be had, too" exits 1 sh -c "'$SOCASSIGN' partition check \
	'$TMP/conf.dtb' | grep memory-region"
ok "but not by another" here "error: /partitions/b/shared-memory memory-path: $in_use" \
	"$(ab "$(device $engine 'detach; no-dma;')" "$(shared $mem/mail@30200000)")"
ok "one of a partition that runs" here \
	"note: /partitions/a/device paths: somebody has it at present" \
	"$(a "$(device $soc/i2c@3000)")"
ok "that it is claimed is no refusal" exits 1 grep "is claimed" "$TMP/found"
finish
