"""Each call is judged by the budgets that cover it, and a refusal says which, why, and the way out."""

from __future__ import annotations

import asyncio
import pickle
import time
from decimal import Decimal

import openai
import pytest
from conftest import eventually, sent
from fake_ingest import a_budget, old_verdict, verdict_of

import lensai
from lensai import _guard
from lensai._rules import Rules
from lensai._scope import Facts
from lensai._throttle import Throttle
from lensai._verdict import parse_verdict

ASK = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Answer in 2 tokens."}]}
CALL = Facts("openai", "gpt-4o", "/chat", "u1", "production", {"team": "search"})
WIDE = {"reach": "project", "since": "2026-11-23T02:00:00.000Z", "by": "Mia", "reason": "a leaked key"}


@pytest.fixture()
def client(lens, provider):
    return lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url, max_retries=0))


def say(lens, ingest, *budgets, allowed=True, stops=()):
    wire = verdict_of(*budgets, allowed=allowed, stops=stops)
    ingest.say(wire)
    lens._ready()
    eventually(lambda: lens.verdict == parse_verdict(wire))


def stopped(budget_id="bud_1", **changes):
    return a_budget(False, **{"budget_id": budget_id, "title": budget_id, **changes})


def judge(*budgets, facts=CALL, allowed=True, stops=(), key_id=None):
    wire = verdict_of(*budgets, allowed=allowed, stops=stops)
    return Rules(parse_verdict({**wire, "key_id": key_id})).judge(facts)


def test_a_stop_refuses_what_its_budget_covers_and_nothing_else(lens, client, ingest):
    say(lens, ingest, stopped(scope={"model": ["gpt-4o"], "environment": ["prod*"]}))
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)
    client.chat.completions.create(**{**ASK, "model": "gpt-4o-mini"})
    with lens.context(environment="staging"):
        client.chat.completions.create(**ASK)
    assert len(sent(lens, ingest)) == 2


def test_each_way_to_say_what_a_call_is_counts(make_lens, ingest, provider):
    lens = make_lens(environment="ci")
    plain = openai.OpenAI(api_key="k", base_url=provider.base_url)
    client, other = lens.wrap(plain), lens.wrap(plain, provider="Groq")
    fields = {"route": "/a", "user_id": "u1", "tags": {"team": "ads"}}
    for scope, using in [
        ({"route": ["/a"]}, client),
        ({"user": ["u1"]}, client),
        ({"tags": {"team": ["ads"]}}, client),
        ({"environment": ["ci"]}, client),
        ({"provider": ["groq"]}, other),
    ]:
        say(lens, ingest, stopped(scope=scope))
        with lens.context(**fields), pytest.raises(lensai.BudgetExceeded):
            using.chat.completions.create(**ASK)
    with lens.context(**fields):
        client.chat.completions.create(**ASK)
        client.chat.completions.create(**ASK, extra_body={"model": "gpt-4o"})
    say(lens, ingest, stopped(scope={"model": ["o3"]}))
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK, extra_body={"model": "o3"})


def test_of_a_budget_for_each_user_only_the_counter_of_the_call_stops_it(lens, client, ingest):
    each = {"scope": {"each": "user"}}
    say(lens, ingest, a_budget(**each), stopped(**each, counter="user:u1"), stopped(**each, counter="user:"))
    with lens.context(user_id="u2"):
        client.chat.completions.create(**ASK)
    with lens.context(user_id="u1"), pytest.raises(lensai.BudgetExceeded, match="of user u1 is spent"):
        client.chat.completions.create(**ASK)
    with pytest.raises(lensai.BudgetExceeded, match="of calls that name no user is spent"):
        client.chat.completions.create(**ASK)
    # A person's stop of the rule stops all that it covers.
    say(lens, ingest, stopped(**each, stopped_by="person"))
    with lens.context(user_id="u2"), pytest.raises(lensai.BudgetExceeded, match="by a person"):
        client.chat.completions.create(**ASK)


