import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LADDER } from '../../core/budget/ladder.ts'
import type { Notice } from '../../core/budget/notice.ts'
import type { OverrideAsked, RequestState } from '../../core/budget/override-request.ts'
import { emptyPeriodOf } from '../../core/budget/period-at.ts'
import { ONE_COUNTER, scopeOfProject } from '../../core/budget/scope.ts'
import { budgetState } from '../../core/budget/state.ts'
import { nanoUsd, usd, zeroUsd } from '../../core/money.ts'
import { MONTHLY_UTC } from '../../core/period/period-rule.ts'
import { monthOf } from '../../core/period.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { messageFaults, viewFaults } from '../../test/slack-limits.ts'
import { EVERYTHING } from '../ids.ts'
import { moversOf } from '../spend/movers.ts'
import { cardFactsOf } from './a-card.ts'
import { aDeed, aHome, aKey } from './a-home.ts'
import { answerTable } from './answer-table.ts'
import { auditMessage } from './audit.ts'
import { budgetsMessage } from './budget-list.ts'
import { budgetModal, changeModal } from './budget-modal.ts'
import { cardMessage } from './card.ts'
import { stateToAttend } from './card-attention.ts'
import { comparisonMessage } from './comparison.ts'
import { DEED_ACTIONS as AUDITED } from './deed-words.ts'
import { denyModal } from './deny-modal.ts'
import { errorsMessage } from './errors.ts'
import { forecastMessage } from './forecast-list.ts'
import { helpMessage, unknownMessage } from './help.ts'
import { closedHomeBlocks, homeBlocks } from './home.ts'
import { noticeMessage } from './notice.ts'
import { overrideModal } from './override-modal.ts'
import { requestMessage } from './request-message.ts'
import { readWindows, settingsModal } from './settings-modal.ts'
import { spendMessage } from './spend.ts'
import { spendModal } from './spend-modal.ts'
import { bar, name } from './text.ts'
import { stopModal, wideStopsMessage } from './wide-stops.ts'

const now = new Date('2026-11-23T12:00:00Z')
const amount = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(nanoUsd)
const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 400 }),
  fc.constantFrom('<!channel>', '*_~`', '&lt;'),
)

const override = fc.record({ amount, ceiling: amount, reason: words }).map((given) => ({
  id: 'ovr_1',
  grantedAt: now,
  until: new Date(now.getTime() + 60_000),
  grantedBy: 'U1',
  ...given,
}))

const aBudget: fc.Arbitrary<StoredBudget> = fc
  .record({
    projectName: words,
    limit: amount.filter((one) => one > 0n),
    spent: amount,
    unpriced: fc.nat(),
    override: fc.option(override),
    stopped: fc.boolean(),
  })
  .map(({ projectName, limit, spent, unpriced, override: running, stopped }) => ({
    budget: {
      id: 'bud_1',
      orgId: 'org_1',
      title: projectName,
      scope: scopeOfProject('prj_1'),
      projectName,
      periodRule: MONTHLY_UTC,
      rollover: 'none',
      ladder: DEFAULT_LADDER,
      mode: 'cached',
      onUnreachable: 'allow',
      onUnpriced: 'estimate_high',
      lifters: 'admins',
      limit,
      thresholdsPercent: [50, 75, 90, 100],
      limitRevision: 1,
      manualStop: stopped ? { at: now, by: 'U2' } : null,
    },
    current: {
      ...emptyPeriodOf(monthOf(now), ONE_COUNTER),
      spent,
      events: unpriced,
      unpricedEvents: unpriced,
      override: running,
    },
    overridePolicy: null,
    installationId: 'ins_1',
    channelId: 'C0LLMCOSTS',
    createdBy: 'U1',
    liftUrl: null,
  }))

/** One in each state, for as much as is spent and with the title as its reason. */
function requestsFor({ budget, current }: StoredBudget): OverrideAsked[] {
  const until = new Date(now.getTime() + 3_600_000)
  const ask = {
    ...{ id: 'req_1', budgetId: budget.id, counter: ONE_COUNTER, periodFrom: current.period.from },
    ...{ amount: current.spent, windowS: 900, reason: budget.title, requestedBy: 'U1', requestedAt: now },
    expiresAt: until,
  }
  const states: RequestState[] = [
    { kind: 'pending' },
    { kind: 'granted', by: 'U2', at: now },
    { kind: 'denied', by: 'U2', at: now, reason: budget.title },
    { kind: 'expired', at: now },
  ]
  return states.map((state) => ({ ...ask, state }))
}

