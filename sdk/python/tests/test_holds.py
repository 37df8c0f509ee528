"""Where a budget wants it, a call is held for before it begins, and what is held is settled or released."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
import time
from collections import deque
from decimal import Decimal

import openai
import pytest
from conftest import eventually, sent
from fake_ingest import a_budget, explanation, verdict_of

import lensai
from lensai import _guard
from lensai._ahead import Request
from lensai._context import Bounds
from lensai._holds import Granted

MESSAGES = [{"role": "user", "content": "Answer in 2 tokens. Grüße 😀"}]
ASK = {"model": "gpt-4o", "messages": MESSAGES, "max_tokens": 50}
STRICT = {"mode": "strict", "ask_first": True}


@pytest.fixture()
def client(lens, provider):
    return lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url, max_retries=0))


def hear(lens, ingest, *budgets):
    ingest.say(verdict_of(*budgets))
    lens._ready()
    eventually(lambda: lens.verdict and lens.verdict.budgets[-1].scope == budgets[-1]["scope"])


@pytest.fixture()
def strict(ingest):
    ingest.verdict = verdict_of(a_budget(**STRICT))


@pytest.fixture()
def near(ingest):
    """A cached budget near its limit."""
    ingest.verdict = verdict_of(a_budget(ask_first=True))


def test_a_call_is_held_for_as_the_event_that_follows_will_name_it(strict, lens, client, ingest):
    with lens.context(route="/chat", user_id="u1", environment="staging", tags={"team": "search"}):
        client.chat.completions.create(**ASK, n=2, service_tier="default")
    (event,) = sent(lens, ingest)
    (hold,) = ingest.holds
    body = {**ASK, "n": 2, "service_tier": "default"}
    assert hold["input_bytes"] >= len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
    assert hold["input_bytes"] < 2 * len(json.dumps(body))
    del hold["input_bytes"]
    assert hold == {
        "request_id": event["request_id"],
        "attempt": event["attempt"],
        "provider": event["provider"],
        "model": "gpt-4o",
        "max_tokens": 50,
        "tools": False,
        "n": 2,
        "service_tier": "default",
        "route": "/chat",
        "user_id": "u1",
        "environment": "staging",
        "tags": {"team": "search"},
        "ttl_s": 600,
    }
    # Its event settles it.
    assert ingest.hold_id_of(event) == "hold_1" and ingest.finished == {}


def test_without_a_budget_that_asks_for_it_nothing_is_held(lens, client, ingest):
    hear(lens, ingest, a_budget(), a_budget(budget_id="bud_2", **STRICT, scope={"model": ["gpt-4o-mini"]}))
    client.chat.completions.create(**ASK)
    assert ingest.holds == []
    client.chat.completions.create(**{**ASK, "model": "gpt-4o-mini"})
    assert len(ingest.holds) == 1


def test_a_refused_hold_refuses_the_call_in_the_words_of_the_server(strict, lens, client, ingest, provider):
    ingest.hold_answer = {"granted": False, "refused_by": explanation()}
    before = len(provider.calls())
    with pytest.raises(lensai.BudgetExceeded) as caught:
        client.chat.completions.create(**ASK)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.reason, error.budget_id, error.lifters) == ("hold_too_large", "bud_1", "admins")
    assert (error.wanted_usd, error.available_usd) == (Decimal("0.12"), Decimal("0.05"))
    assert error.price_version == "genai-prices 2026-11-20"
    assert str(error) == (
        'The call was not made. The budget "support-bot" (November 2026) has $0.05 left, '
        "less than the $0.12 this call may cost. https://example.slack.com/archives/C1/p1"
    )
    ingest.hold_answer = {"granted": False, "refused_by": {"reason": "unpriced", "wanted_usd": "much", "since": 3}}
    with pytest.raises(lensai.BudgetExceeded, match="its model has no price"):
        client.chat.completions.create(**ASK)
    assert len(provider.calls()) == before
    assert sent(lens, ingest) == []
    assert (lens.stats().holds_refused, lens.stats().refused_calls) == (2, 2)


def test_every_attempt_is_held_for_and_those_that_failed_are_released(strict, lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=5))
    limited_provider.failures = 2
    client.chat.completions.create(**ASK)
    (event,) = sent(lens, ingest)
    assert [(hold["request_id"], hold["attempt"]) for hold in ingest.holds] == [
        (event["request_id"], attempt) for attempt in (1, 2, 3)
    ]
    assert event["attempt"] == 3
    eventually(lambda: ingest.finished == {"hold_1": ("release", None), "hold_2": ("release", None)})


def test_a_call_that_failed_settles_its_hold_by_an_event_of_no_tokens(strict, lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=0))
    limited_provider.failures = 1
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(**ASK)
    (event,) = sent(lens, ingest)
    assert (event["tokens_in"], ingest.hold_id_of(event), ingest.finished) == (0, "hold_1", {})


def test_a_retry_that_is_refused_releases_what_the_attempt_before_it_held(strict, lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=5))
    limited_provider.failures = 10**6
    lens.check()

    def refuse_later() -> None:
        eventually(lambda: ingest.holds)
        ingest.hold_answer = {"granted": False, "refused_by": explanation()}

    refusing = threading.Thread(target=refuse_later)
    refusing.start()
    with pytest.raises((lensai.BudgetExceeded, openai.RateLimitError)) as caught:
        client.chat.completions.create(**ASK)
    refusing.join()
    assert isinstance(caught.value, lensai.BudgetExceeded)
    granted = [f"hold_{number + 1}" for number in range(len(ingest.holds) - 1)]
    eventually(lambda: set(ingest.finished) == set(granted) and granted)
    assert sent(lens, ingest) == []


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_call_that_never_went_out_is_released(strict, lens, ingest, provider, asynchronous):
    class NoRoute(Exception):
        pass

    def fail(*args, **kwargs):
        raise NoRoute()

    kind = openai.AsyncOpenAI if asynchronous else openai.OpenAI
    client = lens.wrap(kind(api_key="k", base_url=provider.base_url, max_retries=0))
    # After the hold and before any HTTP.
    lens._begins = fail
    with pytest.raises(NoRoute):
        if asynchronous:
            asyncio.run(client.chat.completions.create(**ASK))
        else:
            client.chat.completions.create(**ASK)
    eventually(lambda: ingest.finished == {"hold_1": ("release", None)})
    assert sent(lens, ingest) == []


def test_asking_does_not_hold_up_an_event_loop_and_a_cancelled_call_is_released(strict, lens, ingest, provider):
    ingest.hold_delay_s = 0.4
    client = lens.wrap(openai.AsyncOpenAI(api_key="k", base_url=provider.base_url))

    async def main() -> int:
        ticks = 0
        tasks = [asyncio.ensure_future(client.chat.completions.create(**ASK)) for _ in range(5)]
        left = asyncio.ensure_future(client.chat.completions.create(**{**ASK, "model": "left"}))
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0.01)
            ticks += 1
            # All six are being asked for.
            if len(ingest.hold_connections) == 6 and not left.done():
                left.cancel()
        await asyncio.gather(*tasks)
        with pytest.raises(asyncio.CancelledError):
            await left
        await client.close()
        return ticks

    began = time.monotonic()
    assert asyncio.run(main()) > 15
    assert time.monotonic() - began < 5
    assert len(sent(lens, ingest)) == 5
    eventually(lambda: len(ingest.holds) == 6)
    cancelled = [hold for hold in ingest.holds if hold["model"] == "left"]
    eventually(lambda: ingest.finished == {ingest.hold_id_of(cancelled[0]): ("release", None)})


def test_connections_are_kept_and_shared_between_threads(strict, lens, client, ingest):
    for _ in range(5):
        client.chat.completions.create(**ASK)
    assert len(ingest.hold_connections) == 1
    threads = [threading.Thread(target=lambda: client.chat.completions.create(**ASK)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ingest.hold_connections) <= 5
    assert len(sent(lens, ingest)) == len({hold["request_id"] for hold in ingest.holds}) == 9


def test_connections_that_died_together_are_not_tried_one_by_one(lens, ingest):
    holds = lens._holds

    def ask(name):
        size = {"max_tokens": 1, "input_tokens": 1}
        return holds.ask({"request_id": name, "attempt": 1, "provider": "openai", "model": "gpt-4o", **size})

    def ask_keeping(count):
        """Asks while `count` connections are taken, so that as many more are kept afterwards."""
        if count == 0:
            return
        kept, holds._idle = holds._idle, deque()
        ask(f"req_{count}")
        holds._idle.extend(kept)
        ask_keeping(count - 1)

    ask_keeping(6)
    assert len(holds._idle) == 6
    ingest.stop()
    ingest.start(ingest.port)
    posts, post = [], holds._post
    holds._post = lambda *about: posts.append(about) or post(*about)
    assert isinstance(ask("req_again"), Granted)
    assert len(posts) == 2 and len(holds._idle) == 1


@pytest.mark.parametrize("fault", [(0, {}), (503, {}), (429, {"retry-after": "0.1"})])
def test_an_ask_that_went_wrong_is_asked_again_and_holds_once(strict, lens, client, ingest, fault):
    lens.check()
    ingest.hold_faults = [fault]
    client.chat.completions.create(**ASK)
    assert len(ingest.holds) == 1
    assert (lens.stats().holds_granted, lens.stats().holds_unanswered) == (1, 0)


@pytest.mark.parametrize("policy", ["allow", "deny"])
@pytest.mark.parametrize("how", ["slow", "forbidden", "unreadable"])
def test_an_ask_without_an_answer_is_for_the_budget_to_decide(make_lens, ingest, provider, policy, how):
    ingest.verdict = verdict_of(a_budget(**STRICT, on_unreachable=policy))
    lens = make_lens(hold_timeout_s=0.4)
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
    lens.check()
    if how == "slow":
        ingest.hold_delay_s = 5
    elif how == "forbidden":
        ingest.hold_faults = [(403, {})]
    else:
        ingest.hold_answer = {"granted": "perhaps"}
    began = time.monotonic()
    if policy == "allow":
        client.chat.completions.create(**ASK)
        assert len(sent(lens, ingest)) == 1
    else:
        with pytest.raises(lensai.BudgetUnreachable, match='did not answer .*the budget "support-bot"') as caught:
            client.chat.completions.create(**ASK)
        assert caught.value.budget == "support-bot" and caught.value.why
    assert time.monotonic() - began < 3
    assert lens.stats().holds_unanswered == 1


def test_while_the_server_is_silent_one_ask_finds_out_for_all(monkeypatch, make_lens, ingest, provider):
    from lensai import _verdict_reader

    monkeypatch.setattr(_guard, "STALE_AFTER_S", 0.5)
    monkeypatch.setattr(_verdict_reader, "STALE_AFTER_S", 0.5)
    ingest.verdict = verdict_of(a_budget(**STRICT, on_unreachable="deny"))
    lens = make_lens(hold_timeout_s=0.5)
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url, max_retries=0))
    lens.check()
    # Streams are cut, and holds are not: those that are granted count.
    ingest.streams_are = "held back"
    ingest.serves_verdicts = False
    ingest.alive_every_s = 3
    eventually(lambda: lens._guard.is_silent)
    client.chat.completions.create(**ASK)
    ingest.stop()
    with pytest.raises(lensai.BudgetUnreachable):
        lens.check()
    for _ in range(5):
        with pytest.raises(lensai.BudgetUnreachable):
            client.chat.completions.create(**ASK)
    assert lens.stats().holds_unanswered == 1
    ingest.start(ingest.port)


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        ({"messages": MESSAGES}, "max_tokens"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]}]}, "image_url"),
        ({"input": "x", "previous_response_id": "r"}, "previous_response_id"),
        ({"input": "x", "tools": [{"type": "web_search"}]}, "web_search"),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, "input_file"),
        ({"input": "x", "prompt": {"id": "p"}}, "stored prompt"),
    ],
)
def test_a_strict_budget_refuses_what_has_no_bound_and_says_the_way_out(
    strict, lens, client, ingest, provider, body, lacks
):
    path, limit = ("/chat/completions", "max_tokens") if "messages" in body else ("/responses", "max_output_tokens")
    limit = {} if lacks == "max_tokens" else {limit: 16}

    def call():
        return client.post(path, body={"model": "gpt-4o", **body, **limit}, cast_to=object)

    before = len(provider.calls())
    with pytest.raises(lensai.CallUnbounded, match=lacks) as caught:
        call()
    assert pickle.loads(pickle.dumps(caught.value)).budget_id == "bud_1"
    assert isinstance(caught.value, lensai.CallRefused) and not isinstance(caught.value, lensai.BudgetExceeded)
    assert len(provider.calls()) == before and ingest.holds == []
    with lens.context(max_usd="0.25"):
        call()
    assert ingest.holds[-1]["max_usd"] == "0.250000000" and "max_tokens" not in ingest.holds[-1]
    if lacks != "max_tokens":
        with lens.context(input_tokens=900):
            call()
        assert (ingest.holds[-1]["input_tokens"], ingest.holds[-1]["max_tokens"]) == (900, 16)


def test_output_that_is_assumed_is_held_for(strict, make_lens, ingest, provider):
    client = make_lens(max_tokens_assumed=700).wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
    client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    client.responses.create(model="gpt-4o", input="x", max_output_tokens=16)
    client.embeddings.create(model="text-embedding-3-small", input="x")
    assert [hold["max_tokens"] for hold in ingest.holds] == [700, 16, 0]


def test_near_its_limit_a_cached_budget_stops_nobody_for_want_of_a_bound(near, lens, client, ingest, provider):
    client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert ingest.holds[0]["max_tokens"] == 4096
    with pytest.raises(openai.OpenAIError):
        client.images.generate(prompt="x")
    assert len(ingest.holds) == 1


def test_what_is_no_event_is_settled_at_what_the_caller_said(strict, lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=0))
    with pytest.raises(lensai.CallUnbounded, match="max_usd"):
        client.post("/audio/speech", body={"model": "tts-1", "input": "x"}, cast_to=object)
    with lens.context(max_usd=Decimal("0.5")):
        client.post("/audio/speech", body={"model": "tts-1", "input": "x"}, cast_to=object)
        limited_provider.failures = 1
        with pytest.raises(openai.RateLimitError):
            client.post("/audio/speech", body={"model": "tts-1", "input": "x"}, cast_to=object)
    eventually(lambda: ingest.finished == {"hold_1": ("settle", "0.500000000"), "hold_2": ("release", None)})
    assert sent(lens, ingest) == []


def test_a_key_that_may_be_anyones_is_asked_about(lens, client, ingest):
    rule = a_budget(False, scope={"key": ["key_1"]})
    # As of a server that does not name the key.
    ingest.say({**verdict_of(rule), "key_id": None})
    lens._ready()
    eventually(lambda: lens.verdict and lens.verdict.budgets[-1].scope == rule["scope"])
    client.chat.completions.create(**ASK)
    ingest.hold_answer = {"granted": False, "refused_by": explanation(reason="limit")}
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)


def test_text_is_never_more_tokens_than_the_bytes_that_are_held_for():
    for text in ("plain", "ünïcödé", "😀" * 50, "\\\"\n\t", ""):
        body = {"messages": [{"role": "user", "content": text}], "max_tokens": 1}
        assert Request("text", body, Bounds()).ahead(None).fields["input_bytes"] > len(text.encode())


@pytest.mark.parametrize("wrong", [{"max_usd": "much"}, {"max_usd": -1}, {"input_tokens": -1}, {"input_tokens": True}])
def test_a_bound_that_is_none_is_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        with lensai.context(**wrong):
            pass


def hear_estimate(lens, ingest, verdict, estimated):
    ingest.say(verdict)
    lens._ready()
    eventually(lambda: lens.verdict and lens.verdict.budgets[0].estimated_usd == estimated)


def test_a_model_without_a_price_asks_first_where_the_budget_refuses_such_calls(lens, client, ingest):
    others = a_budget(ask_first_models=["openai/gpt-9", "azure/gpt-4o"], estimated_nano_usd="18000000000")
    hear_estimate(lens, ingest, verdict_of(others), 18)
    client.chat.completions.create(**ASK)
    assert list(ingest.holds) == []
    named = a_budget(ask_first_models=["openai/gpt-4o"], estimated_nano_usd="19000000000")
    hear_estimate(lens, ingest, verdict_of(named), 19)
    client.chat.completions.create(**ASK)
    (hold,) = ingest.holds
    assert (hold["provider"], hold["model"]) == ("openai", "gpt-4o")


def test_an_error_says_apart_what_calls_without_a_price_are_taken_to_cost(lens, client, ingest):
    figures = {"estimated_nano_usd": "19000000000", "price_version": "genai-prices@0.1.8"}
    hear_estimate(lens, ingest, verdict_of(a_budget(False, **figures), allowed=False), 19)
    with pytest.raises(lensai.BudgetExceeded, match=r"about \$19\.00 for calls without a price.*genai-prices@0\.1\.8"):
        client.chat.completions.create(**ASK)
