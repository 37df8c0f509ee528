"""The same calls, told by our SDK and by an instrumentation of OpenTelemetry in one process."""

import lensai
import openai
from openai_calls import BASE_URL, messages
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from telemetry import settings, start_telemetry

telemetry = start_telemetry("both")
OpenAIInstrumentor().instrument()
lens = lensai.Lens(api_key=settings.api_key, base_url=settings.ingest_url)
client = lens.wrap(openai.OpenAI(api_key="sk-test", base_url=BASE_URL, max_retries=0))
client.chat.completions.create(model="gpt-4o", messages=messages(5))
for _ in client.chat.completions.create(
    model="gpt-4o-mini", messages=messages(7), stream=True, stream_options={"include_usage": True}
):
    pass
lens.close(timeout_s=10)
telemetry.shutdown()
