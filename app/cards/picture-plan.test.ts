import { describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import { cardFactsOf } from '../blocks/a-card.ts'
import { aStoredBudget } from '../blocks/a-stored-budget.ts'
import { isPictureDue, type PicturePlan, picturePlan } from './picture-plan.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000)
const planOf = (spent: string, now = NOON, budget = {}): PicturePlan | null => {
  return picturePlan(cardFactsOf(aStoredBudget(budget, { spent: usd(spent) })), now)
}
const shown = (plan: PicturePlan): StoredPicture => ({
  ...plan,
  ...{ shownAt: NOON.toISOString(), altText: 'spent', source: { kind: 'link', url: 'https://a.example' } },
})
const isDue = (before: string, after: string, now: Date, kind: 'link' | 'file' = 'link') => {
  const [was, is] = [planOf(before), planOf(after, now)]
  if (!was || !is) throw new Error('there is no plan')
  return isPictureDue(shown(was), is, { kind, now })
}

describe('the chart of a card', () => {
  it('comes when there is something to draw, and not for many counters', () => {
    expect(planOf('0')).toBeNull()
    expect(planOf('5')).not.toBeNull()
    expect(planOf('5', new Date('2026-12-02T00:00:00Z'))).toBeNull()
    const scope = { projectId: 'prj_1', match: { fields: {}, tags: {} }, each: 'user' as const }
    expect(planOf('5', NOON, { scope })).toBeNull()
  })

  it('is made anew every ten minutes at most, and only when there is news', () => {
    expect(isDue('5', '20', minutes(9))).toBe(false)
    expect(isDue('5', '20', minutes(10))).toBe(true)
    expect(isDue('5', '5.1', minutes(600))).toBe(false)
    expect(isDue('5', '5.1', minutes(24 * 60))).toBe(true)
  })

  it('is made anew at once at a crossing', () => {
    expect(isDue('49', '51', minutes(1))).toBe(true)
    expect(isDue('99', '101', minutes(1))).toBe(true)
  })
})
