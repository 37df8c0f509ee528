"""Token counts for calls whose usage the provider never got to tell. Always flagged `tokens_estimated`.

The rule of thumb is OpenAI's own: a token is about four bytes of English text
(https://help.openai.com/en/articles/4936856). Only numbers leave this file, never text.
"""

from __future__ import annotations

from typing import Any, Mapping

BYTES_PER_TOKEN = 4
#: What the chat format adds for a message: its role and separators.
TOKENS_PER_MESSAGE = 4
#: Fields of a request whose text the model reads.
_PROMPT_FIELDS = ("messages", "input", "prompt", "instructions", "tools", "functions", "response_format", "text")


def estimate_prompt(body: Any) -> int:
    """About how many tokens the request `body` has."""
    if not isinstance(body, Mapping):
        return 0
    messages = body.get("messages")
    extra = TOKENS_PER_MESSAGE * len(messages) if isinstance(messages, list) else 0
    return extra + tokens_of(sum(_bytes_of(body.get(field)) for field in _PROMPT_FIELDS))


def tokens_of(byte_count: int) -> int:
    """About how many tokens `byte_count` bytes of UTF-8 text are, rounded up."""
    return -(-byte_count // BYTES_PER_TOKEN)


def text_bytes(text: str) -> int:
    """The size of `text` in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _bytes_of(value: Any) -> int:
    if isinstance(value, str):
        # An image or a sound inside the request is not read as text.
        return 0 if value.startswith("data:") else text_bytes(value)
    if isinstance(value, Mapping):
        return sum(_bytes_of(part) for name, part in value.items() if name not in ("image_url", "input_audio", "file"))
    if isinstance(value, (list, tuple)):
        # A prompt may be given as token numbers.
        return sum(BYTES_PER_TOKEN if isinstance(part, int) else _bytes_of(part) for part in value)
    return 0
