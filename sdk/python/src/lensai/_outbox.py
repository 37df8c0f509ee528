"""The queue between callers and the sender: bounded by count and by bytes, and every drop is counted.

Callers take a lock only among themselves. The sender (and a signal handler that waits for it) takes none, so a main
thread that was interrupted inside `add` cannot keep the sender from draining.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import Any, Deque, List, Mapping, NamedTuple, Optional

from ._log import warn_once
from ._settings import BATCH_BYTES_MAX, EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX

_to_json = json.JSONEncoder(separators=(",", ":"), default=str).encode


class Queued(NamedTuple):
    """One event as it will be sent: its bytes are made once, so that every resend is the same."""

    request_id: str
    body: bytes


class Outbox:
    """Any thread adds; one sender thread takes and settles."""

    def __init__(self, *, events_max: int, bytes_max: int) -> None:
        self._events_max = events_max
        self._bytes_max = bytes_max
        self._waiting: Deque[Queued] = deque()
        # Reentrant, because a signal handler may add while its own thread is inside `add`.
        self._adding = threading.RLock()
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._bytes_added = 0
        self._bytes_settled = 0
        self.added = 0
        self.settled = 0
        self._dropped = 0
        self._given_up = 0
        self.closed = False

    def add(self, request_id: str, event: Mapping[str, Any]) -> bool:
        """Queues one event. False when it was dropped: the queue is full or closed, or the event too large."""
        body = _to_json(event).encode()
        with self._adding:
            why = self._no_room_for(body)
            if why is None:
                self._bytes_added += len(body)
                self.added += 1
                self._waiting.append(Queued(request_id, body))
                # Only the first wakes an idle sender; a full batch need not wait for more.
                if len(self._waiting) in (1, EVENTS_PER_BATCH_MAX):
                    self.wake()
            else:
                self._dropped += 1
        if why is not None:
            warn_once(f"drop:{why}", "lensai: an event was dropped: %s; stats().dropped counts them", why)
        return why is None

    def take_batch(self) -> List[Queued]:
        """The oldest events, as many as fit in one batch. For the sender alone."""
        batch: List[Queued] = []
        size = 0
        while self._waiting and len(batch) < EVENTS_PER_BATCH_MAX:
            size += len(self._waiting[0].body) + 1
            if size > BATCH_BYTES_MAX:
                break
            batch.append(self._waiting.popleft())
        return batch

    def settle(self, batch: List[Queued]) -> None:
        """Frees the room of a batch that was acknowledged or refused. For the sender alone."""
        self._bytes_settled += sum(len(queued.body) for queued in batch)
        self.settled += len(batch)

    def give_up(self, batch: List[Queued]) -> None:
        """Drops a batch that nobody will send any more. For the sender alone."""
        self._given_up += len(batch)
        self.settle(batch)

    @property
    def dropped(self) -> int:
        """Events that found no room, and those that were unsent at a close."""
        return self._dropped + self._given_up

    @property
    def pending(self) -> int:
        """Events that are queued or being sent."""
        return self.added - self.settled

    @property
    def waiting(self) -> int:
        """Events that no batch holds yet."""
        return len(self._waiting)

    def wake(self) -> None:
        """Ends a `wait_for_work`. Safe in a signal handler."""
        self._wake.put(None)

    def wait_for_work(self, timeout_s: Optional[float]) -> None:
        """Sleeps until woken or until `timeout_s` is over."""
        try:
            self._wake.get(timeout=timeout_s)
            while True:
                self._wake.get_nowait()
        except Empty:
            return

    def _no_room_for(self, body: bytes) -> Optional[str]:
        if self.closed:
            return "the Lens is closed"
        if len(body) > EVENT_BYTES_MAX:
            return f"it has more than {EVENT_BYTES_MAX} bytes"
        if self.pending >= self._events_max:
            return f"the queue holds its maximum of {self._events_max} events"
        if self._bytes_added - self._bytes_settled + len(body) > self._bytes_max:
            return f"the queue holds its maximum of {self._bytes_max} bytes"
        return None
