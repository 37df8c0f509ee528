"""The Lens: one project's usage and verdicts, in this process."""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ContextManager, Deque, Dict, List, Mapping, Optional, TypeVar

from ._admission import Admission, Attempt, Steps, sleep
from ._ahead import Request
from ._call import Call
from ._context import ENVIRONMENT_UNITS_MAX, clip, context, current_fields
from ._errors import CallRefused, CallThrottled
from ._exit import watch
from ._guard import Guard
from ._holds import Holds
from ._log import quiet
from ._openai import wrap_client
from ._outbox import Outbox
from ._scope import Facts
from ._sender import Sender
from ._settings import read_settings
from ._tap import ResponseTap
from ._throttle import Throttle
from ._verdict import Verdict
from ._verdict_reader import VerdictReader

Client = TypeVar("Client")

#: What the server takes an event for that names no environment.
ENVIRONMENT_DEFAULT = "production"


@dataclass(frozen=True)
class Stats:
    """Counts since this process (or its fork) began.

    Every event is in exactly one of `acknowledged`, `rejected`, `dropped` and `pending`.
    """

    acknowledged: int
    """Events that ingest has on disk."""
    rejected: int
    """Events that ingest refused for good; `rejected_codes` says why."""
    dropped: int
    """Events that found the queue full or closed, or were unsent at `close`."""
    pending: int
    """Events that are queued or being sent."""
    retries: int
    """Batches that had to be sent again."""
    refused_calls: int
    """Calls that were refused before they reached the provider, throttled ones included."""
    verdict_connects: int
    """How often the stream of verdicts was opened."""
    verdict_silent_for_s: Optional[float]
    """Seconds since the server was last heard; None when it never was."""
    throttled_calls: int = 0
    """Of the refused, those that were too many for a minute."""
    holds_granted: int = 0
    """Attempts that the server let begin when it was asked."""
    holds_refused: int = 0
    """Attempts that it refused when it was asked."""
    holds_unanswered: int = 0
    """Attempts for which it was asked, and did not answer."""
    rejected_codes: Mapping[str, int] = field(default_factory=dict)


