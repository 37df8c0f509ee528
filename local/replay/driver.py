"""Replays a trace through the real Python SDK and the real openai package, in a process of its own.

argv[1]: the configuration as JSON (see Config). stdin: requests, one JSON object a line, in order of at_ms; or
{"type": "command", "stop": true}, which ends the replay without the calls that have not begun. stdout: what happened,
one JSON object a line; instants are milliseconds since the epoch. stderr: the SDK's log.

A prompt has exactly context_tokens words, by the stand-in's tokenizer, and opens with "answer:N", which is one of them.
context_tokens of 0 is sent as one word, generated_tokens of 0 as 1, because the API takes neither an empty prompt nor
max_tokens of 0.
"""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import openai

import lensai

FLUSH_TIMEOUT_S = 60.0
PROGRESS_EVERY_S = 0.25


@dataclass(frozen=True)
class Config:
    """lens_url, api_key: ingest. speed: trace seconds a second, None for as fast as it goes. stream_share: 0 to 1."""

    lens_url: str
    api_key: str
    provider_url: str
    model: str = "gpt-4o"
    concurrency: int = 8
    speed: Optional[float] = None
    stream_share: float = 0.5
    wait_for_lift: bool = False


@dataclass(frozen=True)
class Request:
    """One line of the trace; `number` is its place on stdin, from 0."""

    number: int
    at_ms: float
    context_tokens: int
    generated_tokens: int


class Reporter:
    """Writes lines to stdout, whole, from any thread."""

    def __init__(self) -> None:
        self._writing = threading.Lock()

    def say(self, kind: str, **fields: Any) -> None:
        line = json.dumps({"type": kind, **fields}, separators=(",", ":"))
        with self._writing:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


