"""Every provider call becomes one event, with the provider's own usage."""

from __future__ import annotations

import asyncio
import gc
from typing import Any, Dict, List

import openai
import pytest
from conftest import eventually, sent

import lensai

ASK = [{"role": "user", "content": "Answer in 7 tokens. Please tell me more"}]
#: The stand-in counts words: the eight of ASK, and the seven that they ask for.
USAGE = {"prompt_tokens": 8, "completion_tokens": 7, "total_tokens": 15}
CHAT: Dict[str, Any] = {"model": "gpt-4o", "messages": ASK}
RESPONSE: Dict[str, Any] = {"model": "gpt-4o", "input": "Answer in 5 tokens. Please"}
RESPONSE_USAGE = {"input_tokens": 5, "output_tokens": 5, "total_tokens": 10}


@pytest.fixture()
def plain(provider) -> openai.OpenAI:
    return openai.OpenAI(api_key="k", base_url=provider.base_url)


@pytest.fixture()
def client(lens, plain) -> openai.OpenAI:
    return lens.wrap(plain)


@pytest.fixture()
def async_client(lens, provider) -> openai.AsyncOpenAI:
    return lens.wrap(openai.AsyncOpenAI(api_key="k", base_url=provider.base_url))


def only(events: List[Dict[str, Any]]) -> Dict[str, Any]:
    assert len(events) == 1, events
    return events[0]


def includes(whole: Dict[str, Any], part: Dict[str, Any]) -> bool:
    return part.items() <= whole.items()


def test_a_chat_completion_is_one_event_with_the_raw_usage(lens, client, ingest):
    completion = client.chat.completions.create(**CHAT)
    event = only(sent(lens, ingest))
    assert event["usage"] == completion.usage.model_dump(exclude_unset=True)
    assert includes(event["usage"], USAGE)
    assert event["usage"]["prompt_tokens_details"] == {"cached_tokens": 0, "audio_tokens": 0}
    assert event["provider"] == "openai"
    assert event["model"] == "gpt-4o-2024-08-06" == completion.model
    assert event["provider_response_id"] == completion.id
    assert event["service_tier"] == "default"
    assert (event["status"], event["attempt"], event["streamed"]) == ("ok", 1, False)
    assert 5 <= event["latency_ms"] < 5000
    assert event["ttft_ms"] is None


def test_the_prompt_and_the_answer_never_leave(lens, client, ingest):
    client.chat.completions.create(**CHAT)
    list(client.chat.completions.create(**CHAT, stream=True))
    sent(lens, ingest)
    everything = b"".join(ingest.batches)
    assert b"Please" not in everything and b"w3" not in everything


@pytest.mark.parametrize("asked", [None, True, False])
def test_a_stream_looks_to_the_caller_as_without_us_and_has_its_usage(lens, client, plain, ingest, asked):
    options = {} if asked is None else {"stream_options": {"include_usage": asked}}
    got = list(client.chat.completions.create(**CHAT, stream=True, **options))
    expected = list(plain.chat.completions.create(**CHAT, stream=True, **options))
    texts = [[choice.delta.content for choice in chunk.choices] for chunk in got]
    assert texts == [[choice.delta.content for choice in chunk.choices] for chunk in expected]
    assert bool(got[-1].choices) is (asked is not True)
    event = only(sent(lens, ingest))
    assert (event["status"], event["streamed"]) == ("ok", True)
    assert 0 <= event["ttft_ms"] <= event["latency_ms"]
    if asked is False:
        assert event["tokens_estimated"] is True
        assert (event["tokens_out"], event["tokens_in"] > 0) == (7, True)
    else:
        assert includes(event["usage"], USAGE)
        assert "tokens_estimated" not in event


def test_the_callers_own_stream_options_are_kept(lens, client, ingest, provider):
    options = {"include_obfuscation": False}
    chunks = list(client.chat.completions.create(**CHAT, stream=True, stream_options=options))
    assert chunks[-1].choices
    assert options == {"include_obfuscation": False}
    assert includes(only(sent(lens, ingest))["usage"], USAGE)


def test_the_stream_helper_is_counted(lens, client, ingest):
    if not hasattr(client.chat.completions, "stream"):
        helper = client.beta.chat.completions.stream
    else:
        helper = client.chat.completions.stream
    with helper(**CHAT) as stream:
        text = "".join(event.content for event in stream if event.type == "content.done")
        final = stream.get_final_completion()
    assert text == "w1 w2 w3 w4 w5 w6 w7" == final.choices[0].message.content
    assert includes(only(sent(lens, ingest))["usage"], USAGE)


