"""Runs the scenarios of Captures/: servers, tcpdump, client, expectation. See record-captures.

Usage: record.py --list
       record.py --into FOLDER [NAME...]

Runs in the virtual environment that record-captures made (only --list runs in any Python).
"""

import contextlib
import dataclasses
import importlib.metadata
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

from clients import Session
from common import NGINX, TLS, UPSTREAM, Failure, clean_environment
from scenarios import CREDENTIAL_HEADERS, PUBLIC_TARGETS, SCENARIOS, VERDICTS
from servers import servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Of the debug build, unless another one is named.
KEYWITNESS = os.environ.get("KEYWITNESS_EXECUTABLE", ROOT / ".build/debug/keywitness")
MAX_CAPTURE, MAX_FOLDER = 700_000, 3_000_000  # bytes
# What not every client notes.
CONTENTS = ("protocol", "events", "decoded_sha256", "websocket")


def tcpdump(interface, filter_text, path):
    """Captures into `path`."""
    with open(path, "wb") as file:
        process = subprocess.Popen(
            # `timeout` stands between because tcpdump changes its user, and the kernel then forgets
            # a --pdeathsig of its own. The file is ours for the same reason: by the time tcpdump
            # would open one itself, it may not write here any more.
            ["setpriv", "--pdeathsig", "TERM", "--", "timeout", "300", "tcpdump", "-i", interface]
            + ["-n", "-B", "16384", "-U", "--immediate-mode", "-w", "-", filter_text],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for this program, which then stops tcpdump
        )
    return process, b"listening on", r"^0 packets dropped by kernel"


def keywitness(interface, filter_text, path, keylog):
    """Captures into `path` with this project's own recorder, and the keys with it."""
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", "timeout", "300", KEYWITNESS, "capture"]
        # A process's command line holds paths of the machine that recorded it.
        + ["--no-processes", "-i", interface, "-w", path, *filter_text.split()]
        + (["--keylog", keylog] if keylog else []),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return process, b"capturing on", r"dropped: 0 by the kernel"


