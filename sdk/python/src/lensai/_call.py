"""One logical call of a wrapped client, and the one event that it becomes.

Invariants: `request_id` and `ts` are made once, so that every resend of the event is the same; a call is recorded at
most once, and only in the process that began it. What was held for it is settled by its event, or finished here.
"""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ._context import NAME_UNITS_MAX, Bounds, bounds, clip, current_fields
from ._estimate import estimate_prompt
from ._errors import CallRefused
from ._log import quiet

Record = Callable[[str, Mapping[str, Any]], None]
#: Releases a hold, or settles it at a cost in USD.
FinishHold = Callable[[str, Optional[str]], None]

STATUS_RATE_LIMITED = 429
ATTEMPTS_MAX = 100


class Call:
    """Begins when the client is asked, ends with `record`. Its methods never raise."""

    def __init__(
        self,
        record: Record,
        finish_hold: FinishHold,
        *,
        provider: str,
        body: Any,
        streamed: bool,
        counts: bool = True,
        always_counts: bool = True,
    ) -> None:
        self.request_id = f"req_{uuid.uuid4().hex}"
        self.attempts = 0
        self.usage_asked_for = False
        self.streamed = streamed
        self.counts = counts
        self.provider = provider
        self.fields = current_fields()
        self.bounds: Bounds = bounds.get()
        self._record = record
        self._finish_hold = finish_hold
        self._body = body
        self._always_counts = always_counts
        self._held: List[Tuple[int, str]] = []
        self._began_at = time.time()
        self._began = self._last = time.monotonic()
        self._first: Optional[float] = None
        self._pid = os.getpid()
        # Taking the only item is atomic, so two threads cannot both record.
        self._unrecorded: List[bool] = [True]

    def attempt_begins(self, began_at: float) -> None:
        """The client is about to send a request; `began_at` is in seconds since the epoch."""
        self.attempts += 1
        self._began_at = began_at
        self._began = self._last = time.monotonic()

    @property
    def next_attempt(self) -> int:
        """The number of the attempt that would begin now."""
        return min(ATTEMPTS_MAX, self.attempts + 1)

    def held(self, hold_id: str) -> None:
        """Notes what is held for the attempt that would begin now."""
        self._held.append((self.next_attempt, hold_id))
        if not self._unrecorded:
            # Its task was cancelled while a thread asked.
            self._finish_hold(hold_id, None)

    def asked_for(self, body: Any) -> None:
        """The request as it is sent, where that is not as the caller gave it."""
        self._body = body

    def data_came(self, first: bool) -> None:
        """Something of the answer came; `first` when it was the first event of a stream."""
        self._last = time.monotonic()
        if first and self._first is None:
            self._first = self._last

    @quiet
    def answered(self, answer: Mapping[str, Any], status: str = "ok", estimated_out: Optional[int] = None) -> None:
        """Records an answer: a mapping with `model`, `id`, `service_tier` and `usage`, as far as they are known.

        Without usage the tokens are estimated, with `estimated_out` for the output, and the event says so.
        """
        usage = answer.get("usage")
        if isinstance(usage, Mapping) and usage:
            self._finish(answer, status, {"usage": dict(usage)})
        elif self._always_counts:
            self._finish(answer, status, self._estimated(estimated_out or 0))
        else:
            self._finish_uncounted(spent=True)

    @quiet
    def failed(self, error: BaseException) -> None:
        """Records a call that ended in `error`."""
        if isinstance(error, CallRefused) or self.attempts == 0:
            self._finish_uncounted(spent=False)
            return
        if not self._always_counts:
            # Where nobody saw the answer, the provider may bill the request.
            self._finish_uncounted(spent=_cancelled(error) or _read_timed_out(error))
            return
        self.data_came(first=False)
        if getattr(error, "status_code", None) == STATUS_RATE_LIMITED:
            status = "rate_limited"
        elif isinstance(error, Exception) and not _cancelled(error) and not _read_timed_out(error):
            status = "error"
        else:
            # The provider had the request and may bill it, though nobody saw the answer.
            self._finish({}, "aborted", self._estimated(0))
            return
        self._finish({}, status, {"tokens_in": 0, "tokens_out": 0})

    def _estimated(self, tokens_out: int) -> Dict[str, Any]:
        return {"tokens_in": estimate_prompt(self._body), "tokens_out": tokens_out, "tokens_estimated": True}

    def _finish(self, answer: Mapping[str, Any], status: str, tokens: Mapping[str, Any]) -> None:
        if not self._ends():
            return
        event: Dict[str, Any] = {
            "request_id": self.request_id,
            "attempt": self._attempt,
            "ts": _rfc3339(self._began_at),
            "provider": self.provider,
            "model": self._model(answer),
            "latency_ms": _ms(self._last - self._began),
            "ttft_ms": None if self._first is None else _ms(self._first - self._began),
            "streamed": self.streamed,
            "status": status,
        }
        for field, name in (("provider_response_id", "id"), ("service_tier", "service_tier")):
            if isinstance(answer.get(name), str) and answer[name]:
                event[field] = clip(answer[name], 256)
        event.update(tokens)
        event.update(self.fields)
        self._body = None
        self._record(self.request_id, event)
        # The event settles what was held for its own attempt; those before it failed, and brought no usage.
        for attempt, hold_id in self._held:
            if attempt != self._attempt:
                self._finish_hold(hold_id, None)

    def _finish_uncounted(self, spent: bool) -> None:
        """Ends a call that is no event. What it spent is not known, so it is what the caller said that it can be."""
        if not self._ends():
            return
        for attempt, hold_id in self._held:
            self._finish_hold(hold_id, self.bounds.max_usd if spent and attempt == self._attempt else None)

    def _ends(self) -> bool:
        if os.getpid() != self._pid:
            return False
        try:
            return self._unrecorded.pop()
        except IndexError:
            return False

    @property
    def _attempt(self) -> int:
        return min(ATTEMPTS_MAX, max(1, self.attempts))

    def _model(self, answer: Mapping[str, Any]) -> str:
        asked = self._body.get("model") if isinstance(self._body, Mapping) else None
        return clip(str(answer.get("model") or asked or ""), NAME_UNITS_MAX) or "unknown"


def _cancelled(error: BaseException) -> bool:
    return type(error).__name__ in ("CancelledError", "Cancelled")


def _read_timed_out(error: BaseException) -> bool:
    # By name, because openai 3 moved from httpx to httpx2, and a client may bring either.
    return type(error.__cause__).__name__ == "ReadTimeout"


def _rfc3339(seconds: float) -> str:
    text = datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))
