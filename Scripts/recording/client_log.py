"""What a client knows of its own requests, one JSON line each: the source of the expectations.

The HTTP libraries under the SDKs (httpx, httpx2) call `note` with each response's head: by then the
request has been sent, and its headers are the ones that went out.
"""

import json
import os
import re

LOG = os.environ["CLIENT_LOG"]
BASE = os.environ["PROXY_URL"]
KEPT = ("authorization", "x-api-key", "x-litellm-api-key", "api-key", "user-agent")


def kept(headers):
    return {name: headers[name] for name in KEPT if name in headers}


def append(line):
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


def note(response):
    request = response.request
    line = {
        "method": request.method,
        "target": request.url.raw_path.decode(),
        "headers": kept(request.headers),
        "status": response.status_code,
        "streaming": "text/event-stream" in response.headers.get("content-type", ""),
    }
    if line["streaming"] and "content-encoding" not in response.headers:
        note_events(response, line)
    else:
        append(line)


def note_events(response, line):
    """Counts the events as the SDK reads them, and notes the line when it is done."""
    read = response.iter_raw

    def iter_raw(*arguments, **options):
        received = b""
        try:
            for part in read(*arguments, **options):
                received += part
                yield part
        finally:
            line["events"] = len(re.findall(rb"^data:", received, re.M))
            append(line)

    response.iter_raw = iter_raw


async def note_async(response):
    note(response)
