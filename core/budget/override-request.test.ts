import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import type { Approver, OverrideTerms } from './override-policy.ts'
import { decideRequest, type OverrideAsked, type RequestDecision, requestExpiry } from './override-request.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const at = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)

const asked = (facts: Partial<OverrideAsked> = {}): OverrideAsked => ({
  ...{ id: 'req_1', budgetId: 'bud_1', counter: '', periodFrom: new Date('2026-11-01T00:00:00Z') },
  ...{ amount: usd('5'), windowS: 900, reason: 'launch', requestedBy: 'ada', requestedAt: NOON },
  ...{ expiresAt: at(60), state: { kind: 'pending' }, ...facts },
})
type Terms = Pick<OverrideTerms, 'lifters' | 'secondPerson'>

const people = fc.record({ id: fc.constantFrom('ada', 'ben', 'cay'), isAdmin: fc.boolean() })
const termsAny: fc.Arbitrary<Terms> = fc.record({
  lifters: fc.constantFrom('admins' as const, 'members' as const, ['ben'], ['ada', 'cay']),
  secondPerson: fc.boolean(),
})
const decisions: fc.Arbitrary<RequestDecision> = fc.oneof(
  fc.record({ kind: fc.constant('approve' as const), by: people }),
  fc.record({
    kind: fc.constant('deny' as const),
    by: people,
    reason: fc.constantFrom('no', ' ', 'too much'),
  }),
)
/** Decisions one after the other, each at a later minute, as each finds the request. */
const lives = fc.array(fc.record({ decision: decisions, terms: termsAny, afterMinutes: fc.nat(40) }), {
  maxLength: 8,
})

describe('a request for an override', () => {
  it('is decided once, and stays so', () => {
    fc.assert(
      fc.property(lives, (steps) => {
        let request = asked()
        let minute = 0
        const ends: string[] = []
        for (const { decision, terms, afterMinutes } of steps) {
          minute += afterMinutes
          const outcome = decideRequest(request, decision, terms, at(minute))
          if (outcome.kind !== 'decided') continue
          request = { ...request, state: outcome.state }
          ends.push(outcome.state.kind)
        }
        expect(ends.length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is never granted by who asked where a second person is asked for, nor by who may not, nor too late', () => {
    fc.assert(
      fc.property(decisions, termsAny, fc.nat(120), (decision, terms, minute) => {
        const outcome = decideRequest(asked(), decision, terms, at(minute))
        if (outcome.kind !== 'decided' || outcome.state.kind !== 'granted') return
        const { by } = decision
        expect(terms.secondPerson && by.id === 'ada').toBe(false)
        if (terms.lifters === 'admins') expect(by.isAdmin).toBe(true)
        if (typeof terms.lifters !== 'string') expect(terms.lifters).toContain(by.id)
        expect(minute).toBeLessThan(60)
      }),
    )
  })

  it('can always be left: by anyone who may decide, by who asked, and by the clock', () => {
    const terms: Terms = { lifters: 'admins', secondPerson: true }
    const ada: Approver = { id: 'ada', isAdmin: false }
    const ben: Approver = { id: 'ben', isAdmin: true }
    const ends = [
      decideRequest(asked(), { kind: 'approve', by: ben }, terms, at(1)),
      decideRequest(asked(), { kind: 'deny', by: ben, reason: 'no' }, terms, at(1)),
      decideRequest(asked(), { kind: 'deny', by: ada, reason: 'not needed' }, terms, at(1)),
      decideRequest(asked(), { kind: 'approve', by: ben }, terms, at(60)),
    ]
    expect(ends.map((end) => end.kind === 'decided' && end.state.kind)).toEqual([
      'granted',
      'denied',
      'denied',
      'expired',
    ])
  })

  it('takes the same decision of the same person again as said, and another as refused', () => {
    const terms: Terms = { lifters: 'members', secondPerson: true }
    const ben = { id: 'ben', isAdmin: false }
    const granted = asked({ state: { kind: 'granted', by: 'ben', at: NOON } })
    const again = (decision: RequestDecision) => decideRequest(granted, decision, terms, at(1))
    expect(again({ kind: 'approve', by: ben })).toEqual({ kind: 'already' })
    expect(again({ kind: 'approve', by: { ...ben, id: 'cay' } })).toMatchObject({
      refusal: 'already_decided',
    })
    expect(again({ kind: 'deny', by: ben, reason: 'no' })).toMatchObject({ refusal: 'already_decided' })
  })

  it('says why it is not denied without a reason', () => {
    const by = { id: 'ben', isAdmin: true }
    const outcome = decideRequest(
      asked(),
      { kind: 'deny', by, reason: ' ' },
      { lifters: 'admins', secondPerson: true },
      NOON,
    )
    expect(outcome).toEqual({ kind: 'refused', refusal: 'reason_missing' })
  })

  it('never outlives the period', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 7 * 86_400 }),
        fc.integer({ min: 1, max: 30_000 }),
        (requestExpiresS, minutes) => {
          const until = at(minutes)
          const expires = requestExpiry({ requestExpiresS }, until, NOON)
          expect(expires.getTime()).toBe(Math.min(until.getTime(), NOON.getTime() + requestExpiresS * 1000))
        },
      ),
    )
  })
})
