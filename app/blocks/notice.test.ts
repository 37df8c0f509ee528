import { expect, it } from 'vitest'
import { aBudget, aPeriod, NOVEMBER } from '../../core/budget/a-budget.ts'
import type { Budget } from '../../core/budget/budget.ts'
import type { Notice } from '../../core/budget/notice.ts'
import { usd } from '../../core/money.ts'
import { noticeMessage } from './notice.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const byPerson = { at: NOON, by: 'U9' }

const told = (notice: Notice, facts: Partial<Budget>, at: Date) => {
  const stored = {
    ...{ budget: aBudget(facts), current: aPeriod({ spent: usd('80') }) },
    ...{ installationId: null, channelId: null, createdBy: 'U1', liftUrl: null, overridePolicy: null },
  }
  return noticeMessage(notice, stored, at)
}
const lifted = (facts: Partial<Budget>, at: Date) =>
  told({ kind: 'limit_lifted', spent: usd('80'), limit: usd('100') }, facts, at)?.text
const corrected = (facts: Partial<Budget>, at: Date) =>
  told({ kind: 'figure_corrected', from: usd('120'), to: usd('80'), lifted: true }, facts, at)

it('of a limit that repricing lifted says whether calls pass, as it is when it is told', () => {
  const repriced = 'Calls of *support-bot* were repriced, and it is below its limit: $80.00 of $100.00.'
  expect(lifted({}, NOON)).toBe(`:large_green_circle: ${repriced} Calls pass.`)
  expect(lifted({ manualStop: byPerson }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({ limit: usd('70') }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({}, NOVEMBER.until)).toBe(`:white_circle: ${repriced} That period is over.`)
})

it('of a figure that was corrected says both figures and whether calls pass, and disturbs no channel', () => {
  const counted = 'What *support-bot* has spent was counted anew from its calls: $80.00, not $120.00.'
  expect(corrected({}, NOON)).toEqual({
    text: `:large_green_circle: ${counted} Calls pass.`,
    broadcast: false,
  })
  expect(corrected({ limit: usd('70') }, NOON)?.text).toContain('Calls are refused all the same')
  expect(corrected({}, NOVEMBER.until)?.text).toBe(`:white_circle: ${counted} That period is over.`)
})
