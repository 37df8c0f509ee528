/** POST /v1/responses, the plain part of it: one message of text, streamed or not. */
import { randomUUID } from 'node:crypto'
import {
  type Body,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  Refused,
  refuseUnknown,
  requiredString,
} from './body-reader.ts'
import { type Prompt, promptOf, readMessages } from './messages.ts'
import { modelNamed } from './models.ts'
import { invalid, unknownModel } from './rejection.ts'
import type { Reply, ServerSentEvent } from './reply.ts'
import { answerTo, countTokens } from './tokens.ts'

const TOKENS_MAX = 1_000_000
const KNOWN = new Set([
  ...[
    'background',
    'conversation',
    'include',
    'input',
    'instructions',
    'max_output_tokens',
    'max_tool_calls',
  ],
  ...['metadata', 'model', 'parallel_tool_calls', 'previous_response_id', 'prompt', 'prompt_cache_key'],
  ...['prompt_cache_retention', 'reasoning', 'safety_identifier', 'service_tier', 'store', 'stream'],
  ...['stream_options', 'temperature', 'text', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'truncation'],
  'user',
])

export function responses(body: Body, now: Date): Reply {
  const { model, prompt, tokensMax, stream } = readRequest(body)
  const { tokens, cut } = answerTo({ lastText: prompt.lastText, tokensMax })
  const text = tokens.join('')
  const itemId = `msg_${randomUUID().replaceAll('-', '')}`
  const part = (content: string) => ({ type: 'output_text', text: content, annotations: [], logprobs: [] })
  const item = (status: string, content: readonly object[]) => ({
    id: itemId,
    type: 'message',
    status,
    role: 'assistant',
    content,
  })
  const status = cut ? 'incomplete' : 'completed'
  const base = {
    id: `resp_${randomUUID().replaceAll('-', '')}`,
    object: 'response',
    created_at: Math.floor(now.getTime() / 1000),
    model: model.snapshot,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: tokensMax,
    metadata: {},
    parallel_tool_calls: true,
    service_tier: 'default',
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
  }
  const begun = { ...base, status: 'in_progress', output: [], usage: null }
  const whole = {
    ...base,
    status,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    output: [item(status, [part(text)])],
    usage: usageOf(prompt.tokens, tokens.length),
  }
  const numbered = numberer()
  const at = { item_id: itemId, output_index: 0, content_index: 0 }
  return {
    model: model.snapshot,
    stream,
    head: [
      numbered('response.created', { response: begun }),
      numbered('response.in_progress', { response: begun }),
      numbered('response.output_item.added', { output_index: 0, item: item('in_progress', []) }),
      numbered('response.content_part.added', { ...at, part: part('') }),
    ],
    tokens: tokens.map((delta) => () => [
      numbered('response.output_text.delta', { ...at, delta, logprobs: [] }),
    ]),
    get tail() {
      return [
        numbered('response.output_text.done', { ...at, text, logprobs: [] }),
        numbered('response.content_part.done', { ...at, part: part(text) }),
        numbered('response.output_item.done', { output_index: 0, item: item(status, [part(text)]) }),
        numbered(`response.${status}`, { response: whole }),
      ]
    },
    whole: () => whole,
  }
}

function readRequest(body: Body) {
  refuseUnknown(body, KNOWN)
  const model = modelNamed(requiredString(body, 'model'))
  if (model?.kind !== 'chat') throw new Refused(unknownModel(String(body.model)))
  optionalNumber(body, 'temperature', 0, 2)
  const prompt = readInput(body)
  const tokensMax = optionalInteger(body, 'max_output_tokens', 16, TOKENS_MAX)
  const stream = optionalBoolean(body, 'stream')
  return { model, prompt, tokensMax, stream }
}

/** Every event carries its place in the stream, so the events must be made in the order in which they are sent. */
function numberer(): (type: string, fields: object) => ServerSentEvent {
  let next = 0
  return (type, fields) => ({ event: type, data: { type, sequence_number: next++, ...fields } })
}

function readInput(body: Body): Prompt {
  const { input, instructions } = body
  if (typeof input === 'string') return withInstructions(promptOf([input]), instructions)
  if (Array.isArray(input)) return withInstructions(readMessages(body, 'input'), instructions)
  throw new Refused(invalid("Missing required parameter: 'input'.", 'input', 'missing_required_parameter'))
}

const withInstructions = (prompt: Prompt, instructions: unknown): Prompt => ({
  ...prompt,
  tokens: prompt.tokens + (typeof instructions === 'string' ? countTokens(instructions) : 0),
})

const usageOf = (input: number, output: number) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: input + output,
})
