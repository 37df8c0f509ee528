"""A real HTTP server that behaves as docs/api.md says ingest does, strict about every field, with faults on demand."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple

KEY = "lens_test_key"
COUNTS = (
    "tokens_in", "tokens_out", "tokens_cache_read", "tokens_cache_write_5m", "tokens_cache_write_1h",
    "tokens_audio_in", "tokens_reasoning", "tokens_audio_out",
)
NULLABLE_TEXTS = ("user_id", "route", "session_id", "service_tier", "provider_response_id", "trace_id", "span_id")
STATUSES = ("ok", "rate_limited", "error", "aborted", "blocked")


def _text(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and 1 <= len(value) <= most


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _tags(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= 32
        and all(len(k) <= 64 and isinstance(v, str) and len(v) <= 256 for k, v in value.items())
    )


FIELDS: Dict[str, Callable[[Any], bool]] = {
    "request_id": _text(128),
    "attempt": _whole(1, 100),
    "ts": lambda value: isinstance(value, str) and value.endswith("Z"),
    "provider": _text(64),
    "model": _text(128),
    "usage": lambda value: isinstance(value, dict),
    **{name: _whole(0, 10**9) for name in COUNTS},
    "tokens_estimated": lambda value: isinstance(value, bool),
    "latency_ms": _whole(0, 10**9),
    "ttft_ms": lambda value: value is None or _whole(0, 10**9)(value),
    "streamed": lambda value: isinstance(value, bool),
    "status": lambda value: value in STATUSES,
    "environment": _text(64),
    **{name: (lambda value: value is None or _text(256)(value)) for name in NULLABLE_TEXTS},
    "reported_cost_usd": lambda value: isinstance(value, str),
    "tags": _tags,
    "metadata": lambda value: isinstance(value, dict) and len(json.dumps(value)) <= 8192,
}
REQUIRED = ("request_id", "ts", "provider", "model", "latency_ms")


def refuse(event: Any) -> Optional[Tuple[str, str]]:
    """The code and reason with which ingest refuses `event`, or None."""
    if not isinstance(event, dict):
        return "event_not_object", "the event is no object"
    for name, value in event.items():
        if name not in FIELDS:
            return "field_unknown", f"{name} is no field"
        if not FIELDS[name](value):
            return "field_invalid", f"{name} is {value!r}"
    for name in REQUIRED:
        if name not in event:
            return "field_missing", f"{name} is missing"
    counted = any(name in event for name in COUNTS)
    if "usage" in event and counted:
        return "usage_and_tokens", "usage and tokens were both given"
    if "usage" not in event and not ("tokens_in" in event and "tokens_out" in event):
        return "field_missing", "tokens_in and tokens_out are missing"
    age = datetime.now(timezone.utc) - datetime.fromisoformat(event["ts"].replace("Z", "+00:00"))
    if age > timedelta(days=7) or age < timedelta(minutes=-5):
        return "ts_too_old", "ts is out of range"
    return None


def verdict(allowed: bool = True, **changes: Any) -> Dict[str, Any]:
    """A verdict as the server sends it."""
    budget = {
        "budget_id": "bud_1",
        "project": "support-bot",
        "state": "open" if allowed else "stopped",
        "stopped_by": None if allowed else "limit",
        "since": None if allowed else "2026-11-23T02:09:58.120Z",
        "spent_nano_usd": "1000000000" if allowed else "25013400000",
        "limit_nano_usd": "25000000000",
        "remaining_nano_usd": "24000000000" if allowed else "0",
        "ceiling_nano_usd": None,
        "until": None,
        "resets_at": (datetime.now(timezone.utc) + timedelta(days=9)).strftime("%Y-%m-%dT00:00:00.000Z"),
        "lift_url": "https://example.slack.com/archives/C1/p1",
        **changes,
    }
    return {"project_id": "prj_1", "allowed": allowed, "as_of": "2026-11-23T02:10:00.000Z", "budgets": [budget]}


class FakeIngest:
    """`events` holds what was acknowledged, once for each (request_id, attempt); `batches` every body that came."""

    def __init__(self, port: int = 0) -> None:
        self.events: List[Dict[str, Any]] = []
        self.rejections: List[Tuple[str, str]] = []
        self.batches: List[bytes] = []
        self.batch_times: List[float] = []
        self.faults: List[Tuple[int, Dict[str, str]]] = []
        self.verdict = verdict()
        self.alive_every_s = 0.2
        self.serves_verdicts = True
        self.first_verdict_after_s = 0.0
        self._seen: set = set()
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._version = 0
        self._closing = False
        self.start(port)

    def start(self, port: int = 0) -> None:
        """Listens; on the same port again after `stop`."""
        self._closing = False
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and cuts every connection, as a killed process does."""
        self._closing = True
        self._server.cut()
        self._server.shutdown()
        self._server.server_close()
        with self._changed:
            self._changed.notify_all()

    def say(self, new_verdict: Dict[str, Any]) -> None:
        """Pushes a verdict to every open stream."""
        with self._changed:
            self.verdict = new_verdict
            self._version += 1
            self._changed.notify_all()

    def take(self, body: bytes) -> Tuple[int, Dict[str, Any]]:
        """The answer to POST /v1/events."""
        with self._lock:
            self.batches.append(body)
            self.batch_times.append(time.monotonic())
            events = json.loads(body)["events"]
            if not 1 <= len(events) <= 1000 or len(body) > 2 * 1024 * 1024:
                return 400, {"error": {"code": "body_not_batch", "message": "size", "docs": ""}}
            rejected = []
            for index, event in enumerate(events):
                why = refuse(event)
                if why is not None:
                    self.rejections.append(why)
                    rejected.append({"index": index, "code": why[0], "reason": why[1]})
                    continue
                identity = (event["request_id"], event.get("attempt", 1))
                if identity not in self._seen:
                    self._seen.add(identity)
                    self.events.append(event)
            # More than an SDK knows of, as a later ingest may say more.
            more = {"redacted": {"email": 1}}
            return 202, {"accepted": len(events) - len(rejected), "rejected": rejected, **more}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, *args: Any) -> None:
        self._sockets: List[Any] = []
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._sockets.append(request)
        super().process_request(request, client_address)

    def cut(self) -> None:
        for opened in self._sockets:
            try:
                opened.shutdown(2)
            except OSError:
                pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


