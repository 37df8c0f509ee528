"""What a caller says about its calls: route, user, session, environment, tags.

Invariant: every value is cut to what the server takes, because an event that is refused for a long tag would be
spending that nobody counts.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Dict, Iterator, Mapping, Optional

TAGS_MAX = 32
TAG_KEY_UNITS_MAX = 64
TAG_VALUE_UNITS_MAX = 256
TEXT_UNITS_MAX = 256
ENVIRONMENT_UNITS_MAX = 64

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
) -> Iterator[None]:
    """Attaches these fields to every call begun inside. Nested contexts add to and override the outer one.

    It follows the context of the thread or of the asyncio task. Texts are cut to 256 characters (environment to 64),
    tags to 32 of them with keys of 64 and values of 256.
    """
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
    token = _fields.set(inner)
    try:
        yield
    finally:
        _fields.reset(token)


def current_fields() -> Mapping[str, Any]:
    """The wire fields of the context that is in force. Not to be changed."""
    return _fields.get()


def clip(text: str, units_max: int) -> str:
    """`text` cut to `units_max` UTF-16 units, the way the server measures, without NULs or lone surrogates."""
    if text.isascii():
        return text[:units_max].replace("\0", "")
    units = text.replace("\0", "").encode("utf-16-le", "replace")[: 2 * units_max]
    return units.decode("utf-16-le", "ignore")


def _tags(tags: Mapping[str, object]) -> Dict[str, str]:
    kept = list(tags.items())[:TAGS_MAX]
    return {clip(str(key), TAG_KEY_UNITS_MAX): clip(str(value), TAG_VALUE_UNITS_MAX) for key, value in kept}
