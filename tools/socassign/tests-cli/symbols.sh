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

# What a prototype has between its parentheses, name by name
arguments_of() # <page>
{
	sed -n 's/^\.B "\(.*\)"$/\1/p' "$1" | tr -d '\n' |
		sed 's/.*(\(.*\));/\1/' | tr ',' '\n' |
		grep -o '[a-z_0-9]*$' | grep -vx void
}

# One page for each, with all arguments, and a value if it returns one
have_pages()
{
	missing=0
	exported >"$TMP/exported"
	find "$BUILD/man3" -name '*.3' -printf '%f\n' | sed 's/\.3$//' | sort |
		diff "$TMP/exported" - || missing=1
	while read -r name; do
		page=$BUILD/man3/$name.3
		for argument in $(arguments_of "$page"); do
			grep -qx "\.I $argument" "$page" && continue
			echo "$name($argument): not described"
			missing=1
		done
		grep -q '^\.B "void soca_' "$page" ||
			grep -qx '\.SH RETURN VALUE' "$page" || {
				echo "$name: what does it return?"
				missing=1
			}
	done <"$TMP/exported"
	return "$missing"
}

# None has a request that troff does not know, or no end.
well_formed()
{
	for page in ../*.3 ../*.8 "$BUILD"/man3/*.3; do
		groff -man -Tutf8 -ww -z "$page"
	done 2>&1 | if grep .; then false; fi
}

ok "exports what the headers declare" same
ok "each function has kernel-doc" documented
ok "each function is in the manual" in_manual
ok "each function has a page of its own" have_pages
if command -v groff >/dev/null; then
	ok "the pages are well-formed" well_formed
else
	skip "the pages are well-formed" "no groff"
fi
ok "the soname is there" soname
finish
