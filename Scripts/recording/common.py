"""What the parts of the recording share: ports, made-up keys, how a failure is said."""

import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent

# All on loopback: the proxy, its provider and the provider's WebSocket; then what stands in front
# of the proxy, a TLS front of our own and nginx.
PROXY, UPSTREAM, REALTIME = 4000, 4999, 4998
TLS, HTTP2, H2C, BROTLI = 4443, 4444, 4445, 4446
SECURE = {TLS, HTTP2}
NGINX = {HTTP2, H2C, BROTLI}

# All of them made up. LiteLLM refuses to start with a master key that looks like `sk-1234`.
KEY = "sk-keywitness-demo-0123456789"
WRONG_KEY = "sk-keywitness-wrong-9876543210"
PROVIDER_KEY = "sk-keywitness-upstream-0011223344"
PLACEHOLDER = "dummy-key-for-proxy"
NONE = "-"


class Failure(Exception):
    """Something that ends the recording, said in one line."""


def clean_environment(home, **variables):
    """Nothing of the caller's: no key, proxy or certificate setting gets into a recording."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
