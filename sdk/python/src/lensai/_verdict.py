"""The verdict: may this project call, and what each of its budgets says.

Values are what the server said; the only clock that this package reads against them is in `_guard.py`. A server from
before a field is read as one that says nothing by it; fields that a later one adds are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Mapping, Optional, Tuple

from ._scope import ONE_COUNTER


@dataclass(frozen=True)
class BudgetView:
    """One budget, or one counter of a budget for each user or key, as of the verdict it came with.

    Money is exact, in USD; instants are aware, in UTC.
    """

    budget_id: str
    project: Optional[str]
    """The project whose calls it covers; None for a budget of the whole organisation."""
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
    title: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    """What of the project's calls it covers, as the server writes it; empty for all."""
    counter: str = ONE_COUNTER
    """Whose counter it is, such as "user:u1"; empty for a budget with one, and for the rule itself."""
    mode: str = "cached"
    ask_first: bool = False
    on_unreachable: Optional[str] = None
    """"allow" or "deny"; None from a server that leaves it to the Lens."""
    downgrades: Tuple[Tuple[str, str], ...] = ()
    """(from, to): calls of models that fit `from` are to use `to`."""
    calls_per_minute: Optional[int] = None
    stopped_environments: Tuple[str, ...] = ()
    ask_first_models: Tuple[str, ...] = ()
    """"provider/model" of calls that are to ask first: these models have no price, and the budget refuses such calls."""
    price_version: Optional[str] = None
    """The list of prices by which it counts."""
    estimated_usd: Decimal = Decimal(0)
    """What calls without a price are taken to cost; counted beside what was spent, and no part of it."""
    period: str = ""
    period_from: Optional[datetime] = None
    held_usd: Decimal = Decimal(0)
    lifters: Optional[str] = None
    """Who may lift a stop, "admins" or "members"; None when the server did not say."""

    @property
    def stopped(self) -> bool:
        """Whether this budget stops the calls that it covers."""
        return self.state == "stopped"

    @property
    def is_of_rule(self) -> bool:
        """Whether it stands for a rule that has a counter for each user or key, and not for one of its counters."""
        return self.counter == ONE_COUNTER and self.scope.get("each") is not None

    @property
    def stops_all(self) -> bool:
        """Whether it stops every call that its scope covers, or that falls under its counter."""
        return self.stopped and (self.stopped_by == "person" or not self.is_of_rule)


@dataclass(frozen=True)
class WideStop:
    """A person's stop of everything that a project, or the whole organisation, calls."""

    reach: str
    since: Optional[datetime]
    by: Optional[str]
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The latest answer of the server.

    `allowed` is false when every call of the project is refused, whatever it is; a single budget may refuse some also
    while it is true.
    """

    project_id: str
    allowed: bool
    as_of: datetime
    budgets: Tuple[BudgetView, ...]
    stops: Tuple[WideStop, ...] = ()
    key_id: Optional[str] = None
    """The id of the API key that asked; None when the server did not say."""

    @property
    def stopping(self) -> Optional[BudgetView]:
        """Of the budgets that stop any calls, the strictest."""
        return strictest(budget for budget in self.budgets if budget.stops_all)


def strictest(stopping: Any) -> Optional[BudgetView]:
    """The one to name of several that stop: a person's stop, which no period ends, before the one that ends last."""
    order = sorted(stopping, key=lambda budget: (budget.stopped_by == "person", budget.resets_at), reverse=True)
    return order[0] if order else None


def parse_verdict(wire: Any) -> Verdict:
    """The verdict in `wire`, a parsed JSON object. Raises KeyError, TypeError or ValueError when it is none.

    A verdict that refuses without naming a stop is malformed: nobody could be told why.
    """
    allowed = wire["allowed"]
    if not isinstance(allowed, bool):
        raise TypeError("allowed is no boolean")
    verdict = Verdict(
        project_id=str(wire["project_id"]),
        allowed=allowed,
        as_of=instant(wire["as_of"]),
        budgets=tuple(_budget(budget) for budget in wire["budgets"]),
        stops=tuple(_stop(stop) for stop in wire.get("stops") or ()),
        key_id=wire.get("key_id"),
    )
    if not allowed and verdict.stopping is None and not verdict.stops:
        raise ValueError("it refuses calls and names no stopped budget")
    return verdict


def _budget(wire: Mapping[str, Any]) -> BudgetView:
    ceiling, project, per_minute = wire.get("ceiling_nano_usd"), wire.get("project"), wire.get("calls_per_minute")
    return BudgetView(
        budget_id=str(wire["budget_id"]),
        project=None if project is None else str(project),
        title=str(wire.get("title") or project or wire["budget_id"]),
        scope=dict(wire.get("scope") or {}),
        counter=str(wire.get("counter") or ONE_COUNTER),
        mode=str(wire.get("mode") or "cached"),
        ask_first=wire.get("ask_first") is True,
        on_unreachable=wire.get("on_unreachable"),
        state=str(wire["state"]),
        stopped_by=wire.get("stopped_by"),
        since=instant_or_none(wire.get("since")),
        downgrades=tuple((str(each["from"]), str(each["to"])) for each in wire.get("downgrades") or ()),
        calls_per_minute=None if per_minute is None else int(per_minute),
        stopped_environments=tuple(str(each) for each in wire.get("stopped_environments") or ()),
        ask_first_models=tuple(str(each) for each in wire.get("ask_first_models") or ()),
        price_version=wire.get("price_version"),
        estimated_usd=_usd(wire.get("estimated_nano_usd") or "0"),
        period=str(wire.get("period") or ""),
        period_from=instant_or_none(wire.get("period_from")),
        spent_usd=_usd(wire["spent_nano_usd"]),
        held_usd=_usd(wire.get("held_nano_usd") or "0"),
        limit_usd=_usd(wire["limit_nano_usd"]),
        remaining_usd=_usd(wire["remaining_nano_usd"]),
        ceiling_usd=None if ceiling is None else _usd(ceiling),
        until=instant_or_none(wire.get("until")),
        resets_at=instant(wire["resets_at"]),
        lift_url=wire.get("lift_url"),
        lifters=wire.get("lifters"),
    )


def _stop(wire: Mapping[str, Any]) -> WideStop:
    return WideStop(
        reach=str(wire["reach"]),
        since=instant_or_none(wire.get("since")),
        by=wire.get("by"),
        reason=str(wire.get("reason") or ""),
    )


def _usd(nano_usd: str) -> Decimal:
    return Decimal(int(nano_usd)).scaleb(-9)


def instant(text: str) -> datetime:
    """An instant of the wire."""
    # Python 3.9 reads neither the Z nor a fraction of other than three or six digits.
    if not text.endswith("Z"):
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    whole, _, fraction = text[:-1].partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}+00:00")


def instant_or_none(text: Optional[str]) -> Optional[datetime]:
    """An instant of the wire, if there is one."""
    return None if text is None else instant(text)
