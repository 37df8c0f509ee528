"""Calls a minute, in this process: of any sixty seconds, as many calls begin as the budget lets pass.

The minute that is counted ends now, rather than at a full one, so that no two minutes' worth ever come together.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Callable, Deque, Dict, Iterable, Optional, Tuple

from ._verdict import BudgetView

MINUTE_S = 60.0
#: Counters that are remembered; of more, those whose minute is over are forgotten.
COUNTERS_MAX = 10_000


class Throttle:
    """Counts the calls of each budget that throttles. Any thread may take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: Dict[Tuple[str, str], Deque[float]] = {}
        self._taking = threading.Lock()

    def take(self, speeds: Iterable[BudgetView]) -> Optional[Tuple[BudgetView, float]]:
        """Counts a call that is about to begin under all of `speeds`.

        When it is one too many for any of them it is counted under none, and the slowest is returned, with the seconds
        until it lets a call pass.
        """
        wanted = list(speeds)
        with self._taking:
            now = self._clock()
            if len(self._begun) > COUNTERS_MAX:
                self._forget(now)
            slowest: Optional[Tuple[BudgetView, float]] = None
            for view in wanted:
                wait = self._wait_s(view, now)
                if wait > 0 and (slowest is None or wait > slowest[1]):
                    slowest = (view, wait)
            if slowest is None:
                for view in wanted:
                    self._of(view).append(now)
            return slowest

    def _wait_s(self, view: BudgetView, now: float) -> float:
        begun, most = self._of(view), max(1, view.calls_per_minute or 1)
        while begun and begun[0] <= now - MINUTE_S:
            begun.popleft()
        # The call that has to be over a minute old before this one is within the limit.
        return begun[-most] + MINUTE_S - now if len(begun) >= most else 0.0

    def _of(self, view: BudgetView) -> Deque[float]:
        return self._begun.setdefault((view.budget_id, view.counter), deque())

    def _forget(self, now: float) -> None:
        for name in [name for name, begun in self._begun.items() if not begun or begun[-1] <= now - MINUTE_S]:
            del self._begun[name]
