"""What a client knows of its own requests, one JSON line each: the source of the expectations.

The HTTP libraries under the SDKs (httpx, httpx2) call `note` with each response's head: by then the
request has been sent, and its headers are the ones that went out.
"""

import json
import os

LOG = os.environ["CLIENT_LOG"]
BASE = os.environ["PROXY_URL"]
KEPT = ("authorization", "x-api-key", "x-litellm-api-key", "api-key", "user-agent")


def note(response):
    request = response.request
    line = {
        "method": request.method,
        "target": request.url.raw_path.decode(),
        "headers": {name: request.headers[name] for name in KEPT if name in request.headers},
        "status": response.status_code,
        "streaming": "text/event-stream" in response.headers.get("content-type", ""),
    }
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


async def note_async(response):
    note(response)
