"""The Python Anthropic SDK as a client of the proxy: one message, then one streamed.

Usage: anthropic_client.py messages KEY
       anthropic_client.py version
"""

import sys

import anthropic
from client_log import BASE, note

ASK = {
    "model": "demo-claude",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Say hello."}],
}


def main(mode, key=None):
    if mode == "version":
        print("anthropic-python", anthropic.__version__)
        return
    http_client = anthropic.DefaultHttpxClient(event_hooks={"response": [note]})
    with anthropic.Anthropic(
        api_key=key, base_url=BASE, max_retries=0, timeout=60, http_client=http_client
    ) as client:
        client.messages.create(**ASK)
        with client.messages.stream(**ASK) as stream:
            assert stream.get_final_message().stop_reason == "end_turn"


main(*sys.argv[1:])
