/** What the sandbox's stand-in does not answer: a call of a tool, and Anthropic's messages. */
import { randomUUID } from 'node:crypto'
import type { Answer } from './recording-provider.ts'

type Asked = Readonly<Record<string, unknown>>

const json = (body: object): Answer => ({
  status: 200,
  type: 'application/json',
  text: JSON.stringify(body),
})

/** The first turn of a chat with tools: the model wants the first of them. Null for every other request. */
export function toolCallAnswer(path: string, { tools, messages, model }: Asked): Answer | null {
  if (path !== '/v1/chat/completions' || !Array.isArray(tools) || !Array.isArray(messages)) return null
  if (messages.some(({ role }) => role === 'tool')) return null
  const call = { name: String(tools[0].function.name), arguments: '{"word":"w"}' }
  return json({
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: call }],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: {
      prompt_tokens: 50,
      completion_tokens: 20,
      total_tokens: 70,
      prompt_tokens_details: { cached_tokens: 32, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 0 },
    },
  })
}

/** Cached tokens stand beside the input, as Anthropic's do. */
const ANTHROPIC_USAGE = {
  input_tokens: 12,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 40,
  cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
  output_tokens: 6,
  service_tier: 'standard',
}

export function anthropicAnswer({ model, stream }: Asked): Answer {
  const message = { id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model }
  const text = 'w1 w2'
  const end = { stop_reason: 'end_turn', stop_sequence: null }
  if (stream !== true) {
    return json({ ...message, content: [{ type: 'text', text }], ...end, usage: ANTHROPIC_USAGE })
  }
  const start = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...ANTHROPIC_USAGE, output_tokens: 1 },
  }
  const frames = [
    { type: 'message_start', message: start },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: end, usage: { output_tokens: ANTHROPIC_USAGE.output_tokens } },
    { type: 'message_stop' },
  ]
  return {
    status: 200,
    type: 'text/event-stream',
    text: frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join(''),
  }
}
