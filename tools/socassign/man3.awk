# SPDX-License-Identifier: GPL-2.0
#
# The manual's page of each function, from a header's kernel-doc
#
#   awk -v dir=DIRECTORY -v version=VERSION -f man3.awk HEADER...

# Text for troff, with references in their fonts
function marked(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/@[a-z_]+/, "\\fI&\\fP", text)
	gsub(/fI@/, "fI", text)
	gsub(/%[A-Z_0-9]+/, "\\fB&\\fP", text)
	gsub(/fB%/, "fB", text)
	gsub(/[a-z_]+[a-z_0-9]*\(\)/, "\\fB&", text)
	gsub(/\(\)/, "\\fP()", text)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}

function put(line)
{
	page = page line "\n"
}

function heading(name)
{
	if (section == name)
		return
	section = name
	put(".SH " name)
	fresh = 1
}

# A paragraph of the text: what is indented stands as it is.
function paragraph(line)
{
	if (line == "") {
		fresh = 0
		return
	}
	if (sub(/^Return: /, "", line)) {
		heading("RETURN VALUE")
	} else if (section != "RETURN VALUE") {
		heading("DESCRIPTION")
	}
	if (line ~ /^\t/ && !literal) {
		put(".PP\n.nf")
		literal = 1
	}
	if (line !~ /^\t/ && literal) {
		put(".fi")
		literal = 0
	}
	if (!fresh && !literal)
		put(".PP")
	fresh = 1
	put(marked(line))
}

function begin_page(line)
{
	name = line
	sub(/ - .*/, "", name)
	purpose = line
	sub(/.* - /, "", purpose)
	page = arguments = ""
	section = ""
	literal = fresh = 0
	header = FILENAME
	sub(/.*\//, "", header)
	body = 0
}

function end_page(    file, title)
{
	file = dir "/" name ".3"
	title = toupper(name)
	print ".\\\" SPDX-License-Identifier: GPL-2.0" >file
	print ".\\\" From the kernel-doc of " header >file
	print ".TH " title " 3 \"\" \"socassign " version "\"" >file
	print ".SH NAME\n" name " \\- " marked(purpose) >file
	print ".SH SYNOPSIS\n.nf\n.B #include <libsocassign.h>\n.PP" >file
	printf "%s", prototype >file
	print ".fi" >file
	if (arguments)
		printf ".SH ARGUMENTS\n%s", arguments >file
	printf "%s", page >file
	print ".SH SEE ALSO\n.BR libsocassign (3)" >file
	close(file)
}

/^\/\*\*$/ { state = "begin"; next }

# What describes a type has no page.
state == "begin" {
	state = ""
	if ($2 ~ /^soca_/ && $3 == "-") {
		begin_page(substr($0, 4))
		state = "comment"
	}
	next
}

state == "comment" && /^ \*\/$/ {
	if (literal)
		put(".fi")
	prototype = ""
	state = "prototype"
	next
}

state == "comment" {
	line = $0
	sub(/^ \* ?/, "", line)
	if (!body && line ~ /^@[a-z_]+: /) {
		text = line
		sub(/^@[a-z_]+: /, "", text)
		sub(/^@/, "", line)
		sub(/:.*/, "", line)
		arguments = arguments ".TP\n.I " line "\n" marked(text) "\n"
	} else if (!body && arguments && line ~ /^\t/) {
		sub(/^\t/, "", line)
		arguments = arguments marked(line) "\n"
	} else if (!body && !arguments && line != "") {
		purpose = purpose " " line
	} else {
		body = 1
		paragraph(line)
	}
	next
}

state == "prototype" {
	line = $0
	gsub(/\\/, "\\e", line)
	prototype = prototype ".B \"" line "\"\n"
	if (/;$/) {
		end_page()
		state = ""
	}
}
