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
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable

HERE = pathlib.Path(__file__).resolve().parent
PROXY, UPSTREAM, TLS = 4000, 4999, 4443
MAX_CAPTURE, MAX_FOLDER = 700_000, 3_000_000  # bytes

# All of them made up. LiteLLM refuses to start with a master key that looks like `sk-1234`.
KEY = "sk-keywitness-demo-0123456789"
WRONG_KEY = "sk-keywitness-wrong-9876543210"
PROVIDER_KEY = "sk-keywitness-upstream-0011223344"
PLACEHOLDER = "dummy-key-for-proxy"
NONE = "-"

# What a client put on the wire, and what the contract calls it when KEY is the expected key.
VERDICTS = {
    "": "missing",
    f"authorization: Bearer {KEY}": "ok",
    f"authorization: Bearer {PLACEHOLDER}": "placeholder",
    f"authorization: Bearer {WRONG_KEY}": "wrong-key",
    f"authorization: {KEY}": "no-scheme",
    f"authorization: Token {KEY}": "wrong-scheme",
    f"authorization: Bearer Bearer {KEY}": "doubled-scheme",
    "authorization: Bearer": "scheme-only",
    "authorization:": "empty",
    "authorization: Bearer undefined": "stringified",
    "authorization: Bearer ${LITELLM_MASTER_KEY}": "unexpanded",
    f'authorization: Bearer "{KEY}"': "malformed",
    f"x-api-key: {KEY}": "wrong-header",
    f"authorization: Bearer {PLACEHOLDER}, x-api-key: {KEY}": "conflicting",
}
PUBLIC_TARGETS = {"/health/liveliness"}
CREDENTIAL_HEADERS = ("authorization", "x-api-key", "x-litellm-api-key", "api-key")


class Failure(Exception):
    """Something that ends the recording, said in one line."""


