"""A real HTTP server that behaves as docs/api.md says ingest does, strict about every field, with faults on demand."""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qs, urlsplit

KEY = "lens_test_key"
#: What the server names it by.
KEY_ID = "key_1"
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


HOLD_FIELDS: Dict[str, Callable[[Any], bool]] = {
    "request_id": _text(128),
    "attempt": _whole(1, 100),
    "provider": _text(64),
    "model": _text(128),
    "max_tokens": _whole(0, 10**9),
    "input_tokens": _whole(0, 10**9),
    "input_bytes": _whole(0, 10**9),
    "max_usd": lambda value: isinstance(value, str) and re.fullmatch(r"\d{1,7}(\.\d{1,9})?", value) is not None,
    "service_tier": _text(256),
    "n": _whole(1, 1000),
    "route": _text(256),
    "user_id": _text(256),
    "environment": _text(64),
    "tags": _tags,
    "ttl_s": _whole(10, 3600),
    "tools": lambda value: isinstance(value, bool),
}


def refuse_hold(hold: Any) -> Optional[str]:
    """Why POST /v1/holds would answer 400, or None."""
    if not isinstance(hold, dict):
        return "the hold is no object"
    for name, value in hold.items():
        if name not in HOLD_FIELDS or not HOLD_FIELDS[name](value):
            return f"{name} is {value!r}"
    for name in ("request_id", "provider", "model"):
        if name not in hold:
            return f"{name} is missing"
    sized = ("input_tokens" in hold) + ("input_bytes" in hold)
    if "max_usd" not in hold and (sized != 1 or "max_tokens" not in hold):
        return "neither max_usd, nor max_tokens with one of input_tokens and input_bytes"
    return None


def explanation(**changes: Any) -> Dict[str, Any]:
    """Why a hold is refused, as the server says it."""
    return {
        "reason": "hold_too_large",
        "budget_id": "bud_1",
        "title": "support-bot",
        "scope": {},
        "counter": "",
        "period": "November 2026",
        "spent_usd": "24.900000000",
        "held_usd": "0.050000000",
        "limit_usd": "25.000000000",
        "available_usd": "0.050000000",
        "wanted_usd": "0.120000000",
        "price_version": "genai-prices 2026-11-20",
        "since": None,
        "resets_at": "2099-12-01T00:00:00.000Z",
        "lifters": "admins",
        "lift_url": "https://example.slack.com/archives/C1/p1",
        "message": 'The budget "support-bot" (November 2026) has $0.05 left, less than the $0.12 this call may cost.',
        **changes,
    }


def a_budget(allowed: bool = True, **changes: Any) -> Dict[str, Any]:
    """A budget of a verdict as the server sends it."""
    return {
        "budget_id": "bud_1",
        "title": "support-bot",
        "project": "support-bot",
        "scope": {},
        "counter": "",
        "mode": "cached",
        "ask_first": False,
        "on_unreachable": "allow",
        "state": "open" if allowed else "stopped",
        "stopped_by": None if allowed else "limit",
        "since": None if allowed else "2026-11-23T02:09:58.120Z",
        "downgrades": [],
        "calls_per_minute": None,
        "stopped_environments": [],
        "period": "November 2026",
        "period_from": "2026-11-01T00:00:00.000Z",
        "spent_nano_usd": "1000000000" if allowed else "25013400000",
        "held_nano_usd": "0",
        "limit_nano_usd": "25000000000",
        "remaining_nano_usd": "24000000000" if allowed else "0",
        "ceiling_nano_usd": None,
        "until": None,
        "resets_at": (datetime.now(timezone.utc) + timedelta(days=9)).strftime("%Y-%m-%dT00:00:00.000Z"),
        "lift_url": "https://example.slack.com/archives/C1/p1",
        # More than an SDK knows of, as a later server may say more.
        "colour": "teal",
        **changes,
    }


def verdict_of(*budgets: Dict[str, Any], allowed: bool = True, stops: Any = ()) -> Dict[str, Any]:
    """A verdict over `budgets`."""
    return {
        "project_id": "prj_1",
        "key_id": KEY_ID,
        "allowed": allowed,
        "as_of": "2026-11-23T02:10:00.000Z",
        "stops": list(stops),
        "budgets": list(budgets),
        "season": "autumn",
    }


