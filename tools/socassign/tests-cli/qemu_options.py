#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Do the device and the memory for QEMU have the options that an example gives them?

usage: qemu_options.py SAMPLES/QEMU EXAMPLE
"""

import json
import re
import subprocess
import sys


def read(path):
    """What is in a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def known_of_memory(directory):
    """Options of memory that is a partition; QEMU itself has the first two."""
    source = read(f"{directory}/hw/socassign/hostmem.c")
    return {"id", "size"} | set(re.findall(r'property_add_str\(klass, "([a-z-]+)"',
                                           source))


def known(directory):
    """Options of the device, and members of its windows."""
    device = read(f"{directory}/hw/socassign/device.c")
    window = read(f"{directory}/hw/socassign/window.c")
    members = re.search(r"'AssignedSocDevWindow',(.*?)\}",
                        read(f"{directory}/qapi/socassign.json"), flags=re.S)
    return (set(re.findall(r'DEFINE_PROP_\w+\("([a-z-]+)"', device)) |
            set(re.findall(r'property_add\(klass, "([a-z-]+)"', window)),
            set(re.findall(r"'\*?([a-z-]+)': '", members.group(1))))


def split(options):
    """Options with commas between them: name, value..."""
    for option in re.split(r"(?<!,),(?!,)", options.strip()):
        name, _, value = option.partition("=")
        yield name, value.strip('"').replace(",,", ",")


def plain(example):
    """Those of the device that are no JSON"""
    if not example.startswith(("-", "qemu")):
        yield from split(example)
    for options in re.findall(r"-device assigned-soc-dev,(\S+)", example):
        yield from split(options)


def of_memory(example):
    """Those of memory."""
    for options in re.findall(r"-object memory-backend-socassign,(\S+)", example):
        yield from split(options)


def in_json(example):
    """Those of JSON."""
    for text in re.findall(r"-device '(\{.*?\})'", example, flags=re.S):
        device = json.loads(text)
        if device.pop("driver") != "assigned-soc-dev":
            sys.exit("not our device")
        yield from device.items()


def main():
    """Exits with a complaint about the first that is wrong."""
    options, members = known(sys.argv[1])
    example = read(sys.argv[2])
    found = list(plain(example)) + list(in_json(example))
    memory = list(of_memory(example))
    if not found and not memory:
        sys.exit("no options")
    for name, _ in memory:
        if name not in known_of_memory(sys.argv[1]):
            sys.exit(f"no option of the memory: {name}")
    for name, value in found:
        if name not in options:
            sys.exit(f"no option of the device: {name}")
        if name == "node-update":
            subprocess.run(["dtc", "-q", "-O", "dtb", "-o", "/dev/null"],
                           input=f"/dts-v1/; / {{ {value}; }};".encode(),
                           check=True)
        for window in value if name == "windows" else []:
            for member in window:
                if member not in members:
                    sys.exit(f"no member of a window: {member}")


main()