def test_what_asks_for_a_key_that_nobody_told_is_left_to_the_server():
    mine, other = stopped(scope={"each": "key"}, counter="key:k1"), stopped(scope={"each": "key"}, counter="key:k2")
    rule = a_budget(budget_id="bud_1", scope={"each": "key"})
    judged = judge(rule, mine, other)
    assert judged.refused is None and {view.counter for view in judged.asks} == {"key:k1", "key:k2"}
    assert judge(rule, mine, other, facts=CALL._replace(key_id="k1"), key_id="k1").refused.counter == "key:k1"
    assert judge(rule, mine, other, facts=CALL._replace(key_id="k3"), key_id="k3") is None
    filtered = judge(stopped(scope={"key": ["k1"], "model": ["gpt-4o"]}))
    assert filtered.refused is None and len(filtered.asks) == 1
    assert judge(stopped(scope={"key": ["k1"], "model": ["o3"]})) is None
    assert judge(a_budget(scope={"key": ["k1"]})) is None


def test_with_the_key_that_the_verdict_names_budgets_over_keys_are_answered_from_memory(lens, client, ingest):
    each = {"scope": {"each": "key"}}
    say(lens, ingest, a_budget(**each), stopped(**each, counter="key:key_2"), stopped("bud_2", scope={"key": ["key_2"]}))
    client.chat.completions.create(**ASK)
    say(lens, ingest, a_budget(**each), stopped(**each, counter="key:key_1"))
    with pytest.raises(lensai.BudgetExceeded, match="of key key_1"):
        client.chat.completions.create(**ASK)
    say(lens, ingest, stopped(scope={"key": ["key_1"]}))
    with pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)
    assert len(sent(lens, ingest)) == 1 and not ingest.holds


def test_an_environment_that_a_pattern_stops_is_refused(lens, client, ingest):
    say(lens, ingest, a_budget(stopped_environments=["stag*"]))
    with lens.context(environment="staging-eu"), pytest.raises(lensai.BudgetExceeded):
        client.chat.completions.create(**ASK)
    client.chat.completions.create(**ASK)


def test_a_stopped_environment_is_refused_and_named(lens, client, ingest):
    say(lens, ingest, a_budget(stopped_environments=["staging"]))
    client.chat.completions.create(**ASK)
    with lens.context(environment="staging"), pytest.raises(lensai.BudgetExceeded) as caught:
        client.chat.completions.create(**ASK)
    assert (caught.value.reason, caught.value.stopped_by) == ("environment", "limit")
    assert 'the budget "support-bot" (bud_1) stops the environment staging' in str(caught.value)


