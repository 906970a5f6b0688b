"""A provider of our own for LiteLLM's realtime API: answers in text and in sound.

Usage: realtime_upstream.py PORT

Listens on loopback only; size of messages and time of a session are bounded.
"""

import asyncio
import base64
import json
import math
import struct
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

MAX_MESSAGE = 1 << 20
SESSION_SECONDS = 60
WORDS = ["Hello", "from", "an", "upstream", "of", "our", "own."]
USAGE = {"total_tokens": 16, "input_tokens": 9, "output_tokens": 7}


def tone(part):
    """A tenth of a second of 440 Hz: PCM of 16 bits, 24 kHz, one channel."""
    samples = (round(8000 * math.sin(math.tau * 440 * n / 24000)) for n in range(2400))
    shifted = [sample + part for sample in samples]
    return base64.b64encode(struct.pack(f"<{len(shifted)}h", *shifted)).decode()


def answers(message, session):
    """The events that follow a client's event, without their ids."""
    kind = message.get("type")
    if kind == "session.update":
        session |= message.get("session", {})
        yield {"type": "session.updated", "session": session}
    elif kind == "conversation.item.create":
        item = {"id": "item_demo_1", "status": "completed", **message.get("item", {})}
        yield {"type": "conversation.item.added", "previous_item_id": None, "item": item}
        yield {"type": "conversation.item.done", "previous_item_id": None, "item": item}
    elif kind == "response.create":
        response = {"object": "realtime.response", "id": "resp_demo_1", "output": []}
        yield {"type": "response.created", "response": response | {"status": "in_progress"}}
        place = {"response_id": "resp_demo_1", "item_id": "item_demo_2"}
        place |= {"output_index": 0, "content_index": 0}
        for part in range(2):
            yield {"type": "response.output_audio.delta", **place, "delta": tone(part)}
        for word in WORDS:
            delta = {"delta": word + " "}
            yield {"type": "response.output_audio_transcript.delta", **place, **delta}
        text = " ".join(WORDS)
        yield {"type": "response.output_audio_transcript.done", **place, "transcript": text}
        done = {"status": "completed", "usage": USAGE}
        yield {"type": "response.done", "response": response | done}


async def session(connection):
    count = 0

    async def send(event):
        nonlocal count
        count += 1
        await connection.send(json.dumps({"event_id": f"event_demo_{count}", **event}))

    state = {"type": "realtime", "object": "realtime.session", "id": "sess_demo_1"}
    state["model"] = "gpt-realtime"
    try:
        async with asyncio.timeout(SESSION_SECONDS):
            await send({"type": "session.created", "session": state})
            async for text in connection:
                for event in answers(json.loads(text), state):
                    await send(event)
                    await asyncio.sleep(0.02)
    except (ConnectionClosed, TimeoutError, ValueError):
        pass


async def main():
    port = int(sys.argv[1])
    async with serve(session, "127.0.0.1", port, max_size=MAX_MESSAGE) as server:
        await server.serve_forever()


asyncio.run(main())