class Lens:
    """Counts the usage of wrapped clients and stops their calls when a budget says so.

    Args:
        api_key: a key of the project with the scopes `ingest`, `verdicts` and `holds`; default LENS_API_KEY.
        base_url: where ingest is, such as "https://ingest.example.com"; default LENS_URL.
        environment: the environment of events that no context names; the server's default is "production".
        on_unreachable: "allow" or "deny": what happens to calls while no verdict was ever heard, and under a server
            whose budgets do not say it. Else each budget's own `on_unreachable` decides, once the server has been
            silent for more than 10 s. A stop that was heard before stays in force until the budget's period ends,
            either way; a person's until the server can be heard again.
        first_verdict_timeout_s: how long the first calls of a process wait for the first verdict, in seconds.
        queue_events_max, queue_bytes_max: what is kept while ingest is away; beyond it events are dropped and counted.
        exit_timeout_s: how long the end of the process may be held up to send what is queued, in seconds.
        max_tokens_assumed: for calls that name no limit of their output (max_tokens and its like), the most tokens
            that they are answered with. It is held for them, and not sent to the provider. Without it, a strict budget
            refuses such calls (CallUnbounded).
        hold_timeout_s: how long a call may wait for the answer to a hold, in seconds; after it, the `on_unreachable`
            of the budget that asks for it decides.
        throttle_wait_s: how long a call waits, in seconds, when a budget lets only so many pass in a minute. When it
            would be longer, CallThrottled is raised at once; with 0 always.
        auth_retry_s: how long events are kept and sent again, in seconds, while ingest refuses the key.
        observer: any object with some of the methods `called(request_id, started_at)`,
            `acknowledged(request_ids, at)`, `verdict(verdict, at)` and `refused(error, at)`, for tests and
            integrations. Instants are seconds since the epoch. Calls come from any thread; errors are swallowed.

    Raises:
        LensConfigError: a setting is missing or malformed; the message names all of them.
    """

    def __init__(
        self,
        api_key: Optional[str] = None,
        base_url: Optional[str] = None,
        *,
        environment: Optional[str] = None,
        on_unreachable: str = "allow",
        first_verdict_timeout_s: float = 2.0,
        queue_events_max: int = 50_000,
        queue_bytes_max: int = 32 * 1024 * 1024,
        exit_timeout_s: float = 5.0,
        max_tokens_assumed: Optional[int] = None,
        hold_timeout_s: float = 2.0,
        throttle_wait_s: float = 0.0,
        auth_retry_s: float = 900.0,
        observer: Optional[object] = None,
    ) -> None:
        self.settings = read_settings(
            api_key=api_key,
            base_url=base_url,
            environment=clip(str(environment), ENVIRONMENT_UNITS_MAX) if environment else None,
            on_unreachable=on_unreachable,
            first_verdict_timeout_s=first_verdict_timeout_s,
            queue_events_max=queue_events_max,
            queue_bytes_max=queue_bytes_max,
            exit_timeout_s=exit_timeout_s,
            max_tokens_assumed=max_tokens_assumed,
            hold_timeout_s=hold_timeout_s,
            throttle_wait_s=throttle_wait_s,
            auth_retry_s=auth_retry_s,
        )
        self._observer = observer
        self._begin()
        watch(self)

    def wrap(
        self,
        client: Client,
        *,
        provider: Optional[str] = None,
        ask_for_usage: bool = True,
        downgrade: bool = False,
    ) -> Client:
        """A client like `client` whose calls are guarded and counted. `client` itself is left as it is.

        Args:
            client: OpenAI, AsyncOpenAI, AzureOpenAI or AsyncAzureOpenAI of the openai package (1.0 or later). The
                result shares its connections. Wrapping twice counts once.
            provider: the provider to report; default "azure" for Azure's clients, else "openai".
            ask_for_usage: ask for `stream_options.include_usage` where a stream does not say; the extra chunk is
                kept from the caller. Use False for a server that rejects the option; streams are then estimated.
            downgrade: replace the model of a call by the one that a budget downgrades it to. Off, because another
                model answers otherwise: only you know whether your prompts stand it. See `model_for`.

        Raises:
            TypeError: `client` is no client of the openai package.
        """
        wrapped = wrap_client(self, client, provider, ask_for_usage, downgrade)
        self._ready()
        return wrapped

    def context(self, **fields: Any) -> ContextManager[None]:
        """Attaches route, user_id, environment, tags, max_usd and others to calls; see `lensai.context`."""
        return context(**fields)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Waits until every event recorded so far is acknowledged or refused. False when the time ended first.

        For functions that may be frozen after they return (serverless): call it before returning.
        """
        self._finish_abandoned()
        return self._sender.flush(timeout_s)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Flushes, then ends both threads. False when events were left unsent.

        What could not be sent in `timeout_s` is dropped and counted. Wrapped clients keep working: their calls are
        no longer counted, a stop that was heard stays in force until its period ends, and else `on_unreachable`
        decides.
        """
        sent = self.flush(timeout_s)
        self._outbox.closed = True
        self._outbox.wake()
        self._reader.close()
        return sent

    def stats(self) -> Stats:
        """Counts of this process. Cheap; safe from any thread."""
        return Stats(
            acknowledged=self._sender.acknowledged,
            rejected=self._sender.rejected,
            dropped=self._outbox.dropped,
            pending=self._outbox.pending,
            retries=self._sender.retries,
            refused_calls=self._refused_calls,
            throttled_calls=self._throttled_calls,
            holds_granted=self._holds.granted,
            holds_refused=self._holds.refused,
            holds_unanswered=self._holds.unanswered,
            verdict_connects=self._reader.connects,
            verdict_silent_for_s=self._guard.silent_for_s,
            rejected_codes=dict(self._sender.rejected_codes),
        )

    @property
    def verdict(self) -> Optional[Verdict]:
        """The latest verdict that was heard, or None."""
        return self._guard.verdict

    def check(self, *, provider: Optional[str] = None, model: Optional[str] = None) -> None:
        """Raises what a wrapped client would raise now, by the verdict in memory; for calls that are made without one.

        The call is known by `provider`, `model` and the context; a budget over something that none of them names does
        not cover it. Nothing is held, and no call counted against a speed.

        Raises:
            BudgetExceeded: a budget or a person stops such calls.
            BudgetUnreachable: the server is silent, and that is to refuse calls.
        """
        self._guard_ready()
        facts = self._facts(current_fields(), provider, model)
        refusal = self._guard.refusal(facts)
        if refusal is not None:
            self._refused(refusal, time.time())
            raise refusal

    def model_for(self, model: str, *, provider: Optional[str] = "openai") -> str:
        """The model to use for a call now: `model`, or the one that a budget which covers the call downgrades it to.

        The call is known by `provider`, `model` and the context.
        """
        self._guard_ready()
        return self._guard.model_for(self._facts(current_fields(), provider, model)) or model

    def _begin(self) -> None:
        """Everything that lives in one process: made by the constructor, and made anew in a forked child."""
        inherited = getattr(self, "_guard", None)
        self._guard = Guard(self.settings)
        if inherited is not None:
            self._guard.inherit(inherited)
        self._outbox = Outbox(events_max=self.settings.queue_events_max, bytes_max=self.settings.queue_bytes_max)
        self._throttle = Throttle()
        self._holds = Holds(self.settings, self._outbox.wake)
        self._admission = Admission(self.settings, self._guard, self._throttle, self._holds)
        self._sender = Sender(self.settings, self._outbox, self._on_acknowledged, self._tick)
        self._reader = VerdictReader(self.settings, self._on_verdict, self._guard.hear_alive)
        self._streams: Dict[str, ResponseTap] = {}
        self._left: Deque[ResponseTap] = deque()
        self._refused_calls = 0
        self._throttled_calls = 0
        self._ready_in: Optional[int] = None

    def _ready(self) -> None:
        """Starts both threads: now, since a thread cannot be started any more while the process ends."""
        if self._ready_in == os.getpid():
            return
        self._ready_in = os.getpid()
        watch(self)
        self._reader.start()
        self._sender.start()

    def _guard_ready(self) -> None:
        if self._ready_in is None:
            self._ready()
        self._guard.wait_for_first()

    async def _guard_ready_async(self) -> None:
        if self._ready_in is None:
            self._ready()
        while self._guard.waits_s() > 0:
            await sleep(0.005)

    def _passes(self, call: Call) -> bool:
        """Begins an attempt at once, if every call may be made now, whatever it is."""
        # The instant is taken before the check: a call that began after a stop was heard cannot have passed it.
        began_at = time.time()
        if not self._guard.lets_all_pass:
            return False
        self._begins(call, began_at)
        return True

    def _admitting(self, call: Call, model: Optional[str], request: Request) -> Steps:
        """What an attempt passes before it may begin."""
        asked_at = time.time()
        facts = self._facts(call.fields, call.provider, model)
        attempt = Attempt(call.request_id, call.next_attempt, facts, call.provider, request, call.held)
        try:
            began_at = yield from self._admission.steps(attempt)
        except CallRefused as refusal:
            self._refused(refusal, asked_at)
            raise
        self._begins(call, began_at)
        return began_at

    def _model_for(self, call: Call, model: str) -> Optional[str]:
        return self._guard.model_for(self._facts(call.fields, call.provider, model))

    def _begins(self, call: Call, began_at: float) -> None:
        call.attempt_begins(began_at)
        if call.counts:
            self._tell("called", call.request_id, began_at)

    def _refused(self, refusal: CallRefused, at: float) -> None:
        self._refused_calls += 1
        self._throttled_calls += isinstance(refusal, CallThrottled)
        self._tell("refused", refusal, at)

    def _facts(self, fields: Mapping[str, Any], provider: Optional[str], model: Optional[str]) -> Facts:
        """What budgets may ask of a call with these fields of a context; as the server will read its event."""
        return Facts(
            provider=None if provider is None else provider.lower(),
            model=model,
            route=fields.get("route"),
            user_id=fields.get("user_id"),
            environment=fields.get("environment") or self.settings.environment or ENVIRONMENT_DEFAULT,
            tags=fields.get("tags") or {},
            key_id=self._guard.key_id,
        )

    def _record(self, request_id: str, event: Mapping[str, Any]) -> None:
        self._streams.pop(request_id, None)
        if self.settings.environment is not None and "environment" not in event:
            event = {**event, "environment": self.settings.environment}
        self._outbox.add(request_id, event)

    def _follow(self, request_id: str, tapped: ResponseTap) -> None:
        self._streams[request_id] = tapped

    def _abandoned(self, tapped: ResponseTap) -> None:
        # This runs inside the garbage collector, perhaps inside one of our own locks: only put it aside.
        self._left.append(tapped)
        self._outbox.wake()

    def _tick(self) -> None:
        """What the sender's thread does beside sending."""
        self._finish_abandoned()
        self._holds.finish_all()

    def _finish_abandoned(self) -> None:
        while self._left:
            self._left.popleft().left()

    def _drain(self, timeout_s: float) -> None:
        """The process ends: streams that are still open are recorded as aborted, then all is sent."""
        for tapped in list(self._streams.values()):
            tapped.left()
        if not self._outbox.closed and self.flush(timeout_s):
            self._holds.finish_all()

    def _on_verdict(self, verdict: Verdict, age_s: float) -> None:
        before = time.time()
        self._guard.hear(verdict, age_s)
        # A leave counts from when a call may first have seen it, a stop from when every call must.
        self._tell("verdict", verdict, before if verdict.allowed else time.time())

    def _on_acknowledged(self, request_ids: List[str]) -> None:
        self._tell("acknowledged", request_ids, time.time())

    @quiet
    def _tell(self, what: str, *about: Any) -> None:
        listener = getattr(self._observer, what, None)
        if listener is not None:
            listener(*about)

