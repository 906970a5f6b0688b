"""The requests that are sent to both, each with a name: route/what is special about it."""

import json

KEY = "sk-keywitness-demo-0123456789"

# How a client may send its key, and how it may fail to.
CREDENTIALS = {
    "none": [],
    "right": [("Authorization", f"Bearer {KEY}")],
    "wrong": [("Authorization", "Bearer sk-keywitness-wrong-9876543210")],
    "placeholder": [("Authorization", "Bearer dummy-key-for-proxy")],
    "empty": [("Authorization", "")],
    "scheme-only": [("Authorization", "Bearer")],
    "scheme-and-blank": [("Authorization", "Bearer ")],
    "lower-case": [("Authorization", f"bearer {KEY}")],
    "upper-case": [("Authorization", f"BEARER {KEY}")],
    "basic": [("Authorization", f"Basic {KEY}")],
    "token": [("Authorization", f"Token {KEY}")],
    "no-scheme": [("Authorization", KEY)],
    "doubled": [("Authorization", f"Bearer Bearer {KEY}")],
    "two-blanks": [("Authorization", f"Bearer  {KEY}")],
    "quoted": [("Authorization", f'Bearer "{KEY}"')],
    "undefined": [("Authorization", "Bearer undefined")],
    "unexpanded": [("Authorization", "Bearer ${LITELLM_MASTER_KEY}")],
    "x-api-key": [("x-api-key", KEY)],
    "x-litellm-api-key": [("x-litellm-api-key", KEY)],
    "api-key": [("api-key", KEY)],
    "x-goog-api-key": [("x-goog-api-key", KEY)],
    "azure": [("Ocp-Apim-Subscription-Key", KEY)],
    "two-headers": [("Authorization", f"Bearer {KEY}"), ("x-api-key", "sk-another")],
    "cookie": [("Cookie", f"token={KEY}")],
}
RIGHT = CREDENTIALS["right"]

CHAT = {"model": "demo-chat", "messages": [{"role": "user", "content": "hello"}]}


def case(name, method, path, fields=(), body=None):
    fields = [("Host", "127.0.0.1"), ("Connection", "close"), *fields]
    content = b""
    if body is not None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields += [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    return {"name": name, "method": method, "path": path, "fields": fields, "content": content}


def cases():
    for name, fields in CREDENTIALS.items():
        yield case(f"model/info/{name}", "GET", "/model/info", fields)
        yield case(f"models/{name}", "GET", "/v1/models", fields)
        yield case(f"chat/{name}", "POST", "/chat/completions", fields, CHAT)
    for path in ["/models", "/v1/model/info", "/model_group/info", "/health/liveliness",
                 "/health/liveness", "/models/demo-chat", "/v1/models/none"]:
        yield case(f"route{path}/right", "GET", path, RIGHT)
        yield case(f"route{path}/none", "GET", path)
    for path in ["/nothing", "/v1/nothing", "/v1//models"]:
        yield case(f"route{path}/right", "GET", path, RIGHT)
    yield case("method/chat", "GET", "/chat/completions", RIGHT)
    yield case("method/models", "POST", "/v1/models", RIGHT, {})
    # A body that is no JSON beats a missing key.
    for name, body in {"cut": b'{"model": "demo-chat"', "text": b"hello", "array": b"[]",
                       "nothing": b"", "null": b"null", "string": b"\"x\"",
                       "number": b"5", "true": b"true", "numbers": b"[1]"}.items():
        yield case(f"body/{name}/right", "POST", "/chat/completions", RIGHT, body)
        yield case(f"body/{name}/none", "POST", "/chat/completions", [], body)
    for name, change in {
        "no-model": {"model": None}, "unknown-model": {"model": "none"},
        "stream": {"stream": True}, "usage": {"stream": True, "stream_options": {"include_usage": True}},
        "two": {"n": 2}, "claude": {"model": "demo-claude"},
    }.items():
        yield case(f"chat/{name}", "POST", "/v1/chat/completions", RIGHT, {**CHAT, **change})
    yield case("chat/deployment", "POST", "/openai/deployments/demo-chat/chat/completions", RIGHT, CHAT)
    yield case("chat/engine", "POST", "/engines/demo-chat/chat/completions", RIGHT, CHAT)
    yield case("messages/whole", "POST", "/v1/messages", RIGHT,
               {"model": "demo-claude", "max_tokens": 16, "messages": CHAT["messages"]})
    yield case("preflight", "OPTIONS", "/chat/completions",
               [("Origin", "http://a"), ("Access-Control-Request-Method", "POST")])