describe('what is sent to Slack', () => {
  it('is within its limits, whatever the names and the sums', () => {
    fc.assert(
      fc.property(aBudget, (stored) => {
        expect(messageFaults(cardMessage(cardFactsOf(stored), now).blocks)).toEqual([])
        const state = stateToAttend(budgetState(stored, now), [], now) ?? ''
        const attention = {
          acknowledged: { by: 'U1', at: now, state },
          quiet: { by: 'U1', from: now, until: new Date(now.getTime() + 1) },
        }
        expect(messageFaults(cardMessage(cardFactsOf(stored, { attention }), now).blocks)).toEqual([])
        const policy = { lifters: 'admins', windowsS: [10, 86_400], amountMax: usd('5') } as const
        const names = Array.from({ length: 50 }, (_, index) => `U${'N'.repeat(60)}${index}`)
        const terms = { ...policy, lifters: names, secondPerson: true, requestExpiresS: 86_400 }
        const asks = { form: 'ask', terms, userId: 'U1', entered: { amount: '25%', windowS: 10 } } as const
        expect(viewFaults(overrideModal(stored, asks, now))).toEqual([])
        const grants = { ...asks, form: 'grant', entered: null } as const
        expect(viewFaults(overrideModal(stored, grants, now))).toEqual([])
        for (const request of requestsFor(stored)) {
          expect(messageFaults(requestMessage(request, stored, terms).blocks)).toEqual([])
          expect(viewFaults(denyModal(request, true))).toEqual([])
        }
        const waiting = Array.from({ length: 40 }, () => requestsFor(stored)).flat()
        expect(messageFaults(cardMessage(cardFactsOf(stored, { waiting }), now).blocks)).toEqual([])
        expect(viewFaults(settingsModal(policy))).toEqual([])
        const projects = Array.from({ length: 130 }, (_, index) => ({
          id: `prj_${index}`,
          orgId: 'org_1',
          name: stored.budget.title,
        }))
        expect(viewFaults(budgetModal({ projects, budgets: [stored], chosenProjectId: 'prj_1' }))).toEqual([])
        const options = { unit: 'quarter', timeZone: 'Asia/Kolkata' } as const
        expect(
          viewFaults(budgetModal({ projects, budgets: [stored], chosenProjectId: 'prj_1', options })),
        ).toEqual([])
        expect(viewFaults(changeModal(stored, options))).toEqual([])
        const reason = stored.budget.title.repeat(3)
        expect(viewFaults(stopModal({ projects, chosen: EVERYTHING, reason }))).toEqual([])
        const stop = { reach: 'project', at: now, by: 'U1', reason } as const
        const stops = projects.map(({ id, name }) => ({ ...stop, projectId: id, projectName: name }))
        expect(messageFaults(wideStopsMessage(stops).blocks)).toEqual([])
        const budgets = Array.from({ length: 60 }, () => stored)
        expect(messageFaults(budgetsMessage({ budgets, stops }, now).blocks)).toEqual([])
        const crowded = projects.map((project) => ({
          ...{ ...project, spent: stored.current.spent, events: 1, unpricedEvents: 1 },
        }))
        const charts = ['a', 'b', 'c'].map((one) => ({
          altText: reason,
          url: `https://x.example/${one}.png`,
        }))
        const unpriced = Array.from({ length: 5 }, () => ({
          provider: reason,
          model: reason,
          unpricedEvents: 9,
          tokensIn: 1,
          tokensOut: 1,
        }))
        const facts = aHome({
          projects: crowded,
          choice: { range: '30d', projectId: projects[projects.length - 1]?.id ?? null },
          ...{ budgets, stops, asOf: now },
          archive: { kind: 'read', latency: null, unpriced, charts },
          keys: crowded.map((one) => aKey({ name: reason, projectId: one.id, projectName: one.name })),
          deeds: Array.from({ length: 5 }, () => aDeed({ actor: reason, action: reason })),
        })
        for (const projectId of [null, 'prj_1', facts.choice.projectId]) {
          const home = homeBlocks({ ...facts, choice: { ...facts.choice, projectId } })
          expect(viewFaults({ type: 'home', blocks: home })).toEqual([])
        }
        expect(viewFaults({ type: 'home', blocks: closedHomeBlocks(reason) })).toEqual([])
        const home = homeBlocks({ ...facts, archive: { kind: 'silent' } })
        expect(viewFaults({ type: 'home', blocks: home })).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('is a table that Slack takes, whatever stands in it and however much', () => {
    const row = fc.array(words, { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 150 }), (rows) => {
        expect(messageFaults([answerTable(rows)])).toEqual([])
      }),
      { numRuns: 50 },
    )
    const line = { name: '<'.repeat(400), cost: nanoUsd(10n ** 18n), events: 1e9, unpricedEvents: 1e9 }
    const lines = Array.from({ length: 46 }, () => line)
    const about = {
      when: 'today',
      from: now,
      until: now,
      by: 'model',
      timeZone: 'UTC',
      filter: { fields: {}, tags: {} },
    }
    const answer = { ...about, total: { ...line, events: 5e10 }, lines, unpriced: [], asOf: now }
    expect(messageFaults(spendMessage(answer, 'table').blocks)).toEqual([])
  })

  it('answers within its limits, whatever calls, budgets and deeds are called', () => {
    const count = fc.nat({ max: 1e9 })
    fc.assert(
      fc.property(aBudget, fc.array(words, { minLength: 1, maxLength: 90 }), count, (stored, names, many) => {
        const range = { when: 'today', from: now, until: now, bucket: 'day', timeZone: 'UTC' } as const
        const filter = { fields: { model: names.slice(0, 50) }, tags: { [names[0] ?? '']: names } }
        const ended = { calls: many + 1, failed: many, statuses: [{ status: 'blocked', calls: many }] }
        const lines = names.map((one) => ({ name: one, ...ended }))
        const errors = errorsMessage({
          ...{ range, filter, by: 'model', total: ended, lines: lines.slice(0, 46), asOf: now },
          routes: lines.slice(0, 5),
        })
        expect(messageFaults(errors.blocks)).toEqual([])
        const cost = stored.current.spent
        const counted = { cost, events: many, unpricedEvents: many }
        const costs = names.map((one) => ({ name: one, cost }))
        const comparison = comparisonMessage({
          ...{
            ranges: { range, before: range, isRunning: true },
            filter,
            isCut: true,
            by: 'model',
            asOf: now,
          },
          ...{ now: counted, before: { ...counted, cost: zeroUsd }, movers: moversOf(costs, [], 8) },
        })
        expect(messageFaults(comparison.blocks)).toEqual([])
        const reached = { at: now, earliestAt: now, latestAt: null, expectedAtEnd: cost } as const
        const forecasts = Array.from({ length: 20 }, () => ({
          ...{ stored, forecast: { kind: 'reaches', ...reached } as const },
        }))
        const forecast = forecastMessage({ shown: forecasts, more: 3 }, { timeZone: 'UTC', now })
        expect(messageFaults(forecast.blocks)).toEqual([])
        const told = { reason: names[0], limit_nano_usd: '1', amount_nano_usd: '1', until: now.toISOString() }
        const deeds = AUDITED.flatMap((action) => ({
          deed: {
            ...{ id: 'aud_1', orgId: 'org_1', at: now, actor: names[0] ?? '', action, subject: 'bud_1' },
            ...{ before: told, after: { ...told, url: names[0], name: names[0] }, origin: 'slack' },
          },
          subjectName: names[0] ?? null,
        }))
        const audit = auditMessage({ deeds: deeds.slice(0, 40), hasMore: true, actor: names[0] ?? null }, now)
        expect(messageFaults(audit.blocks)).toEqual([])
        for (const block of audit.blocks)
          if (block.type === 'section') expect(block.text?.text).not.toMatch(/…$/)
        const spent = { ...counted, name: names[0] ?? '' }
        const about = { ...range, by: 'project', filter, unpriced: [], asOf: now }
        const modal = spendModal({
          ...about,
          total: counted,
          lines: names.map((one) => ({ ...spent, name: one })),
        })
        expect(viewFaults(modal)).toEqual([])
        for (const { blocks } of [
          helpMessage('https://x'),
          unknownMessage(names[0] ?? '', null, 'https://x'),
        ])
          expect(messageFaults(blocks)).toEqual([])
        const said = JSON.stringify([errors.blocks, comparison.blocks, forecast.blocks, audit])
        expect(said.replaceAll(/"raw_text","text":"(?:[^"\\\\]|\\\\.)*"/g, '')).not.toContain('<!channel>')
      }),
      { numRuns: 25 },
    )
  })

  it('never mentions a channel because a customer named something so', () => {
    fc.assert(
      fc.property(aBudget, (stored) => {
        const notice: Notice = {
          kind: 'crossed',
          percents: [100],
          spent: stored.current.spent,
          limit: stored.budget.limit,
        }
        const terms = { lifters: 'admins', secondPerson: true } as const
        const asked = requestsFor(stored).map((request) => requestMessage(request, stored, terms))
        const card = cardMessage(cardFactsOf(stored), now)
        const said = JSON.stringify([card, asked, noticeMessage(notice, stored, now)])
        // A header is plain text, where it is only letters.
        expect(said.replaceAll(/"plain_text","text":"(?:[^"\\\\]|\\\\.)*"/g, '')).not.toContain('<!channel>')
      }),
    )
  })

  it('keeps a name that only has underscores inside as it is', () => {
    expect(name('support_bot_eu')).toBe('support_bot_eu')
    expect(name('*loud*')).not.toBe('*loud*')
  })

  it('shows a bar that is full only at the limit and never empty after the first nano-dollar', () => {
    expect(bar(nanoUsd(0n), usd('10'))).toBe('▱▱▱▱▱▱▱▱▱▱')
    expect(bar(nanoUsd(1n), usd('10'))).toBe('▰▱▱▱▱▱▱▱▱▱')
    expect(bar(usd('9.999999999'), usd('10'))).toBe('▰▰▰▰▰▰▰▰▰▱')
    expect(bar(usd('70'), usd('10'))).toBe('▰▰▰▰▰▰▰▰▰▰')
  })

  it('reads windows as a person writes them, and refuses what it cannot read', () => {
    expect(readWindows('1h, 10s 15M;1d,1h')).toEqual([10, 900, 3600, 86_400])
    for (const bad of ['', 'soon', '0m', '32d', '1h, later', '1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s'])
      expect(readWindows(bad)).toBeNull()
  })
})
