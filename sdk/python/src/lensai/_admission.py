"""The way of a call to its provider: what it passes, in which order, and where it may have to wait.

A generator yields each wait, so that one order serves threads and event loops alike: `run` waits in its thread,
`run_async` lets the loop go on. Most calls pass without a wait, and without the generator.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Generator, Mapping, Optional, Tuple

from ._ahead import Request
from ._errors import BudgetExceeded, CallRefused, CallThrottled, CallUnbounded
from ._guard import Guard
from ._holds import Granted, Holds, Refused, Unanswered
from ._scope import Facts
from ._settings import Settings
from ._throttle import Throttle
from ._verdict import BudgetView

HOLD_TTL_S = 600
#: While the server is silent, and one ask went unanswered, calls do not each wait for another.
ASK_AGAIN_S = 5.0


@dataclass(frozen=True)
class Attempt:
    """One request that is about to be sent: who makes it, what it is, and who keeps what is held for it."""

    request_id: str
    number: int
    facts: Facts
    provider: str
    request: Request
    held: Callable[[str], None]


@dataclass(frozen=True)
class Sleep:
    """Wait so long, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Block:
    """Call something that blocks; what it returns is sent back."""

    work: Callable[[], Any]


Steps = Generator["Sleep | Block", Any, float]


class Admission:
    """Decides about attempts, and asks and waits for them."""

    def __init__(self, settings: Settings, guard: Guard, throttle: Throttle, holds: Holds) -> None:
        self._settings = settings
        self._guard = guard
        self._throttle = throttle
        self._holds = holds

    def steps(self, attempt: Attempt) -> Steps:
        """Ends when the call may begin, with the instant from which on it was allowed. Raises a CallRefused else."""
        until: Optional[float] = None
        while True:
            # The instant is taken before the check: a call that began after a stop was heard cannot have passed it.
            began_at = time.time()
            ruling = self._guard.rule(attempt.facts)
            if ruling is None:
                return began_at
            if ruling.refusal is not None:
                raise ruling.refusal
            slow = self._throttle.take(ruling.speeds)
            if slow is None:
                break
            now = time.monotonic()
            until = now + self._settings.throttle_wait_s if until is None else until
            if now + slow[1] > until:
                raise _throttled(*slow)
            # What was heard meanwhile decides.
            yield Sleep(slow[1])
        if ruling.asks:
            yield from self._hold(attempt, ruling.asks)
        return began_at

    def _hold(self, attempt: Attempt, asks: Tuple[BudgetView, ...]) -> Generator[Block, Any, None]:
        ahead = attempt.request.ahead(self._settings.max_tokens_assumed)
        if ahead.lacks is not None:
            strict = next((view for view in asks if view.mode == "strict"), None)
            if strict is not None:
                raise CallUnbounded(strict.title, strict.budget_id, ahead.lacks)
            if not ahead.fields:
                # A cached budget promises no more than its verdicts do.
                return
        if self._guard.is_silent and self._holds.failed_within(ASK_AGAIN_S):
            answer: Any = Unanswered("it did not answer a moment ago")
        else:
            answer = yield Block(lambda: self._ask(attempt, ahead.fields))
        refusal = self._refusal(answer, asks)
        if refusal is not None:
            raise refusal

    def _ask(self, attempt: Attempt, size: Mapping[str, Any]) -> "Granted | Refused | Unanswered":
        # All in one, so that a task that is cancelled meanwhile cannot lose sight of what is held for it.
        answer = self._holds.ask({**_who(attempt), **size, "ttl_s": HOLD_TTL_S})
        if isinstance(answer, Granted) and answer.hold_id is not None:
            attempt.held(answer.hold_id)
        return answer

    def _refusal(self, answer: Any, asks: Tuple[BudgetView, ...]) -> Optional[CallRefused]:
        if isinstance(answer, Refused):
            return BudgetExceeded(answer.explanation)
        if isinstance(answer, Unanswered):
            return self._guard.unreachable(asks, answer.why)
        return None


def _who(attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    who = {
        "request_id": attempt.request_id,
        "attempt": attempt.number,
        "provider": attempt.provider,
        "model": facts.model or "unknown",
        "environment": facts.environment,
    }
    for name, value in (("route", facts.route), ("user_id", facts.user_id), ("tags", facts.tags)):
        if value:
            who[name] = value
    return who


def _throttled(view: BudgetView, wait_s: float) -> CallThrottled:
    return CallThrottled(view.title, view.budget_id, view.counter, view.calls_per_minute or 0, wait_s)


def run(steps: Steps) -> float:
    """Takes the steps in this thread."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Sleep):
                time.sleep(step.seconds)
                step = next(steps)
            else:
                step = steps.send(step.work())
    except StopIteration as end:
        began_at: float = end.value
        return began_at


async def run_async(steps: Steps) -> float:
    """Takes the steps without holding up the event loop."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Sleep):
                await sleep(step.seconds)
                step = next(steps)
            else:
                step = steps.send(await _in_thread(step.work))
    except StopIteration as end:
        began_at: float = end.value
        return began_at


async def sleep(seconds: float) -> None:
    """Sleeps in whichever event loop this is."""
    # The openai package brings anyio, which knows whether this is asyncio or trio.
    try:
        import anyio
    except ImportError:
        import asyncio

        await asyncio.sleep(seconds)
    else:
        await anyio.sleep(seconds)


async def _in_thread(work: Callable[[], Any]) -> Any:
    try:
        from anyio import to_thread
    except ImportError:
        import asyncio

        return await asyncio.get_running_loop().run_in_executor(None, work)
    return await to_thread.run_sync(work)
