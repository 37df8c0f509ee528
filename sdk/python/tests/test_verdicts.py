"""A verdict reaches the process through whatever lies between, and is never taken for younger than it is."""

from __future__ import annotations

import time

import pytest
from conftest import eventually
from fake_ingest import verdict, verdict_of

import lensai
from lensai import _guard, _verdict_reader


@pytest.fixture()
def impatient(monkeypatch):
    """Bounds of half a second, so that a test need not be silent for ten."""
    monkeypatch.setattr(_guard, "STALE_AFTER_S", 0.5)
    monkeypatch.setattr(_verdict_reader, "STALE_AFTER_S", 0.5)
    monkeypatch.setattr(_verdict_reader, "POLL_WAIT_S", 0.2)
    monkeypatch.setattr(_verdict_reader, "POLL_EVERY_S", 0.1)


def streams_of(ingest):
    return [at for path, at in ingest.gets if path.endswith("/stream")]


def test_a_stream_that_is_cut_resumes_from_the_verdict_at_hand(lens, ingest):
    lens.check()
    heard = lens.verdict
    ingest.stop()
    ingest.start(ingest.port)
    eventually(lambda: lens.stats().verdict_connects == 2)
    assert ingest.last_event_ids == [None, ingest.verdict_id]
    eventually(lambda: lens.stats().verdict_silent_for_s < 0.3)
    assert lens.verdict is heard
    ingest.say(verdict(allowed=False))
    eventually(lambda: not lens.verdict.allowed)


def test_what_changed_while_the_stream_was_cut_is_heard_at_once(lens, ingest):
    lens.check()
    ingest.stop()
    ingest.say(verdict(allowed=False))
    ingest.start(ingest.port)
    eventually(lambda: not lens.verdict.allowed)


@pytest.mark.parametrize("streams_are", ["held back", "pages"])
def test_where_no_stream_gets_through_verdicts_are_asked_for(impatient, lens, ingest, streams_are):
    ingest.streams_are = streams_are
    lens._ready()
    eventually(lambda: lens.verdict and lens.verdict.allowed)
    for allowed in (False, True, False):
        began = time.monotonic()
        ingest.say(verdict(allowed=allowed))
        eventually(lambda: lens.verdict.allowed is allowed)
        assert time.monotonic() - began < 2
    # Nothing changes, and each answer says that it holds.
    for _ in range(8):
        time.sleep(0.1)
        assert lens.stats().verdict_silent_for_s < 2
    assert len(streams_of(ingest)) == 2
    polls = [at for path, at in ingest.gets if path == "/v1/verdicts"]
    assert len(polls) < 40


def test_after_a_while_of_asking_a_stream_is_tried_again(impatient, lens, ingest, monkeypatch):
    monkeypatch.setattr(_verdict_reader, "POLL_FOR_S", 0.5)
    ingest.streams_are = "held back"
    lens._ready()
    eventually(lambda: lens.verdict)
    ingest.streams_are = "told"
    eventually(lambda: lens._reader._poll_until < time.monotonic() and len(streams_of(ingest)) > 2)
    ingest.say(verdict(allowed=False))
    eventually(lambda: not lens.verdict.allowed)


def test_a_server_from_before_long_polls_is_not_asked_without_a_pause(impatient, lens, ingest):
    ingest.is_old, ingest.streams_are = True, "pages"
    lens._ready()
    eventually(lambda: lens.verdict)
    began = time.monotonic()
    before = len(ingest.gets)
    time.sleep(1)
    assert len(ingest.gets) - before <= (time.monotonic() - began) / 0.1 + 2


def test_a_stream_that_breaks_after_data_is_no_reason_to_ask(impatient, lens, ingest):
    ingest.alive_every_s = 2
    lens._ready()
    eventually(lambda: lens.stats().verdict_connects >= 4, within_s=8)
    assert all(path.endswith("/stream") for path, _ in ingest.gets)


def test_a_verdict_is_as_old_as_its_replica_says(lens, ingest):
    lens.check()
    ingest.age_ms = 20_000
    eventually(lambda: lens.stats().verdict_silent_for_s > 15)
    # Signs of life of a replica that is cut off itself comfort nobody.
    ingest.verdict = verdict_of(*[{**verdict()["budgets"][0], "on_unreachable": "deny"}])
    ingest.say(ingest.verdict)
    eventually(lambda: isinstance(lens._guard.refusal(), lensai.BudgetUnreachable))
    ingest.age_ms = 0
    eventually(lambda: lens._guard.refusal() is None)


def test_where_ages_are_told_a_bare_sign_of_life_makes_nothing_younger(lens, ingest):
    ingest.age_ms = 6_000
    lens._ready()
    eventually(lambda: lens.verdict)
    ages = []
    lens._reader._alive = ages.append
    eventually(lambda: len(ages) >= 3)
    assert set(ages) == {6.0}


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(lens, ingest, status):
    ingest.get_faults = [(status, {"retry-after": "1"})]
    lens._ready()
    eventually(lambda: lens.verdict)
    first, second = streams_of(ingest)
    assert 1.0 <= second - first < 2.0
