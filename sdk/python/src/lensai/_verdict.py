"""The verdict: may this project call, and what each of its budgets says.

Values are what the server said; the only clock that this package reads against them is in `_guard.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Mapping, Optional, Tuple


@dataclass(frozen=True)
class BudgetView:
    """One budget, as of the verdict it came with. Money is exact, in USD; instants are aware, in UTC."""

    budget_id: str
    project: str
    state: str
    stopped_by: Optional[str]
    since: Optional[datetime]
    spent_usd: Decimal
    limit_usd: Decimal
    remaining_usd: Decimal
    ceiling_usd: Optional[Decimal]
    until: Optional[datetime]
    resets_at: datetime
    lift_url: Optional[str]

    @property
    def stopped(self) -> bool:
        """Whether this budget stops calls."""
        return self.state == "stopped"


@dataclass(frozen=True)
class Verdict:
    """The latest answer of the server. `allowed` is false when any budget stops the project's calls."""

    project_id: str
    allowed: bool
    as_of: datetime
    budgets: Tuple[BudgetView, ...]

    @property
    def stopping(self) -> Optional[BudgetView]:
        """The budget to name in a refusal: of those that stop, the one that keeps stopping longest."""
        stopped = [budget for budget in self.budgets if budget.stopped]
        return max(stopped, key=lambda budget: (budget.stopped_by == "person", budget.resets_at)) if stopped else None


def parse_verdict(wire: Any) -> Verdict:
    """The verdict in `wire`, a parsed JSON object. Raises KeyError, TypeError or ValueError when it is none.

    A verdict that refuses without naming a stopped budget is malformed: nobody could be told why.
    """
    allowed = wire["allowed"]
    if not isinstance(allowed, bool):
        raise TypeError("allowed is no boolean")
    verdict = Verdict(
        project_id=str(wire["project_id"]),
        allowed=allowed,
        as_of=_instant(wire["as_of"]),
        budgets=tuple(_budget(budget) for budget in wire["budgets"]),
    )
    if not allowed and verdict.stopping is None:
        raise ValueError("it refuses calls and names no stopped budget")
    return verdict


def _budget(wire: Mapping[str, Any]) -> BudgetView:
    ceiling = wire.get("ceiling_nano_usd")
    return BudgetView(
        budget_id=str(wire["budget_id"]),
        project=str(wire["project"]),
        state=str(wire["state"]),
        stopped_by=wire.get("stopped_by"),
        since=_instant_or_none(wire.get("since")),
        spent_usd=_usd(wire["spent_nano_usd"]),
        limit_usd=_usd(wire["limit_nano_usd"]),
        remaining_usd=_usd(wire["remaining_nano_usd"]),
        ceiling_usd=None if ceiling is None else _usd(ceiling),
        until=_instant_or_none(wire.get("until")),
        resets_at=_instant(wire["resets_at"]),
        lift_url=wire.get("lift_url"),
    )


def _usd(nano_usd: str) -> Decimal:
    return Decimal(int(nano_usd)).scaleb(-9)


def _instant(text: str) -> datetime:
    # Python 3.9 reads neither the Z nor a fraction of other than three or six digits.
    if not text.endswith("Z"):
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    whole, _, fraction = text[:-1].partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}+00:00")


def _instant_or_none(text: Optional[str]) -> Optional[datetime]:
    return None if text is None else _instant(text)
