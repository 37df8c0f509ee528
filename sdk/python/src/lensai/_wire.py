"""HTTP to ingest, on the standard library alone: nothing of the caller's clients or event loop is used."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Dict, Optional, Tuple
from urllib.parse import urlsplit

VERSION = "0.1.0"

#: What connecting, sending and reading may raise; every one of them means: try again later.
TROUBLE = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """What ingest answered. `body` is None when it was no JSON; `retry_after_s` when it named none."""

    status: int
    body: Any
    retry_after_s: Optional[float]


class Connection:
    """One kept-alive connection of one thread. Not to be shared between threads."""

    def __init__(self, base_url: str, api_key: str, timeout_s: float) -> None:
        parts = urlsplit(base_url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._headers = {"authorization": f"Bearer {api_key}", "user-agent": f"lensai-python/{VERSION}"}
        self._timeout_s = timeout_s
        self._http: Optional[http.client.HTTPConnection] = None

    def post_json(self, path: str, body: bytes) -> Answer:
        """Posts `body`. Raises one of TROUBLE when no whole answer came."""
        try:
            response = self._send("POST", path, body, {"content-type": "application/json"})
            text = response.read()
            if response.will_close:
                self.close()
            return Answer(response.status, _json(text), retry_after_s(response))
        except TROUBLE:
            self.close()
            raise

    def get(self, path: str) -> Tuple[Answer, http.client.HTTPResponse]:
        """Gets JSON, with the response for its headers. Raises one of TROUBLE when no whole answer came."""
        try:
            response = self._send("GET", path, None, {"accept": "application/json"})
            text = response.read()
            if response.will_close:
                self.close()
            return Answer(response.status, _json(text), retry_after_s(response)), response
        except TROUBLE:
            self.close()
            raise

    def set_timeout(self, timeout_s: float) -> None:
        """Bounds connecting, and each write and read, from now on."""
        self._timeout_s = timeout_s
        opened = self._http
        if opened is not None:
            opened.timeout = timeout_s
            if opened.sock is not None:
                opened.sock.settimeout(timeout_s)

    def open_stream(self, path: str, last_event_id: Optional[str] = None) -> http.client.HTTPResponse:
        """Opens a stream of server-sent events. Raises one of TROUBLE when no answer came."""
        try:
            resume = {} if last_event_id is None else {"last-event-id": last_event_id}
            return self._send("GET", path, None, {"accept": "text/event-stream", **resume})
        except TROUBLE:
            self.close()
            raise

    def close(self) -> None:
        """Closes the connection; the next call opens another."""
        opened, self._http = self._http, None
        if opened is not None:
            opened.close()

    def interrupt(self) -> None:
        """Ends a read that blocks another thread."""
        opened = self._http
        if opened is not None and opened.sock is not None:
            try:
                opened.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _send(self, method: str, path: str, body: Optional[bytes], headers: Dict[str, str]) -> http.client.HTTPResponse:
        if self._http is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            self._http = kind(self._host, self._port, timeout=self._timeout_s)
        self._http.request(method, self._prefix + path, body=body, headers={**self._headers, **headers})
        return self._http.getresponse()


def error_code(answer: Answer) -> Optional[str]:
    """The code of an error that ingest wrote itself; None for one of something between."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


def error_text(answer: Answer) -> str:
    """The code and message of an error answer, for a log."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if isinstance(error, dict):
        return f"{answer.status} {error.get('code')}: {error.get('message')}"
    return f"status {answer.status}"


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def retry_after_s(response: http.client.HTTPResponse) -> Optional[float]:
    """How long an answer asks to wait, in seconds; None when it does not say."""
    value = response.getheader("retry-after")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        now = parsedate_to_datetime(response.getheader("date") or "")
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError, IndexError):
        return None
