#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Takes the examples out of a document.

usage: examples.py DOCUMENT DIRECTORY

Each becomes files of the directory, with a number and an ending that says what it is:

.c      a complete program
.sh     a command, or several; .want is what they print, where "..." stands for any
        number of lines
.root   what the administrator types into a shell; .want as above
.words  calls of the command, of socvmm, of make, one a line
.dts    a device tree, a part of one, or an overlay
.qemu   options for the device of QEMU
.json   what is said to QEMU
.said   messages of ours
.keys   names of counters
.rule   a rule of udev's
.other  a block that is none of these, nor one of SHOWN

Of a manual page all but the synopsis is looked at; outside of the literal blocks of a
document the calls with a file, a path or an option.
"""

import re
import sys

PROGRAM = re.compile(r"(socassign|socvmm) ")

# Recipes for others' build systems, and what a board has printed
SHOWN = re.compile(r"# socassign-module\.bb$|SOCASSIGN_VERSION = |cd qemu-|"
                   r"3\. An unmodified Linux guest|null system call +\d|"
                   r"(floor|instructions) +socassign ", re.M)

# How a block starts, and what it is
KINDS = (
    ("dts", r"/dts-v1/;|[&a-z{][^\n;]*\{$"),
    ("root", r"# |modprobe |systemctl "),
    ("words", r"(socassign|socvmm|make) |\$ make "),
    ("qemu", r"qemu-system-|-device |-object |delete-prop="),
    ("json", r"\{\""),
    ("rule", r"ENV\{"),
    ("keys", r"socassign-[a-z]+:\s"),
    ("said", r"[^\n ]+: (/|offset)[^\n]*: |/\S+: refused: "),
)


def blocks_of_rst(text):
    """The literal blocks, without their indentation."""
    for block in re.findall(r"(?:::|code-block:: c)\n\n((?:(?: {4,}.*)?\n)+)",
                            text):
        lines = []
        indent = len(block) - len(block.lstrip())
        for line in block.splitlines():
            if line.strip() and len(line) - len(line.lstrip()) < indent:
                break
            lines.append(line[indent:])
        yield "\n".join(lines).strip() + "\n"


def blocks_of_man(text):
    """The same of a manual page."""
    text = re.sub(r"\.SH SYNOPSIS.*?(?=\.SH)", "", text, flags=re.S)
    for block in re.findall(r"\.nf\n(.*?)\.fi\n", text, flags=re.S):
        yield block.replace("\\-", "-").replace("\\e", "\\")


def blocks_of_md(text):
    """The same of a README, but for the picture."""
    for block in re.findall(r"```\n(.*?)```", text, flags=re.S):
        if not block.startswith(" "):
            yield block


def session(block, prompt):
    """Commands behind a prompt, and what each prints."""
    for part in re.split(r"^" + prompt + " ", block, flags=re.M)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n?", part).group()
        yield command, part[len(command):]


def as_root(block):
    """What a shell of root's is told, all in one, and what it prints."""
    if not block.startswith("# "):
        return {"root": block, "want": ""}
    parts = list(session(block, "#"))
    return {"root": "".join(command for command, _ in parts),
            "want": "".join(printed for _, printed in parts)}


def words(block):
    """Calls, without prompts and each in one line."""
    return re.sub(r"^[$#] ", "", block.replace("\\\n", " "), flags=re.M)


def of_block(block, runs):
    """The examples of a block; with @runs a command in it is run."""
    if "int main(" in block:
        yield {"c": block}
    elif block.startswith("$ socassign "):
        for command, printed in session(block, r"\$"):
            yield {"sh": command, "want": printed}
    elif block.startswith("--assign "):
        yield {"words": words("socvmm " + block)}
    elif runs and block.startswith("socassign "):
        yield {"sh": block}
    elif SHOWN.search(block):
        return
    else:
        kind = next((kind for kind, start in KINDS
                     if re.match(start, block, flags=re.M)), "other")
        yield (as_root(block) if kind == "root" else
               {kind: words(block) if kind == "words" else block})


def of_text(text, quote):
    """Calls between quotes in the middle of text."""
    for call in re.findall(quote + r"((?:socassign|socvmm|make)\s[^`]*)" + quote,
                           text):
        call = " ".join(call.split())
        runs = call.startswith("socassign ") and "/" in call
        yield {"sh" if runs else "words": call + "\n"}


def examples(path, text):
    """All of them: ending and contents of the files of each."""
    is_man = re.search(r"\.[1-8]$", path)
    blocks, quote = ((blocks_of_man, None) if is_man else
                     (blocks_of_md, "`") if path.endswith(".md") else
                     (blocks_of_rst, "``"))
    for block in blocks(text):
        yield from of_block(block, bool(is_man))
    if quote:
        yield from of_text(text, quote)


def main():
    """Writes them."""
    with open(sys.argv[1], encoding="utf-8") as document:
        text = document.read()
    for number, example in enumerate(examples(sys.argv[1], text)):
        for kind, contents in example.items():
            path = f"{sys.argv[2]}/{number}.{kind}"
            with open(path, "w", encoding="utf-8") as file:
                file.write(contents)


main()
