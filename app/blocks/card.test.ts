import { describe, expect, it } from 'vitest'
import type { Ladder } from '../../core/budget/ladder.ts'
import { counterNamed } from '../../core/budget/scope.ts'
import { usd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { messageFaults } from '../../test/slack-limits.ts'
import { ACTIONS, isReferredTo, readCardRef, writeCardRef } from '../ids.ts'
import { cardFactsOf } from './a-card.ts'
import { aStoredBudget } from './a-stored-budget.ts'
import { budgetsMessage } from './budget-list.ts'
import { type CardFacts, cardMessage } from './card.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const said = (stored: StoredBudget, more: Partial<CardFacts> = {}): string => {
  const { blocks } = cardMessage(cardFactsOf(stored, more), NOON)
  expect(messageFaults(blocks)).toEqual([])
  return JSON.stringify(blocks)
}

describe('a card', () => {
  it('says what is held beside what is spent, and takes it from what is left', () => {
    expect(said(aStoredBudget({}, { spent: usd('40'), held: usd('2.10') }))).toContain(
      '*$40.00* spent + $2.10 held of $100.00  ·  $57.90 left',
    )
    expect(said(aStoredBudget({}, { spent: usd('99'), held: usd('1') }))).toContain('the rest is held')
    expect(said(aStoredBudget({}, { spent: usd('101'), held: usd('1') }))).toContain('$1.00 over')
  })

  it('says what was carried over, as part of the limit', () => {
    expect(said(aStoredBudget({}, { spent: usd('60'), carried: usd('20') }))).toContain(
      '*$60.00* of $120.00 (incl. $20.00 carried over)  ·  $60.00 left',
    )
  })

  it('names its period as the rule of the budget does, and its scope where the title does not', () => {
    const scope = { projectId: 'prj_1', match: { fields: { model: ['gpt-4o*'] }, tags: {} }, each: null }
    const rule = { kind: 'week', timeZone: 'Europe/Berlin', startsOn: 1 } as const
    const from = new Date('2026-11-15T23:00:00Z')
    const period = { from, until: new Date('2026-11-22T23:00:00Z') }
    const named = said(aStoredBudget({ title: 'Search', scope, periodRule: rule }, { period }))
    expect(named).toContain('Search · week of 16 Nov 2026')
    expect(named).toContain('Covers support-bot, model gpt-4o\u200b*')
    expect(said(aStoredBudget())).not.toContain('Covers')
  })

  it('says what its ladder does now, and nothing of it once an override lets all pass', () => {
    const ladder: Ladder = [
      { percent: 50, action: { kind: 'downgrade', from: 'gpt-4o', to: 'gpt-4o-mini' } },
      { percent: 60, action: { kind: 'throttle', callsPerMinute: 60 } },
      { percent: 70, action: { kind: 'stop', environments: ['staging'] } },
      { percent: 100, action: { kind: 'stop', environments: null } },
    ]
    const inForce = 'gpt-4o answers as gpt-4o-mini  ·  at most 60 calls a minute  ·  *staging* is stopped'
    expect(said(aStoredBudget({ ladder }, { spent: usd('75') }))).toContain(inForce)
    expect(said(aStoredBudget({ ladder }, { spent: usd('55') }))).not.toContain('calls a minute')
    expect(said(aStoredBudget({ ladder }, { spent: usd('100') }))).not.toContain('In force')
  })

  it('says where calls stop, also where that is not the limit', () => {
    const stopAt = (percent: number): Ladder => [{ percent, action: { kind: 'stop', environments: null } }]
    const at = (ladder: Ladder, spent: string) => said(aStoredBudget({ ladder }, { spent: usd(spent) }))
    expect(at(stopAt(120), '105')).toContain('they stop at 120%')
    expect(at(stopAt(120), '120')).toContain('120% of the limit is reached')
    expect(at(stopAt(80), '80')).toContain('80% of the limit is reached')
    expect(at([], '500')).toContain('warns and never stops them')
  })

  it('says who can lift a stop, and that a strict budget holds first', () => {
    const stopped = aStoredBudget({ mode: 'strict' }, { spent: usd('100') })
    expect(said(stopped)).toContain('an override by an admin or approver')
    expect(said(stopped, { lifters: 'members' })).toContain('an override by any full member')
    expect(said(stopped)).toContain('Strict: holds before it calls')
  })

  it('says that everything is stopped, and never beside it that calls pass', () => {
    const stop = { reach: 'organisation', at: NOON, by: 'U7', reason: 'the key leaked <!channel>' } as const
    const text = said(aStoredBudget({}, { spent: usd('60') }), { stops: [stop] })
    expect(text).toMatch(/\*Everything is stopped\* by <@U7> since .*: the key leaked &lt;!channel&gt;/)
    expect(text).not.toContain('Calls pass')
  })
})

