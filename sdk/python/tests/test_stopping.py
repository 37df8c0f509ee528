"""A stop reaches the caller raw, before any provider call, and says everything that a person needs."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import openai
import pytest
from conftest import eventually, sent
from fake_ingest import old_verdict, verdict

import lensai
from lensai import _guard

ASK = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Answer in 2 tokens."}]}


@pytest.fixture()
def client(lens, provider):
    return lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))


def stop(lens, ingest, **changes):
    ingest.say(verdict(allowed=False, **changes))
    eventually(lambda: lens.verdict and not lens.verdict.allowed)


def test_the_error_says_which_budget_spent_limit_reset_and_where_to_lift_it(lens, client, ingest):
    stop(lens, ingest, resets_at="2099-12-01T00:00:00.000Z")
    with pytest.raises(lensai.BudgetExceeded) as caught:
        client.chat.completions.create(**ASK)
    error = caught.value
    assert (error.budget, error.budget_id, error.stopped_by) == ("support-bot", "bud_1", "limit")
    assert (error.spent_usd, error.limit_usd) == (Decimal("25.0134"), Decimal(25))
    assert error.resets_at == datetime(2099, 12, 1, tzinfo=timezone.utc)
    assert error.lift_url == "https://example.slack.com/archives/C1/p1"
    assert str(error) == (
        'The call was not made: the budget "support-bot" (bud_1) is spent since 2026-11-23 02:09 UTC. '
        "Spent $25.0134 of $25.00 in November 2026. Calls pass again when it resets at 2099-12-01 00:00 UTC, or a person lifts the stop at "
        "https://example.slack.com/archives/C1/p1."
    )
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.spent_usd) == (str(error), error.spent_usd)


def test_a_stop_by_a_person_without_a_card_is_told_as_that(lens, client, ingest):
    stop(lens, ingest, stopped_by="person", lift_url=None)
    with pytest.raises(lensai.BudgetExceeded, match="was stopped by a person.*Calls pass again when a person resumes them\\.$"):
        client.chat.completions.create(**ASK)


def test_no_way_to_call_reaches_the_provider_while_stopped_and_nothing_is_retried(lens, client, ingest, provider):
    stop(lens, ingest)
    before = len(provider.calls())
    copied = client.with_options(max_retries=5).copy(timeout=3)
    ways = [
        lambda: client.chat.completions.create(**ASK),
        lambda: client.chat.completions.create(**ASK, stream=True),
        lambda: client.chat.completions.with_raw_response.create(**ASK),
        lambda: client.chat.completions.stream(**ASK).__enter__(),
        lambda: client.responses.create(model="gpt-4o", input="x"),
        lambda: client.embeddings.create(model="text-embedding-3-small", input="x"),
        lambda: client.images.generate(prompt="x"),
        lambda: client.post("/chat/completions", body=ASK, cast_to=object),
        lambda: copied.chat.completions.create(**ASK),
    ]
    for way in ways:
        began = time.monotonic()
        with pytest.raises(lensai.BudgetExceeded):
            way()
        assert time.monotonic() - began < 0.3
    assert lens.stats().refused_calls == len(ways)
    assert "gpt-4o" in [model.id for model in client.models.list()]
    assert len(provider.calls()) == before
    assert sent(lens, ingest) == []


def test_async_clients_are_stopped_alike(lens, ingest, provider):
    client = lens.wrap(openai.AsyncOpenAI(api_key="k", base_url=provider.base_url))
    stop(lens, ingest)
    before = len(provider.calls())

    async def main() -> None:
        for one in (client, client.with_options(max_retries=4)):
            with pytest.raises(lensai.BudgetExceeded):
                await one.chat.completions.create(**ASK)
            with pytest.raises(lensai.BudgetExceeded):
                async with one.chat.completions.stream(**ASK):
                    pass
        await client.close()

    asyncio.run(main())
    assert len(provider.calls()) == before


def test_a_stop_and_its_lift_arrive_within_half_a_second(lens, client, ingest):
    client.chat.completions.create(**ASK)
    for allowed in (False, True, False, True):
        began = time.monotonic()
        ingest.say(verdict(allowed=allowed))
        eventually(lambda: lens.verdict.allowed is allowed, within_s=0.5)
        assert time.monotonic() - began < 0.5
    client.chat.completions.create(**ASK)


def test_a_retry_inside_the_client_is_refused_after_a_stop(lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=50))
    limited_provider.failures = 10**6
    ingest.verdict = verdict()
    eventually(lambda: lens.verdict)
    threading.Timer(0.3, lambda: ingest.say(verdict(allowed=False))).start()
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)


def test_the_first_call_of_a_process_waits_for_the_first_verdict(make_lens, ingest, provider):
    ingest.verdict = verdict(allowed=False)
    ingest.first_verdict_after_s = 0.5
    client = make_lens().wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
    before = len(provider.calls())
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)
    assert len(provider.calls()) == before


@pytest.mark.parametrize("asynchronous", [False, True])
def test_without_a_server_the_first_call_waits_once_and_the_policy_decides(make_lens, ingest, provider, asynchronous):
    ingest.serves_verdicts = False
    for policy in ("allow", "deny"):
        lens = make_lens(on_unreachable=policy, first_verdict_timeout_s=0.5)
        kind = openai.AsyncOpenAI if asynchronous else openai.OpenAI
        client = lens.wrap(kind(api_key="k", base_url=provider.base_url))

        def call():
            if not asynchronous:
                return client.chat.completions.create(**ASK)

            async def main():
                async with client.with_options() as one:
                    return await one.chat.completions.create(**ASK)

            return asyncio.run(main())

        times = []
        for _ in range(1 if asynchronous else 2):
            began = time.monotonic()
            if policy == "allow":
                call()
            else:
                with pytest.raises(lensai.BudgetUnreachable, match="on_unreachable is 'deny'") as caught:
                    call()
                assert not isinstance(caught.value, lensai.BudgetExceeded)
                assert isinstance(caught.value, lensai.CallRefused)
                assert caught.value.silent_for_s is None
            times.append(time.monotonic() - began)
        assert 0.4 < times[0] < 1.5
        assert asynchronous or times[1] < 0.4


@pytest.fixture()
def impatient(monkeypatch):
    """A staleness bound of half a second, so that a test need not be silent for ten."""
    from lensai import _verdict_reader

    monkeypatch.setattr(_guard, "STALE_AFTER_S", 0.5)
    monkeypatch.setattr(_verdict_reader, "STALE_AFTER_S", 0.5)


def test_a_silent_stream_is_stale_and_the_policy_decides(impatient, make_lens, ingest):
    # A server from before budgets had a word of their own leaves it to the Lens.
    ingest.verdict, ingest.is_old = old_verdict(), True
    lenses = {policy: make_lens(on_unreachable=policy) for policy in ("allow", "deny")}
    for lens in lenses.values():
        lens.check()
    ingest.stop()
    time.sleep(0.7)
    lenses["allow"].check()
    with pytest.raises(lensai.BudgetUnreachable, match="silent for"):
        lenses["deny"].check()
    ingest.start(ingest.port)
    eventually(lambda: lenses["deny"]._guard.refusal() is None)


def test_a_stop_stays_in_force_without_a_server_until_its_reset(impatient, make_lens, ingest):
    resets_at = datetime.now(timezone.utc) + timedelta(seconds=1.6)
    wire = resets_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    ingest.verdict = verdict(allowed=False, resets_at=wire)
    lens = make_lens(on_unreachable="allow")
    with pytest.raises(lensai.BudgetExceeded):
        lens.check()
    ingest.stop()
    time.sleep(0.8)
    with pytest.raises(lensai.BudgetExceeded):
        lens.check()
    eventually(lambda: lens._guard.refusal() is None, within_s=2)
    ingest.start(ingest.port)


def test_a_stop_by_a_person_outlives_the_period_also_without_a_server(impatient, make_lens, ingest):
    past = verdict(allowed=False)["budgets"][0]["since"]
    ingest.verdict = verdict(allowed=False, stopped_by="person", resets_at=past)
    lens = make_lens(on_unreachable="allow")
    with pytest.raises(lensai.BudgetExceeded):
        lens.check()
    ingest.stop()
    time.sleep(0.8)
    with pytest.raises(lensai.BudgetExceeded, match="when a person resumes them at https"):
        lens.check()
    ingest.start(ingest.port)


def test_a_stream_that_is_alive_is_not_stale_and_needs_no_reconnect(impatient, lens, ingest):
    lens.check()
    time.sleep(1.2)
    assert lens.stats().verdict_connects == 1
    assert lens.stats().verdict_silent_for_s < 0.5


def test_a_stream_that_hangs_is_opened_again(impatient, lens, ingest):
    ingest.alive_every_s = 3
    lens.check()
    eventually(lambda: lens.stats().verdict_connects >= 2, within_s=3)


def test_a_verdict_that_cannot_be_read_changes_nothing(lens, ingest):
    lens.check()
    for broken in ({"allowed": "yes"}, {**verdict(allowed=False), "budgets": []}, []):
        ingest.say(broken)
    time.sleep(0.1)
    lens.check()
    stop(lens, ingest)


def test_an_observer_sees_it_all_and_its_errors_reach_nobody(make_lens, ingest, provider):
    seen = []

    class Watch:
        def called(self, request_id, started_at):
            seen.append(("called", request_id, started_at))

        def acknowledged(self, request_ids, at):
            seen.append(("acknowledged", request_ids[0], at))
            raise RuntimeError("a mistake of the observer")

        def verdict(self, verdict, at):
            seen.append(("verdict", verdict.allowed, at))
            raise RuntimeError("a mistake of the observer")

        def refused(self, error, at):
            seen.append(("refused", error.budget, at))

    lens = make_lens(observer=Watch())
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
    client.chat.completions.create(**ASK)
    assert len(sent(lens, ingest)) == 1
    stop(lens, ingest)
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)
    assert [what for what, _, _ in seen] == ["verdict", "called", "acknowledged", "verdict", "refused"]
    assert seen[1][1] == seen[2][1] == ingest.events[0]["request_id"]
    assert seen[4][1] == "support-bot"
    instants = [at for _, _, at in seen]
    assert all(abs(at - time.time()) < 30 for at in instants)


def test_the_check_takes_microseconds(lens):
    lens.check()
    began = time.perf_counter()
    for _ in range(10_000):
        lens._guard.refusal()
    assert (time.perf_counter() - began) / 10_000 < 20e-6
