"""A budget covers the same calls here as on the server, which is held to the same cases."""

from __future__ import annotations

import json
from pathlib import Path

from lensai._scope import Facts, Scope

FILE = Path(__file__).resolve().parents[3] / "test/scopes/scope-cases.jsonl"
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def test_a_call_falls_under_the_counter_that_the_server_says():
    assert len(CASES) > 200
    for case in CASES:
        scope = Scope(case["scope"], knows_key=True)
        assert not scope.guesses_cover and not scope.guesses_counter
        assert scope.counter_of(Facts(**case["facts"])) == case["ahead"], case


def test_without_its_own_key_a_client_leaves_to_the_server_what_asks_for_keys():
    for case in CASES:
        scope = Scope(case["scope"], knows_key=False)
        assert scope.guesses_cover is ("key" in case["scope"])
        assert scope.guesses_counter is (case["scope"].get("each") == "key")
        # What it can tell, it tells: a call that is covered for the server is never taken for one that is not.
        if case["ahead"] is not None:
            assert scope.covers(Facts(**{**case["facts"], "key_id": None})), case


def test_what_a_later_server_asks_for_is_left_to_the_server():
    assert Scope({"region": ["eu"]}, knows_key=True).guesses_cover
    assert Scope({"each": "team"}, knows_key=True).guesses_counter


def test_what_cannot_be_read_is_left_to_the_server():
    for unread in ({"model": [1]}, {"model": {"not": ["gpt-4o"]}}, {"tags": {"t": [None]}}, {"tags": ["t"]}):
        scope = Scope({**unread, "provider": "openai"}, knows_key=True)
        assert scope.guesses_cover
        assert scope.covers(Facts(provider="openai", model="m")) and not scope.covers(Facts(provider="azure"))


def test_what_a_snapshot_will_be_counted_by_is_asked_before_the_call():
    snapshot = Scope({"model": ["gpt-4o-2024*"]}, knows_key=True)
    assert snapshot.covers(Facts(model="gpt-4o")) and snapshot.covers(Facts(model="gpt-4o-latest"))
    assert not snapshot.covers(Facts(model="gpt-4o-mini")) and not snapshot.covers(Facts(model="gpt-4o-2023-05-13"))
    assert Scope({"model": ["gpt-4o"]}, knows_key=True).covers(Facts(model="gpt-4o-2024-08-06"))
