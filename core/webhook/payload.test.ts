import { describe, expect, it } from 'vitest'
import { aBudget, anOverride, aPeriod } from '../budget/a-budget.ts'
import type { Notice } from '../budget/notice.ts'
import { MATCH_ALL } from '../budget/scope.ts'
import { usd } from '../money.ts'
import { eventsOfNotice } from './event-of-notice.ts'
import { payloadText } from './payload.ts'

const NOW = new Date('2026-11-20T12:30:00.000Z')
const spent = (
  amount: string,
  budget = aBudget(),
  override = null as ReturnType<typeof anOverride> | null,
) => ({
  budget,
  current: aPeriod({ spent: usd(amount), override }),
})
const typesOf = (notice: Notice, snapshot = spent('0'), at = NOW) =>
  eventsOfNotice(notice, snapshot, at).map((event) => event.type)
const crossed = (...percents: number[]): Notice => ({
  kind: 'crossed',
  percents,
  spent: usd('0'),
  limit: usd('0'),
})
const ended = (end: 'spent' | 'expired' | 'stopped' | 'replaced'): Notice => ({
  ...{ kind: 'override_ended', end, spent: usd('0'), limit: usd('0') },
})
const manualStop = { at: NOW, by: 'U1' }

describe('what a webhook is told of', () => {
  it('is a threshold below the limit as a threshold, and the one that stops as a stop too', () => {
    expect(typesOf(crossed(50, 75), spent('80'))).toEqual(['budget.threshold_crossed'])
    expect(typesOf(crossed(90, 100), spent('100'))).toEqual(['budget.threshold_crossed', 'budget.stopped'])
  })

  it('is a stop where the ladder stops, and none where it only tells', () => {
    const stopAt = (percent: number) =>
      aBudget({ ladder: [{ percent, action: { kind: 'stop', environments: null } }] })
    expect(typesOf(crossed(75, 90), spent('90', stopAt(90)))).toEqual([
      'budget.threshold_crossed',
      'budget.stopped',
    ])
    expect(typesOf(crossed(100), spent('100', stopAt(120)))).toEqual(['budget.threshold_crossed'])
    expect(typesOf(crossed(100), spent('100', aBudget({ ladder: [] })))).toEqual(['budget.threshold_crossed'])
  })

  it('is no stop where the limit is crossed under an override, or a person had stopped already', () => {
    expect(typesOf(crossed(100), spent('100', aBudget(), anOverride()))).toEqual(['budget.threshold_crossed'])
    expect(typesOf(crossed(100), spent('100', aBudget({ manualStop })))).toEqual(['budget.threshold_crossed'])
  })

  it('is the end of an override, and the stop that follows unless a person made it', () => {
    expect(typesOf(ended('spent'), spent('110'))).toEqual(['budget.override_ended', 'budget.stopped'])
    expect(typesOf(ended('expired'), spent('100'))).toEqual(['budget.override_ended', 'budget.stopped'])
    expect(typesOf(ended('expired'), spent('90'))).toEqual(['budget.override_ended'])
    expect(typesOf(ended('stopped'), spent('100'))).toEqual(['budget.override_ended'])
  })

  it('is a limit that was raised above the spend, and no other change of it', () => {
    const set = (previous: string | null): Notice => ({
      ...{ kind: 'budget_set', by: 'U1', limit: usd('100') },
      previousLimit: previous === null ? null : usd(previous),
    })
    expect(typesOf(set('50'), spent('60'))).toEqual(['budget.lifted'])
    expect(typesOf(set('70'), spent('60'))).toEqual([])
    expect(typesOf(set('50'), spent('100'))).toEqual([])
    expect(typesOf(set('50'), spent('60', aBudget({ manualStop })))).toEqual([])
    expect(typesOf(set('200'), spent('60'))).toEqual([])
    expect(typesOf(set(null), spent('60'))).toEqual([])
  })

  it('is no stop and no lift of now where a period is told of that is over or has not begun', () => {
    const lifted: Notice = { kind: 'limit_lifted', spent: usd('1'), limit: usd('2') }
    for (const at of [new Date('2026-12-01T00:00:00.000Z'), new Date('2026-10-31T23:59:59.999Z')]) {
      expect(typesOf(crossed(100), spent('100'), at)).toEqual(['budget.threshold_crossed'])
      expect(typesOf(lifted, spent('90'), at)).toEqual([])
      expect(typesOf(ended('expired'), spent('100'), at)).toEqual(['budget.override_ended'])
    }
  })

  it('is the stop of a period that was spent before it began', () => {
    expect(typesOf({ kind: 'period_opened' }, spent('100'))).toEqual([
      'budget.period_opened',
      'budget.stopped',
    ])
  })

  it('is what persons do, corrected prices, and a period that the clock opens', () => {
    expect(typesOf({ kind: 'stopped_by_person', by: 'U1' })).toEqual(['budget.stopped'])
    expect(typesOf({ kind: 'resumed', by: 'U1' })).toEqual(['budget.resumed'])
    expect(typesOf({ kind: 'limit_lifted', spent: usd('1'), limit: usd('2') })).toEqual(['budget.lifted'])
    expect(typesOf({ kind: 'period_opened' })).toEqual(['budget.period_opened'])
  })

  it('is a figure that was corrected only where it had stopped calls', () => {
    const corrected = { kind: 'figure_corrected', from: usd('120'), to: usd('8') } as const
    expect(typesOf({ ...corrected, lifted: true })).toEqual(['budget.lifted'])
    expect(typesOf({ ...corrected, lifted: false })).toEqual([])
  })
})

