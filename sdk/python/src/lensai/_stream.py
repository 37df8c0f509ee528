"""Reads the usage out of a stream of server-sent events as the caller consumes it.

Invariant: the caller sees the same bytes, in whole events, except for the one chunk that was asked for on its behalf.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional

from ._estimate import text_bytes, tokens_of

_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_ENDS = ("response.completed", "response.incomplete", "response.failed")


class StreamTap:
    """What a stream has told so far. `swallow_usage_chunk`: drop the chunk with empty `choices`."""

    def __init__(self, swallow_usage_chunk: bool) -> None:
        self._swallow = swallow_usage_chunk
        self._tail = b""
        self._text_bytes = 0
        self._text_chunks = 0
        self.answer: Dict[str, Any] = {}
        self.usage: Optional[Dict[str, Any]] = None
        self.began = False
        self.answered = False
        self.ended = False
        self.failed = False

    def feed(self, chunk: bytes) -> bytes:
        """Takes bytes as they come, returns those to pass on. An incomplete event is kept for the next time."""
        buffer = self._tail + chunk
        passed: List[bytes] = []
        begin = 0
        # The tail holds no whole event, so only its last bytes can be the beginning of an end.
        for end in _EVENT_END.finditer(buffer, max(0, len(self._tail) - 3)):
            block = buffer[begin : end.end()]
            begin = end.end()
            if self._see(block):
                passed.append(block)
        self._tail = buffer[begin:]
        return b"".join(passed)

    def rest(self) -> bytes:
        """What is left when the provider ended the stream inside an event."""
        tail, self._tail = self._tail, b""
        return tail if not tail or self._see(tail) else b""

    @property
    def estimated_out(self) -> int:
        """About how many tokens were streamed: providers send about one to a chunk, and seldom fewer."""
        return max(self._text_chunks, tokens_of(self._text_bytes))

    def _see(self, block: bytes) -> bool:
        lines = [line[5:].strip() for line in _LINE_END.split(block) if line.startswith(b"data:")]
        if not lines:
            return True
        data = b"\n".join(lines)
        self.began = True
        if data.startswith(b"[DONE]"):
            self.ended = True
            return True
        try:
            event = json.loads(data)
            return self._note(event) if isinstance(event, dict) else True
        # The caller's own parser is the one to complain about what a provider sends.
        except (ValueError, TypeError, AttributeError):
            return True

    def _note(self, event: Mapping[str, Any]) -> bool:
        if event.get("error"):
            self.failed = True
        if isinstance(event.get("type"), str):
            self._note_response(event)
            return True
        choices = event.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            self._note_text(choice.get("delta") or choice.get("text"))
            self.answered = self.answered or bool(choice.get("finish_reason"))
        self._keep(event)
        return not (self._swallow and choices == [] and event.get("usage"))

    def _note_response(self, event: Mapping[str, Any]) -> None:
        kind = event["type"]
        if kind.endswith(".delta"):
            self._note_text(event.get("delta"))
        if isinstance(event.get("response"), dict):
            self._keep(event["response"])
        if kind in _ENDS:
            self.ended = self.answered = True
            self.failed = self.failed or kind == "response.failed"
        elif kind == "error":
            self.failed = True

    def _keep(self, part: Mapping[str, Any]) -> None:
        for name in ("id", "model", "service_tier"):
            if part.get(name):
                self.answer[name] = part[name]
        # The last one counts: some providers repeat a growing total.
        if isinstance(part.get("usage"), dict):
            self.usage = part["usage"]

    def _note_text(self, delta: Any) -> None:
        size = sum(text_bytes(text) for text in _texts(delta))
        if size:
            self._text_bytes += size
            self._text_chunks += 1


def _texts(delta: Any) -> Iterator[str]:
    if isinstance(delta, str):
        yield delta
    elif isinstance(delta, dict):
        for name, value in delta.items():
            if name not in ("role", "id", "type"):
                yield from _texts(value)
    elif isinstance(delta, list):
        for value in delta:
            yield from _texts(value)
