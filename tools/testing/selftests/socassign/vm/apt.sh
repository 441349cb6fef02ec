# SPDX-License-Identifier: GPL-2.0
# Debian packages: the tools that a board needs, and packages of other suites
# and architectures, which are unpacked into the cache and never installed.
# The system's own package lists and sources stay as they are.  Sourced after
# lib.sh.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# install_tools PACKAGE...: asks the network only where something is missing.
install_tools() {
	[ -z "$(not_installed "$@")" ] || with_lock apt install_missing "$@"
}

not_installed() {
	local package

	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null)" = installed ] || echo "$package"
	done
}

# Another run may have installed them while we waited for it.
install_missing() {
	local missing

	mapfile -t missing < <(not_installed "$@")
	[ ${#missing[@]} != 0 ] || return 0

	say "installing ${missing[*]}"
	system_lists
	# Lists older than the last point release name files that are gone.
	if ! apt_install "${missing[@]}" >/dev/null 2>&1; then
		update_system_lists
		quietly "$CACHE/log/apt-install.log" apt_install "${missing[@]}"
	fi
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "$@" </dev/null
}

# A fresh machine has none.
system_lists() {
	[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' \
		-print -quit 2>/dev/null)" ] || update_system_lists
}

update_system_lists() {
	quietly "$CACHE/log/apt-update.log" as_root apt-get update
}

# debian_uri LABEL: where this machine gets that part of Debian from.
debian_uri() {
	# shellcheck disable=SC2016 # apt expands these, not the shell
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' \
		'Created-By: Packages' |
		awk -F '|' -v label="$1" \
			'!found && $1 == "Debian" && $2 == label { print $3; found = 1 }'
}

# A SUITE below is a release, or with "-src" its source packages, which have
# lists of their own: they are large, and few runs need them.

# suite_sources SUITE: the lines of a sources.list, from the machine's own.
suite_sources() {
	local suite=${1%-src} type=deb target=Packages archive security options

	[ "$suite" = "$1" ] || type=deb-src target=Sources
	options="[signed-by=$KEYRING target=$target]"

	archive=$(debian_uri Debian)
	security=$(debian_uri Debian-Security)
	[ -n "$archive" ] ||
		die "no Debian archive among this machine's apt sources (apt-get indextargets)"
	echo "$type $options $archive $suite main"
	case $suite in
	*-backports) ;;
	*) [ -z "$security" ] ||
		echo "$type $options $security $suite-security main" ;;
	esac
}

# The hooks of the system's configuration are for the system's lists.
suite_config() {
	local dir=$1

	cat <<-EOT
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "$dir/preferences.d";
		Dir::State::lists "$dir/lists";
		Dir::Cache "$dir/cache";
		APT::Sandbox::User "root";
		#clear APT::Architectures;
		APT::Architectures { "$(dpkg --print-architecture)"; "arm64"; };
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	EOT
}

# suite_update SUITE: (re)read the lists of a suite into the cache.
suite_update() {
	local dir="$CACHE/apt/$1"

	say "reading Debian's package lists ($1)"
	with_lock apt system_lists
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" \
		"$dir/preferences.d"
	suite_sources "$1" >"$dir/sources.list"
	suite_config "$dir" >"$dir/apt.conf"
	quietly "$dir/update.log" apt-get -c "$dir/apt.conf" \
		-o APT::Update::Error-Mode=any update
	touch "$dir/updated"
}

# suite_depends SUITE PACKAGE PATTERN: the dependency whose name matches; a
# metapackage tells the current kernel's release this way.
suite_depends() {
	local dir="$CACHE/apt/$1"

	[ -e "$dir/updated" ] || suite_update "$1"
	apt-cache -c "$dir/apt.conf" show --no-all-versions "$2" |
		sed -n 's/^\(Pre-\)\?Depends: //p' | tr ',|' '\n' |
		awk -v pattern="^($3)$" \
			'!found && $1 ~ pattern { print $1; found = 1 }
			 END { exit !found }'
}

# fetch SUITE ROOT PACKAGE[:ARCH]...: unpack packages into ROOT, each once.
fetch() {
	local suite=$1 root=$2 package

	shift 2
	mkdir -p "$root/.fetched"
	for package; do
		[ -e "$root/.fetched/$package" ] ||
			fetch_one "$suite" "$root" "$package"
	done
}

fetch_one() {
	local suite=$1 root=$2 package=$3 debs

	debs="$root/.fetched/$package.debs"
	download "$suite" "$debs" download "$package"
	dpkg -x "$debs"/*.deb "$root"
	rm -r "$debs"
	touch "$root/.fetched/$package"
}

# fetch_source SUITE ROOT PACKAGE: unpack a source package, patched as Debian
# has it, into ROOT.
fetch_source() {
	local suite=$1-src root=$2 package=$3 files="$2.files"

	download "$suite" "$files" source --download-only "$package"
	rm -rf "$root"
	quietly "$CACHE/log/unpack-$package.log" \
		dpkg-source --extract "$files"/*.dsc "$root"
	rm -r "$files"
}

# download SUITE DIR COMMAND... PACKAGE: with newer lists where the ones at hand
# name files that are gone.
download() {
	local suite=$1 dir=$2 package=${!#}

	shift 2
	say "downloading $package ($suite)"
	rm -rf "$dir"
	mkdir -p "$dir"
	[ -e "$CACHE/apt/$suite/updated" ] || suite_update "$suite"
	apt_download "$suite" "$dir" "$@" || {
		suite_update "$suite"
		apt_download "$suite" "$dir" "$@"
	} || die "cannot download $package: see $CACHE/apt/$suite/download.log"
}

apt_download() {
	local state="$CACHE/apt/$1" dir=$2

	shift 2
	(cd "$dir" && apt-get -c "$state/apt.conf" \
		-o APT::Get::List-Cleanup=false "$@") >"$state/download.log" 2>&1
}
