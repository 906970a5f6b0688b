"""Times `check` beside libpcap's loop on the same captures: one table. See Scripts/bench --help."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import captures

COLUMNS = [
    ("capture", 11), ("MB", 6), ("packets", 9), ("exchanges", 10), ("check s", 8),
    ("libpcap s", 10), ("ratio", 7), ("MB/s", 6), ("peak MB", 8),
]


def run(command, codes=(0,)):
    """-> seconds on the wall, seconds of CPU, peak MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        sys.exit(f"bench: exit code {process.returncode} of: {' '.join(command)}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def check(keywitness, capture):
    # There are requests without a key in every capture: exit code 1.
    return run([keywitness, "check", "--proxy", "any", capture.path], (0, 1))


def counted(program, capture):
    """-> the seconds of libpcap's loop."""
    said = subprocess.run(
        [program, "count", capture.path], stdout=subprocess.PIPE, text=True, check=True).stdout
    packets, _, _, _, seconds, _ = said.split()
    if int(packets) != capture.packets:
        sys.exit(f"bench: libpcap counts {packets} packets in {capture.path}")
    return float(seconds)


def peers(capture):
    """-> for tshark and tcpflow the seconds and peak MB, None where one can't."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        commands = {
            "tshark": [
                "tshark", "-n", "-r", capture.path, "-d", "tcp.port==4000,http", "-Y",
                "http.request", "-T", "fields", "-e", "http.request.uri", "-e",
                "http.authorization"],
            # It writes every stream to a file; the second version of Linux cooked it can't read.
            "tcpflow": ["tcpflow", "-q", "-r", capture.path, "-o", folder, "-X", "/dev/null"],
        }
        for name, command in commands.items():
            able = shutil.which(name) and not (name == "tcpflow" and "pcapng" in capture.path)
            result = run(command) if able else None
            yield (f"{result[0]:.1f}", f"{result[2]:.0f}") if result else ("-", "-")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keywitness", required=True)
    parser.add_argument("--captures", required=True)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--export", action="store_true")
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()

    columns = list(COLUMNS)
    if options.export:
        columns += [("export s", 9), ("to check", 9)]
    if options.peers:
        columns += [("tshark s", 9), ("MB", 6), ("tcpflow s", 10), ("MB", 6)]
    columns.append(("counts", 8))
    print("".join(
        name.ljust(width) if name == "capture" else name.rjust(width) for name, width in columns))

    wrong = []
    for name, (_, _, share) in captures.SHAPES.items():
        size = max(1, int(options.size * share))
        capture = captures.kept(options.captures, name, f"{name}-{size}", f"{size}M")
        difference = captures.difference(options.keywitness, capture)
        if difference:
            wrong.append(f"{name}: {difference}")
        # Whoever comes first must not be the one that reads the file into memory.
        check(options.keywitness, capture)
        pairs = [
            (check(options.keywitness, capture), counted(options.captures, capture))
            for _ in range(options.rounds)]
        seconds = statistics.median(mine[0] for mine, _ in pairs)
        cells = [
            name, f"{capture.megabytes:.0f}", capture.packets, capture.exchanges, f"{seconds:.3f}",
            f"{statistics.median(theirs for _, theirs in pairs):.3f}",
            f"{statistics.median(mine[0] / theirs for mine, theirs in pairs):.2f}",
            f"{capture.megabytes / seconds:.0f}", f"{max(mine[2] for mine, _ in pairs):.0f}"]
        if options.export:
            cells += exported(options, capture) if name == "small" else ("-", "-")
        if options.peers:
            cells += [cell for peer in peers(capture) for cell in peer]
        cells.append("WRONG" if difference else "exact")
        print("".join(
            str(cell).rjust(width) if at else str(cell).ljust(width)
            for at, (cell, (_, width)) in enumerate(zip(cells, columns))), flush=True)

    start = statistics.median(run([options.keywitness, "--version"])[1] for _ in range(15))
    print(f"start-up: {start * 1000:.1f} ms of CPU")
    print("Only the ratios hold; seconds and MB/s are of this machine, and of this run.")
    if wrong:
        sys.exit("bench: not what was put into the captures: " + "; ".join(wrong))


def exported(options, capture):
    """-> seconds of `export`, and the median of its ratios to `check`, in turn."""
    command = [
        options.keywitness, "export", "--format", "ndjson", "--proxy", "any", capture.path]
    pairs = [
        (run(command)[0], check(options.keywitness, capture)[0]) for _ in range(options.rounds)]
    return (
        f"{statistics.median(export for export, _ in pairs):.3f}",
        f"{statistics.median(export / alone for export, alone in pairs):.2f}")


main()