describe('what calls without a price are taken to cost', () => {
  const unpriced = {
    spent: usd('60'),
    estimated: usd('19'),
    unpricedEvents: 40,
    unpricedModels: ['openai/gpt-9'],
  }

  it('stands beside what was spent, counts in the bar, and names the models and the prices', () => {
    const text = said(aStoredBudget({}, unpriced))
    expect(text).toContain(
      '*$60.00* spent + about $19.00 for 40 calls without a price of $100.00  ·  $21.00 left',
    )
    expect(text).toContain('*79%*')
    expect(text).toContain(
      '40 calls without a price (openai/gpt-9), estimated, and no part of what was spent',
    )
    expect(text).toContain('Prices of genai-prices 0.1.8')
  })
})

describe('the card of a budget with a counter for each user', () => {
  const rule = { scope: { projectId: 'prj_1', match: { fields: {}, tags: {} }, each: 'user' as const } }
  const counters = (count: number, stoppedCount: number, id = (n: number) => `u${n}`) =>
    Array.from({ length: count }, (_, index) =>
      aStoredBudget(rule, {
        counter: counterNamed('user', id(index)),
        spent: index < stoppedCount ? usd('120') : usd('10'),
        events: 2,
      }),
    )
  const menuOf = (all: readonly StoredBudget[]) =>
    cardMessage(cardFactsOf(aStoredBudget(rule), { counters: all }), NOON).blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.elements.flatMap((one) => (one.type === 'static_select' ? (one.options ?? []) : []))
        : [],
    )

  it('shows how many there are, the first five, and how many are stopped', () => {
    const text = said(aStoredBudget(rule), { counters: counters(12, 2) })
    expect(text).toContain('*12 users*, each with $100.00  ·  $340.00 together  ·  *2 stopped*')
    for (const id of ['u0', 'u4']) expect(text).toContain(`*user ${id}*`)
    expect(text).not.toContain('*user u5*')
    expect(text).toContain('and 7 more users')
    expect(text).toContain('24 calls')
  })

  it('offers an override for each that its limit stopped, and for no other', () => {
    expect(menuOf(counters(12, 3)).map(({ text }) => text.text)).toEqual(['user u0', 'user u1', 'user u2'])
    expect(menuOf(counters(12, 0))).toEqual([])
    expect(said(aStoredBudget(rule), { counters: counters(12, 0) })).not.toContain(ACTIONS.overrideCounter)
  })

  it('refers to each exactly, however many and long their names are', () => {
    const all = counters(150, 150, (n) => `${'x'.repeat(250)}|<&>${n}`)
    said(aStoredBudget(rule), { counters: all })
    const choices = menuOf(all)
    expect(choices).toHaveLength(100)
    for (const [index, { value = '' }] of choices.entries()) {
      const ref = readCardRef(value)
      const meant = all.filter(({ current }) => ref && isReferredTo(current.counter, ref))
      expect(meant).toEqual([all[index]])
    }
  })

  it('is one line of a list, which is yellow when some are stopped', () => {
    const budgets = [aStoredBudget(rule), ...counters(3, 1), aStoredBudget({ id: 'bud_2' })]
    const { blocks } = budgetsMessage({ budgets, stops: [] }, NOON)
    expect(messageFaults(blocks)).toEqual([])
    const text = JSON.stringify(blocks)
    expect(text).toContain('*2 budgets*')
    expect(text).toMatch(
      /:large_yellow_circle:.*3 users, each with \$100\.00, the fullest, user u0, at 120%.*\*1 stopped\*/,
    )
  })
})

describe('what a button refers to', () => {
  it('comes back whole, and from cards that were posted before there were counters', () => {
    const ref = { budgetId: 'bud_1', periodFrom: NOON, counter: 'user:a|b' }
    expect(readCardRef(writeCardRef(ref))).toEqual(ref)
    expect(readCardRef(`bud_1|${NOON.toISOString()}`)).toEqual({ ...ref, counter: '' })
    expect(readCardRef('bud_1')).toBeNull()
  })
})
