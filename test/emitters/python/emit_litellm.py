"""LiteLLM with its generic API callback, in the log format that the settings name.

The logger is LiteLLM's own; it is built by hand only for `log_format`, which LiteLLM reads from its proxy's
configuration file otherwise.
"""

import asyncio
import json
import sys
from types import SimpleNamespace

import litellm
from litellm.integrations.generic_api.generic_api_callback import GenericAPILogger

settings = SimpleNamespace(**json.loads(sys.argv[1]))
BASE_URL = f"{settings.provider_url}/v1"
LOGS_EXPECTED = 8
OPENAI = {"api_key": "sk-test", "api_base": BASE_URL, "max_retries": 0}


def messages(words: int) -> list:
    return [{"role": "user", "content": f"Answer in {words} tokens. {settings.secret}"}]


async def make_calls() -> None:
    await litellm.acompletion(
        model="openai/gpt-4o", messages=messages(5), user="u-7", metadata={"tags": ["team:growth"]}, **OPENAI
    )
    stream = await litellm.acompletion(
        model="openai/gpt-4o-mini",
        messages=messages(7),
        stream=True,
        stream_options={"include_usage": True},
        **OPENAI,
    )
    async for _ in stream:
        pass
    await litellm.aembedding(model="openai/text-embedding-3-small", input=[f"{settings.secret} is kept"], **OPENAI)
    await litellm.aresponses(model="openai/gpt-4.1", input=f"Answer in 9 tokens. {settings.secret}", **OPENAI)
    await litellm.acompletion(
        model="anthropic/claude-sonnet-4-5",
        messages=messages(3),
        max_tokens=64,
        api_key="sk-ant-test",
        api_base=settings.provider_url,
    )
    try:
        await litellm.acompletion(
            model="openai/gpt-4o", messages=messages(3), **{**OPENAI, "api_key": settings.refused_key}
        )
    except litellm.RateLimitError:
        pass
    else:
        raise AssertionError("the refused call was answered")
    litellm.cache = litellm.Cache(type="local")
    for _ in range(2):
        await litellm.acompletion(model="openai/gpt-4o", messages=messages(6), caching=True, **OPENAI)
        # LiteLLM fills its cache in a task of its own.
        await asyncio.sleep(0.2)


async def main() -> None:
    logger = GenericAPILogger(
        endpoint=settings.export_url,
        headers={"Authorization": f"Bearer {settings.api_key}"},
        log_format=settings.log_format,
        # Sent once all is logged, and not in parts while this counts what is logged.
        flush_interval=3600,
    )
    litellm.callbacks = [logger]
    await make_calls()
    # LiteLLM logs in tasks of its own, and says of none when it is done.
    while len(logger.log_queue) < LOGS_EXPECTED:
        await asyncio.sleep(0.05)
    await logger.flush_queue()


asyncio.run(main())
