/** What today's instrumentations export of calls that a provider served, against the bill. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallKind, inOrder, kindOf, ofBill, ofEvent } from './billed-calls.ts'
import { type Emitter, type EmittersGround, layEmittersGround, SECRET } from './emitters-ground.ts'

let ground: EmittersGround
beforeAll(async () => {
  ground = await layEmittersGround()
})
afterAll(() => ground.close())

interface Instrumentation {
  readonly name: string
  readonly emitter: Emitter
  /** How many calls it makes that are billed. */
  readonly calls: number
  /** Calls of which it tells nothing, or no usage. */
  readonly untold?: readonly CallKind[]
  /** As what it tells of the call that is refused with 429; null when it does not. */
  readonly refusal: 'rate_limited' | 'error' | null
}

const js = (name: string, settings: Readonly<Record<string, string>>): Emitter => ({
  script: `js/${name}.mjs`,
  settings,
})
const python = (name: string, compression: 'none' | 'gzip'): Emitter => ({
  script: `python/emit_${name}.py`,
  settings: { compression },
})

const INSTRUMENTATIONS: readonly Instrumentation[] = [
  {
    name: 'OpenLLMetry for JavaScript, in gzipped protobuf',
    emitter: js('openllmetry', { encoding: 'protobuf', compression: 'gzip' }),
    calls: 6,
    untold: ['stream', 'embeddings'],
    refusal: null,
  },
  {
    name: 'OpenInference for JavaScript, in JSON',
    emitter: js('openinference', { encoding: 'json' }),
    calls: 4,
    untold: ['stream', 'embeddings'],
    refusal: null,
  },
  {
    name: "OpenTelemetry's own for JavaScript, in gzipped JSON",
    emitter: js('opentelemetry', { encoding: 'json', compression: 'gzip' }),
    calls: 4,
    refusal: 'rate_limited',
  },
  {
    name: "Vercel's AI SDK, with an agent and its parents, in protobuf",
    emitter: js('ai-sdk', { encoding: 'protobuf' }),
    calls: 7,
    // It tells that the call failed, and not of what.
    refusal: 'error',
  },
  {
    name: 'OpenLLMetry for Python, beside the spans of the anthropic package itself',
    emitter: python('openllmetry', 'none'),
    calls: 6,
    refusal: 'rate_limited',
  },
  {
    name: 'OpenInference for Python, gzipped',
    emitter: python('openinference', 'gzip'),
    calls: 4,
    refusal: 'rate_limited',
  },
  {
    name: "OpenTelemetry's own for Python",
    emitter: python('opentelemetry', 'none'),
    calls: 4,
    untold: ['responses'],
    refusal: 'rate_limited',
  },
  {
    name: 'Pydantic AI, with an agent and its parents, gzipped',
    emitter: python('pydantic_ai', 'gzip'),
    calls: 4,
    refusal: 'rate_limited',
  },
]

describe('the calls that are billed are the calls that are counted, each once', () => {
  it.each(INSTRUMENTATIONS)('$name', async ({ emitter, calls, untold = [], refusal }) => {
    const { billed, journaled, counted } = await ground.emit(emitter)
    expect(billed).toHaveLength(calls)
    const told = billed.filter((call) => !untold.includes(kindOf(call)))
    const answered = counted.filter(({ status }) => status === 'ok')
    expect(inOrder(answered.map(ofEvent))).toEqual(inOrder(told.map(ofBill)))
    const refused = counted.filter(({ status }) => status !== 'ok')
    expect(refused.map(({ status }) => status)).toEqual(refusal === null ? [] : [refusal])
    expect(journaled).toHaveLength(counted.length)
    expect(counted.every(({ source, cost }) => source === 'otlp' && cost !== null)).toBe(true)
  })
})

it('a call that our SDK and OpenTelemetry both tell of is counted once', async () => {
  const { billed, journaled, counted } = await ground.emit(python('both', 'none'))
  expect(billed).toHaveLength(2)
  expect(journaled.map(({ source }) => source).sort()).toEqual(['otlp', 'otlp', 'sdk', 'sdk'])
  expect(inOrder(counted.map(ofEvent))).toEqual(inOrder(billed.map(ofBill)))
})

it('no word of a prompt or an answer is in the journal', async () => {
  const text = await ground.journalText()
  expect(text).toContain('gpt-4o')
  expect(text).not.toContain(SECRET)
  expect(text).not.toContain('w1 w2')
})
