"""The captures that are measured on, in the working folder: made once, and checked against what was
put into them."""

import collections
import json
import os
import pathlib
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Benchmarks"
# Name: mix, further options of `benchmark-captures make`, share of the largest one's size.
SHAPES = {
    "llm": ("llm", [], 1),
    "small": ("small", [], 0.25),
    "disordered": ("llm", ["--disorder", "2", "--retransmit", "1"], 0.5),
    "pcapng": ("llm", ["--format", "pcapng", "--link", "sll2"], 0.5),
}
# What a credential is called that is there and is none.
PLACEHOLDERS = {"placeholder", "stringified", "unexpanded", "scheme-only", "empty"}


class Capture:
    def __init__(self, path):
        self.path = path
        self.truth = json.loads(pathlib.Path(f"{path}.truth.json").read_text())
        self.packets = self.truth["packets"]
        self.exchanges = self.truth["exchanges"]
        self.megabytes = self.truth["bytes"] / 1e6


def path_of(shape, name):
    return name + (".pcapng" if "pcapng" in SHAPES[shape][1] else ".pcap")


def kept(program, shape, name, size):
    """-> the capture of that name, made where it is older than what it is made by."""
    path = path_of(shape, name)
    truth = pathlib.Path(f"{path}.truth.json")
    newest = max(file.stat().st_mtime for file in SOURCES.glob("*.swift"))
    if truth.exists() and truth.stat().st_mtime >= newest:
        return Capture(path)
    truth.unlink(missing_ok=True)
    return made(program, shape, name, size)


def made(program, shape, name, size, *options):
    mix, others, _ = SHAPES[shape]
    path = path_of(shape, name)
    done = subprocess.run([program, "make", mix, path, "--size", size, *others, *options])
    if done.returncode != 0:
        sys.exit(f"bench: {path} can't be made in {os.getcwd()}")
    return Capture(path)


def difference(keywitness, capture):
    """-> how the records of `export` differ from the truth; empty where they don't."""
    seen = collections.Counter()
    command = [keywitness, "export", "--format", "ndjson", "--proxy", "any", capture.path]
    # Read as they come: a large process counts in the peak memory of those that it starts.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as export:
        for line in export.stdout:
            record = json.loads(line)
            if record["kind"] == "exchange":
                seen["exchanges"] += 1
                verdict = record["credential"]["verdict"]
                seen["placeholder" if verdict in PLACEHOLDERS else verdict] += 1
    return ", ".join(
        f"{name} {seen[name]} instead of {capture.truth[name]}"
        for name in ("exchanges", "missing", "placeholder") if seen[name] != capture.truth[name])
