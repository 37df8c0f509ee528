"""Logging that cannot flood: each kind of trouble is logged once, and counted by whoever met it."""

from __future__ import annotations

import functools
import logging
from typing import Any, Callable, Set, TypeVar, cast

logger = logging.getLogger("lensai")

_said: Set[str] = set()

Function = TypeVar("Function", bound=Callable[..., Any])


def warn_once(kind: str, message: str, *args: object) -> None:
    """Logs a warning the first time that this `kind` of trouble is met in this process."""
    if kind in _said:
        return
    _said.add(kind)
    logger.warning(message, *args)


def forget_warnings() -> None:
    """Lets every kind be logged again; for tests."""
    _said.clear()


def quiet(function: Function) -> Function:
    """Makes a function of the telemetry side swallow and log its own errors: they must never reach the caller."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            where = function.__qualname__
            warn_once(f"bug:{where}", "lensai: %s failed, and this call is not counted: %r", where, error)
            return None

    return cast(Function, guarded)
