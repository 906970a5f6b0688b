"""Sends the cases to a real LiteLLM and to the stub, and prints where they answer differently."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from cases import cases

HERE = pathlib.Path(__file__).resolve().parent
# Different each time, or in each version: told apart by their form.
VOLATILE = [
    (re.compile(rb"chatcmpl-[0-9A-Za-z-]+"), b"chatcmpl-ID"),
    (re.compile(rb"msg_[0-9A-Za-z-]+"), b"msg_ID"),
    (re.compile(rb"\b[0-9a-f]{64}\b"), b"HASH"),
    (re.compile(rb"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), b"UUID"),
    (re.compile(rb'"created": ?\d+'), b'"created":0'),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(name, command, port, home, seconds):
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8"}
    with open(home / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            list(map(str, command)), env=environment, cwd=home, stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        limit = time.monotonic() + seconds
        while True:
            if process.poll() is not None or time.monotonic() > limit:
                tail = (home / f"{name}.log").read_text(errors="replace").splitlines()[-8:]
                sys.exit("conformance: %s doesn't answer:\n%s" % (name, "\n".join(tail)))
            with contextlib.suppress(OSError):
                if ask(port, b"GET /health/liveliness HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[0] == 200:
                    break
            time.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def ask(port, request):
    """The status, the fields and the content of what is answered; chunks joined."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            answer += piece
    head, _, content = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin1").split("\r\n")
    fields = [line.partition(":")[::2] for line in lines[1:]]
    fields = [(name.lower(), value.strip()) for name, value in fields]
    if ("transfer-encoding", "chunked") in fields:
        rest, content = content, b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size.split(b";")[0] or b"0", 16)
            if not length:
                break
            content += rest[:length]
            rest = rest[length + 2:]
    return int(lines[0].split(" ")[1]) if " " in lines[0] else 0, fields, content


def shape(value):
    """Names and types, without values; a list by its first element."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def told(answer):
    """What of an answer has to be the same."""
    status, fields, content = answer
    names = sorted({name for name, _ in fields} - {"date", "server", "content-length"})
    types = [value for name, value in fields if name == "content-type"]
    for pattern, stand_in in VOLATILE:
        content = pattern.sub(stand_in, content)
    text = content.decode("utf-8", "replace")
    if status < 400:
        try:
            if types and types[0].startswith("text/event-stream"):
                events = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
                # How a text is cut into events is nobody's promise; what kinds there are is.
                kinds = {json.dumps(shape(json.loads(event))) for event in events}
                text = {"events": sorted(kinds), "done": "data: [DONE]" in text}
            elif text:
                text = shape(json.loads(text))
        except ValueError:
            pass
    return {"status": status, "fields": names, "content-type": types, "content": text}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stub")
    parser.add_argument("--litellm")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("prefixes", nargs="*")
    options = parser.parse_args()
    chosen = [c for c in cases()
              if not options.prefixes or any(c["name"].startswith(p) for p in options.prefixes)]
    if options.list:
        print("\n".join(c["name"] for c in chosen))
        return 0
    if not chosen:
        print("conformance: no case begins so; --list shows them", file=sys.stderr)
        return 2
    config = HERE / "litellm.yaml"
    real, stub = free_port(), free_port()
    different = 0
    with contextlib.ExitStack() as stack:
        home = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        print("conformance: starting LiteLLM (half a minute) ...", file=sys.stderr)
        stack.enter_context(server(
            "LiteLLM", [options.litellm, "--config", config, "--port", real, "--host", "127.0.0.1"],
            real, home, 180))
        stack.enter_context(server(
            "the stub", [options.stub, "stub", "--config", config, "--port", stub], stub, home, 10))
        for one in chosen:
            lines = [f"{one['method']} {one['path']} HTTP/1.1"]
            lines += [f"{name}: {value}" for name, value in one["fields"]]
            request = "\r\n".join(lines).encode() + b"\r\n\r\n" + one["content"]
            theirs, ours = told(ask(real, request)), told(ask(stub, request))
            parts = [part for part in theirs if theirs[part] != ours[part]]
            different += bool(parts)
            for part in parts:
                print(f"{one['name']}: {part}")
                if part == "fields":
                    only = sorted(set(theirs[part]) ^ set(ours[part]))
                    for name in only:
                        print(f"  only {'LiteLLM' if name in theirs[part] else 'the stub'}: {name}")
                    continue
                print(f"  LiteLLM  {json.dumps(theirs[part])[:400]}")
                print(f"  stub     {json.dumps(ours[part])[:400]}")
    print(f"conformance: {len(chosen) - different} of {len(chosen)} the same")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