# --- Clients --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Session:
    """What a client needs to know, and where it writes down what it did."""

    folder: pathlib.Path
    venv: pathlib.Path
    log: pathlib.Path
    certificate: pathlib.Path

    def run(self, command, **variables):
        environment = clean_environment(
            self.folder,
            CLIENT_LOG=str(self.log),
            PROXY_URL=f"http://127.0.0.1:{PROXY}",
            **variables,
        )
        done = subprocess.run(
            # `timeout` ends the client's children as well, which a subprocess timeout does not.
            ["timeout", "120", *map(str, command)],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            errors="replace",
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise Failure(f"the client failed ({done.returncode}): {''.join(last)}")
        return done

    def note(self, line):
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


# A client runs in a session and returns its own name and version.
Client = Callable[[Session], str]


def agent(models_key, chat_key) -> Client:
    def run(session):
        session.run(["node", HERE / "agent.cjs", models_key, chat_key])
        version = session.run(["node", "--version"]).stdout.strip()
        return f"node {version.removeprefix('v')}, fetch (chat: speaking as openai-node 5.8.2)"

    return run


def python_client(program, *arguments, packages=None) -> Client:
    def run(session):
        path = {"PYTHONPATH": str(session.venv / packages)} if packages else {}
        command = [session.venv / "bin/python", "-B", HERE / program]
        session.run([*command, *arguments], **path)
        return session.run([*command, "version"], **path).stdout.strip()

    return run


def curl(*requests, scheme="http", port=PROXY) -> Client:
    """One curl, hence one connection, a request; each request is a list: target, then options."""

    def run(session):
        for target, *options in requests:
            url = f"{scheme}://127.0.0.1:{port}{target}"
            command = ["curl", "-sS", "-v", "--max-time", "60", "-o", os.devnull]
            command += ["--cacert", session.certificate, "-w", "%{http_code}", *options, url]
            done = session.run(command)
            # curl -v prints the head it sent behind `> `, the answer's behind `< `.
            sent = re.findall(r"^> (.*?)\r?$", done.stderr, re.M)
            answer = re.findall(r"^< (.*?)\r?$", done.stderr, re.M)
            method, sent_target, _ = sent[0].split(" ", 2)
            headers = {}
            for line in sent[1:]:
                name, colon, value = line.partition(":")
                if colon:
                    headers[name.lower()] = value.strip()
            if "--compressed" in options and "content-encoding: gzip" not in answer:
                raise Failure("the answer was to be gzip, and is not")
            session.note(
                {
                    "method": method,
                    "target": sent_target,
                    "headers": headers,
                    "status": int(done.stdout),
                    "streaming": False,
                }
            )
        return " ".join(session.run(["curl", "--version"]).stdout.split()[:2])

    return run


def nobody(session):
    time.sleep(1)
    return "none"


def authorization(value):
    return "-H", f"Authorization: {value}"


# --- Scenarios ------------------------------------------------------------------------------------


@dataclasses.dataclass
class Scenario:
    name: str
    description: str
    client: Client
    # What the client is to send, in this order: a client that does otherwise ends the recording.
    verdicts: list[str]
    check_exit: int
    expect_key: str | None = KEY
    unordered: bool = False
    interface: str = "lo"
    ports: tuple[int, ...] = (PROXY,)
    shut: bool = False  # under TLS without keys: what the client did can't be seen


# Of twenty requests at once, the five in odd places go without the key.
CONCURRENT_KEYS = [KEY] * 20
CONCURRENT_KEYS[2] = CONCURRENT_KEYS[10] = CONCURRENT_KEYS[18] = PLACEHOLDER
CONCURRENT_KEYS[6] = CONCURRENT_KEYS[14] = NONE

SCENARIOS = [
    Scenario(
        name="agent-broken",
        description="An agent with two clients, neither of which has the key: a bare fetch of the "
        "models without Authorization, and an SDK with a hard-coded placeholder",
        client=agent(NONE, PLACEHOLDER),
        verdicts=["missing", "placeholder", "missing"],
        check_exit=1,
        expect_key=None,
    ),
    Scenario(
        name="agent-models-fixed",
        description="The same agent half cured: the models fetch carries the key, the SDK still "
        "has its placeholder",
        client=agent(KEY, PLACEHOLDER),
        verdicts=["ok", "placeholder", "ok"],
        check_exit=1,
    ),
    Scenario(
        name="agent-fixed",
        description="The same agent cured: both clients carry the key",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
    ),
    Scenario(
        name="wrong-key",
        description="A well-formed key that isn't the proxy's",
        client=python_client("openai_client.py", "chat", WRONG_KEY),
        verdicts=["wrong-key"],
        check_exit=1,
    ),
    Scenario(
        name="openai-stream",
        description="A streamed chat completion with the right key, read to its end",
        client=python_client("openai_client.py", "stream", KEY),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="anthropic-x-api-key",
        description="The right key in X-Api-Key, where anthropic-python 1.x puts it: a message, "
        "then a streamed one",
        client=python_client("anthropic_client.py", "messages", KEY, packages="anthropic-1"),
        verdicts=["wrong-header", "wrong-header"],
        check_exit=1,
    ),
    Scenario(
        name="anthropic-bearer",
        description="The same two calls by anthropic-python 2.x, which sends Authorization: Bearer",
        client=python_client("anthropic_client.py", "messages", KEY),
        verdicts=["ok", "ok"],
        check_exit=0,
    ),
    Scenario(
        name="screenshot-256k",
        description="A chat completion with a screenshot of 256 KB of base64 in its body",
        client=python_client("openai_client.py", "image", KEY),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="concurrent-20",
        description="Twenty connections at once: fifteen requests with the key, three with a "
        "placeholder, two with none",
        client=python_client(
            "openai_client.py",
            "concurrent",
            *CONCURRENT_KEYS,
        ),
        verdicts=["ok"] * 15 + ["placeholder"] * 3 + ["missing"] * 2,
        check_exit=1,
        unordered=True,
    ),
    Scenario(
        name="any-interface",
        description="Captured on Linux's `any` device (link type SLL2): with the key, then without",
        client=curl(["/v1/models", *authorization(f"Bearer {KEY}")], ["/v1/models"]),
        verdicts=["ok", "missing"],
        check_exit=1,
        expect_key=None,
        interface="any",
    ),
    Scenario(
        name="curl-oddities",
        description="Ways to get the header wrong, by hand; the right key with a gzip answer; and "
        "a route that needs no key",
        client=curl(
            ["/v1/models", *authorization(KEY)],
            ["/v1/models", *authorization(f"Bearer Bearer {KEY}")],
            ["/v1/models", *authorization("Bearer ")],
            ["/v1/models", *authorization("Bearer undefined")],
            ["/v1/models", *authorization("Bearer ${LITELLM_MASTER_KEY}")],
            ["/model/info", *authorization(f"Bearer {KEY}"), "--compressed"],
            ["/v1/models", "-H", "Authorization;"],  # curl's way to send an empty header
            ["/v1/models", *authorization(f"Token {KEY}")],
            ["/v1/models", *authorization(f'Bearer "{KEY}"')],
            ["/v1/models", *authorization(f"Bearer {PLACEHOLDER}"), "-H", f"X-Api-Key: {KEY}"],
            ["/health/liveliness"],
        ),
        verdicts=["no-scheme", "doubled-scheme", "scheme-only", "stringified", "unexpanded", "ok"]
        + ["empty", "wrong-scheme", "malformed", "conflicting", "exempt"],
        check_exit=1,
    ),
    Scenario(
        name="upstream-401",
        description="The right key, and a 401 all the same: the provider refuses LiteLLM's key, "
        "and LiteLLM passes that on",
        client=python_client("openai_client.py", "chat", KEY, "demo-refused"),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="empty",
        description="A capture that holds no packet, because nobody asked the proxy anything",
        client=nobody,
        verdicts=[],
        check_exit=5,
    ),
    Scenario(
        name="both-legs",
        description="Captured on the proxy's host: the agent's requests with the right key, and "
        "LiteLLM's own to its provider with another",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
        ports=(PROXY, UPSTREAM),
    ),
    Scenario(
        name="tls-shut",
        description="The right key, then none, over TLS without a key log: nothing inside is seen",
        client=curl(
            ["/v1/models", *authorization(f"Bearer {KEY}")],
            ["/v1/models"],
            scheme="https",
            port=TLS,
        ),
        verdicts=["ok", "missing"],
        check_exit=4,
        ports=(TLS,),
        shut=True,
    ),
]


# --- Servers --------------------------------------------------------------------------------------


def clean_environment(home, **variables):
    """Nothing of the caller's: no key, proxy or certificate setting gets into a recording."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }


@contextlib.contextmanager
def server(name, command, port, home, **variables):
    """Runs a server for as long as the `with` lasts, and whatever it has started in turn."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"port {port}, which {name} needs, is taken by another program")
    output = home / f"{name}.log"
    with open(output, "wb") as log:
        process = subprocess.Popen(
            # Should this program be killed outright, the kernel ends the server in its stead.
            ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)],
            env=clean_environment(home, **variables),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield lambda: alive(process, name, output)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def alive(process, name, output):
    if process.poll() is not None:
        sys.stderr.write(output.read_text(errors="replace")[-3000:])
        raise Failure(f"{name} ended ({process.returncode}) unasked; its output is above")


