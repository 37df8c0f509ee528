"""Pydantic AI with its own instrumentation: an agent that calls a tool, a stream, and a refusal."""

import asyncio

from openai import AsyncOpenAI
from openai_calls import BASE_URL
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from telemetry import settings, start_telemetry

telemetry = start_telemetry("pydantic-ai")
Agent.instrument_all()


def provider(key: str = "sk-test") -> OpenAIProvider:
    return OpenAIProvider(openai_client=AsyncOpenAI(api_key=key, base_url=BASE_URL, max_retries=0))


def agent(model: str, key: str = "sk-test") -> Agent:
    return Agent(OpenAIChatModel(model, provider=provider(key)), name="clerk")


def ask(words: int) -> str:
    return f"Answer in {words} tokens. {settings.secret}"


async def make_calls() -> None:
    clerk = agent("gpt-4.1-mini")

    @clerk.tool_plain
    def lookup(word: str) -> str:
        return f"found {word}"

    await clerk.run(ask(4))
    async with agent("gpt-4o-mini").run_stream(ask(7)) as result:
        await result.get_output()
    await Agent(OpenAIResponsesModel("gpt-4.1", provider=provider())).run(ask(9))
    try:
        await agent("gpt-4o", settings.refused_key).run(ask(3))
    except ModelHTTPError:
        return
    raise AssertionError("the refused call was answered")


asyncio.run(make_calls())
telemetry.shutdown()
