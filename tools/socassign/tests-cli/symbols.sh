# SPDX-License-Identifier: GPL-2.0
# What the shared library exports is what the headers declare
# Functions are run by ok().
# shellcheck disable=SC2317
. ./lib.sh

declared()
{
	# Each function's name stands in front of a parenthesis, in no comment.
	cat ../libsocassign.h ../libsocassign-tree.h |
		sed -e 's|/\*.*\*/||' -e '/\/\*/,/\*\//d' -e '/\\$/d' |
		grep -Eo '\bsoca_[a-z_]+\(' | tr -d '(' | sort -u
}

# The command's own tools need not be there in a cross build.
exported()
{
	"${CROSS_COMPILE:-}nm" -D --defined-only "$BUILD/libsocassign.so" |
		awk '$3 ~ /^soca_/ { print $3 }' | sed 's/@.*//' | sort -u
}

same()
{
	declared >"$TMP/declared"
	exported >"$TMP/exported"
	diff "$TMP/declared" "$TMP/exported"
}

soname()
{
	"${CROSS_COMPILE:-}readelf" -d "$BUILD/libsocassign.so" |
		grep -F 'soname: [libsocassign.so.0]'
}

documented()
{
	missing=0
	for name in $(exported); do
		grep -q "^ \* $name - " ../libsocassign.h \
			../libsocassign-tree.h && continue
		echo "$name has no kernel-doc"
		missing=1
	done
	return "$missing"
}

# A name in bold, or one of several
in_manual()
{
	missing=0
	for name in $(exported); do
		grep -Eq "^\.BR (.* )?$name( |\$)" ../libsocassign.3 && continue
		echo "$name is not in libsocassign(3)"
		missing=1
	done
	return "$missing"
}

ok "exports what the headers declare" same
ok "each function has kernel-doc" documented
ok "each function is in the manual" in_manual
ok "the soname is there" soname
finish
