import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import type { UsageEvent } from '../event/usage-event.ts'
import { findPersonal } from './find-personal.ts'
import type { RedactionAction } from './kinds.ts'
import { DETECTED_KINDS } from './kinds.ts'
import { labelled } from './labelled/labelled.ts'
import { nameOf } from './labelled/read-labelled.ts'
import { NO_NAME } from './name-facts.ts'
import { DEFAULT_POLICY, type RedactionPolicy } from './policy.ts'
import { redactEvent } from './redact-event.ts'

const KEY = new Uint8Array(32).fill(1)
const HASH = /^[a-z_]+:h_[\w-]{22}$/
const { seen, heldOut } = labelled()
const strings = [...seen, ...heldOut]

const redact = (given: Partial<UsageEvent>, policy: Partial<RedactionPolicy> = {}) =>
  redactEvent(aPricedEvent(given), { ...DEFAULT_POLICY, ...policy }, KEY)

const kindsAll = (action: RedactionAction): RedactionPolicy['kinds'] => ({
  ...{ email: action, phone: action, card: action, iban: action },
  ...{ national_id: action, ip: action, api_key: action, jwt: action },
})

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...strings.map(({ text }) => text)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }) },
)
const someText = fc
  .array(anyText, { minLength: 1, maxLength: 4 })
  .map((parts) => [...parts.join(' ')].slice(0, 120).join(''))
const anyName = fc.oneof(
  fc.constantFrom('note', 'password', 'prompt', 'system', 'phone', 'ip', 'card', 'customer', 'a@example.com'),
  fc.string({ minLength: 1, maxLength: 12 }),
)
const anyEvent: fc.Arbitrary<UsageEvent> = fc
  .record({
    requestId: someText.map((text) => [...text].slice(0, 60).join('')),
    userId: fc.option(someText),
    sessionId: fc.option(someText),
    route: fc.option(someText),
    environment: someText.map((text) => [...text].slice(0, 32).join('')),
    tags: fc.dictionary(anyName, someText, { maxKeys: 4, noNullPrototype: true }),
    metadata: fc
      .dictionary(
        anyName,
        fc.oneof(someText, fc.array(someText, { maxLength: 3 }), fc.integer(), fc.jsonValue()),
      )
      .map((value) => JSON.stringify(value))
      .filter((text) => Buffer.byteLength(text) <= 8 * 1024),
    rawUsage: fc.option(
      fc
        .dictionary(fc.constantFrom('input_tokens', 'service_tier'), someText)
        .map((value) => JSON.stringify(value)),
    ),
  })
  .map((given) => aPricedEvent(given))
const anyPolicy: fc.Arbitrary<RedactionPolicy> = fc.record({
  kinds: fc.constantFrom(...(['redact', 'hash', 'drop', 'allow'] as const).map(kindsAll)),
  ids: fc.constantFrom('redact', 'hash', 'drop', 'allow'),
  fields: fc.constantFrom(
    new Map<string, RedactionAction>(),
    new Map<string, RedactionAction>([
      ['customer', 'hash'],
      ['note', 'redact'],
      ['prompt', 'allow'],
    ]),
  ),
  text: fc.constantFrom('drop', 'keep'),
})

/** Thousands of runs are seconds, and more of them where other work takes the processors. */
const BUSY_MS_MAX = 120_000