def test_a_wide_stop_refuses_every_call_and_says_who_and_why(lens, client, ingest):
    say(lens, ingest, allowed=False, stops=[WIDE])
    with pytest.raises(lensai.BudgetExceeded) as caught:
        client.chat.completions.create(**ASK)
    error = caught.value
    assert (error.reason, error.stopped_by, error.budget_id, error.spent_usd) == ("wide_stop", "person", None, None)
    assert str(error) == (
        "The call was not made: every call of this project was stopped by Mia since 2026-11-23 02:00 UTC: a leaked key. "
        "Calls pass again when a person resumes them."
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_of_several_the_strictest_answers_and_says_how_many_more_there_are():
    soon, late = {"resets_at": "2099-01-01T00:00:00.000Z"}, {"resets_at": "2099-06-01T00:00:00.000Z"}
    by_limit = [stopped("day", **soon), stopped("quarter", **late)]
    person = stopped("month", stopped_by="person", resets_at="2098-01-01T00:00:00.000Z")
    uncovered = stopped("other", scope={"model": ["o3"]}, stopped_by="person")
    first = judge(*by_limit, uncovered).refused
    assert (first.budget_id, first.others) == ("quarter", 1)
    second = judge(*by_limit, person, uncovered).refused
    assert (second.budget_id, second.others) == ("month", 2)
    assert "2 more budgets stop it too." in lensai.BudgetExceeded(second).args[0]
    wide = judge(*by_limit, stops=[WIDE], allowed=False).refused
    assert (wide.reason, wide.others) == ("wide_stop", 2)


def test_a_refusal_says_all_that_a_person_needs():
    held = stopped(held_nano_usd="1500000000", lifters="admins", scope={"each": "user"}, counter="user:u1")
    error = lensai.BudgetExceeded(judge(held).refused)
    assert (error.spent_usd, error.held_usd, error.limit_usd) == (Decimal("25.0134"), Decimal("1.5"), Decimal(25))
    assert (error.period, error.counter, error.lifters) == ("November 2026", "user:u1", "admins")
    assert error.scope == {"each": "user"} and error.since.year == 2026
    assert "Spent $25.0134, and $1.50 held for calls under way, of $25.00 in November 2026." in str(error)
    assert "or an admin lifts the stop at https://example.slack.com/archives/C1/p1." in str(error)


def test_an_older_server_is_read_as_before(lens, client, ingest):
    ingest.is_old = True
    ingest.say(old_verdict(allowed=False))
    eventually(lambda: lens.verdict and not lens.verdict.allowed)
    with pytest.raises(lensai.BudgetExceeded) as caught:
        client.chat.completions.create(**ASK)
    assert (caught.value.budget, caught.value.period, caught.value.held_usd) == ("support-bot", "", Decimal(0))


def test_a_model_is_replaced_only_when_the_developer_asked_for_it(lens, client, ingest, provider):
    mini = [{"from": "gpt-4o", "to": "gpt-4o-mini"}]
    say(lens, ingest, a_budget(downgrades=mini))
    assert lens.model_for("gpt-4o") == "gpt-4o-mini"
    assert lens.model_for("o3") == "o3"
    assert client.chat.completions.create(**ASK).model.startswith("gpt-4o-2024")
    plain = openai.OpenAI(api_key="k", base_url=provider.base_url)
    asking = lens.wrap(plain, downgrade=True)
    assert asking.chat.completions.create(**ASK).model.startswith("gpt-4o-mini")
    by_extra = asking.chat.completions.create(**{**ASK, "model": "x"}, extra_body={"model": "gpt-4o"})
    assert by_extra.model.startswith("gpt-4o-mini")
    assert [event["model"][:11] for event in sent(lens, ingest)] == ["gpt-4o-2024", "gpt-4o-mini", "gpt-4o-mini"]

    async def main() -> str:
        async with lens.wrap(openai.AsyncOpenAI(api_key="k", base_url=provider.base_url), downgrade=True) as one:
            return (await one.chat.completions.create(**ASK)).model

    assert asyncio.run(main()).startswith("gpt-4o-mini")
    # What is used instead is what budgets then judge.
    say(lens, ingest, a_budget(downgrades=mini), stopped("mini", scope={"model": ["gpt-4o-mini"]}))
    with pytest.raises(lensai.BudgetExceeded):
        asking.chat.completions.create(**ASK)
    client.chat.completions.create(**ASK)


def test_downgrades_lead_on_by_the_first_that_fits_and_in_no_circle():
    def model_for(*lists):
        budgets = [
            a_budget(budget_id=f"bud_{number}", downgrades=[{"from": of, "to": to} for of, to in pairs])
            for number, pairs in enumerate(lists)
        ]
        return Rules(parse_verdict(verdict_of(*budgets))).model_for(CALL)

    assert model_for([("gpt-4o*", "nano"), ("gpt-4o", "mini")]) == "nano"
    assert model_for([("gpt-4o", "gpt-4o"), ("*", "mini")]) == "gpt-4o"
    assert model_for([("gpt-4o", "mini")], [("mini", "nano")]) == "nano"
    assert model_for([("gpt-4o", "mini")], [("mini", "gpt-4o")]) == "mini"
    assert model_for([]) == "gpt-4o"


def test_a_throttled_call_is_refused_with_when_the_next_one_passes(lens, client, ingest, provider):
    say(lens, ingest, a_budget(calls_per_minute=2))
    before = len(provider.calls())
    for _ in range(2):
        client.chat.completions.create(**ASK)
    with pytest.raises(lensai.CallThrottled) as caught:
        client.chat.completions.create(**ASK)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.budget_id, error.calls_per_minute, error.counter) == ("bud_1", 2, "")
    assert 50 < error.retry_after_s <= 60
    assert isinstance(error, lensai.CallRefused) and not isinstance(error, lensai.BudgetExceeded)
    assert len(provider.calls()) == before + 2
    assert (lens.stats().throttled_calls, lens.stats().refused_calls) == (1, 1)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_throttled_call_waits_when_asked_to_and_hears_what_comes_meanwhile(
    make_lens, ingest, provider, monkeypatch, asynchronous
):
    from lensai import _throttle

    monkeypatch.setattr(_throttle, "MINUTE_S", 0.6)
    lens = make_lens(throttle_wait_s=5)
    say(lens, ingest, a_budget(calls_per_minute=1))
    if asynchronous:

        async def main() -> int:
            ticks = 0
            async with lens.wrap(openai.AsyncOpenAI(api_key="k", base_url=provider.base_url)) as one:
                tasks = [asyncio.ensure_future(one.chat.completions.create(**ASK)) for _ in range(2)]
                while not all(task.done() for task in tasks):
                    await asyncio.sleep(0.01)
                    ticks += 1
                await asyncio.gather(*tasks)
            return ticks

        assert asyncio.run(main()) > 20
    else:
        client = lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
        for _ in range(2):
            client.chat.completions.create(**ASK)
        say(lens, ingest, stopped())
        with pytest.raises(lensai.BudgetExceeded):
            client.chat.completions.create(**ASK)
    first, second = sorted(event["ts"] for event in sent(lens, ingest))
    assert first < second
    assert lens.stats().throttled_calls == 0


