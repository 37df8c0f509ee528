"""LensAI: counts LLM usage and stops calls when a budget is spent.

    import lensai
    from openai import OpenAI

    client = lensai.wrap(OpenAI())      # LENS_API_KEY and LENS_URL from the environment
    try:
        client.chat.completions.create(...)
    except lensai.BudgetExceeded as stop:
        print(stop)

Prompts and answers never leave the process: only counts, names and times do.
"""

from __future__ import annotations

import threading
from typing import Any, Optional, TypeVar

from ._context import context
from ._errors import (
    BudgetExceeded,
    BudgetUnreachable,
    CallRefused,
    CallThrottled,
    CallUnbounded,
    LensConfigError,
)
from ._explain import Explanation
from ._lens import Lens, Stats
from ._verdict import BudgetView, Verdict, WideStop
from ._wire import VERSION as __version__

__all__ = [
    "BudgetExceeded",
    "BudgetUnreachable",
    "BudgetView",
    "CallRefused",
    "CallThrottled",
    "CallUnbounded",
    "Explanation",
    "Lens",
    "LensConfigError",
    "Stats",
    "Verdict",
    "WideStop",
    "__version__",
    "context",
    "default_lens",
    "wrap",
]

Client = TypeVar("Client")

_default: Optional[Lens] = None
_making_default = threading.Lock()


def default_lens() -> Lens:
    """The Lens made from LENS_API_KEY and LENS_URL, made on first use. Raises LensConfigError when they are bad."""
    global _default
    with _making_default:
        if _default is None:
            _default = Lens()
        return _default


def wrap(client: Client, **options: Any) -> Client:
    """`default_lens().wrap(client)`: see `Lens.wrap`."""
    return default_lens().wrap(client, **options)
