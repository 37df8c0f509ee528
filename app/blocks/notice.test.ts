import { describe, expect, it } from 'vitest'
import { NOVEMBER } from '../../core/budget/a-budget.ts'
import type { Budget } from '../../core/budget/budget.ts'
import type { Ladder } from '../../core/budget/ladder.ts'
import type { Notice } from '../../core/budget/notice.ts'
import { usd } from '../../core/money.ts'
import { aStoredBudget } from './a-stored-budget.ts'
import { noticeMessage } from './notice.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const byPerson = { at: NOON, by: 'U9' }

const told = (notice: Notice, facts: Partial<Budget>, at: Date) =>
  noticeMessage(notice, aStoredBudget(facts, { spent: usd('80') }), at)
const lifted = (facts: Partial<Budget>, at: Date) =>
  told({ kind: 'limit_lifted', spent: usd('80'), limit: usd('100') }, facts, at)?.text
const corrected = (facts: Partial<Budget>, at: Date) =>
  told({ kind: 'figure_corrected', from: usd('120'), to: usd('80'), lifted: true }, facts, at)

it('of a limit that repricing lifted says whether calls pass, as it is when it is told', () => {
  const repriced = 'Calls of *support-bot* were repriced, and it is below its limit: $80.00 of $100.00.'
  expect(lifted({}, NOON)).toBe(`:large_green_circle: ${repriced} Calls pass.`)
  expect(lifted({ manualStop: byPerson }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({ limit: usd('70') }, NOON)).toContain('Calls are refused all the same')
  expect(lifted({}, NOVEMBER.until)).toBe(`:white_circle: ${repriced} November 2026 is over.`)
})

describe('a crossing', () => {
  const stopAt = (percent: number): Ladder => [{ percent, action: { kind: 'stop', environments: null } }]
  const crossed = (
    percents: number[],
    { spent, counter = '', ...facts }: Partial<Budget> & { spent: string; counter?: string },
  ) =>
    noticeMessage(
      { kind: 'crossed', percents, spent: usd(spent), limit: usd('100') },
      aStoredBudget(facts, { spent: usd(spent), counter }),
      NOON,
    )

  it('is loud where calls stop, wherever that is, and nowhere else', () => {
    expect(crossed([100], { spent: '100' })).toMatchObject({
      broadcast: true,
      text: expect.stringMatching(/reached its limit \(100%\).*Calls are refused/),
    })
    expect(crossed([80], { spent: '80', ladder: stopAt(80) })).toMatchObject({
      broadcast: true,
      text: expect.stringMatching(/reached 80% of its limit, where its calls stop.*Calls are refused/),
    })
    expect(crossed([100], { spent: '101', ladder: stopAt(120) })).toMatchObject({
      broadcast: false,
      text: expect.stringMatching(/reached its limit.*Calls pass; they stop at 120%/),
    })
    expect(crossed([120], { spent: '120', ladder: stopAt(120) })).toMatchObject({ broadcast: true })
    expect(crossed([150], { spent: '150', ladder: [] })).toMatchObject({
      broadcast: false,
      text: expect.stringMatching(/is past 150% of its limit.*never stops them/),
    })
  })

  it('says what the ladder does from here on, and is loud where it stops an environment', () => {
    const ladder: Ladder = [
      { percent: 80, action: { kind: 'downgrade', from: 'gpt-4o', to: 'gpt-4o-mini' } },
      { percent: 90, action: { kind: 'stop', environments: ['staging', 'dev'] } },
      ...stopAt(100),
    ]
    expect(crossed([75, 80], { spent: '80', ladder })).toMatchObject({
      broadcast: false,
      text: expect.stringContaining(
        'is past 75% and 80% of its limit: $80.00 of $100.00. From now on: gpt-4o answers as gpt-4o-mini.',
      ),
    })
    expect(crossed([90], { spent: '90', ladder })).toMatchObject({
      broadcast: true,
      text: expect.stringContaining('*dev* and *staging* are stopped'),
    })
    expect(crossed([75], { spent: '75', ladder })?.text).not.toContain('From now on')
  })

  it('names the counter that crossed, in the thread alone', () => {
    const scope = { projectId: 'prj_1', match: { fields: {}, tags: {} }, each: 'user' as const }
    expect(crossed([100], { spent: '100', scope, counter: 'user:u1' })).toMatchObject({
      broadcast: false,
      text: expect.stringContaining('user u1 of *support-bot* reached its limit'),
    })
    expect(crossed([100], { spent: '100', scope, counter: 'user:' })?.text).toContain(
      'calls that name no user of *support-bot*',
    )
  })
})

it('of a figure that was corrected says both figures and whether calls pass, and disturbs no channel', () => {
  const counted = 'What *support-bot* has spent was counted anew from its calls: $80.00, not $120.00.'
  expect(corrected({}, NOON)).toEqual({
    text: `:large_green_circle: ${counted} Calls pass.`,
    broadcast: false,
  })
  expect(corrected({ limit: usd('70') }, NOON)?.text).toContain('Calls are refused all the same')
  expect(corrected({}, NOVEMBER.until)?.text).toBe(`:white_circle: ${counted} November 2026 is over.`)
})