@pytest.mark.parametrize("how", ["close", "break", "helper", "abandon", "unread"])
def test_a_stream_that_is_left_early_is_aborted_with_estimated_tokens(lens, client, ingest, how):
    ask = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Answer in 5000 tokens. Go"}]}
    if how == "helper":
        with client.chat.completions.stream(**ask) as stream:
            for event in stream:
                if event.type == "content.delta" and "w40" in event.delta:
                    break
    elif how == "unread":
        client.chat.completions.create(**ask, stream=True).close()
    else:
        stream = client.chat.completions.create(**ask, stream=True)
        for chunk in stream:
            if chunk.choices[0].delta.content == " w40":
                break
        if how == "close":
            stream.close()
        del stream, chunk
        gc.collect()
        if how == "break":
            gc.collect()
    event = only(eventually(lambda: sent(lens, ingest)))
    assert (event["status"], event["tokens_estimated"]) == ("aborted", True)
    assert event["tokens_in"] > 0
    assert event["tokens_out"] >= (0 if how == "unread" else 40)
    assert event["tokens_out"] < 5000


def test_a_stream_that_breaks_is_an_error_with_estimated_tokens(lens, ingest, broken_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=broken_provider, max_retries=0))
    with pytest.raises(Exception) as error:
        list(client.chat.completions.create(**CHAT, stream=True))
    assert not isinstance(error.value, lensai.CallRefused)
    event = only(sent(lens, ingest))
    assert (event["status"], event["tokens_estimated"], event["tokens_out"]) == ("error", True, 2)


