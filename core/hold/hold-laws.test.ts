import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anOverride, NOVEMBER } from '../budget/a-budget.ts'
import { maxUsd, type NanoUsd, nanoUsd } from '../money.ts'
import {
  aHoldBook,
  asked,
  ceilingIn,
  type HoldBook,
  heldByHolds,
  postedAhead,
  reported,
  stepped,
  withOverride,
} from './a-hold-book.ts'
import { expire, type Hold, release, settle, settleByEvent } from './hold.ts'

const START = new Date('2026-11-10T12:00:00Z')
const CALLS = [...'abcdefghijkl']

type Deed =
  | {
      readonly kind: 'ask' | 'settle' | 'report' | 'release' | 'expire' | 'report_unpriced'
      readonly call: string
      readonly amount: NanoUsd
    }
  | { readonly kind: 'limit'; readonly amount: NanoUsd }
  | { readonly kind: 'override'; readonly amount: NanoUsd; readonly minutes: number }
  | { readonly kind: 'wait'; readonly minutes: number }

const amount = fc.bigInt({ min: 0n, max: 60n }).map(nanoUsd)
const call = fc.constantFrom(...CALLS)
const minutes = fc.integer({ min: 1, max: 15 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('ask' as const, 'ask' as const, 'settle' as const, 'report' as const),
      call,
      amount,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('release' as const, 'expire' as const, 'report_unpriced' as const),
      ...{ call, amount },
    }),
  },
  fc.record({ kind: fc.constant('limit' as const), amount: amount.map((cut) => nanoUsd(cut + 50n)) }),
  fc.record({
    kind: fc.constant('override' as const),
    amount: amount.map((cut) => nanoUsd(cut + 1n)),
    minutes,
  }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes }) },
)

function doneBy(book: HoldBook, done: Deed, now: Date): HoldBook {
  switch (done.kind) {
    case 'ask':
      return asked(book, done.call, done.amount, now)
    case 'settle':
      return stepped(book, done.call, (hold) => settle(hold, done.amount, now), now)
    case 'report':
      return report(book, done.call, done.amount, now)
    case 'report_unpriced':
      return report(book, done.call, null, now)
    case 'release':
      return stepped(book, done.call, (hold) => release(hold, now), now)
    case 'expire':
      return stepped(book, done.call, (hold) => expire(hold, now), now)
    case 'limit':
      return withOverride({ ...book, budget: { ...book.budget, limit: done.amount } }, null)
    case 'override': {
      const ceiling = nanoUsd(maxUsd(book.current.spent, book.budget.limit) + done.amount)
      const until = new Date(now.getTime() + done.minutes * 60_000)
      return withOverride(book, anOverride({ amount: done.amount, ceiling, until }))
    }
    case 'wait':
      return book
  }
}

const report = (book: HoldBook, named: string, cost: NanoUsd | null, now: Date) =>
  reported(book, named, { cost, stepOf: (hold) => settleByEvent(hold, cost, NOVEMBER.until, now) }, now)

/** Plays deeds one after another, and looks at the book before and after each. */
function play(
  deeds: readonly Deed[],
  look: (before: HoldBook, book: HoldBook, done: Deed, now: Date) => void,
) {
  let book = aHoldBook(nanoUsd(100n))
  let now = START
  for (const done of deeds) {
    if (done.kind === 'wait') now = new Date(now.getTime() + done.minutes * 60_000)
    const next = doneBy(book, done, now)
    look(book, next, done, now)
    book = next
  }
  return { book, now }
}

const deeds = fc.array(deed, { maxLength: 60, size: 'max' })

describe('whatever happens to the calls of a strict budget', () => {
  it('a grant never takes spent and held above the limit or a running override', () => {
    let grants = 0
    fc.assert(
      fc.property(deeds, (all) => {
        play(all, (before, book, done, now) => {
          if (done.kind !== 'ask' || book === before) return
          grants += 1
          expect(book.current.spent + book.current.held <= ceilingIn(before, now)).toBe(true)
        })
      }),
      { numRuns: 500 },
    )
    expect(grants).toBeGreaterThan(500)
  })

  it('what is held is what live holds hold, and what is spent is what events and settlements say', () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const { book } = play(all, (_before, at) => expect(at.current.held).toBe(heldByHolds(at)))
        const byEvents = [...book.counted.values()].reduce((sum, cost) => sum + (cost ?? 0n), 0n)
        expect(book.current.spent).toBe(byEvents + postedAhead(book))
      }),
      { numRuns: 500 },
    )
  })

  it('done twice, each deed does what it did once', () => {
    fc.assert(
      fc.property(deeds, (all) => {
        play(all, (_before, at, done, now) => {
          if (done.kind === 'wait' || done.kind === 'limit' || done.kind === 'override') return
          expect(figuresOf(doneBy(at, done, now))).toEqual(figuresOf(at))
        })
      }),
      { numRuns: 300 },
    )
  })

  it('the reports of a call lead to what its event says it cost, in whatever order they come', () => {
    const reports = fc.shuffledSubarray(['settle', 'report', 'release', 'expire'] as const, { minLength: 1 })
    fc.assert(
      fc.property(reports, amount, amount, amount, (kinds, held, said, cost) => {
        let book = asked(aHoldBook(nanoUsd(100n)), 'a', held, START)
        const late = new Date(START.getTime() + 3_600_000)
        for (const kind of kinds) {
          book = doneBy(book, { kind, call: 'a', amount: kind === 'settle' ? said : cost }, late)
        }
        const spent = kinds.includes('report') ? cost : kinds.includes('settle') ? said : 0n
        expect(figuresOf(book)).toMatchObject({ spent, held: 0n })
      }),
    )
  })

  it('every live hold can be left, by its caller, by its event and by the clock', () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const { book } = play(all, () => undefined)
        const end = NOVEMBER.until
        for (const [named, hold] of book.holds) {
          if (hold.state !== 'live') continue
          expect(settle(hold, nanoUsd(1n), end).hold.state).toBe('settled')
          expect(settleByEvent(hold, nanoUsd(1n), end, end).hold.state).toBe('settled')
          const left = stepped(book, named, (of) => expire(of, end), end)
          expect(left.holds.get(named)?.state).toBe('expired')
          expect(left.current.held).toBe(book.current.held - heldBy(hold))
        }
      }),
    )
  })
})

const heldBy = ({ entries }: Hold): bigint => entries.reduce((sum, { amount: part }) => sum + part, 0n)

const figuresOf = ({ current, holds }: HoldBook) => ({
  spent: current.spent,
  held: current.held,
  states: [...holds].map(([named, { state, settled, entries }]) => [named, state, settled, entries]),
})
