"""OpenLLMetry's instrumentation of OpenAI's and Anthropic's packages."""

import anthropic
from openai_calls import make_openai_calls
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from telemetry import settings, start_telemetry

provider = start_telemetry("openllmetry-python")
OpenAIInstrumentor().instrument()
AnthropicInstrumentor().instrument()
make_openai_calls()
client = anthropic.Anthropic(api_key="sk-ant-test", base_url=settings.provider_url, max_retries=0)
request = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": f"{settings.secret} is kept"}],
}
client.messages.create(**request)
for _ in client.messages.create(**request, stream=True):
    pass
provider.shutdown()
