"""What a budget may cover, by the facts of a call that is yet to be made: the same answer as the server's
(`counterAheadOf` in core/budget/scope.ts).

A scope is compiled when its verdict arrives, so that a call costs a few look-ups. Both sides are held to the same cases
(test/scopes/scope-cases.jsonl).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Callable, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

FIELDS = ("provider", "model", "route", "user", "key", "environment")
MEMBERS = FIELDS + ("tags", "each")
ONE_COUNTER = ""


class Facts(NamedTuple):
    """What is known of a call before it is made. `key_id` is None where the server did not tell which key this is."""

    provider: Optional[str] = None
    model: Optional[str] = None
    route: Optional[str] = None
    user_id: Optional[str] = None
    environment: Optional[str] = None
    tags: Mapping[str, str] = {}
    key_id: Optional[str] = None


_MODEL = 1
_FACT_OF = {"provider": 0, "model": _MODEL, "route": 2, "user": 3, "environment": 4, "key": 6}

Fits = Callable[[str], bool]

_SNAPSHOT = re.compile(r"(-latest|-[0-9]{4}-[0-9]{2}-[0-9]{2}|[-@][0-9]{8}|-[0-9]{3,4})\Z")
_LATEST = "-latest"
#: What snapshots end in, with a zero for any digit.
_ENDS = ("-0000-00-00", "-00000000", "@00000000", "-0000", "-000")
#: How many models are remembered of each filter.
_MODELS_MAX = 256


class Scope:
    """A compiled scope.

    `guesses_cover` and `guesses_counter`: it asks for what this client cannot know, so that only the server can tell
    whether it covers a call, or under which counter that falls.
    """

    __slots__ = ("_fields", "_tags", "each", "guesses_cover", "guesses_counter")

    def __init__(self, wire: Mapping[str, Any], knows_key: bool) -> None:
        """`wire` is a scope as the server writes it. What of it cannot be read is guessed, and so left to the server."""
        each, tags = wire.get("each"), wire.get("tags") or {}
        names = [name for name in FIELDS if name in wire and (name != "key" or knows_key)]
        asked = [(_FACT_OF[name], wire[name]) for name in names if _is_texts(wire[name])]
        asked_tags = [(name, values) for name, values in tags.items() if _is_texts(values)] if _is_object(tags) else []
        self.guesses_cover = (
            any(name not in MEMBERS for name in wire)
            or ("key" in wire and not knows_key)
            or len(asked) < len(names)
            or not _is_object(tags)
            or len(asked_tags) < len(tags)
        )
        self.guesses_counter = each not in (None, "user", "key") or (each == "key" and not knows_key)
        self.each: Optional[str] = each
        self._fields: Tuple[Tuple[int, Fits], ...] = tuple(
            (index, (any_may_fit_model if index == _MODEL else any_fits)(_list(texts))) for index, texts in asked
        )
        self._tags: Tuple[Tuple[str, Fits], ...] = tuple((name, any_fits(_list(texts))) for name, texts in asked_tags)

    def covers(self, facts: Facts) -> bool:
        """Whether it covers the call, as far as this client can tell; see `guesses`."""
        known: Tuple[Any, ...] = facts
        for index, fits in self._fields:
            value = known[index]
            if value is None or not fits(value):
                return False
        for name, fits in self._tags:
            value = facts.tags.get(name)
            if value is None or not fits(value):
                return False
        return True

    def counter_of(self, facts: Facts) -> Optional[str]:
        """The counter that the call falls under; None when it is not covered."""
        return self.own_counter(facts) if self.covers(facts) else None

    def own_counter(self, facts: Facts) -> str:
        """The counter of a call that is covered. Calls that name no user share one."""
        if self.each == "user":
            return f"user:{facts.user_id or ''}"
        if self.each == "key":
            return f"key:{facts.key_id or ''}"
        return ONE_COUNTER


def any_fits(patterns: List[str]) -> Fits:
    """Whether a text fits any of `patterns`, in which `*` stands for any characters, also none."""
    plain: FrozenSet[str] = frozenset(pattern for pattern in patterns if "*" not in pattern)
    starred = [_starred(pattern) for pattern in patterns if "*" in pattern]
    if not starred:
        return plain.__contains__
    if not plain and len(starred) == 1:
        return starred[0]
    return lambda value: value in plain or any(fits(value) for fits in starred)


def any_may_fit_model(patterns: List[str]) -> Fits:
    """Whether any of `patterns` may cover a call that asks for a model, whichever snapshot of it answers."""
    fits = any_fits(patterns)

    @lru_cache(maxsize=_MODELS_MAX)
    def may_fit(model: str) -> bool:
        family = _SNAPSHOT.sub("", model)
        if fits(model) or (family != model and (fits(family) or fits(family + _LATEST))):
            return True
        if family != model and model != family + _LATEST:
            # Who asks for a snapshot is answered by it.
            return False
        if fits(family + _LATEST):
            return True
        return any(_fits_digits(pattern, family, end) for pattern in patterns for end in _ENDS)

    return may_fit


def _fits_digits(pattern: str, family: str, end: str) -> bool:
    """Whether `pattern` fits `family` and `end`, with any digits for the zeros of `end`."""
    value, at_end = family + end, len(family)
    p = v = start = 0
    star = -1
    while v < len(value):
        wanted = pattern[p] if p < len(pattern) else ""
        if wanted == "*":
            star, start = p, v
            p += 1
        elif wanted == value[v] or (v >= at_end and value[v] == "0" and wanted in _DIGITS):
            p += 1
            v += 1
        elif star >= 0:
            start += 1
            p, v = star + 1, start
        else:
            return False
    return pattern[p:].strip("*") == ""


_DIGITS = frozenset("0123456789")


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(text, str) for text in value))


def _list(texts: Any) -> List[str]:
    return [texts] if isinstance(texts, str) else texts


def _starred(pattern: str) -> Fits:
    # Each part is looked for once, from where the one before it ended, so that no pattern is slow.
    head, *middle, tail = pattern.split("*")
    parts = [part for part in middle if part]
    if not parts and not tail:
        return lambda value: value.startswith(head)
    return lambda value: _fits_parts(value, head, parts, tail)


def _fits_parts(value: str, head: str, parts: List[str], tail: str) -> bool:
    end = len(value) - len(tail)
    if end < len(head) or not value.startswith(head) or not value.endswith(tail):
        return False
    at = len(head)
    for part in parts:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True

