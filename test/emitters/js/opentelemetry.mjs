/** OpenTelemetry's own instrumentation of OpenAI's package. */
import { createRequire } from 'node:module'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai'
import { makeOpenAiCalls } from './openai-calls.mjs'
import { startTelemetry } from './telemetry.mjs'

const telemetry = startTelemetry('opentelemetry-js')
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] })
await makeOpenAiCalls(createRequire(import.meta.url)('openai').OpenAI)
await telemetry.shutdown()
