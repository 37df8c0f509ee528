"""Why a call was refused, in one form for whoever refused it: a verdict in memory, or the answer to a hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Mapping, Optional

from ._scope import ONE_COUNTER
from ._verdict import BudgetView, WideStop, instant_or_none


@dataclass(frozen=True)
class Explanation:
    """Everything a person needs to know of a refusal. Money is exact, in USD; instants are aware, in UTC.

    `reason` is "limit", "person", "environment" or "wide_stop"; of a hold also "hold_too_large" or "unpriced".
    What is not known is None: a wide stop has no budget and no figures.
    """

    reason: str
    budget_id: Optional[str] = None
    title: str = ""
    project: Optional[str] = None
    scope: Mapping[str, Any] = field(default_factory=dict)
    counter: str = ONE_COUNTER
    period: str = ""
    spent_usd: Optional[Decimal] = None
    held_usd: Optional[Decimal] = None
    estimated_usd: Optional[Decimal] = None
    """What calls without a price are taken to cost; counted beside what was spent, and no part of it."""
    limit_usd: Optional[Decimal] = None
    available_usd: Optional[Decimal] = None
    wanted_usd: Optional[Decimal] = None
    price_version: Optional[str] = None
    since: Optional[datetime] = None
    resets_at: Optional[datetime] = None
    lifters: Optional[str] = None
    lift_url: Optional[str] = None
    others: int = 0
    """How many further budgets refuse the same call."""
    stopped_for: str = ""
    """Who stopped it and why, for a wide stop; which environment, for one of an environment."""
    message: str = ""
    """The server's own sentence, when it wrote one."""

    @property
    def sentence(self) -> str:
        """What happened, and the way out, for a person."""
        if self.message:
            parts = [f"The call was not made. {self.message}", self._link()]
        else:
            parts = [f"The call was not made: {self._what()}.", self._figures(), self._ends()]
        return " ".join(part for part in [*parts, self._further()] if part)

    def _what(self) -> str:
        if self.reason == "wide_stop":
            return self.stopped_for
        budget = f'the budget "{self.title}" ({self.budget_id})'
        if self.counter != ONE_COUNTER:
            kind, _, owner = self.counter.partition(":")
            budget += f" of {kind} {owner}" if owner else f" of calls that name no {kind}"
        since = f" since {_minute(self.since)}" if self.since else ""
        if self.reason == "person":
            return f"{budget} was stopped by a person{since}"
        if self.reason == "environment":
            return f"{budget} stops the environment {self.stopped_for}{since}"
        if self.reason == "hold_too_large":
            return f"it could cost {usd(self.wanted_usd)}, and {budget} has {usd(self.available_usd)} left"
        if self.reason == "unpriced":
            return f"its model has no price, and {budget} refuses such calls"
        return f"{budget} is spent{since}"

    def _figures(self) -> str:
        if self.spent_usd is None or self.limit_usd is None:
            return ""
        held = f", and {usd(self.held_usd)} held for calls under way," if self.held_usd else ""
        period = f" in {self.period}" if self.period else ""
        unpriced = f", about {usd(self.estimated_usd)} for calls without a price" if self.estimated_usd else ""
        prices = f", by the prices of {self.price_version}" if self.price_version else ""
        return f"Spent {usd(self.spent_usd)}{unpriced}{held} of {usd(self.limit_usd)}{period}{prices}."

    def _ends(self) -> str:
        where = f" at {self.lift_url}" if self.lift_url else ""
        who = {
            "admins": "an admin",
            "members": "a member of the workspace",
            "named": "one of those whom its policy names",
        }.get(self.lifters or "", "a person")
        if self.reason in ("person", "wide_stop"):
            # No new period ends this stop.
            return f"Calls pass again when {who} resumes them{where}."
        if self.resets_at is None:
            return f"Calls pass again when {who} lifts the stop{where}."
        return f"Calls pass again when it resets at {_minute(self.resets_at)}, or {who} lifts the stop{where}."

    def _link(self) -> str:
        return self.lift_url if self.lift_url is not None and self.lift_url not in self.message else ""

    def _further(self) -> str:
        if not self.others:
            return ""
        return f"{self.others} more {'budgets stop' if self.others > 1 else 'budget stops'} it too."


def of_budget(budget: BudgetView, *, environment: Optional[str] = None, others: int = 0) -> Explanation:
    """Why `budget` refuses; `environment` when it is only that one's calls."""
    reason = "environment" if environment is not None else "person" if budget.stopped_by == "person" else "limit"
    return Explanation(
        reason=reason,
        budget_id=budget.budget_id,
        title=budget.title,
        project=budget.project,
        scope=budget.scope,
        counter=budget.counter,
        period=budget.period,
        spent_usd=budget.spent_usd,
        held_usd=budget.held_usd,
        estimated_usd=budget.estimated_usd,
        price_version=budget.price_version,
        limit_usd=budget.limit_usd,
        available_usd=budget.remaining_usd,
        since=budget.since,
        resets_at=budget.resets_at,
        lifters=budget.lifters,
        lift_url=budget.lift_url,
        others=others,
        stopped_for=environment or "",
    )


def of_wide_stop(stop: WideStop, others: int) -> Explanation:
    """Why a stop of everything refuses."""
    whose = "the whole organisation" if stop.reach == "organisation" else "this project"
    by = f" by {stop.by}" if stop.by else ""
    why = f": {stop.reason}" if stop.reason else ""
    since = f" since {_minute(stop.since)}" if stop.since else ""
    told = f"every call of {whose} was stopped{by}{since}{why}".rstrip(".")
    return Explanation(reason="wide_stop", since=stop.since, others=others, stopped_for=told)


def of_hold(wire: Mapping[str, Any]) -> Explanation:
    """The explanation of a refused hold. What cannot be read is left out: the refusal stands."""
    return Explanation(
        reason=str(wire.get("reason") or "limit"),
        budget_id=_text(wire.get("budget_id")),
        title=str(wire.get("title") or wire.get("budget_id") or ""),
        scope=wire["scope"] if isinstance(wire.get("scope"), dict) else {},
        counter=str(wire.get("counter") or ONE_COUNTER),
        period=str(wire.get("period") or ""),
        spent_usd=_money(wire.get("spent_usd")),
        held_usd=_money(wire.get("held_usd")),
        estimated_usd=_money(wire.get("estimated_usd")),
        limit_usd=_money(wire.get("limit_usd")),
        available_usd=_money(wire.get("available_usd")),
        wanted_usd=_money(wire.get("wanted_usd")),
        price_version=_text(wire.get("price_version")),
        since=_at(wire.get("since")),
        resets_at=_at(wire.get("resets_at")),
        lifters=_text(wire.get("lifters")),
        lift_url=_text(wire.get("lift_url")),
        message=str(wire.get("message") or ""),
    )


def usd(amount: Optional[Decimal]) -> str:
    """Money as people read it: at least cents, and no more digits than the amount has."""
    if amount is None:
        return "an unknown amount"
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"${amount:,.{digits}f}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _text(value: Any) -> Optional[str]:
    return None if value is None else str(value)


def _money(value: Any) -> Optional[Decimal]:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _at(value: Any) -> Optional[datetime]:
    try:
        return instant_or_none(value)
    except (TypeError, ValueError, AttributeError):
        return None
