# SPDX-License-Identifier: GPL-2.0
# Who links the library finds all of it with pkg-config, also after a cross build
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

fdt=$DTS/../../../../scripts/dtc/libfdt
cross=${CROSS_COMPILE:-powerpc-linux-gnu-}
arm=aarch64-linux-gnu-
power=powerpc-linux-gnu-
socvmm=../../../samples/socassign/socvmm
usr=$TMP/usr

# With static libraries pkg-config has to name what ours needs.
cat >"$TMP/user.c" <<END
#include <libsocassign.h>

int main(void)
{
	struct soca_tree *tree;

	return soca_tree_open("no tree", 7, &tree) != -22;
}
END

installed() # <argument of make...>
{
	rm -rf "$usr"
	make -C .. install-lib DESTDIR= PREFIX="$usr" "$@"
}

config() # <argument...>: as on the machine that the library is for
{
	PKG_CONFIG_LIBDIR=$usr/lib/pkgconfig pkg-config "$@" libsocassign
}

manual()
{
	sed -nE 's/^\t\t(soca_\w+);$/\1/p' ../libsocassign.map >"$TMP/names"
	while read -r name; do
		grep -q "^$name " "$usr/share/man/man3/$name.3" || return
	done <"$TMP/names"
	[ -e "$usr/share/man/man3/libsocassign.3" ]
}

linked() # <compiler> [argument...]
{
	# Words
	# shellcheck disable=SC2046
	"$@" -o "$TMP/user" "$TMP/user.c" $(config --cflags --libs)
}

statically() # <compiler>
{
	# shellcheck disable=SC2046
	"$1" -static -o "$TMP/user" "$TMP/user.c" \
		$(config --static --cflags --libs)
}

# The makefiles of the parts run in their own directories.
says_place() # <extended regular expression>: one beside us, of what would be done
{
	top=$(cd ../../.. && pwd)
	make -n -C "$top" install O="$TMP/none" DESTDIR=out LIBFDT_SRC=fdt \
		>"$TMP/would" || return
	grep -E -- "$1" "$TMP/would" >"$TMP/places" || return
	! grep -vF -- "$top/" "$TMP/places"
}

# The kernel's makefile is no more than a stand-in: it says what it is told.
module_place()
{
	mkdir -p "$TMP/kernel"
	# shellcheck disable=SC2016 # make expands it
	printf '%s\n' 'modules_install:' '	@echo "to $(INSTALL_MOD_PATH)"' \
		>"$TMP/kernel/Makefile"
	prints "^to $(cd ../../.. && pwd)/out\$" make -s -C ../../.. modules_install \
		KDIR="$TMP/kernel" INSTALL_MOD_PATH=out
}

# In the makefile at the top, and in those of the parts
refuses_spaces() # <directory> <target> <variable>
{
	complains "$3=$TMP/a b: .*spaces" make -n -C "$1" "$2" KDIR="$TMP/kernel" \
		O="$TMP/none" CROSS_COMPILE="$arm" "$3=$TMP/a b"
}

made_for() # <directory> <object> <CROSS_COMPILE> <machine>
{
	make -s -C "$1" O="$TMP/flags" CROSS_COMPILE="$3" LIBFDT_SRC="$fdt" \
		"$TMP/flags/$2" || return
	LC_ALL=C readelf -h "$TMP/flags/$2" | grep "Machine: *$4"
}

# One compiler, then another one, then that again
follows_compiler() # <directory> <object>
{
	made_for "$1" "$2" "$arm" AArch64 || return
	made_for "$1" "$2" "$power" PowerPC || return
	made=$(stat -c %y "$TMP/flags/$2")
	made_for "$1" "$2" "$power" PowerPC || return
	[ "$made" = "$(stat -c %y "$TMP/flags/$2")" ]
}

ok "a relative DESTDIR is where make was called" says_place 'out/usr/local/sbin/'
ok "so is LIBFDT_SRC" says_place '-isystem [^ ]*fdt '
ok "so is INSTALL_MOD_PATH" module_place
ok "a path with spaces is refused" refuses_spaces ../../.. install DESTDIR
ok "for the module, too" refuses_spaces ../../.. modules_install INSTALL_MOD_PATH
ok "by the library's makefile" refuses_spaces .. install PREFIX
ok "by socvmm's" refuses_spaces "$socvmm" install DESTDIR

if ! command -v pkg-config >/dev/null; then
	skip "pkg-config finds the library" "no pkg-config"
	finish
fi
if [ -z "$CROSS_COMPILE" ]; then
	ok "the library is installed" installed O="$BUILD"
	ok "each function has a page of the manual" manual
	ok "a program is linked with it" linked "${CC:-cc}"
	ok "and runs" env LD_LIBRARY_PATH="$usr/lib" "$TMP/user"
	ok "a program is linked statically" statically "${CC:-cc}"
	ok "and runs by itself" "$TMP/user"
fi
if ! command -v "${cross}gcc" >/dev/null || [ ! -e "$fdt" ]; then
	skip "that of a cross build is" "no ${cross}gcc, or no kernel source"
	finish
fi
if ! { command -v "${arm}gcc" && command -v "${power}gcc"; } >/dev/null; then
	skip "no object is another compiler's" "no ${arm}gcc, or no ${power}gcc"
else
	ok "no object of the library is another compiler's" follows_compiler .. event.o
	ok "none of socvmm is" follows_compiler "$socvmm" console.o
fi
ok "that of a cross build is installed" installed O="$TMP/cross" \
	CROSS_COMPILE="$cross" LIBFDT_SRC="$fdt"
ok "a program is linked with it" linked "${cross}gcc"
ok "a program is linked statically" statically "${cross}gcc"
finish
