"""OpenInference's instrumentation of OpenAI's package."""

from openai_calls import make_openai_calls
from openinference.instrumentation.openai import OpenAIInstrumentor
from telemetry import start_telemetry

provider = start_telemetry("openinference-python")
OpenAIInstrumentor().instrument()
make_openai_calls()
provider.shutdown()
