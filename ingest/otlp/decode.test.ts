/** Both encodings of one request, prompts, and bytes that are no request. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Attributes } from '@opentelemetry/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NAMES } from '../../core/otel/attribute-names.ts'
import { eventsOfSpans } from '../../core/otel/events-of-spans.ts'
import { type Emitted, emit, toJson, toProtobuf } from '../../test/otlp/emitted.ts'
import { decodeJson } from './decode-json.ts'
import { decodeProtobuf } from './decode-protobuf.ts'
import { ATTRIBUTES_MAX, type DecodedSpans, SPANS_MAX } from './decoded-spans.ts'

const RECEIVED_AT = new Date('2026-11-10T12:00:00Z')

const eventsOf = (decoded: DecodedSpans) =>
  decoded.kind === 'spans' ? eventsOfSpans(decoded.spans, RECEIVED_AT) : decoded.kind

const NAMES_KNOWN = Object.values(NAMES).flat()
const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const anyValue = fc.oneof(
  anyText,
  fc.boolean(),
  fc.integer({ min: -5, max: 5000 }),
  fc.double(),
  fc.constantFrom('chat', 'embeddings', 'LLM', 'gpt-4o', 'openai', 'ai.generateText.doGenerate', '429'),
  fc.array(fc.string(), { maxLength: 3 }),
)
const anyAttributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES_KNOWN) }, { weight: 1, arbitrary: fc.string() }),
  anyValue,
  { maxKeys: 12 },
)
const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 4,
}
const spanAround = (inside: fc.Arbitrary<Emitted[]>): fc.Arbitrary<Emitted> =>
  fc.record({
    attributes: fc.oneof(
      anyAttributes,
      anyAttributes.map((some) => ({ ...some, ...CALL })),
    ),
    failed: fc.boolean(),
    inside,
  })
const leaf = spanAround(fc.constant([]))
const tree = spanAround(fc.array(spanAround(fc.array(leaf, { maxLength: 2 })), { maxLength: 2 }))
const spansOf = fc.array(tree, { maxLength: 3 }).map((spans) => emit({ spans }))

describe('a request', () => {
  it('gives the same events in protobuf and in JSON', () => {
    fc.assert(
      fc.property(spansOf, (spans) => {
        const [protobuf, json] = [decodeProtobuf(toProtobuf(spans)), decodeJson(JSON.parse(toJson(spans)))]
        expect(eventsOf(protobuf)).toEqual(eventsOf(json))
        expect(protobuf).toEqual(json)
      }),
      { numRuns: 300 },
    )
  })

  it('of nothing is one of no spans', () => {
    const none = { kind: 'spans', spans: [], unidentified: 0 }
    expect(decodeProtobuf(new Uint8Array(0))).toEqual(none)
    expect(decodeJson({})).toEqual(none)
    expect(decodeJson({ resourceSpans: null, unheardOf: [1] })).toEqual(none)
  })

  it('counts the spans whose ids are missing, short or zero, and reads the others', () => {
    const [good] = JSON.parse(toJson(emit({ spans: [{ attributes: CALL }] }))).resourceSpans[0].scopeSpans[0]
      .spans
    const spans = [
      { ...good, traceId: undefined },
      { ...good, spanId: 'ab' },
      { ...good, spanId: '0'.repeat(16) },
      good,
    ]
    const decoded = decodeJson({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    expect(decoded).toMatchObject({ spans: [{ spanId: good.spanId }], unidentified: 3 })
  })

  it('is read in JSON with 64-bit integers as numbers or texts', () => {
    const value = (intValue: unknown) => ({ key: 'gen_ai.usage.input_tokens', value: { intValue } })
    const spanWith = (intValue: unknown, startTimeUnixNano: unknown) => ({
      ...{
        traceId: 'A'.repeat(32),
        spanId: 'b'.repeat(16),
        startTimeUnixNano,
        attributes: [value(intValue)],
      },
    })
    const spans = [spanWith(7, 1762775940000000000), spanWith('7', '1762775940000000000')]
    const decoded = decodeJson({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    if (decoded.kind !== 'spans') throw new Error(decoded.kind)
    expect(decoded.spans[0]).toEqual(decoded.spans[1])
    expect(decoded.spans[0]).toMatchObject({ traceId: 'a'.repeat(32), startUnixNano: 1762775940000000000n })
  })

  it('of more spans than one may hold is refused, even when they are empty', () => {
    const many = Array.from({ length: SPANS_MAX + 1 }, () => ({}))
    expect(decodeJson({ resourceSpans: [{ scopeSpans: [{ spans: many }] }] }).kind).toBe('too_many')
    expect(decodeJson({ resourceSpans: many }).kind).toBe('too_many')
    const writer = new BinaryWriter()
    for (const _ of many) writer.tag(1, WireType.LengthDelimited).bytes(new Uint8Array(0))
    expect(decodeProtobuf(writer.finish()).kind).toBe('too_many')
  })

  it('of more attributes than real spans have is refused', () => {
    const attributes = Array.from({ length: ATTRIBUTES_MAX + 1 }, () => ({}))
    expect(decodeJson({ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes }] }] }] }).kind).toBe(
      'too_many',
    )
    const empty = Buffer.alloc((ATTRIBUTES_MAX + 1) * 2)
    for (let at = 0; at < empty.length; at += 2) empty[at] = (9 << 3) | WireType.LengthDelimited
    const within = (field: number, bytes: Uint8Array) =>
      new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish()
    expect(decodeProtobuf(within(1, within(2, within(2, empty)))).kind).toBe('too_many')
  })

  it.each([
    null,
    [],
    'text',
    { resourceSpans: {} },
    { resourceSpans: [7] },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: 'all' }] }] }] },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: 'noon' }] }] }] },
  ])('of another shape is malformed: %j', (body) => {
    expect(decodeJson(body).kind).toBe('malformed')
  })
})

describe('a prompt', () => {
  /** Where emitters put texts of people, and one place that only looks like a known name. */
  const PROMPT_NAMES = [
    ...[
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.system_instructions',
      'gen_ai.tool.definitions',
    ],
    ...['gen_ai.prompt.0.content', 'gen_ai.completion.0.content', 'traceloop.entity.input', 'input.value'],
    ...[
      'llm.input_messages.0.message.content',
      'ai.prompt.messages',
      'ai.response.text',
      'all_messages_events',
    ],
    ...['ai.response.providerMetadata', 'metadata', 'gen_ai.usage.input_tokens '],
  ]

  it('is in nothing that is decoded, whatever attribute, event or status it came in', () => {
    const secret = fc.uuid().map((id) => `secret-${id}`)
    fc.assert(
      fc.property(secret, spansOf, fc.constantFrom(...PROMPT_NAMES), (prompt, others, name) => {
        const spans = emit({
          spans: [
            {
              name: prompt,
              attributes: { ...CALL, [name]: prompt, 'gen_ai.choice': [prompt] },
              events: {
                'gen_ai.user.message': { content: prompt },
                exception: { 'exception.type': 'E', 'exception.message': prompt, 'user.id': prompt },
              },
              failed: true,
            },
          ],
        })
        const all = [...others, ...spans]
        for (const decoded of [decodeProtobuf(toProtobuf(all)), decodeJson(JSON.parse(toJson(all)))]) {
          expect(shown(decoded)).not.toContain(prompt)
          expect(shown(eventsOf(decoded))).not.toContain(prompt)
          expect(shown(decoded)).toContain('gpt-4o')
        }
      }),
      { numRuns: 100 },
    )
  })

  /** Everything in it as text, maps and bigints included. */
  const shown = (value: unknown): string =>
    JSON.stringify(value, (_key, each: unknown) =>
      each instanceof Map ? [...each] : typeof each === 'bigint' ? String(each) : each,
    )
})