def test_responses_and_embeddings_are_counted(lens, client, ingest):
    client.responses.create(**RESPONSE)
    kinds = [event.type for event in client.responses.create(**RESPONSE, stream=True)]
    with client.responses.stream(**RESPONSE) as stream:
        assert stream.get_final_response().output_text == "w1 w2 w3 w4 w5"
    vectors = client.embeddings.create(model="text-embedding-3-small", input="one two three")
    assert kinds[-1] == "response.completed"
    assert len(vectors.data[0].embedding) == 1536
    first, second, third, embedding = sent(lens, ingest)
    for event in (first, second, third):
        assert includes(event["usage"], RESPONSE_USAGE)
        assert event["provider_response_id"].startswith("resp_")
    assert embedding["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    assert embedding["model"] == "text-embedding-3-small"


def test_an_aborted_response_stream_is_estimated(lens, client, ingest):
    stream = client.responses.create(model="gpt-4o", input="Answer in 3000 tokens.", stream=True)
    for event in stream:
        if event.type == "response.output_text.delta" and event.delta == " w20":
            stream.close()
            break
    event = only(sent(lens, ingest))
    assert (event["status"], event["tokens_estimated"]) == ("aborted", True)
    assert 20 <= event["tokens_out"] < 3000


def test_raw_and_streaming_responses_are_counted_once_each(lens, client, ingest):
    raw = client.chat.completions.with_raw_response.create(**CHAT)
    assert raw.parse().usage.total_tokens == 15
    raw = client.chat.completions.with_raw_response.create(**CHAT, stream=True)
    assert all(chunk.choices for chunk in raw.parse())
    with client.chat.completions.with_streaming_response.create(**CHAT) as response:
        assert response.parse().usage.total_tokens == 15
    with client.chat.completions.with_streaming_response.create(**CHAT, stream=True) as response:
        assert not any('"choices":[]' in line for line in response.iter_lines())
    events = sent(lens, ingest)
    assert len(events) == 4
    assert all(includes(event["usage"], USAGE) and event["status"] == "ok" for event in events)


def test_async_calls_are_counted_alike(lens, async_client, ingest):
    async def main() -> None:
        await async_client.chat.completions.create(**CHAT)
        chunks = [chunk async for chunk in await async_client.chat.completions.create(**CHAT, stream=True)]
        assert all(chunk.choices for chunk in chunks)
        async with async_client.chat.completions.stream(**CHAT) as stream:
            await stream.get_final_completion()
        copied = async_client.with_options(timeout=20)
        await asyncio.gather(*(copied.embeddings.create(model="text-embedding-3-small", input="a b") for _ in range(9)))
        await async_client.close()

    asyncio.run(main())
    events = sent(lens, ingest)
    assert len(events) == 12
    assert all(includes(event["usage"], USAGE) for event in events[:3])
    assert len({event["request_id"] for event in events}) == 12


@pytest.mark.parametrize("how", ["close", "cancel"])
def test_an_async_call_that_is_left_early_is_aborted(lens, async_client, ingest, how):
    ask = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Answer in 5000 tokens. Go"}]}

    async def close() -> None:
        stream = await async_client.chat.completions.create(**ask, stream=True)
        async for chunk in stream:
            if chunk.choices[0].delta.content == " w30":
                break
        await stream.close()

    async def cancel() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(async_client.chat.completions.create(**ask), 0.2)

    asyncio.run(close() if how == "close" else cancel())
    event = only(sent(lens, ingest))
    assert (event["status"], event["tokens_estimated"], event["tokens_in"] > 0) == ("aborted", True, True)
    assert event["tokens_out"] >= (30 if how == "close" else 0)


def test_a_failed_call_costs_nothing_and_says_so(lens, client, ingest):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-99", messages=ASK)
    event = only(sent(lens, ingest))
    assert (event["status"], event["tokens_in"], event["tokens_out"]) == ("error", 0, 0)
    assert event["model"] == "gpt-99"
    assert "tokens_estimated" not in event


def test_a_rate_limit_is_named_and_retries_share_one_request_id(lens, ingest, limited_provider):
    client = lens.wrap(openai.OpenAI(api_key="k", base_url=limited_provider.url, max_retries=0))
    limited_provider.failures = 1
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(**CHAT)
    limited_provider.failures = 2
    client.with_options(max_retries=3).chat.completions.create(**CHAT)
    first, second = sent(lens, ingest)
    assert (first["status"], first["attempt"], first["tokens_in"]) == ("rate_limited", 1, 0)
    assert (second["status"], second["attempt"], second["usage"]["total_tokens"]) == ("ok", 3, 15)


def test_an_azure_client_is_named_azure(lens, ingest, limited_provider):
    azure = openai.AzureOpenAI(api_key="k", azure_endpoint=limited_provider.host, api_version="2024-10-21")
    lens.wrap(azure).chat.completions.create(model="my-deployment", messages=ASK)
    event = only(sent(lens, ingest))
    assert (event["provider"], event["model"]) == ("azure", "gpt-4o-2024-08-06")


def test_an_old_azure_is_not_asked_for_usage(lens, ingest, limited_provider):
    azure = openai.AzureOpenAI(api_key="k", azure_endpoint=limited_provider.host, api_version="2024-06-01")
    lens.wrap(azure).chat.completions.create(model="d", messages=ASK)
    with pytest.raises(Exception):
        list(lens.wrap(azure).chat.completions.create(model="d", messages=ASK, stream=True, timeout=0.01))
    assert all("stream_options" not in body for body in limited_provider.bodies)


def test_what_costs_nothing_is_no_event(lens, client, ingest):
    assert "gpt-4o" in [model.id for model in client.models.list()]
    assert sent(lens, ingest) == []


def test_context_reaches_the_event_and_what_is_too_long_is_cut(lens, client, ingest):
    with lens.context(route="/chat", user_id="u1", environment="staging", session_id="s1", tags={"team": "a", "n": 1}):
        with lensai.context(user_id="u2" * 300, tags={"n": 2, "k" * 99: "😀" * 300}):
            client.chat.completions.create(**CHAT)
    client.chat.completions.create(**CHAT)
    inner, outside = sent(lens, ingest)
    assert (inner["route"], inner["environment"], inner["session_id"]) == ("/chat", "staging", "s1")
    assert len(inner["user_id"]) == 256
    assert inner["tags"]["team"] == "a" and inner["tags"]["n"] == "2"
    assert inner["tags"]["k" * 64] == "😀" * 128
    assert "route" not in outside and "tags" not in outside


def test_context_follows_asyncio_tasks(lens, async_client, ingest):
    async def one(user: str) -> None:
        with lens.context(user_id=user):
            await asyncio.sleep(0.01)
            await async_client.chat.completions.create(**CHAT)

    async def main() -> None:
        await asyncio.gather(*(one(f"u{number}") for number in range(5)))
        await async_client.close()

    asyncio.run(main())
    assert {event["user_id"] for event in sent(lens, ingest)} == {f"u{number}" for number in range(5)}


def test_wrapping_twice_counts_once_and_the_given_client_stays_as_it_is(lens, client, plain, ingest):
    assert isinstance(client, openai.OpenAI) and client is not plain
    lens.wrap(lens.wrap(client)).chat.completions.create(**CHAT)
    plain.chat.completions.create(**CHAT)
    assert len(sent(lens, ingest)) == 1


def test_what_is_no_client_is_refused_with_a_sentence(lens):
    with pytest.raises(TypeError, match="takes a client of the openai package"):
        lens.wrap(object())


def test_the_environment_of_the_lens_is_the_default(make_lens, provider, ingest):
    lens = make_lens(environment="ci")
    lens.wrap(openai.OpenAI(api_key="k", base_url=provider.base_url)).chat.completions.create(**CHAT)
    assert only(sent(lens, ingest))["environment"] == "ci"
