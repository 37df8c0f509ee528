import { expect, it } from 'vitest'
import { aBudget, aPeriod, NOVEMBER } from '../../core/budget/a-budget.ts'
import type { Budget } from '../../core/budget/budget.ts'
import { usd } from '../../core/money.ts'
import { noticeMessage } from './notice.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const byPerson = { at: NOON, by: 'U9' }

const lifted = (facts: Partial<Budget>, at: Date): string | undefined => {
  const stored = {
    ...{ budget: aBudget(facts), current: aPeriod({ spent: usd('80') }) },
    ...{ installationId: null, channelId: null, createdBy: 'U1', liftUrl: null, overridePolicy: null },
  }
  return noticeMessage({ kind: 'limit_lifted', spent: usd('80'), limit: usd('100') }, stored, at)?.text
}

it('of a limit that repricing lifted says whether calls pass, as it is when it is told', () => {
  const repriced = 'Calls of *support-bot* were repriced, and it is below its limit: $80.00 of $100.00.'
  expect(lifted({}, NOON)).toBe(`:large_green_circle: ${repriced} Calls pass.`)
  expect(lifted({ manualStop: byPerson }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({ limit: usd('70') }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({}, NOVEMBER.until)).toBe(`:white_circle: ${repriced} November 2026 is over.`)
})