describe('the body of a webhook', () => {
  const bodyOf = (notice: Notice, snapshot: ReturnType<typeof spent>, at = NOW): unknown => {
    const event = eventsOfNotice(notice, snapshot, at).at(-1)
    if (event === undefined) throw new Error('no event')
    return JSON.parse(payloadText({ id: 'msg_1', event, snapshot, at, sequence: 7 }))
  }

  it('says what happened to which budget, with money that loses nothing', () => {
    expect(bodyOf(crossed(100), spent('100.000000001'))).toEqual({
      id: 'msg_1',
      type: 'budget.stopped',
      timestamp: '2026-11-20T12:30:00.000Z',
      data: {
        org_id: 'org_1',
        sequence: 7,
        budget: {
          id: 'bud_1',
          title: 'support-bot',
          scope: { project_id: 'prj_1', words: 'support-bot' },
          period: { from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' },
          spent_usd: '100.000000001',
          estimated_usd: '0.000000000',
          limit_usd: '100.000000000',
          state: 'stopped',
        },
        by: 'limit',
      },
    })
  })

  it('says who did it, and for how long an override holds', () => {
    const { amount, ceiling, until, reason } = anOverride()
    const granted: Notice = { kind: 'override_granted', by: 'U1', amount, ceiling, until, reason }
    expect(bodyOf(granted, spent('100', aBudget(), anOverride()))).toMatchObject({
      type: 'budget.override_granted',
      data: {
        budget: { state: 'overridden' },
        override: {
          ...{ amount_usd: '10.000000000', ceiling_usd: '110.000000000', granted_by: 'U1' },
          ...{ until: '2026-11-20T13:00:00.000Z', reason: 'launch day' },
        },
      },
    })
    expect(
      bodyOf({ kind: 'stopped_by_person', by: 'U2' }, spent('1', aBudget({ manualStop }))),
    ).toMatchObject({
      data: { by: 'person', person: 'U2', budget: { state: 'stopped' } },
    })
    expect(bodyOf(ended('spent'), spent('50'))).toMatchObject({
      data: { end: 'spent', budget: { state: 'warned' } },
    })
  })

  it('says nothing of how the budget stands now where it tells of another period', () => {
    const late = bodyOf(crossed(75), spent('80'), new Date('2026-12-01T00:00:00.000Z'))
    expect(late).toMatchObject({ data: { budget: { spent_usd: '80.000000000' } } })
    expect(late).not.toHaveProperty('data.budget.state')
  })

  it('says whose counter it is where each user has one, and the limit with what was carried over', () => {
    const scope = { projectId: null, match: MATCH_ALL, each: 'user' } as const
    const budget = aBudget({ scope, projectName: null })
    const current = aPeriod({ spent: usd('80'), carried: usd('5'), counter: 'user:u-42' })
    expect(bodyOf(crossed(75), { budget, current })).toMatchObject({
      data: {
        budget: {
          scope: {
            project_id: null,
            owner: { each: 'user', id: 'u-42' },
            words: 'the whole organisation, each user',
          },
          limit_usd: '105.000000000',
        },
      },
    })
  })
})
