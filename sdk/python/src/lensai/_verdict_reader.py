"""The thread that keeps the stream of verdicts open and hands each verdict on.

Invariant: the server counts as heard only after this connection's first verdict, so that a comment line never
refreshes a verdict of an earlier connection.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from typing import Callable, Optional

from ._log import warn_once
from ._settings import STALE_AFTER_S, Settings
from ._verdict import Verdict, parse_verdict
from ._wire import Connection

PATH = "/v1/verdicts/stream"
BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 5.0
#: A stream that lived this long was a good one: its end is no reason to back off.
GOOD_AFTER_S = 5.0
#: A verdict of a project with hundreds of budgets; a longer line is no verdict.
LINE_BYTES_MAX = 1024 * 1024


class VerdictReader:
    """Owns its thread and its connection. Started on first use, and made anew after a fork."""

    def __init__(self, settings: Settings, heard: Callable[[Verdict], None], alive: Callable[[], None]) -> None:
        self._settings = settings
        self._heard = heard
        self._alive = alive
        self._closed = threading.Event()
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.Lock()
        self._connection = Connection(settings.base_url, settings.api_key, STALE_AFTER_S)
        self.connects = 0

    def start(self) -> None:
        """Starts the thread unless it runs."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="lensai-verdicts", daemon=True)
                thread.start()
                self._thread = thread

    def close(self, timeout_s: float = 1.0) -> None:
        """Ends the thread."""
        self._closed.set()
        self._connection.interrupt()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        failures = 0
        while not self._closed.is_set():
            began = time.monotonic()
            try:
                self._read_one_stream()
            # Whatever goes wrong, reading must go on: a dead reader would leave a stale verdict for ever.
            except Exception as error:
                if not self._closed.is_set():
                    self._warn(error)
            finally:
                self._connection.close()
            failures = 0 if time.monotonic() - began > GOOD_AFTER_S else failures + 1
            ceiling = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
            self._closed.wait(random.uniform(ceiling / 2, ceiling))

    def _read_one_stream(self) -> None:
        response = self._connection.open_stream(PATH)
        if response.status != 200:
            raise _Refused(f"status {response.status}: {response.read(2000).decode('utf-8', 'replace')}")
        self.connects += 1
        verdict_came = False
        event, data = "", []
        while not self._closed.is_set():
            line = response.readline(LINE_BYTES_MAX)
            if not line:
                return
            text = line.decode("utf-8").rstrip("\r\n")
            if text.startswith("event:"):
                event = text[6:].strip()
            elif text.startswith("data:"):
                data.append(text[5:].strip())
            elif not text:
                if event == "verdict" and data:
                    verdict_came = self._take("\n".join(data)) or verdict_came
                event, data = "", []
            elif text.startswith(":") and verdict_came:
                self._alive()

    def _take(self, text: str) -> bool:
        try:
            verdict = parse_verdict(json.loads(text))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            warn_once("verdict", "lensai: a verdict of %s cannot be read (%r)", self._settings.base_url, error)
            return False
        self._heard(verdict)
        return True

    def _warn(self, error: Exception) -> None:
        kind = "verdicts-refused" if isinstance(error, _Refused) else "verdicts-away"
        warn_once(
            kind,
            "lensai: the verdicts of %s cannot be read (%s); until they can, on_unreachable=%r decides",
            self._settings.base_url,
            error if isinstance(error, (_Refused, socket.timeout)) else repr(error),
            self._settings.on_unreachable,
        )


class _Refused(Exception):
    pass
