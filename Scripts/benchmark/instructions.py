"""Counts instructions, and holds them against those of a file. See Scripts/bench --help."""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import captures

# Of the count in the file, in percent.
TOLERANCE = 5
# Name of the figure: shape and size of its capture, command. The start of the executable is in all of
# them, and should be little beside the rest; what valgrind takes a minute for is too much.
CHECK = ["check", "--proxy", "any"]
CASES = {
    "check llm": ("llm", "7M", CHECK),
    "check small": ("small", "4M", CHECK),
    "check disordered": ("disordered", "7M", CHECK),
    "check pcapng": ("pcapng", "7M", CHECK),
    "export small": ("small", "1M", ["export", "--format", "ndjson", "--proxy", "any"]),
    "--version": (None, None, ["--version"]),
}


def instructions(keywitness, arguments):
    # Nothing of the caller's: each variable is a string that is looked at, and with its own seed
    # every table of hashes would have another order.
    environment = {"PATH": os.defpath, "LC_ALL": "C", "SWIFT_DETERMINISTIC_HASHING": "1"}
    command = [
        shutil.which("valgrind"), "--tool=callgrind", "--callgrind-out-file=/dev/null", keywitness,
        *arguments]
    done = subprocess.run(
        command, env=environment, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    # There are requests without a key in every capture: exit code 1.
    if not collected or done.returncode not in (0, 1):
        sys.exit(
            f"bench: exit code {done.returncode} of: {' '.join(command)}\n{done.stderr[-2000:]}")
    return int(collected[1])


def millions(count):
    return f"{count / 1e6:.1f} M"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keywitness", required=True)
    parser.add_argument("--captures", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("file", type=pathlib.Path)
    options = parser.parse_args()
    kept = json.loads(options.file.read_text()) if options.file.exists() else {}

    counts, too_many, outdated = {}, [], []
    for name, (shape, size, arguments) in CASES.items():
        line = ""
        if shape:
            # Anew each time: another capture has another count. Few connections: what is under way
            # at the end counts in the size.
            capture = captures.made(
                options.captures, shape, f"instructions-{shape}-{size}", size, "--connections", "8")
            arguments = [*arguments, capture.path]
        count = counts[name] = instructions(options.keywitness, arguments)
        if shape:
            line = (
                f"{count / capture.packets:8.0f} a packet {count / capture.exchanges:10.0f} an"
                " exchange")
        before = kept.get(name)
        if before:
            line = line.ljust(40) + f" {(count / before - 1) * 100:+.1f} %"
        print(f"{name:17} {millions(count):>9} {line}".rstrip(), flush=True)
        if not before:
            outdated.append(f"{name}: {millions(count)} instructions, not in the file yet")
        elif abs(count / before - 1) * 100 > TOLERANCE:
            way = "above" if count > before else "below"
            (too_many if count > before else outdated).append(
                f"{name}: {millions(count)} instructions, {abs(count / before - 1) * 100:.1f} %"
                f" {way} {millions(before)}")

    if options.update:
        options.file.write_text(json.dumps(counts, indent=2) + "\n")
        return
    if platform.machine() != "x86_64":
        print(f"bench: {options.file.name} is of x86_64: not compared")
        return
    for line in outdated:
        print(f"{line}; Scripts/bench --instructions --update writes it down")
    for line in too_many:
        print(line)
    if too_many:
        sys.exit(1)


main()
