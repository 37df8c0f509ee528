"""What a caller says about its calls: route, user, session, environment, tags.

Invariant: every value is cut to what the server takes, because an event that is refused for a long tag would be
spending that nobody counts.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional, Union

TAGS_MAX = 32
TAG_KEY_UNITS_MAX = 64
TAG_VALUE_UNITS_MAX = 256
TEXT_UNITS_MAX = 256
ENVIRONMENT_UNITS_MAX = 64
NAME_UNITS_MAX = 128
MAX_USD_MOST = 1_000_000
TOKENS_MOST = 1_000_000_000


class Bounds(NamedTuple):
    """What the caller itself says of the most that its calls can use."""

    max_usd: Optional[str] = None
    input_tokens: Optional[int] = None


bounds: ContextVar[Bounds] = ContextVar("lensai_bounds", default=Bounds())
_fields: ContextVar[Mapping[str, Any]] = ContextVar("lensai_context", default={})


@contextmanager
def context(
    *,
    route: Optional[str] = None,
    user_id: Optional[str] = None,
    environment: Optional[str] = None,
    session_id: Optional[str] = None,
    trace_id: Optional[str] = None,
    span_id: Optional[str] = None,
    tags: Optional[Mapping[str, object]] = None,
    max_usd: Union[str, int, Decimal, None] = None,
    input_tokens: Optional[int] = None,
) -> Iterator[None]:
    """Attaches these fields to every call begun inside. Nested contexts add to and override the outer one.

    It follows the context of the thread or of the asyncio task. Texts are cut to 256 characters (environment to 64),
    tags to 32 of them with keys of 64 and values of 256.

    `max_usd` and `input_tokens` are for budgets that hold an amount before a call (strict ones, and others near their
    limit): the most that each call can cost, in USD, or how many tokens its input has at most. Without them, the bound
    is made of the size of the request and of the limit that it names for its output.

    Raises:
        ValueError: `max_usd` is no amount of money, or `input_tokens` is no count.
    """
    said = bounds.get()
    if max_usd is not None:
        said = said._replace(max_usd=_amount(max_usd))
    if input_tokens is not None:
        said = said._replace(input_tokens=_count(input_tokens))
    outer = _fields.get()
    inner: Dict[str, Any] = dict(outer)
    texts = {"route": route, "user_id": user_id, "session_id": session_id, "trace_id": trace_id, "span_id": span_id}
    for name, text in texts.items():
        if text is not None and str(text):
            inner[name] = clip(str(text), TEXT_UNITS_MAX)
    if environment:
        inner["environment"] = clip(str(environment), ENVIRONMENT_UNITS_MAX)
    if tags:
        inner["tags"] = _tags({**outer.get("tags", {}), **tags})
    token, bounds_token = _fields.set(inner), bounds.set(said)
    try:
        yield
    finally:
        _fields.reset(token)
        bounds.reset(bounds_token)


def current_fields() -> Mapping[str, Any]:
    """The wire fields of the context that is in force. Not to be changed."""
    return _fields.get()


def clip(text: str, units_max: int) -> str:
    """`text` cut to `units_max` UTF-16 units, the way the server measures, without NULs or lone surrogates."""
    if text.isascii():
        return text[:units_max].replace("\0", "")
    units = text.replace("\0", "").encode("utf-16-le", "replace")[: 2 * units_max]
    return units.decode("utf-16-le", "ignore")


def _amount(value: Union[str, int, Decimal]) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not 0 <= amount <= MAX_USD_MOST:
        raise ValueError(f'max_usd is {value!r}; it must be an amount in USD from 0 to {MAX_USD_MOST}, such as "0.25"')
    # Money has nine places here; a bound is rounded up, and a float's noise with it.
    return f"{amount.quantize(Decimal('1e-9'), ROUND_CEILING):f}"


def _count(value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= TOKENS_MOST:
        raise ValueError(f"input_tokens is {value!r}; it must be a whole number from 0 to {TOKENS_MOST}")
    return value


def _tags(tags: Mapping[str, object]) -> Dict[str, str]:
    kept = list(tags.items())[:TAGS_MAX]
    return {clip(str(key), TAG_KEY_UNITS_MAX): clip(str(value), TAG_VALUE_UNITS_MAX) for key, value in kept}
