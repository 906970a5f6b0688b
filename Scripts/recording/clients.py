"""The clients that record.py runs. Each writes down itself what it sent and received."""

import dataclasses
import hashlib
import json
import pathlib
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable

from common import HERE, Failure, clean_environment


@dataclasses.dataclass
class Session:
    """What a client needs to know, and where it writes down what it did."""

    folder: pathlib.Path
    venv: pathlib.Path
    log: pathlib.Path
    certificate: pathlib.Path
    url: str  # of the proxy, or of what stands in front of it
    keylog: pathlib.Path | None = None  # where the client is to write its TLS keys

    def run(self, command, **variables):
        if self.url.startswith("https:"):
            variables |= {
                "NODE_EXTRA_CA_CERTS": str(self.certificate),
                "SSL_CERT_FILE": str(self.certificate),
            }
        if self.keylog:
            variables |= {
                "NODE_OPTIONS": f"--tls-keylog={self.keylog}",
                "SSLKEYLOGFILE": str(self.keylog),
            }
        environment = clean_environment(
            self.folder, CLIENT_LOG=str(self.log), PROXY_URL=self.url, **variables
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


def curl(*requests, coding="gzip") -> Client:
    """One curl, hence one connection, a request; each request is a list: target, then options.

    `coding` is what an answer to a request with `--compressed` must have.
    """

    def run(session):
        for request in requests:
            transfer(session, [request], coding)
        return curl_version(session)

    return run


def curl_together(*requests, at_once=False, coding="gzip") -> Client:
    """All requests by one curl on one connection: one after the other, or as streams at once."""

    def run(session):
        transfer(session, requests, coding, at_once)
        return curl_version(session)

    return run


def transfer(session, requests, coding, at_once=False):
    command = ["curl"] + (["--parallel"] if at_once else [])
    answers = [session.folder / f"answer-{number}" for number in range(len(requests))]
    for (target, *options), answer in zip(requests, answers):
        answer.write_bytes(b"")  # curl makes none for an answer without a body
        command += ["-sS", "-v", "--max-time", "60", "--cacert", session.certificate]
        command += ["-o", answer, "-w", "%{json}\n", *options, session.url + target, "--next"]
    done = session.run(command[:-1])
    # curl -v prints the heads that it sent behind `> `, each in one go; those of the answers,
    # behind `< `, are mixed up where they come at once.
    sent = sent_heads(re.findall(r"^> (.*?)\r?$", done.stderr, re.M))
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if len(results) != len(requests) or len(sent) != len(requests):
        raise Failure(f"curl tells of {len(sent)} heads and {len(results)} answers")
    if sum(result["num_connects"] for result in results) != 1:
        raise Failure("curl did not use one connection")
    coded = len(re.findall(rf"^< content-encoding: {coding}\r?$", done.stderr, re.M | re.I))
    if coded != sum("--compressed" in request for request in requests):
        raise Failure(f"{coded} answers were coded with {coding}")
    for result in results:
        asked = (result["url_effective"].removeprefix(session.url), 0)
        target, _ = head = asked if at_once else next(iter(sent))
        method, headers = sent.pop(head)
        body = next(a for a in answers if str(a) == result["filename_effective"]).read_bytes()
        line = {
            "method": method,
            "target": target,
            "headers": headers,
            "status": result["http_code"],
            "protocol": f"HTTP/{result['http_version']}",
            "streaming": "text/event-stream" in (result["content_type"] or ""),
        }
        if body:
            line["decoded_sha256"] = hashlib.sha256(body).hexdigest()
        if line["streaming"]:
            line["events"] = len(re.findall(rb"^data:", body, re.M))
        session.note(line)


def sent_heads(lines):
    """Method and headers by target, and how often the target was asked for before."""
    heads, seen = {}, Counter()
    for line in lines:
        if start := re.fullmatch(r"(\S+) (\S+) HTTP/\S+", line):
            headers = {}
            heads[start[2], seen[start[2]]] = (start[1], headers)
            seen[start[2]] += 1
        name, colon, value = line.partition(":")
        if colon and not start:
            headers[name.lower()] = value.strip()
    return heads


def curl_version(session):
    return " ".join(session.run(["curl", "--version"]).stdout.split()[:2])


def nobody(session):
    time.sleep(1)
    return "none"


def authorization(value):
    return "-H", f"Authorization: {value}"
