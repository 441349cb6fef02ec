# SPDX-License-Identifier: GPL-2.0
# What of socvmm needs no VM: it is built for other machines, these parts of it for any

vmm=../../../samples/socassign/socvmm

dtc -q -o "$TMP/described.dtb" - <<END
/dts-v1/;
/ {
	partitions {
		compatible = "socassign,partitions";

		a {
			kernel = "/boot/a";
			memory-size = <0x1000000>;
		};

		b {
			kernel = "/boot/b";
			bootargs = "root=/dev/b";
			overlays = "/boot/b.dtbo";
			memory-size = <0x1000000>;

			device {
				paths = "/soc/b";
			};
		};
	};
};
END
dtc -q -o "$TMP/host.dtb" - <<END
/dts-v1/;
/ {
	gic {
		compatible = "arm,gic-v3";
		interrupt-controller;
		#interrupt-cells = <3>;
	};
};
END
# What needs the rest of it is thrown away.
# shellcheck disable=SC2086
"${CC:-cc}" $CFLAGS -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter \
	-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.. -I"$vmm" \
	-idirafter ../../../include/uapi -ffunction-sections -Wl,--gc-sections \
	-Wl,--wrap=read -Wl,--wrap=soca_open -Wl,--wrap=soca_close \
	-Wl,--wrap=soca_info_get -Wl,--wrap=soca_irq_get -o "$TMP/socvmm" \
	socvmm.c "$vmm/partition.c" "$vmm/load.c" "$vmm/assign.c" \
	"$BUILD"/conf/*.o "$BUILD/libsocassign.a" -lfdt || exit 1
# shellcheck disable=SC2086
$RUN "$TMP/socvmm" "$TMP/described.dtb" "$TMP/host.dtb"
