"""Asks a real LiteLLM for every route it has, and writes the table that the stub answers them from.

The routes are its own (`app.openapi()` and `app.routes`); each is asked without a key and with the
master key, with the content `{}` where its method has one. The configuration has no database, and
nothing leaves the machine, so what comes back is what anybody gets who has neither.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from compare import ask, free_port, server

HERE = pathlib.Path(__file__).resolve().parent
# Run by LiteLLM's own interpreter.
LISTING = r"""
import json, re, sys
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.auth.route_checks import RouteChecks
from litellm.proxy.proxy_server import app
from starlette.requests import Request
found = {(path, method.upper()) for path, methods in app.openapi()["paths"].items() for method in methods}
for route in app.routes:
    for method in getattr(route, "methods", None) or []:
        found.add((getattr(route, "path_format", route.path), method))

def only_admin(path, method):
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    try:
        RouteChecks.non_proxy_admin_allowed_routes_check(
            user_obj=None, _user_role=None, route=path, request=Request(scope), request_data={},
            valid_token=UserAPIKeyAuth(api_key="sk-x", user_id="user-1"))
    except Exception as refusal:
        return "Only proxy admin" in str(refusal)
    return False

json.dump([(path, method, only_admin(re.sub(r"\{[^}]*\}", "any", path), method))
           for path, method in sorted(found)], open(sys.argv[1], "w"))
"""
PARAMETER = re.compile(r"\{([^}:]*)[^}]*\}")
# What ends the server, or asks somebody else to.
UNASKED = re.compile(r"restart|shutdown|/debug/|/sso/|/test/")
# The longest content that is kept: longer ones are LiteLLM's own pages and lists.
LONGEST = 700
KEYLESS = ('{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error",'
           '"param":"None","code":"401"}}')


def routes(interpreter, home):
    listing = home / "routes.json"
    environment = dict(os.environ, HOME=str(home), LITELLM_LOCAL_MODEL_COST_MAP="True")
    subprocess.run([interpreter, "-c", LISTING, listing], check=True, env=environment, cwd=home,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    by_path = {}
    for path, method, only_admin in json.loads(listing.read_text()):
        if path and not UNASKED.search(path):
            by_path.setdefault(path, {})[method] = only_admin
    return by_path


class Asker:
    def __init__(self, port, key):
        self.port, self.key = port, key

    def __call__(self, method, path, key=False):
        """Status, media type and content; `None` where nothing came."""
        content = b"{}" if method in ("POST", "PUT", "PATCH") else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n"
        if key:
            head += f"Authorization: Bearer {self.key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        try:
            status, fields, answer = ask(self.port, head.encode() + content)
        except (OSError, ValueError):
            return None
        fields = dict(fields)
        return status, fields.get("content-type", ""), told(answer), fields.get("allow", "")


def told(content):
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x0", text)
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
                  "00000000-0000-0000-0000-000000000000", text)
    # Where it is installed, and who ran it, is no part of an answer.
    text = re.sub(r"/[^\s\"]*/(?=site-packages/)", "", text)
    text = re.sub(r'"worker_pid":\d+', '"worker_pid":1', text)
    if len(text) > LONGEST or "\n" in text or "\r" in text:
        return {"{": "{}", "[": "[]"}.get(text[0], "")
    return text


def filled(path, deep=False):
    """The path with something for each parameter; `deep`: two segments for the last."""
    names = PARAMETER.findall(path)
    for name in names:
        value = f"the-{name}" + ("/and-more" if deep and name == names[-1] else "")
        path = PARAMETER.sub(lambda _: value, path, count=1)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--litellm", type=pathlib.Path)
    parser.add_argument("--name")
    options = parser.parse_args()
    config = HERE / "litellm.yaml"
    key = re.search(r"master_key: *(\S+)", config.read_text())[1]
    answers, lines = [], []

    def number(answer, path):
        for name in PARAMETER.findall(path):
            answer = (*answer[:2], answer[2].replace(f"the-{name}", "{%s}" % name))
        answer = answer[:3]
        if answer not in answers:
            answers.append(answer)
        return answers.index(answer)

    with contextlib.ExitStack() as stack:
        home = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        print("conformance: reading LiteLLM's routes (half a minute) ...", file=sys.stderr)
        found = routes(options.litellm.parent / "python", home)
        print(f"conformance: {len(found)} paths; asking each ...", file=sys.stderr)
        port = free_port()
        stack.enter_context(server(
            "LiteLLM", [options.litellm, "--config", config, "--port", port, "--host", "127.0.0.1"],
            port, home, 180))
        asked = Asker(port, key)
        for path, methods in sorted(found.items()):
            columns = []
            for method, only_admin in sorted(methods.items()):
                without = asked(method, filled(path))
                allowed = asked(method, filled(path), key=True)
                if not without or not allowed:
                    continue
                gate = "-" if without[:1] + without[2:3] == (401, KEYLESS) else number(without, path)
                admin = ":admin" if only_admin else ""
                columns.append(f"{method}:{gate}:{number(allowed, path)}{admin}")
            if not columns:
                continue
            allow = (asked("TRACE", filled(path)) or ("", "", "", ""))[3]
            # The order is a Python set's, another one each time.
            allow = ",".join(sorted(allow.replace(" ", "").split(",")))
            if path.endswith("}"):
                first = columns[0].split(":")[0]
                if asked(first, filled(path, deep=True))[0] not in (404, 405):
                    path = path[:-1] + ":path}"
            lines.append(f"{path} {allow or '-'} {' '.join(columns)}")
    text = [f"{status} {kind.replace(' ', '') or '-'} {content}" for status, kind, content in answers]
    print("// Made by Scripts/conformance --routes; asked of LiteLLM itself.\n")
    print("extension RouteCatalogue {")
    print(f"  static let {options.name} = RouteCatalogue(")
    print('    #"""')
    for line in text + [""] + lines:
        print(f"    {line}".rstrip())
    print('    """#)')
    print("}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
