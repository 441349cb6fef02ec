# SPDX-License-Identifier: GPL-2.0
# Which files are the project's.  Sourced, at the top of the checkout.

# A tarball has no repository: an empty one reads its .gitignore.
files_of_tarball() {
	local repo

	repo=$(mktemp -d)
	git init -q --bare "$repo"
	git --git-dir="$repo" --work-tree=. ls-files -o --exclude-standard
	rm -rf "$repo"
}

# list_files [PATTERN]: ours, what is, or could be, under version control.
list_files() {
	{
		git ls-files -co --exclude-standard 2>/dev/null ||
			files_of_tarball
	} | grep -E "${1:-}" | while IFS= read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}