def test_of_any_minute_no_more_calls_begin_than_a_budget_lets_pass():
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    views = parse_verdict(
        verdict_of(a_budget(calls_per_minute=5), a_budget(budget_id="bud_2", calls_per_minute=3))
    ).budgets
    begun = []
    for step in range(4000):
        now[0] = step * 0.1
        if throttle.take(views if step % 3 else views[:1]) is None:
            begun.append((now[0], step % 3 != 0))
    for at, _ in begun:
        within = [both for other, both in begun if at - 60 < other <= at]
        assert len(within) <= 5 and sum(within) <= 3
    assert len(begun) >= 5 * 6


def test_a_lower_speed_counts_what_began_under_a_higher_one():
    now = [0.0]
    throttle = Throttle(lambda: now[0])

    def take(speed):
        return throttle.take(parse_verdict(verdict_of(a_budget(calls_per_minute=speed))).budgets)

    for second in range(5):
        now[0] = float(second)
        assert take(5) is None
    # Calls began at 0, 1, 2, 3 and 4: of two a minute, the next is free when that at 3 is over a minute old.
    assert take(2)[1] == 59.0


@pytest.fixture()
def impatient(monkeypatch):
    from lensai import _verdict_reader

    monkeypatch.setattr(_guard, "STALE_AFTER_S", 0.5)
    monkeypatch.setattr(_verdict_reader, "STALE_AFTER_S", 0.5)


def test_when_the_server_is_silent_each_call_is_answered_by_the_budgets_that_cover_it(impatient, make_lens, ingest):
    budgets = (
        a_budget(budget_id="strict", title="the strict one", scope={"model": ["o3"]}, on_unreachable="deny"),
        a_budget(budget_id="lenient", on_unreachable="allow"),
        a_budget(stopped_environments=["staging"], budget_id="ladder", scope={"model": ["gpt*"]}),
    )
    ingest.verdict = verdict_of(*budgets)
    lenses = [make_lens(on_unreachable=policy) for policy in ("allow", "deny")]
    for lens in lenses:
        lens.check(provider="openai", model="o3")
    ingest.stop()
    time.sleep(0.7)
    for lens in lenses:
        lens.check(provider="openai", model="gpt-4o")
        with pytest.raises(lensai.BudgetUnreachable, match='silent for .*the budget "the strict one"') as caught:
            lens.check(provider="openai", model="o3")
        assert pickle.loads(pickle.dumps(caught.value)).budget == "the strict one"
        # What was heard holds until the period ends.
        with lens.context(environment="staging"), pytest.raises(lensai.BudgetExceeded):
            lens.check(provider="openai", model="gpt-4o")
    ingest.start(ingest.port)


def test_a_check_costs_microseconds_with_budgets_of_any_scope():
    scopes = [{"model": ["gpt-4o*"]}, {"user": ["u9"]}, {"tags": {"team": ["ads"]}}, {"route": ["/batch*"]}, {}]
    each = [stopped("each", scope={"each": "user"}, counter=f"user:x{number}") for number in range(2000)]
    rules = Rules(parse_verdict(verdict_of(*each, *[stopped(str(s), scope=s) for s in scopes[1:4]])))
    began = time.perf_counter()
    for _ in range(10_000):
        assert rules.judge(CALL) is None
    assert (time.perf_counter() - began) / 10_000 < 60e-6
