"""A provider of our own for LiteLLM to call: OpenAI's chat completions and Anthropic's messages.

Usage: upstream.py PORT LOG

Listens on loopback only. Everything is bounded: body size, time per read, requests at once. LOG
gets one JSON line a request (method, target, status): what is known of the proxy's own calls.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 4 << 20
MAX_AT_ONCE = 64
WORDS = ["Hello", "from", "an", "upstream", "of", "our", "own."]
CREATED = 1_700_000_000

slots = threading.BoundedSemaphore(MAX_AT_ONCE)
log_lock = threading.Lock()


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for one read; an idle connection ends too

    def do_POST(self):
        with slots:
            length = int(self.headers.get("content-length", 0))
            if length > MAX_BODY:
                self.close_connection = True
                return self.answer(413, {"error": {"message": "body too large"}})
            body = json.loads(self.rfile.read(length) or b"{}")
            time.sleep(0.1)  # long enough that requests sent at once do overlap
            path = self.path.split("?")[0]
            if path == "/v1/chat/completions":
                self.chat(body)
            elif path == "/v1/messages":
                self.messages(body)
            else:
                self.answer(404, {"error": {"message": "not here"}})

    def chat(self, body):
        model = body.get("model", "")
        if model == "refuses-its-key":
            error = {
                "message": "Incorrect API key provided: sk-keyw****demo.",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_api_key",
            }
            return self.answer(401, {"error": error})
        usage = {"prompt_tokens": 9, "completion_tokens": len(WORDS)}
        usage["total_tokens"] = sum(usage.values())
        base = {"id": "chatcmpl-demo-1", "created": CREATED, "model": model}
        if not body.get("stream"):
            message = {"role": "assistant", "content": " ".join(WORDS)}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {"object": "chat.completion", "choices": [choice], "usage": usage}
            return self.answer(200, base | whole)

        def chunk(delta, finish=None):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return None, base | {"object": "chat.completion.chunk", "choices": [choice]}

        events = [chunk({"role": "assistant", "content": ""})]
        events += [chunk({"content": word + " "}) for word in WORDS]
        events += [chunk({}, "stop")]
        if (body.get("stream_options") or {}).get("include_usage"):
            last = {"object": "chat.completion.chunk", "choices": [], "usage": usage}
            events.append((None, base | last))
        self.stream(events, done=True)

    def messages(self, body):
        usage = {"input_tokens": 9, "output_tokens": len(WORDS)}
        message = {
            "id": "msg_demo_1",
            "type": "message",
            "role": "assistant",
            "model": body.get("model", ""),
            "content": [{"type": "text", "text": " ".join(WORDS)}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": usage,
        }
        if not body.get("stream"):
            return self.answer(200, message)
        early = {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
        events = [
            ("message_start", {"message": message | early}),
            ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ]
        for word in WORDS:
            delta = {"type": "text_delta", "text": word + " "}
            events.append(("content_block_delta", {"index": 0, "delta": delta}))
        ending = {"stop_reason": "end_turn", "stop_sequence": None}
        events += [
            ("content_block_stop", {"index": 0}),
            ("message_delta", {"delta": ending, "usage": {"output_tokens": len(WORDS)}}),
            ("message_stop", {}),
        ]
        self.stream([(name, {"type": name} | data) for name, data in events], done=False)

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.note(status)

    def stream(self, events, done):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for name, data in events:
            head = f"event: {name}\n" if name else ""
            self.chunk(f"{head}data: {json.dumps(data)}\n\n")
            time.sleep(0.02)  # a packet of its own for each event, as a model would send them
        if done:
            self.chunk("data: [DONE]\n\n")
        self.chunk("")
        self.note(200)

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def end_headers(self):
        # A connection of its own for each call: a recording of this leg then holds it from its SYN,
        # whatever was recorded before. This also makes the base class close it.
        self.send_header("connection", "close")
        super().end_headers()

    def note(self, status):
        line = json.dumps({"method": self.command, "target": self.path, "status": status})
        with log_lock, open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def version_string(self):
        return "keywitness-demo-upstream"

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Upstream)
    server.daemon_threads = True
    server.serve_forever()
