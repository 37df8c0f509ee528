"""What every Python emitter starts from: a tracer that exports over OTLP/HTTP, and the settings of this run.

Settings come as JSON in the first argument: `export_url`, `api_key`, `provider_url`, `refused_key`, `secret`.
"""

import json
import sys
from types import SimpleNamespace

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

settings = SimpleNamespace(**json.loads(sys.argv[1]))


def start_telemetry(service_name: str) -> TracerProvider:
    exporter = OTLPSpanExporter(
        endpoint=settings.export_url,
        headers={"authorization": f"Bearer {settings.api_key}"},
        compression=Compression.Gzip if settings.compression == "gzip" else Compression.NoCompression,
    )
    provider = TracerProvider(resource=Resource.create({"service.name": service_name}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider
