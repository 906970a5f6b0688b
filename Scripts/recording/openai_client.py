"""The Python OpenAI SDK as a client of the proxy.

Usage: openai_client.py chat|stream|image KEY [MODEL]
       openai_client.py concurrent KEY...     one connection a key, all at once; `-` sends no key
       openai_client.py version
"""

import asyncio
import base64
import random
import struct
import sys
import zlib

import openai
from client_log import BASE, note, note_async

OPTIONS = {"base_url": f"{BASE}/v1", "max_retries": 0, "timeout": 60}


def ask(text):
    return [{"role": "user", "content": text}]


def screenshot():
    """A PNG of coloured noise, always the same one: 256 KB once it is base64."""
    side = 256
    noise = random.Random(256)
    rows = b"".join(b"\0" + noise.randbytes(3 * side) for _ in range(side))

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b"")]
    )


def one(mode, key, model="demo-chat"):
    hooks = {"response": [note]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    with openai.OpenAI(api_key=key, http_client=http_client, **OPTIONS) as client:
        chat = client.chat.completions
        if mode == "chat":
            chat.create(model=model, messages=ask("Say hello."))
        elif mode == "stream":
            finish = None
            for event in chat.create(model=model, messages=ask("Say hello."), stream=True):
                finish = event.choices[0].finish_reason or finish
            assert finish == "stop", "the stream did not come to its end"
        elif mode == "image":
            url = "data:image/png;base64," + base64.b64encode(screenshot()).decode()
            image = {"type": "image_url", "image_url": {"url": url, "detail": "high"}}
            text = {"type": "text", "text": "What is on the screen?"}
            chat.create(model=model, messages=ask([text, image]))
        else:
            sys.exit(__doc__)


async def concurrent(keys):
    async def call(number, key):
        headers = {"Authorization": openai.Omit()} if key == "-" else {}
        # A client of its own for each, hence a connection of its own.
        async with openai.AsyncOpenAI(
            api_key=key,
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [note_async]}),
            **OPTIONS,
        ) as client:
            try:
                text = f"Say hello, number {number}."
                await client.chat.completions.create(
                    model="demo-chat", messages=ask(text), extra_headers=headers
                )
            except openai.APIStatusError:
                pass  # its status is in the log

    await asyncio.gather(*[call(number, key) for number, key in enumerate(keys, 1)])


if __name__ == "__main__":
    mode, *arguments = sys.argv[1:]
    if mode == "version":
        print("openai-python", openai.__version__)
    elif mode == "concurrent":
        asyncio.run(concurrent(arguments))
    else:
        try:
            one(mode, *arguments)
        except openai.APIStatusError:
            pass  # its status is in the log
