"""What a budget covers, by the facts of a call: the same answer as the server's (core/budget/scope.ts).

A scope is compiled when its verdict arrives, so that a call costs a few look-ups. Both sides are held to the same cases,
test/scopes/scope-cases.jsonl.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

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


_FACT_OF = {"provider": 0, "model": 1, "route": 2, "user": 3, "environment": 4, "key": 6}
_TAGS = 5

Fits = Callable[[str], bool]


class Scope:
    """A compiled scope. `guesses`: it asks for what this client cannot know, so that only the server can tell."""

    __slots__ = ("_fields", "_tags", "each", "guesses")

    def __init__(self, wire: Mapping[str, Any], knows_key: bool) -> None:
        """Raises TypeError or ValueError when `wire` is no scope."""
        if not isinstance(wire, Mapping):
            raise TypeError("scope is no object")
        each = wire.get("each")
        unknown = [name for name in wire if name not in MEMBERS]
        by_key = "key" in wire or each == "key"
        self.guesses = bool(unknown) or each not in (None, "user", "key") or (by_key and not knows_key)
        self.each: Optional[str] = each
        self._fields: Tuple[Tuple[int, Fits], ...] = tuple(
            (_FACT_OF[name], _any_of(wire[name]))
            for name in FIELDS
            if name in wire and (name != "key" or knows_key)
        )
        tags = wire.get("tags") or {}
        self._tags: Tuple[Tuple[str, Fits], ...] = tuple((name, _any_of(values)) for name, values in tags.items())

    @property
    def is_whole(self) -> bool:
        """Whether it covers every call of the project with one counter."""
        return not (self._fields or self._tags or self.each or self.guesses)

    def covers(self, facts: Facts) -> bool:
        """Whether it covers the call, as far as this client can tell; see `guesses`."""
        for index, fits in self._fields:
            value = facts[index]
            if value is None or not fits(value):
                return False
        for name, fits in self._tags:
            value = facts[_TAGS].get(name)
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


def _any_of(values: Any) -> Fits:
    texts = [values] if isinstance(values, str) else list(values)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a scope holds what is no text")
    return any_fits(texts)


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


def tags_of(fields: Mapping[str, Any]) -> Dict[str, str]:
    """The tags among the wire fields of a context."""
    tags: Dict[str, str] = fields.get("tags") or {}
    return tags
