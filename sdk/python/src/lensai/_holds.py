"""Holds: the server is asked before a call whether the most that it can cost still fits, and keeps that free for it.

Invariants: asking ends within `hold_timeout_s`, and never raises; asking again for the same attempt holds nothing
twice; a hold that no event will settle is released, and one that cannot be released ends by itself.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import quote

from ._explain import Explanation, of_hold
from ._log import quiet, warn_once
from ._settings import Settings
from ._wire import TROUBLE, Answer, Connection, error_text

PATH = "/v1/holds"
#: Connections that are kept open while nobody asks.
IDLE_CONNECTIONS_MAX = 32
#: A kept connection that was idle for longer is likely to have been closed at the other end.
IDLE_S_MAX = 4.0
PAUSE_S = 0.05
FINISH_TRIES = 2
FINISHES_MAX = 10_000


class Granted(NamedTuple):
    """The call may begin. `hold_id` is None when no budget asks to hold for it."""

    hold_id: Optional[str]


class Refused(NamedTuple):
    """The call may not begin."""

    explanation: Explanation


class Unanswered(NamedTuple):
    """Nobody said whether it may."""

    why: str


class _Finish(NamedTuple):
    hold_id: str
    cost_usd: Optional[str]


class Holds:
    """Asks from any thread, over connections that are kept open. `wake` gets `finish_all` called soon."""

    def __init__(self, settings: Settings, wake: Callable[[], None]) -> None:
        self._settings = settings
        self._wake = wake
        self._idle: Deque[Tuple[Connection, float]] = deque()
        self._finishes: Deque[_Finish] = deque(maxlen=FINISHES_MAX)
        self._counting = threading.Lock()
        self._unanswered_at = float("-inf")
        self.granted = 0
        self.refused = 0
        self.unanswered = 0

    def ask(self, hold: Mapping[str, Any]) -> "Granted | Refused | Unanswered":
        """Asks for a hold. Blocks for at most `hold_timeout_s`."""
        answer = self._ask(hold)
        with self._counting:
            self.granted += isinstance(answer, Granted)
            self.refused += isinstance(answer, Refused)
            self.unanswered += isinstance(answer, Unanswered)
            self._unanswered_at = time.monotonic() if isinstance(answer, Unanswered) else float("-inf")
        return answer

    def finish_later(self, hold_id: str, cost_usd: Optional[str] = None) -> None:
        """Has a hold released, or settled at `cost_usd`, in the background."""
        self._finishes.append(_Finish(hold_id, cost_usd))
        self._wake()

    @quiet
    def finish_all(self) -> None:
        """Releases and settles what waits for it. Called by the sender's thread, and at the end of the process."""
        while True:
            try:
                hold_id, cost_usd = self._finishes.popleft()
            except IndexError:
                return
            path = f"{PATH}/{quote(hold_id, safe='')}/{'release' if cost_usd is None else 'settle'}"
            body = b"{}" if cost_usd is None else json.dumps({"cost_usd": cost_usd}).encode()
            if not self._finish(path, body):
                # They end by themselves; waiting for each would keep the events waiting.
                self._finishes.clear()

    def close(self) -> None:
        """Closes what is kept open; later asks open anew."""
        try:
            while True:
                self._idle.popleft()[0].close()
        except IndexError:
            return

    def failed_within(self, seconds: float) -> bool:
        """Whether an ask went unanswered in the last `seconds`, and none was answered since."""
        return time.monotonic() - self._unanswered_at <= seconds

    def _ask(self, hold: Mapping[str, Any]) -> "Granted | Refused | Unanswered":
        until = time.monotonic() + self._settings.hold_timeout_s
        body = json.dumps(hold, separators=(",", ":")).encode()
        while True:
            why, pause_s, final = "it took too long", PAUSE_S, False
            try:
                answer = self._post(PATH, body, until)
                if answer.status == 200:
                    return _read(answer.body)
                why = error_text(answer)
                final = answer.status not in (408, 429) and answer.status < 500
                pause_s = answer.retry_after_s or PAUSE_S
            except Exception as error:
                why = repr(error)
            if final or time.monotonic() + pause_s >= until:
                warn_once(
                    "hold-refused" if final else "hold-unanswered",
                    "lensai: %s did not answer whether a call may begin (%s); on_unreachable decides",
                    self._settings.base_url,
                    why,
                )
                return Unanswered(why)
            # Another replica may answer, and asking twice holds once.
            time.sleep(pause_s)

    def _finish(self, path: str, body: bytes) -> bool:
        for _ in range(FINISH_TRIES):
            try:
                answer = self._post(path, body, time.monotonic() + self._settings.hold_timeout_s)
            except TROUBLE:
                continue
            if answer.status != 429 and answer.status < 500:
                return True
        return False

    def _post(self, path: str, body: bytes, until: float) -> Answer:
        connection = self._take()
        connection.set_timeout(max(0.05, until - time.monotonic()))
        try:
            answer = connection.post_json(path, body)
        except TROUBLE:
            # Those that are kept most likely ended with it.
            self.close()
            raise
        if len(self._idle) < IDLE_CONNECTIONS_MAX:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()
        return answer

    def _take(self) -> Connection:
        try:
            while True:
                # The one that was used last, so that the others may grow old.
                connection, since = self._idle.pop()
                if time.monotonic() - since <= IDLE_S_MAX:
                    return connection
                connection.close()
        except IndexError:
            return Connection(self._settings.base_url, self._settings.api_key, self._settings.hold_timeout_s)


def _read(body: Any) -> "Granted | Refused | Unanswered":
    granted = body.get("granted") if isinstance(body, dict) else None
    if granted is True:
        hold_id = body.get("hold_id")
        return Granted(None if hold_id is None else str(hold_id))
    if granted is False:
        refused_by = body.get("refused_by")
        return Refused(of_hold(refused_by if isinstance(refused_by, dict) else {}))
    return Unanswered("its answer cannot be read")
