import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AttemptOutcome,
  beginAttempt,
  type Delivery,
  endAttempt,
  givenUp,
  isOpen,
  newDelivery,
  replayed,
} from './delivery.ts'
import { ATTEMPTS_MAX, RETRY_AFTER_MS_MAX, retryAfterMs, retryPauseMs } from './schedule.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const HOUR_MS = 3_600_000
const unanswered: AttemptOutcome = { kind: 'unanswered', why: 'the connection was refused' }
const answered = (status: number, waitMs: number | null = null): AttemptOutcome => ({
  kind: 'answered',
  status,
  retryAfterMs: waitMs,
})
const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.constant(unanswered),
  fc
    .tuple(fc.integer({ min: 100, max: 599 }), fc.option(fc.nat(RETRY_AFTER_MS_MAX)))
    .map(([status, waitMs]) => answered(status, waitMs)),
)
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attempt = (delivery: Delivery, of: AttemptOutcome, at = delivery.nextAt, chance = 0.5) =>
  endAttempt(beginAttempt(delivery), of, { now: at, random: chance })

/** Anything that can happen to a delivery, as the store would do it. */
type Step =
  | { kind: 'attempt'; outcome: AttemptOutcome; random: number }
  | { kind: 'replay' }
  | { kind: 'give_up' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('attempt' as const), outcome, random }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'replay' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'give_up' as const }) },
)
function take(delivery: Delivery, next: Step): Delivery {
  if (next.kind === 'replay') return { ...delivery, ...replayed(delivery.nextAt) }
  if (!isOpen(delivery)) return delivery
  if (next.kind === 'give_up') return { ...delivery, ...givenUp('the webhook was removed') }
  return attempt(delivery, next.outcome, delivery.nextAt, next.random).delivery
}

describe('a delivery', () => {
  it('is attempted so often at most since it was made or replayed, however each attempt ends', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let delivery = newDelivery(NOON)
        let sinceReplay = 0
        for (const next of steps) {
          const attempts = delivery.attempts
          delivery = take(delivery, next)
          sinceReplay = next.kind === 'replay' ? 0 : sinceReplay + delivery.attempts - attempts
          expect(sinceReplay).toBeLessThanOrEqual(ATTEMPTS_MAX)
          expect(delivery.attemptsLeft).toBe(ATTEMPTS_MAX - sinceReplay)
        }
      }),
    )
  })

  it('can leave every state that it can be in', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const delivery = steps.reduce(take, newDelivery(NOON))
        if (isOpen(delivery)) {
          // What is open has an attempt left, which delivers it.
          expect(delivery.attemptsLeft).toBeGreaterThan(0)
          expect(attempt(delivery, answered(200)).delivery.state).toBe('delivered')
        } else {
          const again = { ...delivery, ...replayed(NOON) }
          expect(attempt(again, answered(204)).delivery.state).toBe('delivered')
        }
      }),
    )
  })

  it('ends by itself: without a replay it is delivered or failed after its last attempt', () => {
    const outcomes = fc.array(outcome, { minLength: ATTEMPTS_MAX, maxLength: ATTEMPTS_MAX })
    fc.assert(
      fc.property(outcomes, (all) => {
        let delivery = newDelivery(NOON)
        for (const each of all) if (isOpen(delivery)) delivery = attempt(delivery, each).delivery
        expect(['delivered', 'failed']).toContain(delivery.state)
      }),
    )
  })

  it('is delivered by any 2xx and by nothing else', () => {
    fc.assert(
      fc.property(outcome, (of) => {
        const { state } = attempt(newDelivery(NOON), of).delivery
        const isTaken = of.kind === 'answered' && of.status >= 200 && of.status <= 299
        expect(state === 'delivered').toBe(isTaken)
      }),
    )
  })

  it('fails at once, and disables its endpoint, where that says 410 Gone', () => {
    const { delivery, endpoint } = attempt(newDelivery(NOON), answered(410))
    expect([delivery.state, endpoint.kind]).toEqual(['failed', 'gone'])
  })

  it('waits at least as long as 429 or 503 ask for, and its endpoint with it', () => {
    for (const status of [429, 503]) {
      const { delivery, endpoint } = attempt(newDelivery(NOON), answered(status, HOUR_MS))
      const until = new Date(NOON.getTime() + HOUR_MS)
      expect([delivery.state, delivery.nextAt, endpoint]).toEqual([
        'retrying',
        until,
        { kind: 'paused', until },
      ])
    }
    const soon = attempt(newDelivery(NOON), answered(503, 1)).delivery.nextAt
    expect(soon.getTime() - NOON.getTime()).toBe(retryPauseMs(1, 0.5))
    expect(attempt(newDelivery(NOON), answered(500, HOUR_MS)).endpoint.kind).toBe('goes_on')
  })

  it('says why it was not delivered, and that redirects are not followed', () => {
    expect(attempt(newDelivery(NOON), answered(302)).delivery.lastError).toMatch(
      /302: redirects are not followed/,
    )
    expect(attempt(newDelivery(NOON), unanswered).delivery).toMatchObject({
      ...{ lastStatus: null, lastError: 'the connection was refused' },
    })
  })
})

describe('the schedule of retries', () => {
  it('begins within seconds, never shortens, and gives up after some three days', () => {
    const pauses = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => retryPauseMs(index + 1, 0.5))
    expect(pauses[0]).toBe(5_000)
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses)
    expect(pauses.at(-1)).toBe(12 * HOUR_MS)
    const days = pauses.reduce((sum, each) => sum + each, 0) / (24 * HOUR_MS)
    expect(days).toBeGreaterThan(2.5)
    expect(days).toBeLessThan(3.5)
  })

  it('is off by up to a fifth either way, and by nothing more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: ATTEMPTS_MAX }), random, (which, chance) => {
        const middle = retryPauseMs(which, 0.5)
        expect(Math.abs(retryPauseMs(which, chance) - middle)).toBeLessThanOrEqual(middle * 0.2 + 1)
      }),
    )
  })

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Tue, 10 Nov 2026 12:01:00 GMT', 60_000],
    ['Tue, 10 Nov 2026 11:00:00 GMT', 0],
    ['999999999', RETRY_AFTER_MS_MAX],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['2026-11-10', null],
  ])('reads Retry-After: %s', (header, ms) => expect(retryAfterMs(header, NOON)).toBe(ms))
})
