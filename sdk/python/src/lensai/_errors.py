"""What this package raises.

Only a `CallRefused` (one of its two kinds) and `LensConfigError` ever reach the caller: trouble with telemetry is
counted and logged, never raised.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Optional, Tuple, Type

from ._verdict import BudgetView


class LensConfigError(ValueError):
    """A setting is missing or malformed. The message names every bad setting and what was expected."""


class CallRefused(Exception):
    """A call was not made. Raised before any request to the provider, and never retried by its client."""


class BudgetExceeded(CallRefused):
    """A budget stops this project's calls.

    Attributes:
        budget: the name of the project whose budget it is.
        budget_id: the budget's id.
        spent_usd: what was spent in the budget's period, in USD.
        limit_usd: the budget's limit, in USD.
        resets_at: when the next period begins (aware, UTC). It ends a stop by the limit, not one by a person.
        stopped_by: "limit" or "person"; None when the server did not say.
        lift_url: where a person can lift the stop; None until the budget has its card in Slack.
    """

    def __init__(self, stopped: BudgetView) -> None:
        super().__init__(_sentence(stopped))
        self._stopped = stopped
        self.budget: str = stopped.project
        self.budget_id: str = stopped.budget_id
        self.spent_usd: Decimal = stopped.spent_usd
        self.limit_usd: Decimal = stopped.limit_usd
        self.resets_at: datetime = stopped.resets_at
        self.stopped_by: Optional[str] = stopped.stopped_by
        self.lift_url: Optional[str] = stopped.lift_url

    # Task queues send errors between processes, so it must survive pickling.
    def __reduce__(self) -> Tuple[Type[BudgetExceeded], Tuple[Any, ...]]:
        return (type(self), (self._stopped,))


class BudgetUnreachable(CallRefused):
    """No verdict has been heard for too long, and this Lens was made with `on_unreachable="deny"`.

    It is no `BudgetExceeded`, because nothing is known to be spent.

    Attributes:
        silent_for_s: seconds since the last word from the server; None when there never was one.
    """

    def __init__(self, silent_for_s: Optional[float], base_url: str) -> None:
        heard = "has not been heard since this process started"
        if silent_for_s is not None:
            heard = f"has been silent for {silent_for_s:.0f} s"
        super().__init__(
            f"The call was not made: the budget server at {base_url} {heard}, and on_unreachable is 'deny'. "
            "Check that it is reachable and that the API key may read verdicts, or use on_unreachable='allow'."
        )
        self.silent_for_s = silent_for_s
        self._base_url = base_url

    def __reduce__(self) -> Tuple[Type[BudgetUnreachable], Tuple[Any, ...]]:
        return (type(self), (self.silent_for_s, self._base_url))


def _sentence(stopped: BudgetView) -> str:
    why = "was stopped by a person" if stopped.stopped_by == "person" else "is spent"
    where = f" at {stopped.lift_url}" if stopped.lift_url else ""
    if stopped.stopped_by == "person":
        # No new period ends this stop.
        again = f"Calls pass again when a person resumes them{where}."
    else:
        again = (
            f"Calls pass again when it resets at {stopped.resets_at:%Y-%m-%d %H:%M} UTC, "
            f"or a person lifts the stop{where}."
        )
    return (
        f'The call was not made: the budget of project "{stopped.project}" ({stopped.budget_id}) {why}. '
        f"Spent {usd(stopped.spent_usd)} of {usd(stopped.limit_usd)}. "
        f"{again}"
    )


def usd(amount: Decimal) -> str:
    """Money as people read it: at least cents, and no more digits than the amount has."""
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"${amount:,.{digits}f}"
