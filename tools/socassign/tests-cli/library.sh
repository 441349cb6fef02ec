# SPDX-License-Identifier: GPL-2.0
# The library against a driver that the test plays
#
# With CC and RUN for another machine: CC=powerpc-linux-gnu-gcc
# RUN="qemu-ppc -L /usr/powerpc-linux-gnu"

# shellcheck disable=SC2086
"${CC:-cc}" $CFLAGS -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter \
	-Wno-unused-result -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.. \
	-idirafter ../../../include/uapi -Wl,--wrap=ioctl -Wl,--wrap=open \
	-Wl,--wrap=open64 -Wl,--wrap=access -Wl,--wrap=faccessat -o "$TMP/library" library.c \
	"$BUILD/libsocassign.a" || exit 1
# shellcheck disable=SC2086
$RUN "$TMP/library"