describe('bytes that are no request', () => {
  const good = toProtobuf(
    emit({
      spans: [
        { attributes: CALL, failed: true, inside: [{ attributes: { ...CALL, 'user.id': 'é'.repeat(900) } }] },
      ],
    }),
  )

  it('are malformed or spans, and never an exception, however they came about', () => {
    const flips = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 8,
      })
      .map((changes) => {
        const bytes = Uint8Array.from(good)
        for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask
        return bytes
      })
    const cuts = fc.nat(good.length).map((length) => good.subarray(0, length))
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), cuts, flips)
    fc.assert(
      fc.property(bytes, (body) => {
        const decoded = decodeProtobuf(body)
        expect(['spans', 'malformed']).toContain(decoded.kind)
        eventsOf(decoded)
      }),
      { numRuns: 3000 },
    )
  })

  it('are malformed when they are a request that was cut off', () => {
    expect(decodeProtobuf(good).kind).toBe('spans')
    expect(decodeProtobuf(good.subarray(0, good.length - 1)).kind).toBe('malformed')
  })

  it('do not deepen the stack, however deeply they nest', () => {
    const groups = Buffer.alloc(200_000, (5 << 3) | WireType.StartGroup)
    expect(decodeProtobuf(groups).kind).toBe('malformed')
    let parent = { key: 'user.id', value: {} }
    for (let depth = 0; depth < 2000; depth += 1)
      parent = { key: 'user.id', value: { kvlistValue: { values: [parent] } } }
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: [parent] }
    expect(decodeJson({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).toMatchObject({
      kind: 'spans',
    })
  })
})

describe('a request whose spans nest deeply', () => {
  const id = (index: number) => (index + 1).toString(16).padStart(16, '0')
  const call = Object.entries(CALL).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }))
  const startTimeUnixNano = String(BigInt(RECEIVED_AT.getTime()) * 1_000_000n)
  const spanAt = (index: number, parent: number, attributes: readonly unknown[]) => ({
    ...{ traceId: 'a'.repeat(32), spanId: id(index), parentSpanId: id(parent) },
    ...{ startTimeUnixNano, attributes },
  })
  const read = (spans: readonly unknown[]) =>
    eventsOf(decodeJson({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))

  it('is read in proportion to its spans', () => {
    const depth = SPANS_MAX / 2 - 1
    const chain = Array.from({ length: depth }, (_, index) => spanAt(index, index - 1, []))
    const calls = Array.from({ length: depth }, (_, index) => spanAt(depth + index, depth - 1, call))
    const decoded = decodeJson({ resourceSpans: [{ scopeSpans: [{ spans: [...chain, ...calls] }] }] })
    if (decoded.kind !== 'spans') throw new Error(decoded.kind)
    let steps = 0
    const spans = decoded.spans.map((span) => ({
      ...span,
      get parentSpanId() {
        steps += 1
        return span.parentSpanId
      },
    }))
    expect(eventsOfSpans(spans, RECEIVED_AT)).toMatchObject({ events: { length: depth }, rejected: [] })
    // A bounded way up for each span: if every call climbed the whole chain it would be 5,000 steps for each.
    expect(steps).toBeLessThan(200 * spans.length)
  })

  it('may go in circles', () => {
    const circle = Array.from({ length: 5 }, (_, index) =>
      spanAt(index, (index + 1) % 5, index === 3 ? call : []),
    )
    expect(read(circle)).toMatchObject({ events: { length: 1 } })
    expect(read([spanAt(0, 0, call)])).toMatchObject({ events: { length: 1 } })
  })
})
