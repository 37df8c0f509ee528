"""The check before each call: a few look-ups, in memory.

Rules, in this order:
1. The server was heard within STALE_AFTER_S: its verdict decides.
2. It was not, and the last verdict stopped the call: that stop holds until the budget's `resets_at`, and a person's
   until the server says otherwise, as it does there.
3. Otherwise the budgets that cover the call decide by their own `on_unreachable`; where no verdict was ever heard, or
   a budget does not say, the setting of the Lens does.
"""

from __future__ import annotations

import threading
import time
from typing import Callable, NamedTuple, Optional, Tuple

from ._errors import BudgetExceeded, BudgetUnreachable, CallRefused
from ._rules import Rules
from ._scope import Facts
from ._settings import STALE_AFTER_S, Settings
from ._verdict import BudgetView, Verdict

_NEVER = float("-inf")


class Ruling(NamedTuple):
    """What is to happen to a call that does not simply pass."""

    refusal: Optional[CallRefused]
    asks: Tuple[BudgetView, ...]
    speeds: Tuple[BudgetView, ...]


class Guard:
    """Holds the latest verdict. The reader's thread writes it, callers read it without a lock."""

    def __init__(self, settings: Settings, wall_clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._wall_clock = wall_clock
        self._heard_at = _NEVER
        self._answered = threading.Event()
        self._wait_until: Optional[float] = None
        self._rules: Optional[Rules] = None

    @property
    def verdict(self) -> Optional[Verdict]:
        """The latest verdict that was heard, or None."""
        return None if self._rules is None else self._rules.verdict

    @property
    def key_id(self) -> Optional[str]:
        """Which key this is, if the server told."""
        return None if self._rules is None else self._rules.verdict.key_id

    def hear(self, verdict: Verdict, age_s: float = 0.0) -> None:
        """Takes the server's verdict, read `age_s` ago."""
        self._rules = Rules(verdict)
        self.hear_alive(age_s)
        self._answered.set()

    def hear_alive(self, age_s: float = 0.0) -> None:
        """Notes that the server stood by its last verdict `age_s` ago."""
        self._heard_at = time.monotonic() - age_s

    def inherit(self, parent: Guard) -> None:
        """Takes over what the parent of a forked process knew, as old as it is."""
        self._rules = parent._rules
        self._heard_at = parent._heard_at
        if self._rules is not None and time.monotonic() - self._heard_at <= STALE_AFTER_S:
            self._answered.set()

    @property
    def lets_all_pass(self) -> bool:
        """Whether every call may be made now, whatever it is."""
        rules = self._rules
        return rules is not None and rules.lets_all_pass and time.monotonic() - self._heard_at <= STALE_AFTER_S

    @property
    def is_silent(self) -> bool:
        """Whether the server has not been heard for too long."""
        return time.monotonic() - self._heard_at > STALE_AFTER_S

    def rule(self, facts: Facts) -> Optional[Ruling]:
        """What is to happen to a call now; None when it passes."""
        rules = self._rules
        if rules is not None and time.monotonic() - self._heard_at <= STALE_AFTER_S:
            judged = rules.judge(facts)
            if judged is None:
                return None
            refusal = None if judged.refused is None else BudgetExceeded(judged.refused)
            return Ruling(refusal, judged.asks, judged.speeds)
        return self._rule_unheard(rules, facts)

    def refusal(self, facts: Facts = Facts()) -> Optional[CallRefused]:
        """Why a call may not be made now, as far as that can be told without a hold; None when it may."""
        ruling = self.rule(facts)
        if ruling is None or ruling.refusal is not None or not self.is_silent:
            return None if ruling is None else ruling.refusal
        return self.unreachable(ruling.asks, None)

    def model_for(self, facts: Facts) -> Optional[str]:
        """The model that the budgets want for this call; its own where they say nothing."""
        rules = self._rules
        if rules is None or rules.lets_all_pass:
            return facts.model
        return rules.model_for(facts, self._wall_clock() if self.is_silent else None)

    def unreachable(self, asks: Tuple[BudgetView, ...], why: Optional[str]) -> Optional[BudgetUnreachable]:
        """What to raise when the budgets that want a hold cannot be asked; None when the call may go ahead."""
        denying = [view for view in asks if self._word_of(view) == "deny"]
        if not denying:
            return None
        named = denying[0].title if denying[0].on_unreachable == "deny" else None
        return BudgetUnreachable(self.silent_for_s, self._settings.base_url, named, why)

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

    def _rule_unheard(self, rules: Optional[Rules], facts: Facts) -> Optional[Ruling]:
        if rules is None:
            return self._denied(None) if self._settings.on_unreachable == "deny" else None
        judged = rules.judge(facts, self._wall_clock())
        if judged is not None and judged.refused is not None:
            return Ruling(BudgetExceeded(judged.refused), (), ())
        asks = judged.asks if judged is not None else ()
        # A budget that wants a hold is answered by it: that reaches the server, or tells that it cannot be reached.
        asking = {view.budget_id for view in asks}
        for view in rules.not_allowing(facts):
            if view.budget_id not in asking and self._word_of(view) == "deny":
                return self._denied(view.title if view.on_unreachable == "deny" else None)
        return None if judged is None else Ruling(None, judged.asks, judged.speeds)

    def _word_of(self, view: BudgetView) -> str:
        return view.on_unreachable or self._settings.on_unreachable

    def _denied(self, budget: Optional[str]) -> Ruling:
        return Ruling(BudgetUnreachable(self.silent_for_s, self._settings.base_url, budget), (), ())
