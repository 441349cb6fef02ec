# SPDX-License-Identifier: GPL-2.0
# C++ can use what the headers declare, under the names of C++
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

cxx=${CROSS_COMPILE:-}g++
abi=../../../include/uapi/linux/socassign.h

names() # <struct or enum> <behind its name>
{
	cat "$abi" ../libsocassign.h ../libsocassign-tree.h |
		sed -nE "s/^$1 (\w+) ?$2\$/\1/p" | sort -u
}

functions()
{
	sed -nE 's/^\t\t(soca_\w+);$/\1/p' ../libsocassign.map
}

# An object of each struct and enum, a pointer to what nobody looks into, a value of
# each enumerator, the address of each function
program()
{
	echo '#include <libsocassign.h>'
	for name in $(names struct ' \{') $(names enum ' \{'); do
		echo "$name the_$name = $name();"
	done
	for name in $(names struct ';'); do
		echo "$name *some_$name;"
	done
	echo 'const int values[] = {'
	sed -nE '/^enum /,/^}/s/^\t(\w+)( = .*)?,?$/\1,/p' "$abi" \
		../libsocassign.h ../libsocassign-tree.h
	printf '};\ntypedef void (*function)();\nfunction functions[] = {\n'
	for name in $(functions); do
		echo "reinterpret_cast<function>($name),"
	done
	echo '};
int main()
{
	const soca_info *(*info)(const soca_claim *) = soca_info_get;
	uint8_t byte;
	uint64_t wide;

	return !info || !values[0] || !functions[0] ||
	       soca_read8(nullptr, 0, 0, &byte) ||
	       soca_read64(nullptr, 0, 0, &wide);
}'
}

build()
{
	"$cxx" -std=c++11 -Wall -Wextra -Wpedantic -Wold-style-cast \
		-Wconversion -Werror -I.. -idirafter ../../../include/uapi \
		-o "$TMP/cxx" "$TMP/cxx.cc" "$BUILD/libsocassign.so"
}

header() # <header>: it needs no other before it
{
	echo "#include \"$1\"" | "$cxx" -std=c++11 -Wall -Wextra -Wpedantic \
		-Werror -I.. -idirafter ../../../include/uapi -fsyntax-only \
		-x c++ -
}

if ! command -v "$cxx" >/dev/null; then
	skip "C++ can use the headers" "no $cxx"
	finish
fi
program >"$TMP/cxx.cc"
ok "structs, enums and functions were found" \
	test "$(grep -c '^soca.* the_' "$TMP/cxx.cc")" -ge 50
ok "C++ can use all of them" build
ok "each header stands alone: the ABI" header "$abi"
ok "each header stands alone: the library" header libsocassign.h
ok "each header stands alone: the tree" header libsocassign-tree.h
finish
