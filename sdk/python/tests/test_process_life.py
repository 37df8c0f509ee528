"""The end of a process loses nothing that could be sent, and is never held up beyond its deadline."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import Any, Dict, List

import pytest
from conftest import eventually
from fake_ingest import KEY

SETUP = """
import gc, os, signal, sys, threading, time
import lensai, openai
def connect():
    # A connection is not to be shared over a fork, so each process makes its own.
    global client
    client = lensai.wrap(openai.OpenAI(api_key="k", base_url=os.environ["PROVIDER"]))
connect()
def call(tokens=2, **options):
    message = {"role": "user", "content": f"Answer in {tokens} tokens."}
    return client.chat.completions.create(model="gpt-4o", messages=[message], **options)
def say(word):
    print(word, flush=True)
"""


def start(script: str, ingest: Any, provider: Any) -> "subprocess.Popen[str]":
    environment = {**os.environ, "LENS_API_KEY": KEY, "LENS_URL": ingest.url, "PROVIDER": provider.base_url}
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + textwrap.dedent(script)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]", within_s: float = 20) -> str:
    """What it wrote to stderr, after it ended."""
    try:
        _, errors = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert "Traceback" not in errors, errors
    return errors


def statuses(ingest: Any) -> List[str]:
    return sorted(event["status"] for event in ingest.events)


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "sys.exit(0)",
        "threading.Thread(target=lambda: (time.sleep(0.3), call())).start()",
        "import concurrent.futures as f; f.ThreadPoolExecutor(2).submit(call)",
        "import asyncio\n"
        "async def main():\n"
        "    one = lensai.wrap(openai.AsyncOpenAI(api_key='k', base_url=os.environ['PROVIDER']))\n"
        "    await one.responses.create(model='gpt-4o', input='hi')\n"
        "asyncio.run(main())",
    ],
    ids=["end", "sys.exit", "thread", "pool", "asyncio"],
)
def test_a_process_that_ends_sends_what_it_queued(ingest, provider, ending):
    process = start(f"call()\n{ending}", ingest, provider)
    finish(process)
    assert process.returncode == 0
    assert len(ingest.events) == (1 if ending in ("", "sys.exit(0)") else 2)


def test_a_stream_that_is_open_at_the_end_is_aborted_with_estimated_tokens(ingest, provider):
    finish(start("stream = call(5000, stream=True)\nfor _ in range(30): next(stream)", ingest, provider))
    (event,) = ingest.events
    assert (event["status"], event["tokens_estimated"], event["tokens_out"] >= 28) == ("aborted", True, True)


def test_an_exception_that_ends_the_process_loses_nothing(ingest, provider):
    process = start("call()\nraise SystemExit(3)", ingest, provider)
    finish(process)
    assert (process.returncode, len(ingest.events)) == (3, 1)


def test_without_ingest_the_end_is_held_up_no_longer_than_its_deadline(ingest, provider):
    script = """
    lensai._default = lensai.Lens(exit_timeout_s=1)
    client = lensai.wrap(client.with_options())
    call(); say('called'); sys.stdin.readline(); call(); say(time.time())
    """
    process = start(script, ingest, provider)
    assert process.stdout is not None and process.stdin is not None and process.stdout.readline() == "called\n"
    ingest.stop()
    process.stdin.write("go on\n")
    process.stdin.flush()
    ended_at = float(process.stdout.readline())
    finish(process)
    assert 0.9 < time.time() - ended_at < 4
    ingest.start(ingest.port)


def test_sigterm_drains_and_then_ends_by_the_signal(ingest, provider):
    process = start("for _ in range(3): call()\nsay('ready')\ntime.sleep(60)", ingest, provider)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    finish(process, within_s=8)
    assert (process.returncode, len(ingest.events)) == (-signal.SIGTERM, 3)


def test_sigterm_amid_calls_of_many_threads_loses_no_finished_call(ingest, provider):
    script = """
    def work():
        while True:
            call(1)
            os.write(1, b"x")
    for _ in range(6): threading.Thread(target=work, daemon=True).start()
    while True: call(1); os.write(1, b"x")
    """
    process = start(script, ingest, provider)
    assert process.stdout is not None
    finished = len(process.stdout.read(30))
    process.send_signal(signal.SIGTERM)
    finished += len(process.stdout.read())
    finish(process, within_s=8)
    assert process.returncode == -signal.SIGTERM
    ok = statuses(ingest).count("ok")
    # Threads go on while the main thread drains; at most one call of each ends too late to be sent.
    assert ok >= finished - 7 * 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_handler_of_the_application_is_left_alone(ingest, provider, when):
    handler = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
    anew = "lensai._default = None; signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
    wrap = "connect(); call()\n"
    first, second = (handler, wrap) if when == "before" else (wrap, handler)
    process = start(f"{anew}{first}{second}say('ready'); time.sleep(60)", ingest, provider)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    finish(process, within_s=8)
    assert (process.returncode, len(ingest.events)) == (7, 1)


def test_a_forked_child_counts_its_own_calls_and_sends_nothing_of_its_parent(ingest, provider):
    script = """
    call()
    stream = call(50, stream=True); next(stream)
    children = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            del stream
            gc.collect()
            connect(); call(); call()
            assert lensai.default_lens().flush(5)
            stats = lensai.default_lens().stats()
            assert (stats.acknowledged, stats.pending) == (2, 0), stats
            os._exit(0)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0]
    for _ in stream: pass
    call()
    """
    process = start(script, ingest, provider)
    finish(process)
    assert process.returncode == 0
    assert statuses(ingest) == ["ok"] * 9
    identities = [event["request_id"] for event in ingest.events]
    assert len(set(identities)) == 9
    sent: Dict[str, int] = {}
    for body in ingest.batches:
        for identity in identities:
            sent[identity] = sent.get(identity, 0) + body.count(identity.encode())
    assert set(sent.values()) == {1}


def test_a_child_of_a_stopped_parent_is_stopped(ingest, provider):
    from fake_ingest import verdict

    ingest.verdict = verdict(allowed=False)
    script = """
    def refused():
        try: call()
        except lensai.BudgetExceeded: return True
    assert refused()
    pid = os.fork()
    if pid == 0: os._exit(0 if refused() and refused() else 1)
    assert os.waitpid(pid, 0)[1] == 0
    """
    process = start(script, ingest, provider)
    finish(process)
    assert (process.returncode, ingest.events) == (0, [])


def test_children_of_multiprocessing_drain_at_their_end(ingest, provider):
    script = """
    import multiprocessing
    call()
    context = multiprocessing.get_context('fork')
    def work(): connect(); call()
    children = [context.Process(target=work) for _ in range(3)]
    for child in children: child.start()
    for child in children: child.join()
    """
    finish(start(script, ingest, provider))
    assert len(eventually(lambda: len(ingest.events) == 4 and ingest.events)) == 4


def test_what_is_to_be_released_is_released_at_the_end(ingest, provider):
    from fake_ingest import verdict

    ingest.verdict = verdict(mode="strict", ask_first=True)
    script = """
    call(max_tokens=9)
    lensai.default_lens().flush(5)
    lensai.default_lens()._holds._wake = lambda: None
    lensai.default_lens()._holds.finish_later("hold_1")
    """
    process = start(script, ingest, provider)
    finish(process)
    assert (process.returncode, ingest.finished) == (0, {"hold_1": ("release", None)})


def test_trouble_with_telemetry_never_reaches_the_caller(ingest, provider):
    ingest.faults = [(418, {})] * 5
    script = """
    import lensai._call
    def broken(*_): raise RuntimeError('a bug of ours')
    lensai._call.estimate_prompt = broken
    lensai._call._ms = broken
    assert call().usage.total_tokens > 0
    assert sum(1 for _ in call(3, stream=True)) == 5
    say('fine')
    """
    process = start(script, ingest, provider)
    assert process.stdout is not None and process.stdout.readline() == "fine\n"
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == 0 and "a bug of ours" in errors
