/** Vercel's AI SDK with its own telemetry: a text, a stream, embeddings, an agent with a tool, and a refusal. */
import { createOpenAI } from '@ai-sdk/openai'
import { embed, embedMany, generateText, stepCountIs, streamText, tool } from 'ai'
import { z } from 'zod'
import { settings, startTelemetry } from './telemetry.mjs'

const telemetry = startTelemetry('ai-sdk')
const baseURL = `${settings.provider_url}/v1`
const openai = createOpenAI({ apiKey: 'sk-test', baseURL })
const observed = (functionId) => ({
  isEnabled: true,
  functionId,
  metadata: { userId: 'u-7', sessionId: 's-1' },
})
const prompt = (words) => `Answer in ${words} tokens. ${settings.secret}`

await generateText({
  model: openai.chat('gpt-4o'),
  prompt: prompt(5),
  experimental_telemetry: observed('text'),
})
await streamText({
  model: openai.chat('gpt-4o-mini'),
  prompt: prompt(7),
  experimental_telemetry: observed('stream'),
}).consumeStream()
await generateText({
  model: openai.responses('gpt-4.1'),
  prompt: prompt(9),
  experimental_telemetry: observed('responses'),
})
const model = openai.embedding('text-embedding-3-small')
await embed({ model, value: `${settings.secret} is kept`, experimental_telemetry: observed('embed') })
await embedMany({
  model,
  values: [`${settings.secret} is kept`, 'twice'],
  experimental_telemetry: observed('embed-many'),
})
await generateText({
  model: openai.chat('gpt-4.1-mini'),
  prompt: prompt(4),
  tools: {
    lookup: tool({
      description: 'Looks something up',
      inputSchema: z.object({ word: z.string() }),
      execute: async ({ word }) => `found ${word}`,
    }),
  },
  stopWhen: stepCountIs(3),
  experimental_telemetry: observed('agent'),
})
await generateText({
  model: createOpenAI({ apiKey: settings.refused_key, baseURL }).chat('gpt-4o'),
  prompt: prompt(3),
  maxRetries: 0,
  experimental_telemetry: observed('refused'),
}).then(
  () => Promise.reject(new Error('the refused call was answered')),
  () => undefined,
)
await telemetry.shutdown()
