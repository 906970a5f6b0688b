"""The servers that stand while the scenarios run: LiteLLM, its provider, and what is in front."""

import contextlib
import os
import pathlib
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from common import (
    BROTLI,
    H2C,
    HERE,
    HTTP2,
    KEY,
    NGINX,
    PROVIDER_KEY,
    PROXY,
    REALTIME,
    TLS,
    UPSTREAM,
    Failure,
    clean_environment,
)

# Where Debian and Ubuntu put it.
BROTLI_MODULES = [
    "/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so",
    "/usr/share/nginx/modules/ngx_http_brotli_filter_module.so",
]


@contextlib.contextmanager
def server(name, command, port, home, **variables):
    """Runs a server for as long as the `with` lasts, and whatever it has started in turn."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"port {port}, which {name} needs, is taken by another program")
    output = home / f"{name}.log"
    with open(output, "wb") as log:
        process = subprocess.Popen(
            # Should this program be killed outright, the kernel ends the server in its stead.
            ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)],
            env=clean_environment(home, **variables),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield lambda: alive(process, name, output)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def alive(process, name, output):
    if process.poll() is not None:
        sys.stderr.write(output.read_text(errors="replace")[-3000:])
        raise Failure(f"{name} ended ({process.returncode}) unasked; its output is above")


def wait_for(alive, answers, name, seconds):
    deadline = time.monotonic() + seconds
    while True:
        alive()
        with contextlib.suppress(OSError):
            answers()
            return
        if time.monotonic() > deadline:
            raise Failure(f"{name} did not answer within {seconds} seconds")
        time.sleep(0.25)


def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def get(url):
    # Without the caller's HTTP_PROXY.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(url, timeout=5).read()


def nginx_configuration(folder, certificate, private_key):
    """Writes nginx.conf with its blanks filled in; a folder of its own is what nginx writes to."""
    home = folder / "nginx"
    home.mkdir(exist_ok=True)
    found = [path for path in map(pathlib.Path, BROTLI_MODULES) if path.exists()]
    if not found:
        raise Failure(
            "nginx has no brotli module; install it with: "
            "sudo apt-get install libnginx-mod-http-brotli-filter"
        )
    words = {
        "BROTLI_MODULE": f"load_module {found[0]};",
        "USER": pwd.getpwuid(os.geteuid()).pw_name,
        "CERTIFICATE": certificate,
        "PRIVATE_KEY": private_key,
        "PROXY": PROXY,
        "HTTP2": HTTP2,
        "H2C": H2C,
        "BROTLI": BROTLI,
    }
    text = (HERE / "nginx.conf").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", str(value))
    path = home / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return ["nginx", "-p", home, "-c", path]


@contextlib.contextmanager
def servers(folder, venv, upstream_log, ports):
    """Yields the certificate of those with TLS. Of those in front, only the ones in `ports` run."""
    python = [venv / "bin/python", "-B"]
    certificate, private_key = folder / "front.crt", folder / "front.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "30", "-subj", "/CN=keywitness demo"]
        + ["-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", str(private_key), "-out", str(certificate)],
        check=True,
        capture_output=True,
        env=clean_environment(folder),
    )
    with contextlib.ExitStack() as stack:
        command = [*python, HERE / "upstream.py", UPSTREAM, upstream_log]
        alive = stack.enter_context(server("upstream", command, UPSTREAM, folder))
        wait_for(alive, lambda: connect(UPSTREAM), "upstream", 20)

        command = [*python, HERE / "realtime_upstream.py", REALTIME]
        alive = stack.enter_context(server("realtime_upstream", command, REALTIME, folder))
        wait_for(alive, lambda: connect(REALTIME), "realtime_upstream", 20)

        command = [venv / "bin/litellm", "--config", HERE / "litellm.yaml"]
        command += ["--host", "127.0.0.1", "--port", PROXY]
        alive = stack.enter_context(
            server(
                "litellm",
                command,
                PROXY,
                folder,
                LITELLM_MASTER_KEY=KEY,
                DEMO_PROVIDER_KEY=PROVIDER_KEY,
                DEMO_OPENAI_BASE=f"http://127.0.0.1:{UPSTREAM}/v1",
                DEMO_ANTHROPIC_BASE=f"http://127.0.0.1:{UPSTREAM}",
                DEMO_REALTIME_BASE=f"http://127.0.0.1:{REALTIME}",
                # Its table of prices from the package instead of the network, and no telemetry.
                LITELLM_LOCAL_MODEL_COST_MAP="True",
                LITELLM_TELEMETRY="False",
                DO_NOT_TRACK="1",
                SCARF_NO_ANALYTICS="true",
            )
        )
        liveliness = f"http://127.0.0.1:{PROXY}/health/liveliness"
        wait_for(alive, lambda: get(liveliness), "litellm", 240)

        if TLS in ports:
            command = [*python, HERE / "tls_front.py", TLS, PROXY, certificate, private_key]
            alive = stack.enter_context(server("tls_front", command, TLS, folder))
            wait_for(alive, lambda: connect(TLS), "tls_front", 20)
        if ports & NGINX:
            command = nginx_configuration(folder, certificate, private_key)
            alive = stack.enter_context(server("nginx", command, HTTP2, folder))
            wait_for(alive, lambda: connect(HTTP2), "nginx", 20)
        yield certificate