class Observer:
    """Reports what the SDK sees, and remembers in each thread which request its call became."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._begun = threading.local()
        self.allowed = threading.Event()
        self.allowed.set()

    def verdict(self, verdict: lensai.Verdict, at: float) -> None:
        (self.allowed.set if verdict.allowed else self.allowed.clear)()
        budgets = [_budget(budget) for budget in verdict.budgets]
        self._reporter.say("verdict", at=ms(at), allowed=verdict.allowed, budgets=budgets)

    def acknowledged(self, request_ids: List[str], at: float) -> None:
        self._reporter.say("acknowledged", request_ids=request_ids, at=ms(at))

    def called(self, request_id: str, started_at: float) -> None:
        self._begun.call = (request_id, started_at)

    def take_call(self) -> Any:
        """The call that this thread began last, as (request_id, started_at), or None."""
        call, self._begun.call = getattr(self._begun, "call", None), None
        return call


class Replay:
    """The requests, the threads that make them, and the counts."""

    def __init__(self, config: Config, reporter: Reporter) -> None:
        self._config = config
        self._reporter = reporter
        self._observer = Observer(reporter)
        self._lens = lensai.Lens(config.api_key, config.lens_url, observer=self._observer)
        client = openai.OpenAI(
            api_key="sandbox", base_url=f"{config.provider_url.rstrip('/')}/v1", max_retries=0, timeout=600
        )
        self._client = self._lens.wrap(client)
        # Unbounded, because a stop comes behind the requests: who waits for room would never read it.
        self._requests: queue.SimpleQueue[Optional[Request]] = queue.SimpleQueue()
        self._counting = threading.Lock()
        self._stopped = threading.Event()
        self._began = time.monotonic()
        self._refusing_since: Optional[float] = None
        self.total = self.done = self.refused = self.failed = 0

    def run(self) -> bool:
        """Returns when stdin has ended and every call is made: whether every event was settled."""
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self._config.concurrency)]
        for worker in workers:
            worker.start()
        threading.Thread(target=self._read, args=(sys.stdin, len(workers)), daemon=True).start()
        said = None
        while any(worker.is_alive() for worker in workers):
            time.sleep(PROGRESS_EVERY_S)
            said = self._say_progress(said)
        self._say_progress(None)
        flushed = self._lens.flush(FLUSH_TIMEOUT_S)
        stats = self._lens.stats()
        self._lens.close(0)
        self._reporter.say(
            "stats",
            flushed=flushed,
            calls_done=self.done,
            calls_failed=self.failed,
            calls_refused=self.refused,
            acknowledged=stats.acknowledged,
            rejected=stats.rejected,
            rejected_codes=dict(stats.rejected_codes),
            dropped=stats.dropped,
            pending=stats.pending,
            retries=stats.retries,
            refusals=stats.refused_calls,
        )
        return flushed and stats.dropped == 0

    def _read(self, lines: Any, workers: int) -> None:
        for number, line in enumerate(lines):
            try:
                fields: Dict[str, Any] = json.loads(line)
                if fields.get("type") == "command":
                    if fields.get("stop"):
                        self._stopped.set()
                        break
                    continue
                request = Request(
                    number, float(fields["at_ms"]), int(fields["context_tokens"]), int(fields["generated_tokens"])
                )
            except (ValueError, KeyError, TypeError) as error:
                self._reporter.say("error", message=f"line {number + 1} of stdin is no request: {error!r}")
                continue
            self.total += 1
            self._requests.put(request)
        for _ in range(workers):
            self._requests.put(None)

    def _work(self) -> None:
        while True:
            request = self._requests.get()
            if request is None:
                return
            if self._stopped.is_set() or not self._wait_until_due(request):
                continue
            self._make(request)

    def _wait_until_due(self, request: Request) -> bool:
        if self._config.speed is None:
            return True
        due = self._began + request.at_ms / 1000 / self._config.speed
        return not self._stopped.wait(max(0.0, due - time.monotonic()))

    def _make(self, request: Request) -> None:
        while not self._stopped.is_set():
            self._observer.take_call()
            try:
                self._call(request)
            except lensai.CallRefused as refusal:
                self._note_refusal(refusal)
                if not self._config.wait_for_lift:
                    self._count("refused")
                    return
                self._wait_for_lift()
                continue
            except Exception as error:
                self._say_call(request, ok=False, message=f"{type(error).__name__}: {error}")
                self._count("failed")
                return
            self._say_call(request, ok=True)
            self._count("done")
            return

    def _call(self, request: Request) -> None:
        completion = self._client.chat.completions.create(
            model=self._config.model,
            messages=[{"role": "user", "content": prompt_of(request)}],
            max_tokens=max(1, request.generated_tokens),
            stream=_is_streamed(request.number, self._config.stream_share),
        )
        if isinstance(completion, openai.Stream):
            for _ in completion:
                pass

    def _wait_for_lift(self) -> None:
        while not self._stopped.is_set() and not self._observer.allowed.wait(0.1):
            pass
        # An observer is told of a verdict after the guard has it, so this thread's next call sees the lift.

    def _note_refusal(self, refusal: lensai.CallRefused) -> None:
        with self._counting:
            first = self._refusing_since is None
            if first:
                self._refusing_since = time.time()
        if first:
            self._reporter.say("refused", at=ms(time.time()), message=str(refusal))

    def _say_call(self, request: Request, ok: bool, **fields: Any) -> None:
        call = self._observer.take_call()
        if call is None:
            return
        request_id, started_at = call
        with self._counting:
            # A call that was under way when the refusals began does not end their streak.
            if self._refusing_since is not None and started_at > self._refusing_since:
                self._refusing_since = None
        instants = {"begun_at": ms(started_at), "ended_at": ms(time.time())}
        self._reporter.say("call", number=request.number, request_id=request_id, **instants, ok=ok, **fields)

    def _count(self, what: str) -> None:
        with self._counting:
            setattr(self, what, getattr(self, what) + 1)

    def _say_progress(self, said: Any) -> Any:
        now = (self.done + self.failed, self.total, self.refused)
        if now != said:
            self._reporter.say("progress", done=now[0], total=now[1], refused=now[2])
        return now


def prompt_of(request: Request) -> str:
    """Exactly context_tokens words, as far as the module's header says."""
    words = max(1, request.context_tokens)
    return " ".join([f"answer:{max(1, request.generated_tokens)}", *["word"] * (words - 1)])


def ms(seconds: float) -> float:
    """Milliseconds of an instant in seconds, to the microsecond: what begins with a verdict must not tie with it."""
    return round(seconds * 1000, 3)


def _is_streamed(number: int, share: float) -> bool:
    # Spread evenly and the same on every run, so that two replays of one trace make the same calls.
    return int((number + 1) * share) > int(number * share)


def _budget(budget: lensai.BudgetView) -> Dict[str, Any]:
    return {
        "budget_id": budget.budget_id,
        "project": budget.project,
        "state": budget.state,
        "stopped_by": budget.stopped_by,
        "spent_usd": f"{budget.spent_usd:f}",
        "limit_usd": f"{budget.limit_usd:f}",
        "remaining_usd": f"{budget.remaining_usd:f}",
        "resets_at": budget.resets_at.isoformat(),
        "lift_url": budget.lift_url,
    }


def main() -> int:
    """Exit status 0 when every event was settled, 1 when some were not, 2 for a bad configuration."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    try:
        config = Config(**json.loads(sys.argv[1]))
        replay = Replay(config, Reporter())
    except (IndexError, ValueError, TypeError) as error:
        sys.stderr.write(f"driver.py takes its configuration as JSON in its first argument: {error}\n")
        return 2
    return 0 if replay.run() else 1


if __name__ == "__main__":
    sys.exit(main())
