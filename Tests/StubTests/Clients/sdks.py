"""What people's clients do, unmodified, against the stub: sdks.py URL KEY

Prints one line for each thing that was done and seen; ends with an error where one isn't as it should be.
"""
import json
import sys

import anthropic
import openai

url, key = sys.argv[1:]
messages = [{"role": "user", "content": "hi"}]
tools = [{
    "type": "function",
    "function": {
        "name": "click",
        "parameters": {
            "type": "object",
            "properties": {"x": {"type": "integer"}, "label": {"type": "string"}},
        },
    },
}]
client = openai.OpenAI(base_url=url + "/v1", api_key=key, max_retries=2)


def see(what, seen, expected):
    if seen != expected:
        sys.exit(f"{what}: {seen!r} instead of {expected!r}")
    print(what)


# The stub answers the first two requests with 429 and 500.
raw = client.chat.completions.with_raw_response.create(model="mock-gpt", messages=messages)
see("retries", (raw.retries_taken, raw.status_code), (2, 200))
see("chat", raw.parse().choices[0].message.content, "This is a mock response")

stream = client.chat.completions.create(
    model="mock-gpt", messages=messages, stream=True, stream_options={"include_usage": True})
chunks = list(stream)
see("stream", "".join(c.choices[0].delta.content or "" for c in chunks), "This is a mock response")
see("usage", chunks[-1].usage is not None, True)

call = client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools)
function = call.choices[0].message.tool_calls[0].function
see("tools", (function.name, json.loads(function.arguments)), ("click", {"x": 1, "label": "example"}))
arguments = ""
for chunk in client.chat.completions.create(
        model="gpt-4o", messages=messages, tools=tools, stream=True):
    for part in chunk.choices[0].delta.tool_calls or []:
        arguments += part.function.arguments or ""
see("streamed tools", json.loads(arguments), {"x": 1, "label": "example"})

data = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"]).data
see("embeddings", [d.embedding for d in data], [[0.5, -0.25, 0.125, 1.0]] * 2)
see("responses", client.responses.create(model="mock-gpt", input="hi").output_text,
    "This is a mock response")
deltas = [e.delta for e in client.responses.create(model="mock-gpt", input="hi", stream=True)
          if e.type == "response.output_text.delta"]
see("streamed responses", "".join(deltas), "This is a mock response")
see("models", client.models.list().data[0].id, "gpt-4o")

try:
    openai.OpenAI(base_url=url + "/v1", api_key="sk-not-the-one").models.list()
    sys.exit("a wrong key was taken")
except openai.BadRequestError as error:
    see("wrong key", error.body["message"], "No connected db.")

claude = anthropic.Anthropic(base_url=url, api_key=key)
answer = claude.messages.create(model="mock-gpt", max_tokens=9, messages=messages)
see("messages", answer.content[0].text, "This is a mock response")
with claude.messages.stream(model="mock-gpt", max_tokens=9, messages=messages) as events:
    final = events.get_final_message()
see("streamed messages", (final.content[0].text, final.stop_reason),
    ("This is a mock response", "end_turn"))
