"""The thread that keeps the latest verdict coming and hands each on: by a stream, or by asking where none gets through.

Invariant: the server counts as heard only after this connection's first verdict, or its word that the one at hand is
still the latest, and never as younger than the server says, so that a replica that is cut off comforts nobody.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from typing import Any, Callable, List, Optional
from urllib.parse import quote

from ._log import warn_once
from ._settings import STALE_AFTER_S, Settings
from ._verdict import Verdict, parse_verdict
from ._wire import Connection, retry_after_s

PATH = "/v1/verdicts"
STREAM_PATH = "/v1/verdicts/stream"
BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 5.0
RETRY_AFTER_MAX_S = 60.0
#: A stream that lived this long was a good one: its end is no reason to back off.
GOOD_AFTER_S = 5.0
#: A verdict of a project with thousands of users; a longer line is no verdict.
LINE_BYTES_MAX = 8 * 1024 * 1024
#: After so many streams in a row without a byte, or anything but a stream, something between holds them back.
DUMB_STREAMS_MAX = 2
#: Well within the staleness bound, so that each answer says in time that the verdict still holds.
POLL_WAIT_S = 5
#: A server from before long polls answers at once.
POLL_EVERY_S = 1.0
#: Then a stream is tried again: whatever was between may be gone.
POLL_FOR_S = 300.0

Heard = Callable[[Verdict, float], None]
Alive = Callable[[float], None]


class VerdictReader:
    """Owns its thread and its connection. Started on first use, and made anew after a fork.

    `heard` gets each verdict and its age in seconds, `alive` the age that the last one has now.
    """

    def __init__(self, settings: Settings, heard: Heard, alive: Alive) -> None:
        self._settings = settings
        self._heard = heard
        self._alive = alive
        self._closed = threading.Event()
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.Lock()
        self._connection = Connection(settings.base_url, settings.api_key, STALE_AFTER_S)
        self._has: Optional[str] = None
        self._dumb_streams = 0
        self._poll_until = 0.0
        self.connects = 0
        self.polls = 0

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
            began, retry_after = time.monotonic(), None
            try:
                if began < self._poll_until:
                    self._poll()
                else:
                    self._read_one_stream()
            # Whatever goes wrong, reading must go on: a dead reader would leave a stale verdict for ever.
            except Exception as error:
                retry_after = error.retry_after_s if isinstance(error, _Refused) else None
                if not self._closed.is_set():
                    self._warn(error)
            finally:
                self._connection.close()
            failures = 0 if time.monotonic() - began > GOOD_AFTER_S else failures + 1
            ceiling = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
            pause = random.uniform(ceiling / 2, ceiling)
            if retry_after is not None:
                # A little more than was asked, so that a fleet does not come back in one instant.
                pause = min(RETRY_AFTER_MAX_S, retry_after) + random.uniform(0, BACKOFF_FIRST_S)
            self._closed.wait(pause)

    def _read_one_stream(self) -> None:
        reading = _Reading(self._has)
        try:
            self._read_stream(reading)
        except socket.timeout:
            reading.is_dumb = not reading.had_data
            raise
        finally:
            self._note_stream(reading)

    def _read_stream(self, reading: "_Reading") -> None:
        response = self._connection.open_stream(STREAM_PATH, reading.has)
        if response.status != 200:
            raise _Refused(response.status, response.read(2000), retry_after_s(response))
        self.connects += 1
        if not (response.getheader("content-type") or "").startswith("text/event-stream"):
            reading.is_dumb = True
            return
        while not self._closed.is_set():
            line = response.readline(LINE_BYTES_MAX)
            if not line:
                reading.is_dumb = not reading.had_data
                return
            reading.had_data = True
            text = line.decode("utf-8").rstrip("\r\n")
            if text.startswith(":"):
                if reading.knows and not reading.tells_age:
                    self._alive(0.0)
            elif text:
                reading.take(text)
            else:
                self._take_event(reading)

    def _take_event(self, reading: "_Reading") -> None:
        event, data, event_id = reading.end_event()
        if not data:
            return
        if event == "verdict":
            wire = json.loads(data)
            reading.knows = self._take(wire, _age_s(wire), event_id) or reading.knows
            reading.tells_age = isinstance(wire, dict) and "age_ms" in wire
        elif event in ("same", "alive"):
            # "same" is said only of the verdict that this client named, which it still has.
            reading.knows = reading.knows or (event == "same" and event_id is not None and event_id == self._has)
            reading.tells_age = True
            if reading.knows:
                self._alive(_age_s(json.loads(data)))

    def _note_stream(self, reading: "_Reading") -> None:
        if self._closed.is_set():
            return
        self._dumb_streams = self._dumb_streams + 1 if reading.is_dumb else 0
        if self._dumb_streams >= DUMB_STREAMS_MAX:
            self._dumb_streams = 0
            self._poll_until = time.monotonic() + POLL_FOR_S
            warn_once(
                "verdicts-polled",
                "lensai: something between here and %s holds streams back; verdicts are asked for instead",
                self._settings.base_url,
            )

    def _poll(self) -> None:
        while not self._closed.is_set() and time.monotonic() < self._poll_until:
            began = time.monotonic()
            after = "" if self._has is None else f"&after={quote(self._has, safe='')}"
            answer, response = self._connection.get(f"{PATH}?wait_s={POLL_WAIT_S}{after}")
            self.polls += 1
            age_s = _ms_to_s(response.getheader("age-ms"))
            waited = False
            if answer.status == 200:
                tag = _tag_of(response.getheader("etag"))
                waited = self._take(answer.body, age_s, tag) and tag is not None
            elif answer.status == 304 and self._has is not None:
                self._alive(age_s)
                waited = time.monotonic() - began > POLL_EVERY_S
            else:
                raise _Refused(answer.status, json.dumps(answer.body).encode(), answer.retry_after_s)
            if not waited:
                self._closed.wait(POLL_EVERY_S - (time.monotonic() - began))

    def _take(self, wire: Any, age_s: float, verdict_id: Optional[str]) -> bool:
        try:
            self._heard(parse_verdict(wire), age_s)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            warn_once("verdict", "lensai: a verdict of %s cannot be read (%r)", self._settings.base_url, error)
            return False
        self._has = verdict_id
        return True

    def _warn(self, error: Exception) -> None:
        kind = "verdicts-refused" if isinstance(error, _Refused) else "verdicts-away"
        warn_once(
            kind,
            "lensai: the verdicts of %s cannot be read (%s); until they can, on_unreachable decides (%r where no "
            "verdict was heard)",
            self._settings.base_url,
            error if isinstance(error, (_Refused, socket.timeout)) else repr(error),
            self._settings.on_unreachable,
        )


class _Reading:
    """What was read of one stream so far."""

    def __init__(self, has: Optional[str]) -> None:
        self.has = has
        self.had_data = False
        self.is_dumb = False
        self.knows = False
        self.tells_age = False
        self._event = ""
        self._id: Optional[str] = None
        self._data: List[str] = []

    def take(self, line: str) -> None:
        """Takes a line of an event."""
        name, _, value = line.partition(":")
        value = value.strip()
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        elif name == "id":
            self._id = value

    def end_event(self) -> "tuple[str, str, Optional[str]]":
        """The event that an empty line ends: its name, data and id."""
        ended = (self._event, "\n".join(self._data), self._id)
        self._event, self._data, self._id = "", [], None
        return ended


class _Refused(Exception):
    def __init__(self, status: int, body: bytes, retry_after: Optional[float]) -> None:
        super().__init__(f"status {status}: {body[:2000].decode('utf-8', 'replace')}")
        self.retry_after_s = retry_after


def _age_s(wire: Any) -> float:
    return _ms_to_s(wire.get("age_ms") if isinstance(wire, dict) else None)


def _ms_to_s(value: Any) -> float:
    try:
        return max(0.0, float(value) / 1000)
    except (TypeError, ValueError):
        return 0.0


def _tag_of(etag: Optional[str]) -> Optional[str]:
    if etag is None:
        return None
    return etag[2:].strip('"') if etag.startswith("W/") else etag.strip('"')
