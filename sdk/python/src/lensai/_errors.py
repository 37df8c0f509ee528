"""What this package raises.

Only a `CallRefused` (one of its kinds) and `LensConfigError` ever reach the caller: trouble with telemetry is counted
and logged, never raised.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Mapping, Optional, Tuple, Type

from ._explain import Explanation


class LensConfigError(ValueError):
    """A setting is missing or malformed. The message names every bad setting and what was expected."""


class CallRefused(Exception):
    """A call was not made. Raised before any request to the provider, and never retried by its client."""


class BudgetExceeded(CallRefused):
    """A budget, or a person, stops this call. Of several that do, the strictest is told.

    Attributes:
        reason: "limit", "person", "environment" (only calls of this environment are stopped), "wide_stop" (a person
            stopped every call of the project or organisation), and in strict mode "hold_too_large" (the call could
            cost more than is left) or "unpriced" (its model has no price).
        budget: what people call the budget; empty for a wide stop.
        budget_id: the budget's id; None for a wide stop.
        project: the project whose calls it covers; None for one of the whole organisation.
        scope, counter: what it covers, and whose counter it is, such as "user:u1"; empty for all.
        period: the budget's period in words, such as "November 2026".
        spent_usd, held_usd, limit_usd: what was spent in the period, what is held for calls under way, and the limit,
            in USD. None for a wide stop.
        wanted_usd, available_usd, price_version: of a refused hold: what the call could cost at worst, what was left,
            and by which prices. None else.
        since: since when calls are stopped (aware, UTC); None when the server did not say.
        resets_at: when the next period begins (aware, UTC). It ends a stop by the limit, not one by a person.
        stopped_by: "limit" or "person".
        lifters: who may lift the stop: "admins", "members", or "named" (whom its policy names);
            None when the server did not say.
        lift_url: where a person can lift the stop; None until the budget has its card in Slack.
        others: how many further budgets stop the same call.
    """

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation.sentence)
        self.explanation = explanation
        self.reason: str = explanation.reason
        self.budget: str = explanation.title
        self.budget_id: Optional[str] = explanation.budget_id
        self.project: Optional[str] = explanation.project
        self.scope: Mapping[str, Any] = explanation.scope
        self.counter: str = explanation.counter
        self.period: str = explanation.period
        self.spent_usd: Optional[Decimal] = explanation.spent_usd
        self.held_usd: Optional[Decimal] = explanation.held_usd
        self.limit_usd: Optional[Decimal] = explanation.limit_usd
        self.available_usd: Optional[Decimal] = explanation.available_usd
        self.wanted_usd: Optional[Decimal] = explanation.wanted_usd
        self.price_version: Optional[str] = explanation.price_version
        self.since: Optional[datetime] = explanation.since
        self.resets_at: Optional[datetime] = explanation.resets_at
        self.stopped_by: str = "person" if explanation.reason in ("person", "wide_stop") else "limit"
        self.lifters: Optional[str] = explanation.lifters
        self.lift_url: Optional[str] = explanation.lift_url
        self.others: int = explanation.others

    # Task queues send errors between processes, so it must survive pickling.
    def __reduce__(self) -> Tuple[Type[BudgetExceeded], Tuple[Any, ...]]:
        return (type(self), (self.explanation,))


class BudgetUnreachable(CallRefused):
    """The server cannot be asked or was not heard for too long, and that is to refuse calls ("deny").

    It is no `BudgetExceeded`, because nothing is known to be spent.

    Attributes:
        silent_for_s: seconds since the last word from the server; None when there never was one.
        budget: the budget whose own `on_unreachable` is "deny"; None when it is the setting of the Lens.
        why: what went wrong when a hold was asked for; None when the server was merely silent.
    """

    def __init__(
        self, silent_for_s: Optional[float], base_url: str, budget: Optional[str] = None, why: Optional[str] = None
    ) -> None:
        heard = "has not been heard since this process started"
        if why is not None:
            heard = f"did not answer whether this call may begin ({why})"
        elif silent_for_s is not None:
            heard = f"has been silent for {silent_for_s:.0f} s"
        rule, way_out = "on_unreachable is 'deny'", "or use on_unreachable='allow'"
        if budget is not None:
            rule = f'the budget "{budget}" refuses calls meanwhile (its on_unreachable is "deny")'
            way_out = "or have its on_unreachable set to \"allow\""
        super().__init__(
            f"The call was not made: the budget server at {base_url} {heard}, and {rule}. "
            f"Check that it is reachable and that the API key may read verdicts and hold, {way_out}."
        )
        self.silent_for_s = silent_for_s
        self.budget = budget
        self.why = why
        self._base_url = base_url

    def __reduce__(self) -> Tuple[Type[BudgetUnreachable], Tuple[Any, ...]]:
        return (type(self), (self.silent_for_s, self._base_url, self.budget, self.why))


class CallThrottled(CallRefused):
    """A budget near its limit lets this process make only so many calls a minute, and this one was too many.

    Attributes:
        budget, budget_id, counter: which budget, and whose counter of it.
        calls_per_minute: how many it lets pass.
        retry_after_s: when the next call would pass, in seconds from now.
    """

    def __init__(
        self, budget: str, budget_id: str, counter: str, calls_per_minute: int, retry_after_s: float
    ) -> None:
        super().__init__(
            f'The call was not made: the budget "{budget}" ({budget_id}) is near its limit and lets each process make '
            f"{calls_per_minute} calls a minute. The next passes in {retry_after_s:.1f} s; to wait for it instead, "
            "set throttle_wait_s."
        )
        self.budget = budget
        self.budget_id = budget_id
        self.counter = counter
        self.calls_per_minute = calls_per_minute
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> Tuple[Type[CallThrottled], Tuple[Any, ...]]:
        about = (self.budget, self.budget_id, self.counter, self.calls_per_minute, self.retry_after_s)
        return (type(self), about)


class CallUnbounded(CallRefused):
    """A strict budget covers this call, and nothing says what it can cost at most.

    Attributes:
        budget, budget_id: the strict budget.
        lacks: what is not known, and how to say it.
    """

    def __init__(self, budget: str, budget_id: str, lacks: str) -> None:
        super().__init__(
            f'The call was not made: the budget "{budget}" ({budget_id}) is strict, so the most that a call can cost '
            f"must be known before it begins. {lacks}"
        )
        self.budget = budget
        self.budget_id = budget_id
        self.lacks = lacks

    def __reduce__(self) -> Tuple[Type[CallUnbounded], Tuple[Any, ...]]:
        return (type(self), (self.budget, self.budget_id, self.lacks))
