"""An event is never lost silently: it is acknowledged, refused or dropped, and counted as that."""

from __future__ import annotations

import json
import logging
import threading
import time
from datetime import datetime, timezone

import pytest
from conftest import eventually, sent
from fake_ingest import KEY

import lensai
from lensai._wire import Answer


def record(lens: lensai.Lens, number: int, **fields) -> str:
    """Queues an event as a wrapped client does."""
    request_id = f"req_{number}"
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = {"request_id": request_id, "ts": now, "provider": "openai", "model": "gpt-4o", "latency_ms": 1}
    lens._record(request_id, {**event, "tokens_in": 1, "tokens_out": 1, **fields})
    return request_id


def test_many_events_travel_in_few_batches_of_at_most_a_thousand(lens, ingest):
    for number in range(2500):
        record(lens, number)
    assert len(sent(lens, ingest)) == 2500
    sizes = [len(json.loads(body)["events"]) for body in ingest.batches]
    assert max(sizes) <= 1000 and len(sizes) <= 6


def test_a_lone_event_leaves_within_a_second_without_a_flush(lens, ingest):
    lens._ready()
    record(lens, 1)
    eventually(lambda: ingest.events, within_s=1)


def test_nothing_is_lost_while_ingest_is_down(lens, ingest):
    lens._ready()
    eventually(lambda: lens.verdict)
    ingest.stop()
    for number in range(50):
        record(lens, number)
    assert not lens.flush(0.3)
    assert lens.stats().pending == 50
    ingest.start(ingest.port)
    assert len(sent(lens, ingest)) == 50
    stats = lens.stats()
    assert (stats.acknowledged, stats.pending, stats.dropped, stats.rejected) == (50, 0, 0, 0)
    assert stats.retries >= 1


@pytest.mark.parametrize("status", [500, 503, 429, 502])
def test_a_busy_ingest_gets_the_same_batch_again(lens, ingest, status):
    ingest.faults = [(status, {}), (status, {})]
    record(lens, 1)
    assert len(sent(lens, ingest)) == 1
    assert len(ingest.batches) == 3 and len(set(ingest.batches)) == 1


@pytest.mark.parametrize("status", [503, 429])
def test_retry_after_is_honoured(lens, ingest, status):
    lens._ready()
    ingest.faults = [(status, {"retry-after": "1"})]
    record(lens, 1)
    eventually(lambda: ingest.events)
    first, second = ingest.batch_times
    assert 1.0 <= second - first < 2.0


def test_a_full_queue_drops_counts_and_says_so_once(make_lens, ingest, caplog):
    ingest.faults = [(503, {"retry-after": "60"})]
    lens = make_lens(queue_events_max=10)
    with caplog.at_level(logging.WARNING, "lensai"):
        for number in range(25):
            record(lens, number)
    assert (lens.stats().pending, lens.stats().dropped) == (10, 15)
    assert len([line for line in caplog.messages if "dropped" in line]) == 1


def test_the_queue_is_bounded_in_bytes_and_frees_what_was_sent(make_lens, ingest):
    lens = make_lens(queue_bytes_max=64 * 1024)
    for round_of in range(3):
        for number in range(40):
            record(lens, round_of * 100 + number, metadata={"note": "x" * 3000})
        assert lens.flush(5)
    stats = lens.stats()
    assert stats.dropped > 0 and stats.dropped % 3 == 0
    assert stats.acknowledged + stats.dropped == 120 and stats.acknowledged == len(ingest.events)


def test_a_refused_batch_is_counted_and_logged_once_and_does_not_block_the_next(make_lens, ingest, caplog):
    lens = make_lens(api_key="lens_wrong_key", auth_retry_s=0)
    with caplog.at_level(logging.WARNING, "lensai"):
        for number in range(3):
            record(lens, number)
            assert lens.flush(5)
    assert (lens.stats().rejected, lens.stats().rejected_codes) == (3, {"batch": 3})
    refusals = [line for line in caplog.messages if "refused a batch" in line]
    assert len(refusals) == 1 and "key_unknown" in refusals[0]
    assert "lens_wrong_key" not in caplog.text


def test_events_outlive_a_key_that_is_refused_for_a_while(lens, ingest, caplog):
    ingest.faults = [(401, {}), (403, {})]
    with caplog.at_level(logging.WARNING, "lensai"):
        record(lens, 1)
        # Who waits is not held up by what does not heal meanwhile.
        began = time.monotonic()
        assert not lens.flush(5)
        assert time.monotonic() - began < 2
        assert not lens.flush(5)
        assert (lens.stats().pending, lens.stats().rejected) == (1, 0)
        assert len(sent(lens, ingest)) == 1
    assert len(ingest.batches) == 3 and len(set(ingest.batches)) == 1
    assert len([line for line in caplog.messages if "refuses the API key" in line]) == 1