describe('an event', () => {
  it('is the same object when there is nothing to redact', () => {
    for (const { text, field, expected } of strings) {
      if (expected.length > 0 || field.startsWith('meta:')) continue
      const event = aPricedEvent({
        userId: text,
        sessionId: text,
        route: text,
        metadata: JSON.stringify({ note: 'x' }),
      })
      if (findPersonal(text, NO_NAME).length === 0)
        expect(redactEvent(event, DEFAULT_POLICY, KEY).event).toBe(event)
    }
  })

  it(
    'redacted twice is redacted once, under any policy',
    () => {
      fc.assert(
        fc.property(anyEvent, anyPolicy, (event, policy) => {
          const once = redactEvent(event, policy, KEY).event
          const twice = redactEvent(once, policy, KEY)
          expect(twice.event).toBe(once)
          expect(twice.redactions).toEqual({})
        }),
        { numRuns: 6000 },
      )
    },
    BUSY_MS_MAX,
  )

  it(
    'never outgrows a limit and stays readable, under any policy',
    () => {
      fc.assert(
        fc.property(anyEvent, anyPolicy, (event, policy) => {
          const { event: redacted } = redactEvent(event, policy, KEY)
          expect(redacted.requestId.length).toBeLessThanOrEqual(128)
          expect(redacted.environment.length).toBeLessThanOrEqual(64)
          for (const text of [redacted.userId, redacted.sessionId, redacted.route]) {
            expect(text?.length ?? 0).toBeLessThanOrEqual(256)
          }
          for (const [name, value] of Object.entries(redacted.tags)) {
            expect(name.length).toBeLessThanOrEqual(64)
            expect(value.length).toBeLessThanOrEqual(256)
          }
          expect(Buffer.byteLength(redacted.metadata)).toBeLessThanOrEqual(8 * 1024)
          JSON.parse(redacted.metadata)
        }),
        { numRuns: 5000 },
      )
    },
    BUSY_MS_MAX,
  )

  it('holds marks where hashes would outgrow a field, and one mark where marks would', () => {
    const kinds = kindsAll('hash')
    const route = 'a@b.co '.repeat(30)
    expect(redact({ route }, { kinds }).event.route).toBe('[email] '.repeat(30))
    expect(redact({ route: 'a@b.co,'.repeat(36) }, { kinds }).event.route).toBe('[email]')
  })

  it('keeps what identifies and prices it, whatever is in there', () => {
    const personal = 'alice@example.com'
    const { event } = redact({
      model: personal,
      providerResponseId: personal,
      traceId: personal,
      spanId: personal,
      userId: personal,
    })
    expect(event).toMatchObject({
      model: personal,
      providerResponseId: personal,
      traceId: personal,
      spanId: personal,
    })
    expect(event.userId).toMatch(HASH)
  })

  it('has a hashed request id when the id is an email address, the same under every policy', () => {
    const hashes = (['redact', 'allow'] as const).map(
      (action) =>
        redact({ requestId: 'alice@example.com' }, { kinds: kindsAll(action), ids: action }).event.requestId,
    )
    expect(hashes[0]).toMatch(HASH)
    expect(new Set(hashes).size).toBe(1)
  })

  it('keeps a request id that has only digits which a card could have', () => {
    expect(redact({ requestId: '4242424242424242' }).event.requestId).toBe('4242424242424242')
  })
})

describe('a user id that is personal', () => {
  it('is one hash for one person and one key, and another for any other', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.emailAddress(), (a, b) => {
        const [first, second] = [a, b].map(
          (userId) => redactEvent(aPricedEvent({ userId: `${userId}` }), DEFAULT_POLICY, KEY).event.userId,
        )
        expect(first === second).toBe(a === b)
      }),
    )
    const elsewhere = redactEvent(
      aPricedEvent({ userId: 'alice@example.com' }),
      DEFAULT_POLICY,
      new Uint8Array(32),
    ).event
    expect(elsewhere.userId).not.toBe(redact({ userId: 'alice@example.com' }).event.userId)
  })

  it('is hashed whole, so that a name beside the address goes with it', () => {
    const { event, redactions } = redact({ userId: 'Alice Stone <alice@example.com>' })
    expect(event.userId).toMatch(HASH)
    expect(redactions).toEqual({ email: 1 })
  })

  it.each([
    ['redact', '[email]'],
    ['drop', null],
    ['allow', 'alice@example.com'],
  ] as const)('becomes what the policy asks: %s', (ids, expected) => {
    expect(redact({ userId: 'alice@example.com' }, { ids }).event.userId).toBe(expected)
  })
})