def wait_for(alive, answers, name, seconds):
    deadline = time.monotonic() + seconds
    while True:
        alive()
        with contextlib.suppress(OSError):
            answers()
            return
        if time.monotonic() > deadline:
            raise Failure(f"{name} did not answer within {seconds} seconds")
        time.sleep(0.25)


def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def get(url):
    # Without the caller's HTTP_PROXY.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(url, timeout=5).read()


@contextlib.contextmanager
def servers(folder, venv, upstream_log):
    python = [venv / "bin/python", "-B"]
    certificate, private_key = folder / "front.crt", folder / "front.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "30", "-subj", "/CN=keywitness demo"]
        + ["-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", str(private_key), "-out", str(certificate)],
        check=True,
        capture_output=True,
        env=clean_environment(folder),
    )
    with contextlib.ExitStack() as stack:
        command = [*python, HERE / "upstream.py", UPSTREAM, upstream_log]
        alive = stack.enter_context(server("upstream", command, UPSTREAM, folder))
        wait_for(alive, lambda: connect(UPSTREAM), "upstream", 20)

        command = [venv / "bin/litellm", "--config", HERE / "litellm.yaml"]
        command += ["--host", "127.0.0.1", "--port", PROXY]
        alive = stack.enter_context(
            server(
                "litellm",
                command,
                PROXY,
                folder,
                LITELLM_MASTER_KEY=KEY,
                DEMO_PROVIDER_KEY=PROVIDER_KEY,
                DEMO_OPENAI_BASE=f"http://127.0.0.1:{UPSTREAM}/v1",
                DEMO_ANTHROPIC_BASE=f"http://127.0.0.1:{UPSTREAM}",
                # Its table of prices from the package instead of the network, and no telemetry.
                LITELLM_LOCAL_MODEL_COST_MAP="True",
                LITELLM_TELEMETRY="False",
                DO_NOT_TRACK="1",
                SCARF_NO_ANALYTICS="true",
            )
        )
        liveliness = f"http://127.0.0.1:{PROXY}/health/liveliness"
        wait_for(alive, lambda: get(liveliness), "litellm", 240)

        command = [*python, HERE / "tls_front.py", TLS, PROXY, certificate, private_key]
        alive = stack.enter_context(server("tls_front", command, TLS, folder))
        wait_for(alive, lambda: connect(TLS), "tls_front", 20)
        yield certificate


