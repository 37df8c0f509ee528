"""A verdict made ready for calls: compiled once when it arrives, so that a call costs a few look-ups.

Invariant: what cannot be told here (which key this is, a filter that a later server knows) is never guessed: where it
would decide about a call, the server is asked.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from ._explain import Explanation, of_budget, of_wide_stop
from ._scope import ONE_COUNTER, Facts, Fits, Scope, any_fits
from ._verdict import BudgetView, Verdict

#: Downgrades may lead on (to a model that another budget downgrades), but in no circle.
DOWNGRADES_MAX = 8


class Judgement(NamedTuple):
    """What the budgets say of one call, short of letting it pass as it is."""

    refused: Optional[Explanation]
    asks: Tuple[BudgetView, ...]
    """Budgets that want a hold before the call."""
    speeds: Tuple[BudgetView, ...]
    """Budgets that let only so many calls a minute pass."""


class Rules:
    """One verdict. `wall_s` is given while the server is silent: what was heard then holds until its period's end."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        rules: Dict[str, _Rule] = {}
        for view in verdict.budgets:
            rule = rules.get(view.budget_id)
            if rule is None:
                rule = rules[view.budget_id] = _Rule(Scope(view.scope, verdict.key_id is not None))
            rule.add(_Entry(view))
        self._telling = tuple(rule for rule in rules.values() if rule.tells)
        self._denying = tuple(rule for rule in rules.values() if rule.denial is not None)
        #: Whether every call passes as it is, whatever it is.
        self.lets_all_pass = verdict.allowed and not verdict.stops and not self._telling

    def judge(self, facts: Facts, wall_s: Optional[float] = None) -> Optional[Judgement]:
        """What is to happen to a call; None when it passes as it is."""
        if self.lets_all_pass:
            return None
        stopping: List[Tuple[BudgetView, Optional[str]]] = []
        asks: List[BudgetView] = []
        speeds: List[BudgetView] = []
        for entry, is_guess in self._applying(facts):
            view = entry.view
            stops_environment = facts.environment is not None and entry.stops_environment(facts.environment)
            if (entry.stops or stops_environment) and _still_holds(view, wall_s):
                if is_guess:
                    asks.append(view)
                    continue
                stopping.append((view, None if entry.stops else facts.environment))
            elif view.ask_first or entry.asks_for(facts):
                asks.append(view)
            if view.calls_per_minute is not None and not is_guess and _still_holds(view, wall_s):
                speeds.append(view)
        refused = self._refusal(stopping, wall_s)
        if refused is None and not asks and not speeds:
            return None
        return Judgement(refused, tuple(asks), tuple(speeds))

    def model_for(self, facts: Facts, wall_s: Optional[float] = None) -> Optional[str]:
        """The model to use for this call: its own, or what the budgets that cover it downgrade it to."""
        seen = [facts.model]
        while not self.lets_all_pass and len(seen) <= DOWNGRADES_MAX:
            model = self._downgrade(facts, wall_s)
            if model is None or model in seen:
                break
            seen.append(model)
            facts = facts._replace(model=model)
        return facts.model

    def not_allowing(self, facts: Facts) -> List[BudgetView]:
        """The budgets that cover the call and do not say "allow" for when the server is silent."""
        return [rule.denial for rule in self._denying if rule.denial is not None and rule.scope.covers(facts)]

    def _downgrade(self, facts: Facts, wall_s: Optional[float]) -> Optional[str]:
        if facts.model is None:
            return None
        for entry, is_guess in self._applying(facts):
            if is_guess or not _still_holds(entry.view, wall_s):
                continue
            for fits, to in entry.downgrades:
                if fits(facts.model):
                    if to != facts.model:
                        return to
                    break
        return None

    def _applying(self, facts: Facts) -> "Iterator[Tuple[_Entry, bool]]":
        for rule in self._telling:
            if rule.scope.covers(facts):
                yield from rule.applying(facts)

    def _refusal(
        self, stopping: List[Tuple[BudgetView, Optional[str]]], wall_s: Optional[float]
    ) -> Optional[Explanation]:
        stops = self.verdict.stops
        if stops:
            widest = max(stops, key=lambda stop: stop.reach == "organisation")
            return of_wide_stop(widest, len(stops) - 1 + len(stopping))
        if not stopping and not self.verdict.allowed:
            # The server refuses every call: whichever budget it was is told.
            named = self.verdict.stopping
            stopping = [(named, None)] if named is not None and _still_holds(named, wall_s) else []
        if not stopping:
            return None
        # A person's stop, which no period ends, before the one that ends last; of one environment after one of all.
        view, environment = max(
            stopping, key=lambda stop: (stop[0].stopped_by == "person", stop[0].resets_at, stop[1] is None)
        )
        return of_budget(view, environment=environment, others=len(stopping) - 1)


class _Entry:
    """One counter's part of the verdict."""

    __slots__ = ("view", "stops", "stops_environment", "downgrades", "models", "tells")

    def __init__(self, view: BudgetView) -> None:
        self.view = view
        self.stops = view.stops_all
        self.stops_environment: Fits = any_fits(list(view.stopped_environments))
        self.downgrades: Tuple[Tuple[Fits, str], ...] = tuple((any_fits([of]), to) for of, to in view.downgrades)
        self.models: FrozenSet[str] = frozenset(view.ask_first_models)
        self.tells = bool(
            self.stops
            or view.stopped_environments
            or self.downgrades
            or self.models
            or view.ask_first
            or view.calls_per_minute is not None
        )

    def asks_for(self, facts: Facts) -> bool:
        """Whether calls of this model ask first; without a provider or a model it is not known, and the server says."""
        if not self.models:
            return False
        return facts.provider is None or facts.model is None or f"{facts.provider}/{facts.model}" in self.models


class _Rule:
    """One budget: its scope, and its counters that tell anything."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.denial: Optional[BudgetView] = None
        self._own: Optional[_Entry] = None
        self._counters: Dict[str, _Entry] = {}

    def add(self, entry: _Entry) -> None:
        view = entry.view
        if view.on_unreachable != "allow":
            self.denial = self.denial or view
        if not entry.tells:
            return
        if view.counter == ONE_COUNTER:
            self._own = entry
        else:
            self._counters[view.counter] = entry

    @property
    def tells(self) -> bool:
        return self._own is not None or bool(self._counters)

    def applying(self, facts: Facts) -> Iterator[Tuple[_Entry, bool]]:
        """Its entries that speak of a call that it covers, and whether that is a guess."""
        scope = self.scope
        if self._own is not None:
            yield self._own, scope.guesses_cover
        if not self._counters:
            return
        if scope.guesses_counter:
            for entry in self._counters.values():
                yield entry, True
        else:
            counted = self._counters.get(scope.own_counter(facts))
            if counted is not None:
                yield counted, scope.guesses_cover


def _still_holds(view: BudgetView, wall_s: Optional[float]) -> bool:
    return wall_s is None or view.stopped_by == "person" or wall_s < view.resets_at.timestamp()