describe('metadata', () => {
  const metadataOf = (value: unknown, policy: Partial<RedactionPolicy> = {}) => {
    const { event, redactions } = redact({ metadata: JSON.stringify(value) }, policy)
    return { value: JSON.parse(event.metadata), redactions }
  }

  it('never holds prompts or completions unless the project keeps them, and counts what went', () => {
    const given = {
      prompt: 'Tell me a story',
      request: { messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 },
      userPrompt: 'x',
      'gen_ai.completion.0.content': 'y',
      prompt_tokens: 12,
      prompt_id: 'p1',
      output: 3,
    }
    expect(metadataOf(given)).toEqual({
      value: { request: { max_tokens: 5 }, prompt_tokens: 12, prompt_id: 'p1', output: 3 },
      redactions: { text: 4 },
    })
    expect(metadataOf(given, { text: 'keep' }).value).toEqual(given)
  })

  it('is redacted at every depth, in names, texts and numbers, also behind escapes', () => {
    expect(
      metadataOf({
        a: [{ 'bob@example.com': 'line\nbob@example.com' }],
        n: 4242424242424242,
        q: '"x"\n4242424242424242',
      }),
    ).toEqual({
      value: { a: [{ '[email]': 'line\n[email]' }], n: '[card]', q: '"x"\n[card]' },
      redactions: { email: 2, card: 2 },
    })
  })

  it('does with named fields what the project asks, in any case and at any depth', () => {
    const fields = new Map<string, RedactionAction>([
      ['customer', 'redact'],
      ['salary', 'drop'],
      ['owner', 'hash'],
      ['support', 'allow'],
    ])
    const { value, redactions } = metadataOf(
      { Customer: 'ACME', deep: [{ salary: 5, owner: 'jo' }], support: 'help@example.com' },
      { fields },
    )
    expect(value).toEqual({
      Customer: '[field]',
      deep: [{ owner: expect.stringMatching(HASH) }],
      support: 'help@example.com',
    })
    expect(redactions).toEqual({ field: 3 })
  })

  it('falls back to marks, then to nothing, where hashes do not fit', () => {
    const list = Array.from({ length: 600 }, (_, n) => `a${n % 10}@b.co`)
    const { value, redactions } = metadataOf({ list }, { kinds: kindsAll('hash') })
    expect(value.list[0]).toBe('[email]')
    expect(redactions).toEqual({ email: 600 })
  })
})

describe('tags and usage', () => {
  it('lose texts and keep labels', () => {
    const tags = {
      system: 'crm',
      prompt: 'hello',
      text: 'two words',
      team: 'growth',
      owner: 'jo@example.com',
    }
    expect(redact({ tags }).event.tags).toEqual({ system: 'crm', team: 'growth', owner: '[email]' })
  })

  it('keep two names apart that became one mark', () => {
    const tags = { 'a@example.com': '1', 'b@example.com': '2' }
    expect(redact({ tags }).event.tags).toEqual({ '[email]': '1', '[email] 2': '2' })
  })

  it('never lose a number of the raw usage, only a text that somebody put there', () => {
    const rawUsage = JSON.stringify({
      input_tokens: 4242424242424242,
      service_tier: 'default',
      note: 'x'.repeat(65),
    })
    expect(JSON.parse(redact({ rawUsage }).event.rawUsage ?? '')).toEqual({
      input_tokens: 4242424242424242,
      service_tier: 'default',
      note: null,
    })
  })
})

describe('what is personal', () => {
  const cards = ['4242424242424242', '5555555555554444', '378282246310005']
  const ibans = ['DE89370400440532013000', 'GB29NWBK60161331926819', 'NL91ABNA0417164300']
  const phones = ['+12025550134', '+447700900123', '(202) 555-0134']
  const around = fc
    .string({ maxLength: 40 })
    .map((text) => text.replaceAll(/[\d@.%+_-]/g, ' ').replaceAll('://', ' '))

  it('is found in any printable surroundings, once delimiters stand around it', () => {
    const personal = fc.constantFrom(...cards, ...ibans, ...phones, 'alice@example.com')
    const delimiter = fc.constantFrom(' ', ',', ';', '"', '(', ')', '|', '<', '>', '\n')
    fc.assert(
      fc.property(around, delimiter, personal, delimiter, around, (before, left, value, right, after) => {
        const text = `${before}${left}${value}${right}${after}`
        const from = before.length + left.length
        const found = findPersonal(text, NO_NAME)
        expect(found.some((finding) => finding.from <= from && finding.until >= from + value.length)).toBe(
          true,
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('is found in metadata as it is in a text of its own', () => {
    for (const string of strings) {
      const name = nameOf(string)
      if (name === null || string.expected.length === 0) continue
      const { redactions } = redact({ metadata: JSON.stringify({ [name]: string.text }) })
      const isFound = DETECTED_KINDS.some((kind) => redactions[kind] !== undefined)
      const isDirect = findPersonal(string.text, NO_NAME).length > 0
      if (isDirect) expect(isFound, string.text).toBe(true)
    }
  })
})
