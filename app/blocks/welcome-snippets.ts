/** What a person pastes to see a first call, in four ways. With the key only where it is shown the one time. */
import { type Block, escapeText, section } from './text.ts'

export interface SnippetFacts {
  readonly ingestUrl: string
  /** Null says where the key belongs, and no more. */
  readonly key: string | null
}

/** So many characters fit a line of Slack's modals: longer ones are broken there, where nobody can tell from a new line. */
export const LINE_CHARS_MAX = 58

export const snippetBlocks = (facts: SnippetFacts): Block[] => [
  section(`*In your shell*\n${code(shellLines(facts))}`),
  section(`*Python*  in a copy of the LensAI repository\n${code(PIP)}`),
  // A section of its own: two blocks of code that follow each other in one are read wrongly by the local Slack's page.
  section(code(PYTHON)),
  section(
    `*Node*  by OpenTelemetry, as there is no SDK yet: calls are counted and warned about, but not refused.\n${code(NPM)}\nAs \`telemetry.cjs\`, for \`node --require ./telemetry.cjs app.cjs\`:\n${code(NODE)}`,
  ),
  section(
    `*OpenTelemetry*  any program with OpenLLMetry, OpenInference, the Vercel AI SDK or Pydantic AI\n${code(otlpLines(facts))}`,
  ),
  section(`*curl*  one call by hand, to see it arrive\n${code(CURL)}`),
]

const code = (lines: readonly string[]): string => `\`\`\`${escapeText(lines.join('\n'))}\`\`\``

const shellLines = ({ ingestUrl, key }: SnippetFacts): string[] => [
  `export LENS_URL=${ingestUrl}`,
  `export LENS_API_KEY=${key ?? 'lens_...'}`,
]

const PIP = ['pip install ./sdk/python openai']

const PYTHON = [
  'import lensai',
  'from openai import OpenAI',
  '',
  'client = lensai.wrap(OpenAI())',
  'client.chat.completions.create(',
  '    model="gpt-4o-mini",',
  '    messages=[{"role": "user", "content": "Hello"}],',
  ')',
]

const NPM = [
  'npm install openai @traceloop/instrumentation-openai \\',
  '  @opentelemetry/instrumentation \\',
  '  @opentelemetry/sdk-trace-node \\',
  '  @opentelemetry/exporter-trace-otlp-proto',
]

const NODE = [
  'const { OTLPTraceExporter } =',
  "  require('@opentelemetry/exporter-trace-otlp-proto')",
  'const { BatchSpanProcessor, NodeTracerProvider } =',
  "  require('@opentelemetry/sdk-trace-node')",
  'const { registerInstrumentations } =',
  "  require('@opentelemetry/instrumentation')",
  'const { OpenAIInstrumentation } =',
  "  require('@traceloop/instrumentation-openai')",
  '',
  'const { LENS_URL, LENS_API_KEY } = process.env',
  'const exporter = new OTLPTraceExporter({',
  "  url: LENS_URL + '/v1/traces',",
  "  headers: { authorization: 'Bearer ' + LENS_API_KEY },",
  '})',
  'const provider = new NodeTracerProvider({',
  '  spanProcessors: [new BatchSpanProcessor(exporter)],',
  '})',
  'provider.register()',
  // A batch waits for more: without this a program that ends before has told nothing.
  "process.once('beforeExit', () => provider.shutdown())",
  'registerInstrumentations({',
  '  instrumentations: [new OpenAIInstrumentation()],',
  '})',
]

const otlpLines = ({ ingestUrl }: SnippetFacts): string[] => [
  `export OTEL_EXPORTER_OTLP_ENDPOINT=${ingestUrl}`,
  'export OTEL_EXPORTER_OTLP_HEADERS=\\',
  '"Authorization=Bearer%20$LENS_API_KEY"',
]

const CURL = [
  'curl "$LENS_URL/v1/events" \\',
  '  -H "Authorization: Bearer $LENS_API_KEY" \\',
  '  -H "Content-Type: application/json" -d @- <<EVENT',
  '{"events": [{"request_id": "hello-$(date +%s)",',
  '  "ts": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",',
  '  "provider": "openai", "model": "gpt-4o-mini",',
  '  "tokens_in": 1200, "tokens_out": 300,',
  '  "latency_ms": 900}]}',
  'EVENT',
]
