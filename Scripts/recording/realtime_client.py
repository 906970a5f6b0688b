"""The `websockets` library as a client of the proxy's realtime API.

Usage: realtime_client.py MODEL=KEY...     a session each; `-` sends no key
       realtime_client.py version
"""

import asyncio
import hashlib
import json
import sys

import websockets
from client_log import BASE, append, kept
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

EVENTS = [
    {
        "type": "session.update",
        "session": {
            "type": "realtime",
            "instructions": "Be brief.",
            "output_modalities": ["audio"],
        },
    },
    {
        "type": "conversation.item.create",
        "item": {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "Say hello."}],
        },
    },
    {"type": "response.create"},
]
# What answers each of EVENTS in the end.
ENDINGS = ["session.updated", "conversation.item.done", "response.done"]


async def one(model, key):
    opened = []

    def connection(*arguments, **options):
        # A refused connection is never given to us: its request is only here.
        opened.append(ClientConnection(*arguments, **options))
        return opened[-1]

    headers = {} if key == "-" else {"Authorization": f"Bearer {key}"}
    target = f"/v1/realtime?model={model}"
    url = BASE.replace("http", "ws", 1) + target
    line = {"method": "GET", "target": target, "streaming": False}
    try:
        async with connect(
            url, additional_headers=headers, create_connection=connection, proxy=None
        ) as socket:
            line["status"] = socket.response.status_code
            line["websocket"] = await talk(socket)
    except InvalidStatus as refusal:
        line["status"] = refusal.response.status_code
        if body := refusal.response.body:
            line["decoded_sha256"] = hashlib.sha256(body).hexdigest()
    line["headers"] = kept(opened[-1].request.headers)
    append(line)


async def talk(socket):
    sent, received = 0, 0

    async def until(kind):
        nonlocal received
        while True:
            text = await asyncio.wait_for(socket.recv(), 30)
            received += 1
            if json.loads(text)["type"] == kind:
                return

    try:
        await until("session.created")
        for event, ending in zip(EVENTS, ENDINGS):
            await socket.send(json.dumps(event))
            sent += 1
            await until(ending)
        await socket.close()
    except ConnectionClosed:
        pass
    return {
        "from_client": sent,
        "from_server": received,
        "closed_by": "server" if socket.protocol.close_rcvd_then_sent else "client",
        "close_code": socket.close_code,
        "compressed": "permessage-deflate"
        in socket.response.headers.get("Sec-WebSocket-Extensions", ""),
    }


async def main():
    for session in sys.argv[1:]:
        model, _, key = session.partition("=")
        await one(model, key)


if sys.argv[1:] == ["version"]:
    print("websockets", websockets.__version__)
else:
    asyncio.run(main())