def test_what_something_between_refuses_is_sent_again(lens, ingest, monkeypatch):
    lens._ready()
    post, pages = lens._sender._connection.post_json, [404, 405, 302]

    def through_a_proxy(path, body):
        return Answer(pages.pop(), "<html>", None) if pages else post(path, body)

    monkeypatch.setattr(lens._sender._connection, "post_json", through_a_proxy)
    record(lens, 1)
    assert len(sent(lens, ingest)) == 1
    assert lens.stats().retries == 3


def test_a_refused_event_is_counted_by_code_and_the_rest_is_acknowledged(make_lens, ingest, caplog):
    acknowledged = []

    class Watch:
        def acknowledged(self, request_ids, at):
            acknowledged.extend(request_ids)

    lens = make_lens(observer=Watch())
    with caplog.at_level(logging.WARNING, "lensai"):
        good = [record(lens, 1), record(lens, 2, wrong_field=1), record(lens, 3, wrong_field=1), record(lens, 4)]
        assert lens.flush(5)
    assert acknowledged == [good[0], good[3]]
    assert lens.stats().rejected_codes == {"field_unknown": 2}
    assert len([line for line in caplog.messages if "field_unknown" in line]) == 1


def test_an_answer_that_is_lost_is_no_second_event(ingest, make_lens, monkeypatch):
    lens = make_lens()
    connection = lens._sender._connection
    post, lost = connection.post_json, []

    def lose_first(path, body):
        answer = post(path, body)
        if not lost:
            lost.append(answer)
            raise ConnectionResetError("the answer was lost")
        return answer

    monkeypatch.setattr(connection, "post_json", lose_first)
    record(lens, 1)
    assert len(sent(lens, ingest)) == 1
    assert len(ingest.batches) == 2 and ingest.batches[0] == ingest.batches[1]


def test_a_flush_ends_at_its_deadline(lens, ingest):
    ingest.stop()
    record(lens, 1)
    began = time.monotonic()
    assert not lens.flush(0.5)
    assert 0.4 < time.monotonic() - began < 1.0
    ingest.start(ingest.port)


def test_after_close_calls_pass_and_their_events_are_counted_as_dropped(lens, ingest):
    record(lens, 1)
    assert lens.close()
    record(lens, 2)
    assert (lens.stats().acknowledged, lens.stats().dropped) == (1, 1)
    eventually(lambda: not lens._sender._thread.is_alive())


def test_close_gives_up_what_cannot_be_sent_and_ends_its_threads(lens, ingest):
    lens._ready()
    eventually(lambda: lens.verdict)
    ingest.stop()
    record(lens, 1)
    assert not lens.close(timeout_s=0.3)
    eventually(lambda: lens.stats().dropped == 1 and lens.stats().pending == 0)
    eventually(lambda: not lens._sender._thread.is_alive() and not lens._reader._thread.is_alive())
    ingest.start(ingest.port)


def test_events_of_many_threads_all_arrive(lens, ingest):
    def work(worker: int) -> None:
        for number in range(200):
            record(lens, worker * 1000 + number)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent(lens, ingest)) == 1600


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["LENS_API_KEY", "LENS_URL"]),
        ({"api_key": "two words", "base_url": "ftp://x"}, ["LENS_API_KEY", "LENS_URL"]),
        ({"api_key": KEY, "base_url": "http://"}, ["LENS_URL"]),
        ({"api_key": KEY, "base_url": "http://host:99999"}, ["LENS_URL"]),
        ({"api_key": KEY, "base_url": "http://h", "on_unreachable": "maybe"}, ["on_unreachable"]),
        ({"api_key": KEY, "base_url": "http://h", "queue_events_max": 0}, ["queue_events_max"]),
    ],
)
def test_bad_settings_are_all_named_at_once_and_the_key_is_not_quoted(monkeypatch, settings, names):
    monkeypatch.delenv("LENS_API_KEY", raising=False)
    monkeypatch.delenv("LENS_URL", raising=False)
    with pytest.raises(lensai.LensConfigError) as error:
        lensai.Lens(**settings)
    for name in names:
        assert name in str(error.value)
    assert "two words" not in str(error.value)


def test_the_default_lens_reads_the_environment(monkeypatch, ingest, provider):
    import openai

    monkeypatch.setenv("LENS_API_KEY", KEY)
    monkeypatch.setenv("LENS_URL", f"{ingest.url}/")
    monkeypatch.setattr(lensai, "_default", None)
    client = lensai.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url))
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Answer in 1 tokens."}])
    assert lensai.default_lens().close()
    assert len(ingest.events) == 1
