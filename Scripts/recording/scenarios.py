"""The scenarios of Captures/: who asks for what, and what must be seen of it."""

import dataclasses
import json

from clients import (
    Client,
    agent,
    authorization,
    curl,
    curl_together,
    nobody,
    python_client,
)
from common import (
    BROTLI,
    H2C,
    HTTP2,
    KEY,
    NONE,
    PLACEHOLDER,
    PROXY,
    SECURE,
    TLS,
    UPSTREAM,
    WRONG_KEY,
)

# What a client put on the wire, and what the contract calls it when KEY is the expected key.
VERDICTS = {
    "": "missing",
    f"authorization: Bearer {KEY}": "ok",
    f"authorization: Bearer {PLACEHOLDER}": "placeholder",
    f"authorization: Bearer {WRONG_KEY}": "wrong-key",
    f"authorization: {KEY}": "no-scheme",
    f"authorization: Token {KEY}": "wrong-scheme",
    f"authorization: Bearer Bearer {KEY}": "doubled-scheme",
    "authorization: Bearer": "scheme-only",
    "authorization:": "empty",
    "authorization: Bearer undefined": "stringified",
    "authorization: Bearer ${LITELLM_MASTER_KEY}": "unexpanded",
    f'authorization: Bearer "{KEY}"': "malformed",
    f"x-api-key: {KEY}": "wrong-header",
    f"authorization: Bearer {PLACEHOLDER}, x-api-key: {KEY}": "conflicting",
}
PUBLIC_TARGETS = {"/health/liveliness"}
CREDENTIAL_HEADERS = ("authorization", "x-api-key", "x-litellm-api-key", "api-key")


@dataclasses.dataclass
class Scenario:
    name: str
    description: str
    client: Client
    # What the client is to send, in this order: a client that does otherwise ends the recording.
    verdicts: list[str]
    check_exit: int
    expect_key: str | None = KEY
    unordered: bool = False
    interface: str = "lo"
    ports: tuple[int, ...] = (PROXY,)
    # The client's TLS keys: in NAME.keylog `beside` the capture, or `inside` it, which makes it a
    # pcapng. Without them, under TLS, what the client did can't be seen.
    keys: str | None = None
    # Recorded by `keywitness capture`, which writes a pcapng and the keys in it.
    live: bool = False

    @property
    def url(self):
        scheme = "https" if self.ports[0] in SECURE else "http"
        return f"{scheme}://127.0.0.1:{self.ports[0]}"

    @property
    def shut(self):
        return self.ports[0] in SECURE and self.keys is None


STREAMED_CHAT = [
    "-H",
    "Content-Type: application/json",
    "-d",
    json.dumps(
        {
            "model": "demo-chat",
            "messages": [{"role": "user", "content": "Say hello."}],
            "stream": True,
        }
    ),
]

# curl 7.88 fails when it uses such a connection twice: one request each.
H2C_ONLY = ["--http2-prior-knowledge"]

# Of twenty requests at once, the five in odd places go without the key.
CONCURRENT_KEYS = [KEY] * 20
CONCURRENT_KEYS[2] = CONCURRENT_KEYS[10] = CONCURRENT_KEYS[18] = PLACEHOLDER
CONCURRENT_KEYS[6] = CONCURRENT_KEYS[14] = NONE

