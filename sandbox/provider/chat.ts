/** POST /v1/chat/completions. Text only: tools and images are taken and answered with words. */
import { randomUUID } from 'node:crypto'
import {
  type Body,
  isObject,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  Refused,
  refuseUnknown,
  requiredString,
} from './body-reader.ts'
import { type Prompt, readMessages } from './messages.ts'
import { type Model, modelNamed } from './models.ts'
import { invalid, unknownModel } from './rejection.ts'
import type { Reply } from './reply.ts'
import { answerTo } from './tokens.ts'

const TOKENS_MAX = 1_000_000
const KNOWN = new Set([
  ...['messages', 'model', 'audio', 'frequency_penalty', 'function_call', 'functions', 'logit_bias'],
  ...[
    'logprobs',
    'max_completion_tokens',
    'max_tokens',
    'metadata',
    'modalities',
    'n',
    'parallel_tool_calls',
  ],
  ...['prediction', 'presence_penalty', 'prompt_cache_key', 'prompt_cache_retention', 'reasoning_effort'],
  ...['response_format', 'safety_identifier', 'seed', 'service_tier', 'stop', 'store', 'stream'],
  ...['stream_options', 'temperature', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'user', 'verbosity'],
  'web_search_options',
])
const KNOWN_STREAM_OPTIONS = new Set(['include_usage', 'include_obfuscation'])

interface ChatRequest {
  readonly model: Model
  readonly prompt: Prompt
  readonly choices: number
  readonly tokensMax: number | null
  readonly stream: boolean
  readonly includeUsage: boolean
}

export function chat(body: Body, now: Date): Reply {
  const { model, prompt, choices, tokensMax, stream, includeUsage } = readRequest(body)
  const { tokens, cut } = answerTo({ lastText: prompt.lastText, tokensMax })
  const id = `chatcmpl-${randomUUID().replaceAll('-', '').slice(0, 29)}`
  const frame = {
    id,
    created: Math.floor(now.getTime() / 1000),
    model: model.snapshot,
    service_tier: 'default',
  }
  const finishReason = cut ? 'length' : 'stop'
  const usage = usageOf(prompt.tokens, tokens.length * choices)
  const chunk = (fields: object) => ({
    data: {
      ...frame,
      object: 'chat.completion.chunk',
      system_fingerprint: 'fp_sandbox',
      ...(includeUsage ? { usage: null } : {}),
      ...fields,
    },
  })
  const eachChoice = (delta: object, finish: string | null = null) =>
    Array.from({ length: choices }, (_, index) =>
      chunk({ choices: [{ index, delta, logprobs: null, finish_reason: finish }] }),
    )
  return {
    model: model.snapshot,
    stream,
    head: eachChoice({ role: 'assistant', content: '', refusal: null }),
    tokens: tokens.map((content) => () => eachChoice({ content })),
    tail: [
      ...eachChoice({}, finishReason),
      ...(includeUsage ? [chunk({ choices: [], usage })] : []),
      { data: '[DONE]' },
    ],
    whole: () => ({
      ...frame,
      object: 'chat.completion',
      choices: Array.from({ length: choices }, (_, index) => ({
        index,
        message: { role: 'assistant', content: tokens.join(''), refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: finishReason,
      })),
      usage,
      system_fingerprint: 'fp_sandbox',
    }),
  }
}

function readRequest(body: Body): ChatRequest {
  refuseUnknown(body, KNOWN)
  const model = modelNamed(requiredString(body, 'model'))
  if (!model) throw new Refused(unknownModel(String(body.model)))
  if (model.kind !== 'chat') {
    throw new Refused(
      invalid(
        `This is not a chat model and thus not supported in the v1/chat/completions endpoint.`,
        'model',
      ),
    )
  }
  const prompt = readMessages(body, 'messages')
  const choices = optionalInteger(body, 'n', 1, 128) ?? 1
  optionalNumber(body, 'temperature', 0, 2)
  optionalNumber(body, 'top_p', 0, 1)
  const stream = optionalBoolean(body, 'stream')
  const includeUsage = readIncludeUsage(body, stream)
  return { model, prompt, choices, stream, includeUsage, tokensMax: readTokensMax(body) }
}

function readTokensMax(body: Body): number | null {
  const old = optionalInteger(body, 'max_tokens', 1, TOKENS_MAX)
  const current = optionalInteger(body, 'max_completion_tokens', 1, TOKENS_MAX)
  if (old !== null && current !== null) {
    throw new Refused(
      invalid(
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        'max_tokens',
        'invalid_parameter_combination',
      ),
    )
  }
  return old ?? current
}

function readIncludeUsage(body: Body, stream: boolean): boolean {
  const options = body.stream_options ?? null
  if (options === null) return false
  if (!stream) {
    throw new Refused(
      invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options'),
    )
  }
  if (!isObject(options)) {
    throw new Refused(
      invalid("Invalid type for 'stream_options': expected an object.", 'stream_options', 'invalid_type'),
    )
  }
  refuseUnknown(options, KNOWN_STREAM_OPTIONS, 'stream_options.')
  return optionalBoolean(options, 'include_usage')
}

const usageOf = (prompt: number, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
})
