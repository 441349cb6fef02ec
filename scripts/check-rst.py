#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Prints what docutils says against documents for the kernel's Sphinx.

usage: check-rst.py KERNEL-DOC DOCUMENT...

Of what Sphinx has beyond docutils the kernel's documents use little.  It is
stood in for here: text and nested directives are read, references are not
resolved.  The kernel-doc directive runs the program KERNEL-DOC.  The complete
C programs among the examples are compiled.
"""

import subprocess
import sys

import docutils.core
from docutils import nodes, statemachine
from docutils.parsers.rst import Directive, directives, roles

ROLES = ("c:enum", "c:expr", "c:func", "c:macro", "c:member", "c:struct",
         "c:type", "doc", "manpage", "ref")
DIRECTIVES = ("c:enum", "c:enumerator", "c:function", "c:macro", "c:member",
              "c:struct", "c:type", "c:union", "flat-table", "only",
              "toctree")


class Nested(Directive):
    """Any directive whose body is text."""
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        node = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, node)
        return node.children


class KernelDoc(Directive):
    """The documentation in a source file."""
    required_arguments = 1
    option_spec = {name: directives.unchanged for name in
                   ("doc", "export", "functions", "identifiers", "internal")}
    selections = {"doc": "-function", "functions": "-function",
                  "identifiers": "-function"}
    program = None

    def run(self):
        command = [self.program, "-rst"]
        for option, value in self.options.items():
            names = [value] if option == "doc" else (value or "").split()
            for name in names:
                command += [self.selections[option], name]
        source = self.arguments[0]
        text = subprocess.run(command + [source], check=True, text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout
        lines = [line.expandtabs(8) for line in text.splitlines()
                 if not line.startswith(".. LINENO")]
        node = nodes.section()
        node.document = self.state.document
        self.state.nested_parse(statemachine.StringList(lines, source), 0,
                                node, match_titles=1)
        return node.children


class Code(Directive):
    """An example; a complete program has to compile."""
    has_content = True
    required_arguments = 1
    option_spec = {"caption": directives.unchanged,
                   "linenos": directives.flag}

    def run(self):
        text = "\n".join(self.content)
        if self.arguments[0] == "c" and "int main(" in text:
            subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-isystem",
                            "include/uapi", "-fsyntax-only", "-x", "c", "-"],
                           check=True, text=True, input=text)
        return [nodes.literal_block(text, text)]


def reference(_name, rawtext, text, _lineno, _inliner, options=None,
              content=None):
    """A role: its text stands for it."""
    return [nodes.literal(rawtext, text)], []


def main():
    """Reads every document named on the command line."""
    KernelDoc.program = sys.argv[1]
    for name in DIRECTIVES:
        directives.register_directive(name, Nested)
    directives.register_directive("kernel-doc", KernelDoc)
    directives.register_directive("code-block", Code)
    for name in ROLES:
        roles.register_local_role(name, reference)
    for path in sys.argv[2:]:
        docutils.core.publish_doctree(
            open(path, encoding="utf-8").read(), source_path=path,
            settings_overrides={"report_level": 2, "halt_level": 5})


main()
