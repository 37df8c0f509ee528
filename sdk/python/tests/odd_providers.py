"""Providers that do what the stand-in does not: rate limits, Azure's paths, connections that break."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List

COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 8, "completion_tokens": 7, "total_tokens": 15},
}


class OddProvider:
    """Fails `failures` times with 429, then answers; with `breaks`, ends a stream in the middle of a chunk."""

    def __init__(self, breaks: bool = False) -> None:
        self.failures = 0
        self.bodies: List[Dict[str, Any]] = []
        odd = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                odd.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                if breaks:
                    return self._break()
                failing, odd.failures = odd.failures > 0, max(0, odd.failures - 1)
                text = json.dumps({"error": {"message": "slow down"}} if failing else COMPLETION).encode()
                self.send_response(429 if failing else 200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.send_header("retry-after-ms", "1")
                self.end_headers()
                self.wfile.write(text)

            def _break(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for word in ("one", "two"):
                    chunk = {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": word}}]}
                    data = f"data: {json.dumps(chunk)}\n\n".encode()
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.write(b"ffff\r\ndata: {")
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(2)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.host}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
