import { describe, expect, it } from 'vitest'
import { budgetState } from '../../core/budget/state.ts'
import type { Forecast } from '../../core/forecast/forecast.ts'
import type { KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { usd } from '../../core/money.ts'
import { messageFaults } from '../../test/slack-limits.ts'
import { cardFactsOf } from './a-card.ts'
import { aStoredBudget } from './a-stored-budget.ts'
import { budgetsMessage } from './budget-list.ts'
import { cardMessage } from './card.ts'
import { forecastWords } from './forecast-words.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const hours = (count: number) => new Date(NOON.getTime() + count * 3_600_000)
const reaches: Forecast = {
  ...{ kind: 'reaches', at: hours(26), earliestAt: hours(20), latestAt: null },
  expectedAtEnd: usd('130'),
}
const holds: Forecast = { kind: 'holds', mayReachAt: null, expectedAtEnd: usd('81.5') }
const kept = (forecast: Forecast, more: Partial<KeptForecast> = {}): KeptForecast => ({
  ...{ forecast, at: NOON, periodFrom: new Date('2026-11-01T00:00:00Z'), limitRevision: 1 },
  ...more,
})
const words = (of: KeptForecast | null, spent = '60', now = NOON, budget = {}) => {
  const stored = aStoredBudget(budget, { spent: usd(spent) })
  return forecastWords(stored, of, { state: budgetState(stored, now), now })
}

describe('the forecast on a card', () => {
  it('is one line: when the limit is reached, or what is spent by the end', () => {
    expect(words(kept(reaches))).toBe('At this rate *100% on Saturday 14:00* (UTC)')
    expect(words(kept(holds))).toBe('At this rate it stays below: about *$81.50* of $100.00 at the end')
    expect(words(kept({ ...holds, mayReachAt: hours(200) }))).toMatch(/at the end, but it is close$/)
    const said = (now: Date) => words(kept(reaches), '60', now)
    // The same words until the next forecast, or the card would be sent anew for nothing.
    expect(said(hours(2))).toBe(said(NOON))
  })

  it('says its time when it is old, and is left out when it is days old', () => {
    expect(words(kept(holds), '60', hours(4))).toMatch(/at the end, as of <!date\^/)
    expect(words(kept(holds), '60', hours(49))).toBeNull()
  })

  it('is left out where nothing is known, and where it is of another period or limit', () => {
    expect(words(null)).toBeNull()
    expect(words(kept({ kind: 'too_early', hoursKnown: 3, hoursNeeded: 24 }))).toBeNull()
    expect(words(kept(holds, { limitRevision: 2 }))).toBeNull()
    expect(words(kept(holds, { periodFrom: new Date('2026-10-01T00:00:00Z') }))).toBeNull()
  })

  it('is left out once the spend or the clock has proved it wrong', () => {
    expect(words(kept(holds), '82')).toBeNull()
    expect(words(kept(reaches), '60', hours(27))).toBeNull()
  })

  it('is left out while the budget is stopped', () => {
    expect(words(kept(reaches), '101')).toBeNull()
    expect(words(kept(reaches), '60', NOON, { manualStop: { at: NOON, by: 'U1' } })).toBeNull()
    const stored = aStoredBudget({}, { spent: usd('60') })
    const stop = { ...{ reach: 'organisation' as const, projectId: null }, at: NOON, by: 'U1', reason: '' }
    const card = (stops: readonly (typeof stop)[]) =>
      JSON.stringify(cardMessage(cardFactsOf(stored, { forecast: kept(reaches), stops }), NOON).blocks)
    expect(card([])).toContain('At this rate *100% on Saturday 14:00*')
    expect(card([stop])).not.toContain('At this rate')
  })

  it('stands in the list of budgets too', () => {
    const budgets = [aStoredBudget({}, { spent: usd('60') })]
    const forecasts = new Map([['bud_1', kept(reaches)]])
    const { blocks } = budgetsMessage({ budgets, stops: [], forecasts }, NOON)
    expect(messageFaults(blocks)).toEqual([])
    const stop = { reach: 'organisation', projectId: null, projectName: null, at: NOON } as const
    const stopped = budgetsMessage({ budgets, stops: [{ ...stop, by: 'U1', reason: '' }], forecasts }, NOON)
    expect(JSON.stringify(stopped.blocks)).not.toContain('At this rate')
    expect(JSON.stringify(blocks)).toContain('Past 50%  ·  At this rate *100% on Saturday 14:00* (UTC)')
  })
})
