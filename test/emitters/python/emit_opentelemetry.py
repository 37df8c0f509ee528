"""OpenTelemetry's own instrumentation of OpenAI's package."""

from openai_calls import make_openai_calls
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from telemetry import start_telemetry

provider = start_telemetry("opentelemetry-python")
OpenAIInstrumentor().instrument()
make_openai_calls()
provider.shutdown()
