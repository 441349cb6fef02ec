#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Takes the examples out of a document.

usage: examples.py DOCUMENT DIRECTORY

Of a reST document: N.c, a complete program in C; N.sh and N.want, a command
behind "$ " and what it prints, where "..." stands for any number of lines;
N.sh alone, one in the middle of text that has a file or a path.  Of a manual
page: N.c and N.sh, those of its section EXAMPLES.  N.words is what else calls
the command or socvmm.
"""

import re
import sys

PROGRAM = re.compile(r"(socassign|socvmm) ")


def blocks(text):
    """The literal blocks, without their indentation."""
    for block in re.findall(r"(?:::|code-block:: c)\n\n((?:(?: {4,}.*)?\n)+)",
                            text):
        indent = min(len(line) - len(line.lstrip())
                     for line in block.splitlines() if line.strip())
        yield "\n".join(line[indent:] for line in block.splitlines()).strip()


def session(block):
    """Commands behind "$ ", and what each prints."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n?", part).group()
        yield command, part[len(command):]


def of_rst(text):
    """The examples of a reST document: (kind, contents)..."""
    for block in blocks(text):
        if "int main(" in block:
            yield {"c": block + "\n"}
        elif block.startswith("$ "):
            for command, printed in session(block):
                if PROGRAM.match(command):
                    yield {"sh": command, "want": printed}
        elif PROGRAM.match(block):
            yield {"words": block.replace("\\\n", " ") + "\n"}
    for words in re.findall(r"``((?:socassign|socvmm)\s[^`]*)``", text):
        words = " ".join(words.split())
        yield {"sh" if "/" in words else "words": words + "\n"}


def of_man(text):
    """Those of a manual page."""
    text = text.partition(".SH EXAMPLE")[2].partition(".SH")[0]
    for block in re.findall(r"\.nf\n(.*?)\.fi\n", text, flags=re.S):
        block = block.replace("\\-", "-").replace("\\e", "\\")
        yield {"c" if "int main(" in block else "sh": block}


def main():
    """Writes them."""
    with open(sys.argv[1], encoding="utf-8") as document:
        text = document.read()
    find = of_rst if sys.argv[1].endswith(".rst") else of_man
    for number, example in enumerate(find(text)):
        for kind, contents in example.items():
            path = f"{sys.argv[2]}/{number}.{kind}"
            with open(path, "w", encoding="utf-8") as file:
                file.write(contents)


main()
