"""The calls that every emitter on OpenAI's own package makes: four that are billed and one that is refused."""

import openai
from telemetry import settings

BASE_URL = f"{settings.provider_url}/v1"


def messages(words: int) -> list:
    return [
        {"role": "system", "content": f"You keep {settings.secret}."},
        {"role": "user", "content": f"Answer in {words} tokens. {settings.secret}"},
    ]


def make_openai_calls() -> None:
    client = openai.OpenAI(api_key="sk-test", base_url=BASE_URL, max_retries=0)
    client.chat.completions.create(model="gpt-4o", messages=messages(5), user="u-7")
    stream = client.chat.completions.create(
        model="gpt-4o-mini", messages=messages(7), stream=True, stream_options={"include_usage": True}
    )
    for _ in stream:
        pass
    client.embeddings.create(model="text-embedding-3-small", input=f"{settings.secret} is kept")
    client.responses.create(model="gpt-4.1", input=f"Answer in 9 tokens. {settings.secret}")
    refused = openai.OpenAI(api_key=settings.refused_key, base_url=BASE_URL, max_retries=0)
    try:
        refused.chat.completions.create(model="gpt-4o", messages=messages(3))
    except openai.RateLimitError:
        return
    raise AssertionError("the refused call was answered")