SCENARIOS = [
    Scenario(
        name="agent-broken",
        description="An agent with two clients, neither of which has the key: a bare fetch of the "
        "models without Authorization, and an SDK with a hard-coded placeholder",
        client=agent(NONE, PLACEHOLDER),
        verdicts=["missing", "placeholder", "missing"],
        check_exit=1,
        expect_key=None,
    ),
    Scenario(
        name="agent-models-fixed",
        description="The same agent half cured: the models fetch carries the key, the SDK still "
        "has its placeholder",
        client=agent(KEY, PLACEHOLDER),
        verdicts=["ok", "placeholder", "ok"],
        check_exit=1,
    ),
    Scenario(
        name="agent-fixed",
        description="The same agent cured: both clients carry the key",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
    ),
    Scenario(
        name="wrong-key",
        description="A well-formed key that isn't the proxy's",
        client=python_client("openai_client.py", "chat", WRONG_KEY),
        verdicts=["wrong-key"],
        check_exit=1,
    ),
    Scenario(
        name="openai-stream",
        description="A streamed chat completion with the right key, read to its end",
        client=python_client("openai_client.py", "stream", KEY),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="anthropic-x-api-key",
        description="The right key in X-Api-Key, where anthropic-python 1.x puts it: a message, "
        "then a streamed one",
        client=python_client("anthropic_client.py", "messages", KEY, packages="anthropic-1"),
        verdicts=["wrong-header", "wrong-header"],
        check_exit=1,
    ),
    Scenario(
        name="anthropic-bearer",
        description="The same two calls by anthropic-python 2.x, which sends Authorization: Bearer",
        client=python_client("anthropic_client.py", "messages", KEY),
        verdicts=["ok", "ok"],
        check_exit=0,
    ),
    Scenario(
        name="screenshot-256k",
        description="A chat completion with a screenshot of 256 KB of base64 in its body",
        client=python_client("openai_client.py", "image", KEY),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="concurrent-20",
        description="Twenty connections at once: fifteen requests with the key, three with a "
        "placeholder, two with none",
        client=python_client(
            "openai_client.py",
            "concurrent",
            *CONCURRENT_KEYS,
        ),
        verdicts=["ok"] * 15 + ["placeholder"] * 3 + ["missing"] * 2,
        check_exit=1,
        unordered=True,
    ),
    Scenario(
        name="any-interface",
        description="Captured on Linux's `any` device (link type SLL2): with the key, then without",
        client=curl(["/v1/models", *authorization(f"Bearer {KEY}")], ["/v1/models"]),
        verdicts=["ok", "missing"],
        check_exit=1,
        expect_key=None,
        interface="any",
    ),
    Scenario(
        name="live-agent-broken",
        description="The broken agent again, recorded on `any` by `keywitness capture`: "
        "nanoseconds, and statistics of what was dropped",
        client=agent(NONE, PLACEHOLDER),
        verdicts=["missing", "placeholder", "missing"],
        check_exit=1,
        expect_key=None,
        interface="any",
        live=True,
    ),
    Scenario(
        name="live-agent-fixed-tls",
        description="The cured agent over TLS, recorded by `keywitness capture --keylog`, which "
        "puts the keys in front of their packets as node writes them",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
        ports=(TLS,),
        keys="inside",
        live=True,
    ),
    Scenario(
        name="curl-oddities",
        description="Ways to get the header wrong, by hand; the right key with a gzip answer; and "
        "a route that needs no key",
        client=curl(
            ["/v1/models", *authorization(KEY)],
            ["/v1/models", *authorization(f"Bearer Bearer {KEY}")],
            ["/v1/models", *authorization("Bearer ")],
            ["/v1/models", *authorization("Bearer undefined")],
            ["/v1/models", *authorization("Bearer ${LITELLM_MASTER_KEY}")],
            ["/model/info", *authorization(f"Bearer {KEY}"), "--compressed"],
            ["/v1/models", "-H", "Authorization;"],  # curl's way to send an empty header
            ["/v1/models", *authorization(f"Token {KEY}")],
            ["/v1/models", *authorization(f'Bearer "{KEY}"')],
            ["/v1/models", *authorization(f"Bearer {PLACEHOLDER}"), "-H", f"X-Api-Key: {KEY}"],
            ["/health/liveliness"],
        ),
        verdicts=["no-scheme", "doubled-scheme", "scheme-only", "stringified", "unexpanded", "ok"]
        + ["empty", "wrong-scheme", "malformed", "conflicting", "exempt"],
        check_exit=1,
    ),
    Scenario(
        name="upstream-401",
        description="The right key, and a 401 all the same: the provider refuses LiteLLM's key, "
        "and LiteLLM passes that on",
        client=python_client("openai_client.py", "chat", KEY, "demo-refused"),
        verdicts=["ok"],
        check_exit=0,
    ),
    Scenario(
        name="empty",
        description="A capture that holds no packet, because nobody asked the proxy anything",
        client=nobody,
        verdicts=[],
        check_exit=5,
    ),
    Scenario(
        name="both-legs",
        description="Captured on the proxy's host: the agent's requests with the right key, and "
        "LiteLLM's own to its provider with another",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
        ports=(PROXY, UPSTREAM),
    ),
    Scenario(
        name="tls-shut",
        description="The right key, then none, over TLS without a key log: nothing inside is seen",
        client=curl(
            ["/v1/models", *authorization(f"Bearer {KEY}")],
            ["/v1/models"],
        ),
        verdicts=["ok", "missing"],
        check_exit=4,
        ports=(TLS,),
    ),
    Scenario(
        name="agent-broken-tls",
        description="The agent of agent-broken, over TLS 1.3; node wrote its keys",
        client=agent(NONE, PLACEHOLDER),
        verdicts=["missing", "placeholder", "missing"],
        check_exit=1,
        expect_key=None,
        ports=(TLS,),
        keys="beside",
    ),
    Scenario(
        name="agent-fixed-tls",
        description="The agent of agent-fixed, over TLS 1.3; node wrote its keys",
        client=agent(KEY, KEY),
        verdicts=["ok", "ok", "ok"],
        check_exit=0,
        ports=(TLS,),
        keys="beside",
    ),
    Scenario(
        name="openai-stream-tls",
        description="A streamed chat completion over TLS; the keys that Python wrote are in the "
        "capture itself, which opens without more",
        client=python_client("openai_client.py", "stream", KEY),
        verdicts=["ok"],
        check_exit=0,
        ports=(TLS,),
        keys="inside",
    ),
    Scenario(
        name="curl-http2",
        description="HTTP/2 over TLS, four streams one after the other on one connection: right "
        "key, none, a streamed chat completion, a gzip answer",
        client=curl_together(
            ["/v1/models", *authorization(f"Bearer {KEY}")],
            ["/v1/models"],
            ["/v1/chat/completions", *authorization(f"Bearer {KEY}"), *STREAMED_CHAT],
            ["/model/info", *authorization(f"Bearer {KEY}"), "--compressed"],
        ),
        verdicts=["ok", "missing", "ok", "ok"],
        check_exit=1,
        ports=(HTTP2,),
        keys="beside",
    ),
    Scenario(
        name="curl-http2-at-once",
        description="HTTP/2 over TLS, five streams at once on one connection: two streamed chat "
        "completions and the models with the key, a placeholder, and none",
        client=curl_together(
            ["/v1/chat/completions", *authorization(f"Bearer {KEY}"), *STREAMED_CHAT],
            ["/chat/completions", *authorization(f"Bearer {KEY}"), *STREAMED_CHAT],
            ["/model/info", *authorization(f"Bearer {KEY}")],
            ["/v1/models", *authorization(f"Bearer {PLACEHOLDER}")],
            ["/models"],
            at_once=True,
        ),
        verdicts=["ok"] * 3 + ["placeholder", "missing"],
        check_exit=1,
        unordered=True,
        ports=(HTTP2,),
        keys="beside",
    ),
    Scenario(
        name="curl-h2c",
        description="HTTP/2 in clear by prior knowledge: right key, none, and a streamed chat "
        "completion, a connection each",
        client=curl(
            ["/v1/models", *H2C_ONLY, *authorization(f"Bearer {KEY}")],
            ["/v1/models", *H2C_ONLY],
            [
                "/v1/chat/completions",
                *H2C_ONLY,
                *authorization(f"Bearer {KEY}"),
                *STREAMED_CHAT,
            ],
        ),
        verdicts=["ok", "missing", "ok"],
        check_exit=1,
        ports=(H2C,),
    ),
    Scenario(
        name="realtime",
        description="WebSockets of the realtime API: the right key and a whole session; no key "
        "and a wrong one, refused; the right key for a model that isn't there, closed by the "
        "proxy",
        client=python_client(
            "realtime_client.py",
            f"demo-realtime={KEY}",
            f"demo-realtime={NONE}",
            f"demo-realtime={WRONG_KEY}",
            f"demo-nowhere={KEY}",
        ),
        verdicts=["ok", "missing", "wrong-key", "ok"],
        check_exit=1,
    ),
    Scenario(
        name="nginx-brotli",
        description="The models in brotli, then refused without a key; and a streamed chat "
        "completion in brotli, whose events nginx compressed one by one",
        client=curl(
            ["/model/info", *authorization(f"Bearer {KEY}"), "--compressed"],
            ["/model/info"],  # nginx compresses no 401
            [
                "/v1/chat/completions",
                *authorization(f"Bearer {KEY}"),
                *STREAMED_CHAT,
                "--compressed",
            ],
            coding="br",
        ),
        verdicts=["ok", "missing", "ok"],
        check_exit=1,
        ports=(BROTLI,),
    ),
]
