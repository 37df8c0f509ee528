/** Random archived calls and adjustments for laws, with the values that stores tend to lose: nulls, empty and wide text, big money. */
import fc from 'fast-check'
import {
  type ArchivedEvent,
  COST_SOURCES,
  EVENT_SOURCES,
  EVENT_STATUSES,
  type TokenUsage,
} from '../../core/event/usage-event.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'

const int64Max = 2n ** 63n - 1n
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', '\u0000', 'ß→🦆', "'\\\n"),
)
const optionalText = fc.option(text)
const count = fc.nat({ max: 1_000_000_000 })
const amount: fc.Arbitrary<NanoUsd> = fc
  .oneof(fc.bigInt({ min: -int64Max, max: int64Max }), fc.constantFrom(0n, 2n ** 53n + 1n, int64Max))
  .map(nanoUsd)
/** ClickHouse's DateTime64 and a Unix millisecond agree over far more than this. */
const instant = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2037-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

const tokens: fc.Arbitrary<TokenUsage> = fc.record({
  in: count,
  out: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  reasoning: count,
  audioIn: count,
  audioOut: count,
})

export const arbitraryArchivedEvent: fc.Arbitrary<ArchivedEvent> = fc.record({
  orgId: text,
  projectId: text,
  apiKeyId: text,
  environment: text,
  requestId: text,
  attempt: fc.integer({ min: 1, max: 100 }),
  ts: instant,
  userId: optionalText,
  route: optionalText,
  sessionId: optionalText,
  provider: text,
  model: text,
  serviceTier: optionalText,
  tokens,
  tokensEstimated: fc.boolean(),
  rawUsage: fc.option(fc.json()),
  cost: fc.option(amount),
  costSource: fc.constantFrom(...COST_SOURCES),
  priceVersion: optionalText,
  reportedCost: fc.option(amount),
  latencyMs: count,
  ttftMs: fc.option(count),
  streamed: fc.boolean(),
  status: fc.constantFrom(...EVENT_STATUSES),
  source: fc.constantFrom(...EVENT_SOURCES),
  providerResponseId: optionalText,
  traceId: optionalText,
  spanId: optionalText,
  tags: fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true }),
  metadata: fc.json(),
  sampled: fc.boolean(),
  receivedAt: instant,
  journalId: text,
  journalOffset: fc.maxSafeNat(),
})

const difference = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })

/** A row that corrects a call: its amounts are differences. */
export const arbitraryAdjustment: fc.Arbitrary<ArchivedEvent> = fc
  .tuple(
    arbitraryArchivedEvent,
    fc.record({
      cost: amount,
      source: fc.constant('reprice' as const),
      adjusts: fc.record({ requestId: text, unpricedCalls: fc.constantFrom(0, -1) }),
    }),
    fc.record({ in: difference, out: difference, cacheRead: difference }),
  )
  .map(([event, facts, tokens]) => ({ ...event, ...facts, tokens: { ...event.tokens, ...tokens } }))

/** Any row of the archive. */
export const arbitraryRow: fc.Arbitrary<ArchivedEvent> = fc.oneof(
  { weight: 3, arbitrary: arbitraryArchivedEvent },
  { weight: 1, arbitrary: arbitraryAdjustment },
)
