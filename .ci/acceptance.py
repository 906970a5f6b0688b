#!/usr/bin/env python3
"""Runs the acceptance programs and holds their figures against the best ones so far.

The figures are in acceptance.json beside this file and only rise: falling below one fails, and a
better one is told, to be written by --raise. Run from the project's root after a release build.

Example:
  python3 .ci/acceptance.py --raise
"""

import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FIGURES = os.path.join(HERE, "acceptance.json")
# Paths are relative to the folder of the programs' parent.
PROGRAMS = {
    "captures": ["acceptance/captures.py", "captures"],
    "semantics": ["acceptance/semantics.py", "corpora/semantics"],
    "ambiguity": ["acceptance/ambiguity.py", "corpora/semantics/http1_ambiguity.jsonl"],
    "conformance": ["acceptance/conformance.py", "litellm/conformance.jsonl"],
    "speed": ["acceptance/speed.py", "--size", "64", "--rounds", "3"],
}
# A line of the speed table: name, MB, packets, two times, ratio, bar, MB/s, peak MB, counts.
SPEED_LINE = re.compile(r"^(\w+) +\d+ +\d+ +[\d.]+ +[\d.]+ +([\d.]+) +[\d.]+ +\d+ +(\d+)  (.*)$")


def run(shared, name):
    """-> the program's output and errors; times of a run are the caller's own."""
    program, *arguments = PROGRAMS[name]
    arguments = [os.path.join(shared, a) if name != "speed" else a for a in arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.setdefault("KEYWITNESS", os.path.join(ROOT, ".build/release/keywitness"))
    try:
        done = subprocess.run(
            [sys.executable, os.path.join(shared, program), *arguments], cwd=ROOT, text=True,
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=1200)
    except subprocess.TimeoutExpired:
        return "", f"{name}: not done after 20 minutes"
    return done.stdout, done.stderr


def counted(name, output):
    """-> how many cases are right, from the closing line; None without one."""
    found = re.findall(rf"^{name}: (\d+) of (\d+) right$", output, re.MULTILINE)
    return (int(found[-1][0]), int(found[-1][1])) if found else None


def judge_count(name, kept, output, better):
    figure = counted(name, output)
    if figure is None:
        return f"{name}: no closing line"
    right, total = figure
    print(f"{name}: {right} of {total} right (so far {kept['right']} of {kept['of']})")
    if right > kept["right"]:
        print(f"{name}: raise it to {right}")
        better[name] = {"right": right, "of": total}
    return f"{name}: {right}, was {kept['right']}" if right < kept["right"] else None


def judge_speed(kept, output, better):
    """Counts must be exact. Ratios depend on the machine: one generous bound, and a note."""
    lines = {m[1]: m for m in map(SPEED_LINE.match, output.splitlines()) if m}
    faults = []
    exact = sum(m[4] == "exact" for m in lines.values())
    print(f"speed: counts exact in {exact} of {len(lines)} (so far {kept['exact']})")
    if exact < kept["exact"]:
        faults.append(f"speed: counts exact in {exact}, were in {kept['exact']}")
    if exact > kept["exact"]:
        print(f"speed: raise it to {exact}")
        better["speed"] = {**kept, "exact": exact}
    for name, bound in kept["ratio_at_most"].items():
        if name in lines and float(lines[name][2]) > bound:
            faults.append(f"speed: {name} takes {lines[name][2]} x libpcap's loop, bound {bound}")
    return "; ".join(faults) or None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--shared", default=os.path.join(ROOT, "..", "shared"), metavar="FOLDER",
        help="where acceptance/, captures/ and corpora/ are (default: ../shared)")
    parser.add_argument("--only", choices=PROGRAMS, action="append", help="repeatable")
    parser.add_argument("--raise", action="store_true", dest="raises", help="write better figures")
    options = parser.parse_args()
    shared = os.path.abspath(options.shared)
    if not os.path.isdir(os.path.join(shared, "acceptance")):
        sys.exit(f"acceptance: {options.shared} has no folder acceptance; name it with --shared")
    with open(FIGURES, encoding="utf-8") as file:
        kept = json.load(file)

    faults, better = [], {}
    for name in options.only or PROGRAMS:
        output, errors = run(shared, name)
        print(output, end="")
        if name == "speed":
            fault = judge_speed(kept[name], output, better)
        else:
            fault = judge_count(name, kept[name], output, better)
        if fault:
            faults.append(fault)
            sys.stderr.write("\n".join(errors.splitlines()[-10:]) + "\n" if errors else "")
        print(flush=True)
    if better and options.raises:
        with open(FIGURES, "w", encoding="utf-8") as file:
            json.dump({**kept, **better}, file, indent=2)
            file.write("\n")
        print("acceptance: written: " + ", ".join(better))
    print("acceptance: no figure fell" if not faults else "acceptance: FELL: " + "; ".join(faults))
    sys.exit(1 if faults else 0)


main()
