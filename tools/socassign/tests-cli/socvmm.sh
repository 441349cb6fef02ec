# SPDX-License-Identifier: GPL-2.0
# The files that socvmm reads: it is built for other machines, these parts of it for any

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
# shellcheck disable=SC2086
"${CC:-cc}" $CFLAGS -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter \
	-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.. -I"$vmm" \
	-idirafter ../../../include/uapi -Wl,--wrap=read -o "$TMP/socvmm" \
	socvmm.c "$vmm/partition.c" "$vmm/load.c" "$BUILD"/conf/*.o "$BUILD/libsocassign.a" -lfdt || exit 1
# shellcheck disable=SC2086
$RUN "$TMP/socvmm" "$TMP/described.dtb"
