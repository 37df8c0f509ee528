/** OpenInference's instrumentation of OpenAI's package. */
import { createRequire } from 'node:module'
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { makeOpenAiCalls } from './openai-calls.mjs'
import { startTelemetry } from './telemetry.mjs'

const telemetry = startTelemetry('openinference-js')
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] })
await makeOpenAiCalls(createRequire(import.meta.url)('openai').OpenAI)
await telemetry.shutdown()
