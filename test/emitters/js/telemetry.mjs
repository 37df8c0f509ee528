/**
 * What every JavaScript emitter starts from: a tracer that exports over OTLP/HTTP, and the settings of this run.
 * Settings come as JSON in the first argument: `export_url`, `api_key`, `provider_url`, `refused_key`, `encoding`.
 */
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

export const settings = JSON.parse(process.argv[2] ?? '{}')

export function startTelemetry(serviceName) {
  const Exporter = settings.encoding === 'json' ? JsonExporter : ProtobufExporter
  const exporter = new Exporter({
    url: settings.export_url,
    headers: { authorization: `Bearer ${settings.api_key}` },
    compression: settings.compression ?? 'none',
  })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'deployment.environment.name': 'staging',
    }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  return provider
}
