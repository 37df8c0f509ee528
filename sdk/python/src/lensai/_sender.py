"""The thread that sends events.

Invariant: a batch leaves only when ingest acknowledged it with 202 or refused it for good; until then it is sent
again, the same bytes each time, however long ingest is away. A refusal that can heal is not for good: one of the key (401, 403)
for `auth_retry_s`, since a key may be renewed or given its scope meanwhile; and any that ingest did not write itself,
since that is of something between, such as a proxy in the middle of a release.
"""

from __future__ import annotations

import random
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from ._log import warn_once
from ._outbox import Outbox, Queued
from ._settings import EVENTS_PER_BATCH_MAX, Settings
from ._wire import Answer, Connection, error_code, error_text

PATH = "/v1/events"
BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 10.0
RETRY_AFTER_MAX_S = 60.0
#: A key that is refused is not tried so often that its address would be shut out.
AUTH_BACKOFF_FIRST_S = 2.0
AUTH_BACKOFF_MAX_S = 30.0
AUTH_STATUSES = (401, 403)
#: While somebody waits for a flush or the process ends, a resend does not wait longer than this.
BACKOFF_IN_HASTE_S = 0.25
#: Every addition wakes the sender; this only bounds what an unforeseen miss could cost.
IDLE_S = 5.0

Acknowledged = Callable[[List[str]], None]


class Sender:
    """Owns its thread and its connection. Started on first use, and made anew after a fork."""

    def __init__(
        self, settings: Settings, outbox: Outbox, acknowledged: Acknowledged, tick: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._acknowledged = acknowledged
        self._tick = tick
        self._connection = Connection(settings.base_url, settings.api_key, settings.request_timeout_s)
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.Lock()
        self._haste_until = 0.0
        self._key_refusals = 0
        self.acknowledged = 0
        self.rejected = 0
        self.retries = 0
        self.rejected_codes: Dict[str, int] = {}

    def start(self) -> None:
        """Starts the thread unless it runs."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="lensai-sender", daemon=True)
                thread.start()
                self._thread = thread

    def flush(self, timeout_s: float) -> bool:
        """Waits until every event added so far is settled. False when `timeout_s` ended first or the key is refused."""
        until = time.monotonic() + timeout_s
        target = self._outbox.added
        if self._outbox.settled >= target:
            return True
        self.start()
        self._haste_until = max(self._haste_until, until)
        self._outbox.wake()
        key_refusals = self._key_refusals
        # Polling, because a lock here could be held by the very thread that a signal interrupted.
        while self._outbox.settled < target:
            # A key that is refused does not heal while somebody waits.
            if time.monotonic() >= until or self._key_refusals > key_refusals:
                return False
            time.sleep(0.002)
        return True

    def _run(self) -> None:
        while True:
            self._outbox.wait_for_work(IDLE_S)
            self._tick()
            self._gather()
            while True:
                batch = self._outbox.take_batch()
                if not batch:
                    break
                self._send(batch)
            # Again, because a wake for it may have ended a wait of the sending instead.
            self._tick()
            if self._outbox.closed and not self._outbox.pending:
                self._connection.close()
                return

    def _gather(self) -> None:
        """Lets a batch grow for a moment: one request for many events."""
        until = time.monotonic() + self._settings.batch_wait_s
        while 0 < self._outbox.waiting < EVENTS_PER_BATCH_MAX and not self._in_haste:
            left = until - time.monotonic()
            if left <= 0:
                return
            self._outbox.wait_for_work(left)

    def _send(self, batch: List[Queued]) -> None:
        body = b'{"events":[' + b",".join(queued.body for queued in batch) + b"]}"
        attempt, began = 0, time.monotonic()
        while not self._outbox.closed:
            answer = self._post(body)
            if answer is not None and answer.status == 202:
                self._settle(batch, answer)
                return
            if answer is not None and self._is_final(answer, time.monotonic() - began):
                self._reject(batch, answer)
                return
            self.retries += 1
            self._pause(attempt, answer)
            attempt += 1
        self._outbox.give_up(batch)

    def _is_final(self, answer: Answer, tried_for_s: float) -> bool:
        """Whether ingest refuses these bytes for good."""
        if answer.status in AUTH_STATUSES:
            return tried_for_s >= self._settings.auth_retry_s
        return answer.status not in (408, 429) and 400 <= answer.status < 500 and error_code(answer) is not None

    def _reject(self, batch: List[Queued], answer: Answer) -> None:
        self.rejected += len(batch)
        self.rejected_codes["batch"] = self.rejected_codes.get("batch", 0) + len(batch)
        self._outbox.settle(batch)
        warn_once(
            f"batch:{answer.status}",
            "lensai: ingest refused a batch of %d events (%s); they are not counted",
            len(batch),
            error_text(answer),
        )

    def _post(self, body: bytes) -> Optional[Answer]:
        try:
            answer = self._connection.post_json(PATH, body)
        # Whatever goes wrong, the batch stays: an error that ended this thread would lose it.
        except Exception as error:
            warn_once(
                "unreachable",
                "lensai: ingest at %s cannot be reached (%r); events wait in the queue",
                self._settings.base_url,
                error,
            )
            return None
        if answer.status in AUTH_STATUSES:
            self._key_refusals += 1
            warn_once(
                "key-refused",
                "lensai: ingest refuses the API key (%s); events wait in the queue for %.0f s, in which it may heal",
                error_text(answer),
                self._settings.auth_retry_s,
            )
        elif answer.status != 202 and not self._is_final(answer, 0.0):
            warn_once("busy", "lensai: ingest is busy (%s); events wait in the queue", error_text(answer))
        return answer

    def _settle(self, batch: List[Queued], answer: Answer) -> None:
        refused = _refused(answer.body, len(batch))
        for item in refused.values():
            code = str(item.get("code"))
            self.rejected_codes[code] = self.rejected_codes.get(code, 0) + 1
            warn_once(f"event:{code}", "lensai: ingest refused an event (%s): %s", code, item.get("reason"))
        self.rejected += len(refused)
        self.acknowledged += len(batch) - len(refused)
        self._outbox.settle(batch)
        self._acknowledged([queued.request_id for index, queued in enumerate(batch) if index not in refused])

    def _pause(self, attempt: int, answer: Optional[Answer]) -> None:
        by_key = answer is not None and answer.status in AUTH_STATUSES
        first_s, max_s = (AUTH_BACKOFF_FIRST_S, AUTH_BACKOFF_MAX_S) if by_key else (BACKOFF_FIRST_S, BACKOFF_MAX_S)
        ceiling = min(max_s, first_s * 2 ** min(attempt, 10))
        pause = random.uniform(ceiling / 2, ceiling)
        if answer is not None and answer.retry_after_s is not None:
            # A little more than was asked, so that a fleet does not come back in one instant.
            pause = min(RETRY_AFTER_MAX_S, answer.retry_after_s) + random.uniform(0, BACKOFF_FIRST_S)
        began = time.monotonic()
        while True:
            now = time.monotonic()
            left = began + (min(pause, BACKOFF_IN_HASTE_S) if self._in_haste else pause) - now
            if left <= 0:
                return
            self._outbox.wait_for_work(left)

    @property
    def _in_haste(self) -> bool:
        return self._outbox.closed or time.monotonic() < self._haste_until


def _refused(body: Any, batch_size: int) -> Dict[int, Dict[str, Any]]:
    """The refused events of a 202 by index. A 202 that cannot be read still means that the batch is on disk."""
    items = body.get("rejected") if isinstance(body, dict) else None
    refused: Dict[int, Dict[str, Any]] = {}
    for item in items if isinstance(items, list) else []:
        index = item.get("index") if isinstance(item, dict) else None
        if isinstance(index, int) and 0 <= index < batch_size:
            refused[index] = item
    return refused