@contextlib.contextmanager
def recording(path, recorder, *arguments):
    """Captures while the `with` lasts, and until the last packet is written."""
    process, ready_words, none_lost = recorder(*arguments)
    name = recorder.__name__
    try:
        said = b""
        while ready_words not in said:
            ready, _, _ = select.select([process.stderr], [], [], 20)
            more = os.read(process.stderr.fileno(), 4096) if ready else b""
            if not more:
                last = said.decode(errors="replace").strip().splitlines()[-1:]
                raise Failure(f"{name} does not capture: {''.join(last)}")
            said += more
        time.sleep(0.2)
        yield
        # Connections still close after the client has gone: wait until nothing comes any more.
        size, quiet_since = -1, time.monotonic()
        deadline = quiet_since + 20
        while time.monotonic() < min(quiet_since + 1, deadline):
            if (now := path.stat().st_size) != size:
                size, quiet_since = now, time.monotonic()
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM if recorder is keywitness else signal.SIGINT)
        said = process.communicate(timeout=20)[1].decode(errors="replace")
        if not re.search(none_lost, said, re.M):
            raise Failure(f"packets were lost: {said.strip()}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def credential(headers):
    """The credential that was sent, in the words of VERDICTS."""
    return ", ".join(f"{n}: {headers[n]}".strip() for n in CREDENTIAL_HEADERS if n in headers)


def stable(exchange):
    """An exchange without its contents, which are others the next time."""
    told = {name: value for name, value in exchange.items() if name not in CONTENTS}
    return json.dumps(told, sort_keys=True)


def exchange(line):
    """One request as its client tells it: a member of the expectation."""
    sent = credential(line["headers"])
    verdict = "exempt" if line["target"] in PUBLIC_TARGETS else VERDICTS.get(sent)
    if verdict is None:
        raise Failure(f"a client sent what no scenario plans: {sent}")
    result = {
        "method": line["method"],
        "target": line["target"],
        "status": line["status"],
        "verdict": verdict,
    }
    for member in CONTENTS:
        if member in line:
            result[member] = line[member]
    # Up to the version, which is another one the next time.
    if product := re.match(r"[^0-9]*", line["headers"].get("user-agent", "")).group().rstrip(" /"):
        result["user_agent_prefix"] = product
    if line["streaming"]:
        result["streaming"] = True
    return result


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def front(scenario, versions):
    """What the client really spoke to, where that isn't LiteLLM."""
    port = scenario.ports[0]
    if port == TLS:
        return ", behind a TLS front"
    return f", behind {versions['nginx']}" if port in NGINX else ""


def with_secrets(capture, keylog):
    """A pcapng of the capture with the TLS keys in it."""
    path = capture.with_suffix(".pcapng")
    subprocess.run(
        ["editcap", "--inject-secrets", f"tls,{keylog}", capture, path],
        check=True,
        capture_output=True,
        env=clean_environment(capture.parent),
    )
    return path


def record(scenario, session, upstream_log, versions):
    session.log.write_text("")
    upstream_log.write_text("")
    capture = session.folder / f"{scenario.name}{'.pcapng' if scenario.live else '.pcap'}"
    keylog = session.folder / f"{scenario.name}.keylog"
    session = dataclasses.replace(
        session, url=scenario.url, keylog=keylog if scenario.keys else None
    )
    filter_text = " or ".join(f"tcp port {port}" for port in scenario.ports)
    recorder = (tcpdump, scenario.interface, filter_text, capture)
    if scenario.live:
        recorder = (keywitness, *recorder[1:], keylog if scenario.keys else None)
    with recording(capture, *recorder):
        client = scenario.client(session)
    exchanges = [exchange(line) for line in lines(session.log)]
    verdicts = [exchange["verdict"] for exchange in exchanges]
    if Counter(verdicts) != Counter(scenario.verdicts) or (
        not scenario.unordered and verdicts != scenario.verdicts
    ):
        raise Failure(f"the client was to be {scenario.verdicts}, and was {verdicts}")
    files = [capture]
    if scenario.keys == "beside":
        files.append(keylog)
    elif scenario.keys == "inside" and not scenario.live:
        files = [with_secrets(capture, keylog)]
    if capture.stat().st_size > MAX_CAPTURE:
        raise Failure(f"the capture has {capture.stat().st_size} bytes, too many to be kept")
    expectation = {
        "description": scenario.description,
        "client": client,
        "server": versions["litellm"] + front(scenario, versions),
        "recorded": f"{versions['keywitness' if scenario.live else 'tcpdump']} on {scenario.interface}: {filter_text}",
        "expect_key": scenario.expect_key,
        "check_exit": scenario.check_exit,
        **({"keys": scenario.keys} if scenario.keys else {}),
        "exchanges": [] if scenario.shut else exchanges,
    }
    if scenario.unordered:
        # Order of answers, hence of chance: sorted, so that recording again changes nothing.
        exchanges.sort(key=stable)
        expectation["unordered"] = True
    if UPSTREAM in scenario.ports:
        asked = lines(upstream_log)
        expectation["other_servers"] = [{"server": f"127.0.0.1:{UPSTREAM}", "exchanges": asked}]
    path = session.folder / f"{scenario.name}.expect.json"
    text = json.dumps(expectation, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{scenario.name}: {capture.stat().st_size} bytes, exit {scenario.check_exit}, {client}")
    inside = " (inside TLS)" if scenario.shut else ""
    for item in exchanges:
        request = f"{item['method']:4} {item['target']:21}"
        print(f"  {request} {item['status']} {item['verdict']}{inside}")
    return [*files, path]


def program_versions():
    def said(*command):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return (done.stdout + done.stderr).split("\n")[0]

    return {
        "litellm": f"LiteLLM {importlib.metadata.version('litellm')}",
        "keywitness": f"keywitness {said(KEYWITNESS, '--version')}",
        "tcpdump": " ".join(said("tcpdump", "--version").split(" version ")),
        "nginx": said("nginx", "-v").rpartition(": ")[2].replace("/", " "),
    }


def stop(number, _):
    # As an exception, so that every `finally` above runs.
    sys.exit(128 + number)


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(scenario.name for scenario in SCENARIOS))
        return
    if arguments[:1] != ["--into"]:
        sys.exit(__doc__)
    into, names = pathlib.Path(arguments[1]).resolve(), arguments[2:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    into.mkdir(exist_ok=True)
    venv = pathlib.Path(sys.prefix)
    versions = program_versions()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="keywitness-record-") as temporary:
        folder = pathlib.Path(temporary)
        upstream_log = folder / "upstream.jsonl"
        print("record-captures: starting LiteLLM …", file=sys.stderr)
        chosen = [scenario for scenario in SCENARIOS if not names or scenario.name in names]
        ports = {port for scenario in chosen for port in scenario.ports}
        with servers(folder, venv, upstream_log, ports) as certificate:
            session = Session(folder, venv, folder / "client.jsonl", certificate, url="")
            for scenario in chosen:
                try:
                    files = record(scenario, session, upstream_log, versions)
                except Failure as failure:
                    raise Failure(f"{scenario.name}: {failure}") from None
                for file in files:  # only now: a recording that failed leaves the old one alone
                    shutil.copyfile(file, into / file.name)
    size = sum(file.stat().st_size for file in into.iterdir() if file.is_file())
    if size > MAX_FOLDER:
        raise Failure(f"Captures/ has {size} bytes, more than {MAX_FOLDER}")
    seconds = round(time.monotonic() - begun)
    print(f"record-captures: {seconds} s, Captures/ has {size} bytes", file=sys.stderr)


try:
    main(sys.argv[1:])
except Failure as failure:
    sys.exit(f"record-captures: {failure}")
