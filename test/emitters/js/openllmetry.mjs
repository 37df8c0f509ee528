/** OpenLLMetry's instrumentation of OpenAI's and Anthropic's packages. */
import { createRequire } from 'node:module'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { AnthropicInstrumentation } from '@traceloop/instrumentation-anthropic'
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai'
import { makeAnthropicCalls } from './anthropic-calls.mjs'
import { makeOpenAiCalls } from './openai-calls.mjs'
import { startTelemetry } from './telemetry.mjs'

const telemetry = startTelemetry('openllmetry-js')
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation(), new AnthropicInstrumentation()] })
const require = createRequire(import.meta.url)
await makeOpenAiCalls(require('openai').OpenAI)
await makeAnthropicCalls(require('@anthropic-ai/sdk').Anthropic)
await telemetry.shutdown()