def _handler(fake: FakeIngest) -> type:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not self._admitted():
                return
            if self.path != "/v1/events" or self.headers["content-type"] != "application/json":
                return self._answer(404, {"error": {"code": "route_unknown", "message": self.path, "docs": ""}})
            if fake.faults:
                status, headers = fake.faults.pop(0)
                fake.batches.append(body)
                fake.batch_times.append(time.monotonic())
                return self._answer(status, {"error": {"code": "unavailable", "message": "no", "docs": ""}}, headers)
            self._answer(*fake.take(body))

        def do_GET(self) -> None:
            if not self._admitted():
                return
            if self.path == "/v1/verdicts/stream" and fake.serves_verdicts:
                return self._stream()
            self._answer(404, {"error": {"code": "route_unknown", "message": self.path, "docs": ""}})

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            sent = -1
            time.sleep(fake.first_verdict_after_s)
            while not fake._closing:
                with fake._changed:
                    if sent == fake._version:
                        fake._changed.wait(fake.alive_every_s)
                    text, sent_now = ": alive\n\n", fake._version
                    if sent != sent_now:
                        text = f"event: verdict\ndata: {json.dumps(fake.verdict)}\n\n"
                if fake._closing or (fake.alive_every_s > 60 and sent == sent_now):
                    return
                sent = sent_now
                data = text.encode()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()

        def _admitted(self) -> bool:
            if self.headers.get("authorization") == f"Bearer {KEY}":
                return True
            self._answer(401, {"error": {"code": "key_unknown", "message": "no such key", "docs": ""}})
            return False

        def _answer(self, status: int, body: Dict[str, Any], headers: Optional[Dict[str, str]] = None) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

    return Handler
