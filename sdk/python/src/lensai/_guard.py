"""The check before each call: a few attribute reads, in memory.

Rules, in this order:
1. The server was heard within STALE_AFTER_S: its verdict decides.
2. It was not, and the last verdict stopped the project: that stop holds until the stopped budget's `resets_at`, and a
   person's until the server says otherwise, as it does there.
3. Otherwise `on_unreachable` decides.
"""

from __future__ import annotations

import threading
import time
from typing import Callable, Optional

from ._errors import BudgetExceeded, BudgetUnreachable, CallRefused
from ._settings import STALE_AFTER_S, Settings
from ._verdict import Verdict

_NEVER = float("-inf")


class Guard:
    """Holds the latest verdict. The reader's thread writes it, callers read it without a lock."""

    def __init__(self, settings: Settings, wall_clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._wall_clock = wall_clock
        self._heard_at = _NEVER
        self._answered = threading.Event()
        self._wait_until: Optional[float] = None
        self.verdict: Optional[Verdict] = None

    def hear(self, verdict: Verdict) -> None:
        """Takes the server's verdict."""
        self.verdict = verdict
        self.hear_alive()
        self._answered.set()

    def hear_alive(self) -> None:
        """Notes that the server still stands by its last verdict."""
        self._heard_at = time.monotonic()

    def inherit(self, parent: Guard) -> None:
        """Takes over what the parent of a forked process knew, as old as it is."""
        self.verdict = parent.verdict
        self._heard_at = parent._heard_at
        if self.verdict is not None and time.monotonic() - self._heard_at <= STALE_AFTER_S:
            self._answered.set()

    def refusal(self) -> Optional[CallRefused]:
        """Why a call may not be made now, or None."""
        verdict = self.verdict
        if verdict is not None and time.monotonic() - self._heard_at <= STALE_AFTER_S:
            return None if verdict.allowed else _exceeded(verdict)
        return self._refusal_unheard(verdict)

    def waits_s(self) -> float:
        """How long a call may still wait for this process's first verdict, in seconds; 0 when it need not.

        The time runs once, from the first call on: without a server, later calls are not held up again.
        """
        if self._answered.is_set():
            return 0.0
        now = time.monotonic()
        if self._wait_until is None:
            self._wait_until = now + self._settings.first_verdict_timeout_s
        return max(0.0, self._wait_until - now)

    def wait_for_first(self) -> None:
        """Blocks until the first verdict is there, or until no call has to wait for it any more."""
        left = self.waits_s()
        if left > 0:
            self._answered.wait(left)

    @property
    def silent_for_s(self) -> Optional[float]:
        """Seconds since the server was last heard; None when it never was."""
        return None if self._heard_at == _NEVER else time.monotonic() - self._heard_at

    def _refusal_unheard(self, verdict: Optional[Verdict]) -> Optional[CallRefused]:
        stopping = verdict.stopping if verdict is not None and not verdict.allowed else None
        if stopping is not None:
            by_person = stopping.stopped_by == "person"
            if by_person or self._wall_clock() < stopping.resets_at.timestamp():
                return BudgetExceeded(stopping)
        if self._settings.on_unreachable == "deny":
            return BudgetUnreachable(self.silent_for_s, self._settings.base_url)
        return None


def _exceeded(verdict: Verdict) -> Optional[CallRefused]:
    stopping = verdict.stopping
    # parse_verdict admits no refusal without a stopped budget.
    return None if stopping is None else BudgetExceeded(stopping)