# --- Recording ------------------------------------------------------------------------------------


@contextlib.contextmanager
def tcpdump(interface, filter_text, path):
    """Captures into `path` while the `with` lasts, and until the last packet is written."""
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
    try:
        said = b""
        while b"listening on" not in said:
            ready, _, _ = select.select([process.stderr], [], [], 20)
            more = os.read(process.stderr.fileno(), 4096) if ready else b""
            if not more:
                last = said.decode(errors="replace").strip().splitlines()[-1:]
                raise Failure(f"tcpdump does not capture: {''.join(last)}")
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
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1].decode(errors="replace")
        if not re.search(r"^0 packets dropped by kernel", said, re.M):
            raise Failure(f"packets were lost: {said.strip()}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def credential(headers):
    """The credential that was sent, in the words of VERDICTS."""
    return ", ".join(f"{n}: {headers[n]}".strip() for n in CREDENTIAL_HEADERS if n in headers)


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
    # Up to the version, which is another one the next time.
    if product := re.match(r"[^0-9]*", line["headers"].get("user-agent", "")).group().rstrip(" /"):
        result["user_agent_prefix"] = product
    if line["streaming"]:
        result["streaming"] = True
    return result


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def record(scenario, session, upstream_log, versions):
    session.log.write_text("")
    upstream_log.write_text("")
    capture = session.folder / f"{scenario.name}.pcap"
    filter_text = " or ".join(f"tcp port {port}" for port in scenario.ports)
    with tcpdump(scenario.interface, filter_text, capture):
        client = scenario.client(session)
    exchanges = [exchange(line) for line in lines(session.log)]
    verdicts = [exchange["verdict"] for exchange in exchanges]
    if Counter(verdicts) != Counter(scenario.verdicts) or (
        not scenario.unordered and verdicts != scenario.verdicts
    ):
        raise Failure(f"the client was to be {scenario.verdicts}, and was {verdicts}")
    if capture.stat().st_size > MAX_CAPTURE:
        raise Failure(f"the capture has {capture.stat().st_size} bytes, too many to be kept")
    expectation = {
        "description": scenario.description,
        "client": client,
        "server": versions["litellm"] + (", behind a TLS front" if TLS in scenario.ports else ""),
        "recorded": f"{versions['tcpdump']} on {scenario.interface}: {filter_text}",
        "expect_key": scenario.expect_key,
        "check_exit": scenario.check_exit,
        "exchanges": [] if scenario.shut else exchanges,
    }
    if scenario.unordered:
        # Order of answers, hence of chance: sorted, so that recording again changes nothing.
        exchanges.sort(key=lambda exchange: json.dumps(exchange, sort_keys=True))
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
    return capture, path


def program_versions():
    said = subprocess.run(["tcpdump", "--version"], check=True, capture_output=True, text=True)
    return {
        "litellm": f"LiteLLM {importlib.metadata.version('litellm')}",
        "tcpdump": " ".join((said.stdout + said.stderr).split("\n")[0].split(" version ")),
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
        with servers(folder, venv, upstream_log) as certificate:
            session = Session(folder, venv, folder / "client.jsonl", certificate)
            for scenario in SCENARIOS:
                if names and scenario.name not in names:
                    continue
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
