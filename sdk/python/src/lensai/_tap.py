"""Taps into an HTTP response, so that its usage is read while the caller reads it, whichever way that is.

It hangs on the public names `iter_bytes`, `aiter_bytes`, `close` and `aclose`, which httpx and httpx2 share and through
which every stream, helper and raw response of the openai package reads.
"""

from __future__ import annotations

import json
import weakref
from typing import Any, AsyncIterator, Callable, Iterator, Optional, Type

from ._call import Call
from ._log import quiet
from ._stream import StreamTap

#: A body beyond this is not kept for reading its usage; its tokens are then estimated.
JSON_BYTES_MAX = 8 * 1024 * 1024


class ResponseTap:
    """Follows one response to its end, by whichever way it comes, and records its call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.reading = False
        self._stream = StreamTap(swallow_usage_chunk=call.usage_asked_for)
        self._json: Optional[bytearray] = None if call.streamed else bytearray()

    def take(self, chunk: bytes) -> bytes:
        """Reads `chunk` and returns what to pass on."""
        passed = chunk
        if self._json is None:
            # A mistake of ours must not cost the caller its stream.
            filtered = self._feed(chunk)
            passed = chunk if filtered is None else filtered
        self._note(chunk)
        return passed

    @quiet
    def _feed(self, chunk: bytes) -> Optional[bytes]:
        return self._stream.feed(chunk)

    @quiet
    def _note(self, chunk: bytes) -> None:
        self._call.data_came(first=self._stream.began)
        if self._json is not None and len(self._json) + len(chunk) <= JSON_BYTES_MAX:
            self._json += chunk
        if self._stream.ended:
            self.done(broken=False)

    def rest(self) -> bytes:
        """What was kept back when the body ended."""
        return self._stream.rest()

    @quiet
    def done(self, broken: bool) -> None:
        """The body ended; `broken` when by an error of the connection."""
        if self._json is not None:
            self._call.answered(_parsed(self._json), "error" if broken else "ok")
            return
        stream = self._stream
        whole = stream.ended or stream.answered
        status = "error" if stream.failed or (broken and not whole) else "ok" if whole else "aborted"
        self._call.answered({**stream.answer, "usage": stream.usage}, status, stream.estimated_out)

    def closed(self) -> None:
        """Somebody closed the response."""
        # While a read is under way it is httpx that closes, and the read knows better how it ended.
        if not self.reading:
            self.left()

    @quiet
    def left(self) -> None:
        """The caller closed or dropped the response; it may have had all of it."""
        if self._json is not None:
            whole = _parsed(self._json)
            self._call.answered(whole, "ok" if whole else "aborted")
        else:
            self.done(broken=False)


def tap(response: Any, call: Call, abandoned: Callable[[ResponseTap], None]) -> ResponseTap:
    """Makes `response` tell `call` how it ends. `abandoned` is called when it is dropped unread and unclosed."""
    tapped = ResponseTap(call)
    read, read_async = response.iter_bytes, response.aiter_bytes
    end, end_async = response.close, response.aclose

    def iter_bytes(chunk_size: Optional[int] = None) -> Iterator[bytes]:
        return _iterate(read(chunk_size), tapped)

    def aiter_bytes(chunk_size: Optional[int] = None) -> AsyncIterator[bytes]:
        return _iterate_async(read_async(chunk_size), tapped)

    def close() -> None:
        tapped.closed()
        end()

    async def aclose() -> None:
        tapped.closed()
        await end_async()

    response.iter_bytes, response.aiter_bytes = iter_bytes, aiter_bytes
    response.close, response.aclose = close, aclose
    weakref.finalize(response, abandoned, tapped).atexit = False
    return tapped


class _Reading:
    """The time from the first chunk that is asked for to the last; how it ends says how the response ended."""

    def __init__(self, tapped: ResponseTap) -> None:
        self._tapped = tapped

    def __enter__(self) -> None:
        self._tapped.reading = True

    def __exit__(self, kind: Optional[Type[BaseException]], *about: object) -> None:
        if kind is not None and issubclass(kind, Exception):
            self._tapped.done(broken=True)
        elif kind is not None:
            # The caller went away, or its task was cancelled.
            self._tapped.left()
        self._tapped.reading = False


def _iterate(chunks: Iterator[bytes], tapped: ResponseTap) -> Iterator[bytes]:
    with _Reading(tapped):
        for chunk in chunks:
            tapped.reading = False
            passed = tapped.take(chunk)
            if passed:
                yield passed
            tapped.reading = True
    rest = tapped.rest()
    if rest:
        yield rest
    tapped.done(broken=False)


async def _iterate_async(chunks: AsyncIterator[bytes], tapped: ResponseTap) -> AsyncIterator[bytes]:
    with _Reading(tapped):
        async for chunk in chunks:
            tapped.reading = False
            passed = tapped.take(chunk)
            if passed:
                yield passed
            tapped.reading = True
    rest = tapped.rest()
    if rest:
        yield rest
    tapped.done(broken=False)


def _parsed(text: bytearray) -> Any:
    try:
        parsed = json.loads(bytes(text))
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