def verdict(allowed: bool = True, **changes: Any) -> Dict[str, Any]:
    """A verdict over one budget of the whole project."""
    return verdict_of(a_budget(allowed, **changes), allowed=allowed)


def old_verdict(allowed: bool = True, **changes: Any) -> Dict[str, Any]:
    """The same as a server from before scopes says it."""
    names = (
        "budget_id", "project", "state", "stopped_by", "since", "spent_nano_usd", "limit_nano_usd",
        "remaining_nano_usd", "ceiling_nano_usd", "until", "resets_at", "lift_url",
    )
    budget = a_budget(allowed, **changes)
    whole = verdict_of({name: budget[name] for name in names}, allowed=allowed)
    return {name: whole[name] for name in ("project_id", "allowed", "as_of", "budgets")}


class FakeIngest:
    """`events` holds what was acknowledged, once for each (request_id, attempt); `batches` every body that came.

    `holds` has every hold that was asked for and well formed, `finished` what became of those that were granted, by
    their id. `streams_are`: "told" as they should be, "held back" by a proxy that lets no byte through, or "pages" that
    a proxy makes up. `is_old` speaks as servers did before ids, ages and long polls. A fault is a status and headers;
    status 0 cuts the connection.
    """

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
        self.is_old = False
        self.age_ms = 0
        self.streams_are = "told"
        self.gets: List[Tuple[str, float]] = []
        self.last_event_ids: List[Optional[str]] = []
        self.get_faults: List[Tuple[int, Dict[str, str]]] = []
        self.holds: List[Dict[str, Any]] = []
        self.hold_times: List[float] = []
        self.hold_faults: List[Tuple[int, Dict[str, str]]] = []
        self.hold_answer: Optional[Dict[str, Any]] = None
        self.hold_delay_s = 0.0
        self.hold_connections: set = set()
        self.finished: Dict[str, Tuple[str, Optional[str]]] = {}
        self._answers: Dict[Tuple[str, int], Dict[str, Any]] = {}
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

    @property
    def verdict_id(self) -> str:
        """Names what the verdict says."""
        return f"v{self._version}"

    def hold_id_of(self, event: Dict[str, Any]) -> Optional[str]:
        """The hold that an event settles, or None."""
        answer = self._answers.get((event["request_id"], event.get("attempt", 1)))
        return None if answer is None else answer.get("hold_id")

    def take_hold(self, body: bytes) -> Tuple[int, Dict[str, Any]]:
        """The answer to POST /v1/holds."""
        with self._lock:
            hold = json.loads(body)
            why = refuse_hold(hold)
            if why is not None:
                return 400, {"error": {"code": "field_invalid", "message": why, "docs": ""}}
            self.holds.append(hold)
            self.hold_times.append(time.monotonic())
            granted = {
                "hold_id": f"hold_{len(self._answers) + 1}",
                "granted": True,
                "amount_usd": "0.010000000",
                "price_version": "genai-prices 2026-11-20",
                "expires_at": "2099-12-01T00:00:00.000Z",
                "counted_until": "2099-12-01T00:01:00.000Z",
            }
            answer = self._answers.setdefault((hold["request_id"], hold.get("attempt", 1)), self.hold_answer or granted)
            return 200, answer

    def finish_hold(self, hold_id: str, how: str, body: bytes) -> Tuple[int, Dict[str, Any]]:
        """The answer to settle and release."""
        with self._lock:
            if not any(answer.get("hold_id") == hold_id for answer in self._answers.values()):
                return 404, {"error": {"code": "hold_unknown", "message": hold_id, "docs": ""}}
            cost = json.loads(body)["cost_usd"] if how == "settle" else None
            self.finished[hold_id] = (how, cost)
            return 200, {"settled_usd": cost, "over": False} if how == "settle" else {"released": True}

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
        disable_nagle_algorithm = True

        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not self._admitted():
                return
            if self.path.startswith("/v1/holds") and self.headers["content-type"] == "application/json":
                return self._hold(body)
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
            parts = urlsplit(self.path)
            fake.gets.append((parts.path, time.monotonic()))
            if fake.get_faults and parts.path.startswith("/v1/verdicts"):
                status, headers = fake.get_faults.pop(0)
                error = {"error": {"code": "rate_limited", "message": "no", "docs": ""}}
                return self._answer(status, error, headers)
            if parts.path == "/v1/verdicts/stream" and fake.serves_verdicts:
                return self._stream()
            if parts.path == "/v1/verdicts" and fake.serves_verdicts:
                return self._poll({name: values[0] for name, values in parse_qs(parts.query).items()})
            self._answer(404, {"error": {"code": "route_unknown", "message": self.path, "docs": ""}})

        def _hold(self, body: bytes) -> None:
            fake.hold_connections.add(self.client_address)
            if fake.hold_faults:
                status, headers = fake.hold_faults.pop(0)
                if status == 0:
                    self.close_connection = True
                    return self.connection.shutdown(2)
                return self._answer(status, {"error": {"code": "unavailable", "message": "no", "docs": ""}}, headers)
            time.sleep(fake.hold_delay_s)
            parts = self.path.split("/")[3:]
            if not parts:
                return self._answer(*fake.take_hold(body))
            if len(parts) == 2 and parts[1] in ("settle", "release"):
                return self._answer(*fake.finish_hold(parts[0], parts[1], body))
            self._answer(404, {"error": {"code": "route_unknown", "message": self.path, "docs": ""}})

        def _poll(self, query: Dict[str, str]) -> None:
            if fake.is_old:
                return self._answer(200, fake.verdict)
            wait_s = query.get("wait_s", "0")
            if re.fullmatch(r"\d{1,2}(\.\d{1,3})?", wait_s) is None or float(wait_s) > 25:
                return self._answer(400, {"error": {"code": "request_malformed", "message": wait_s, "docs": ""}})
            until = time.monotonic() + float(wait_s)
            with fake._changed:
                while query.get("after") == fake.verdict_id and time.monotonic() < until and not fake._closing:
                    fake._changed.wait(0.05)
                same, tag = query.get("after") == fake.verdict_id, fake.verdict_id
            headers = {"etag": f'"{tag}"', "age-ms": str(fake.age_ms)}
            if not same:
                return self._answer(200, {**fake.verdict, "age_ms": fake.age_ms}, headers)
            self.send_response(304)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _stream(self) -> None:
            fake.last_event_ids.append(self.headers.get("last-event-id"))
            if fake.streams_are == "pages":
                return self._answer(200, {"please": "log in"})
            self.send_response(200)
            self.send_header("content-type", "text/event-stream; charset=utf-8")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            has = None if fake.is_old else self.headers.get("last-event-id")
            sent = -1
            time.sleep(fake.first_verdict_after_s)
            while not fake._closing:
                with fake._changed:
                    if sent == fake._version:
                        fake._changed.wait(fake.alive_every_s)
                    sent_now = fake._version
                    text = self._alive() if sent == sent_now else self._verdict(has)
                if fake._closing or (fake.alive_every_s > 60 and sent == sent_now):
                    return
                sent, has = sent_now, None
                if fake.streams_are == "held back":
                    continue
                data = text.encode()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()

        def _verdict(self, has: Optional[str]) -> str:
            if fake.is_old:
                return f"event: verdict\ndata: {json.dumps(fake.verdict)}\n\n"
            if has == fake.verdict_id:
                return f"id: {has}\nevent: same\ndata: {json.dumps({'age_ms': fake.age_ms})}\n\n"
            told = {**fake.verdict, "age_ms": fake.age_ms} if isinstance(fake.verdict, dict) else fake.verdict
            return f"id: {fake.verdict_id}\nevent: verdict\ndata: {json.dumps(told)}\n\n"

        def _alive(self) -> str:
            if fake.is_old:
                return ": alive\n\n"
            comment = ": alive\n\n" if fake.age_ms < 10_000 else ""
            return f"{comment}event: alive\ndata: {json.dumps({'age_ms': fake.age_ms})}\n\n"

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
