"""The most that a call can use, by what it says of itself: what a hold is asked for. Only numbers leave this file.

An upper bound needs the size of the input and a limit of the output. Bytes bound the tokens of text, but not of what
is no text in the body: files by name, images, earlier responses, tools that the provider runs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping, NamedTuple, Optional

from ._context import Bounds, clip

#: Output that is held for where a call names no limit, no strict budget is concerned, and no setting says another.
TOKENS_ASSUMED = 4096
HOLD_NAME_UNITS_MAX = 128
_OUTPUT_LIMITS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_TEXT_PARTS = ("text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text")
_OWN_TOOLS = ("function", "custom")
_REFERENCES = ("previous_response_id", "conversation")

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


class Ahead(NamedTuple):
    """The fields of a hold that say how large it is; `lacks` says what keeps it from being an upper bound."""

    fields: Mapping[str, Any]
    lacks: Optional[str]


@dataclass(frozen=True)
class Request:
    """A request to a provider, as far as its price goes."""

    kind: str
    """"text", "embeddings" or "other"."""
    body: Mapping[str, Any]
    said: Bounds

    def ahead(self, max_tokens_assumed: Optional[int]) -> Ahead:
        """What a hold for it is asked for."""
        if self.said.max_usd is not None:
            return Ahead({"max_usd": self.said.max_usd}, None)
        if self.kind == "other":
            return Ahead({}, 'Such a call is not bounded in tokens: name a bound, lensai.context(max_usd="0.10").')
        lacks = None
        fields: Dict[str, Any] = {}
        if self.said.input_tokens is not None:
            fields["input_tokens"] = self.said.input_tokens
        else:
            fields["input_bytes"] = len(_to_json(self.body).encode("utf-8", "replace"))
            if not self.body.get("tools") and not self.body.get("functions"):
                # Providers add a prompt of their own to tools, which the server then leaves out.
                fields["tools"] = False
            beyond = beyond_text(self.body)
            if beyond is not None:
                lacks = (
                    f"Its size is not bounded by its text, because of {beyond}: count its tokens with "
                    'lensai.context(input_tokens=...), or name a bound, lensai.context(max_usd="0.10").'
                )
        tokens = 0 if self.kind == "embeddings" else _output_limit(self.body)
        if tokens is None and max_tokens_assumed is None:
            lacks = lacks or (
                "It names no limit of its output: pass max_tokens (max_completion_tokens, max_output_tokens), or set "
                "max_tokens_assumed of the Lens to the most that your calls are answered with."
            )
        fields["max_tokens"] = tokens if tokens is not None else max_tokens_assumed or TOKENS_ASSUMED
        copies = max((self.body[name] for name in ("n", "best_of") if _is_count(self.body.get(name))), default=1)
        if copies > 1:
            fields["n"] = copies
        tier = self.body.get("service_tier")
        if isinstance(tier, str) and tier and tier != "auto":
            fields["service_tier"] = clip(tier, HOLD_NAME_UNITS_MAX)
        return Ahead(fields, lacks)


def kind_of(path: str) -> str:
    """How the output of a path is bounded."""
    if path.endswith(("/completions", "/responses")):
        return "text"
    return "embeddings" if path.endswith("/embeddings") else "other"


def beyond_text(body: Mapping[str, Any]) -> Optional[str]:
    """What in `body` may be more tokens than its bytes; None when it is text alone."""
    for name in _REFERENCES:
        if body.get(name):
            return name
    if isinstance(body.get("prompt"), Mapping):
        return "a stored prompt"
    for tool in _list(body.get("tools")):
        if isinstance(tool, Mapping) and tool.get("type") not in _OWN_TOOLS:
            return f"the tool {tool.get('type')}"
    if body.get("web_search_options") is not None:
        return "web_search_options"
    for message in _list(body.get("messages")) + _list(body.get("input")):
        if not isinstance(message, Mapping):
            continue
        for part in _list(message.get("content")) + _list(message.get("output")):
            if isinstance(part, Mapping) and part.get("type") not in _TEXT_PARTS:
                return f"a part of type {part.get('type')}"
        if message.get("type") == "item_reference":
            return "an item_reference"
        if message.get("audio"):
            return "earlier audio"
    return None


def _output_limit(body: Mapping[str, Any]) -> Optional[int]:
    named = [body[name] for name in _OUTPUT_LIMITS if _is_count(body.get(name))]
    # Both may be named, and which one a server obeys is its own affair.
    return max(named) if named else None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _list(value: Any) -> "list[Any]":
    return list(value) if isinstance(value, (list, tuple)) else []
