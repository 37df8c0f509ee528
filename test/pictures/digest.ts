/** The picture of a digest: a message in the local Slack, from made-up facts. */
import type { Browser } from 'playwright-core'
import { aStoredBudget } from '../../app/blocks/a-stored-budget.ts'
import { type DigestFacts, digestMessage } from '../../app/blocks/digest.ts'
import type { Chart } from '../../app/charts/chart.ts'
import { spendChart } from '../../app/charts/spend-chart.ts'
import { spendOverTimeOf } from '../../app/charts/spend-series.ts'
import { sayTimeSpan } from '../../app/charts/time-marks.ts'
import { daysOfDigest } from '../../app/digest/digest-chart.ts'
import type { DigestRule } from '../../core/digest/digest-slot.ts'
import { digestSpans } from '../../core/digest/digest-spans.ts'
import { nanoUsd, subtractUsd, usd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { MONTHLY_UTC } from '../../core/period/period-rule.ts'
import { llmCosts } from '../opened-sandbox.ts'
import { serveCharts } from './served-charts.ts'
import { inStudio, takeLast } from './studio.ts'

const NOW = new Date('2026-11-25T08:00:04Z')
const RULE: DigestRule = { cadence: { kind: 'daily' }, hour: 9, timeZone: 'Europe/Berlin' }

const mover = (name: string, now: string, before: string) => ({
  ...{ name, now: usd(now), before: usd(before) },
  delta: subtractUsd(usd(now), usd(before)),
})
const budget = (id: string, title: string, spent: string) =>
  aStoredBudget(
    { id, title, projectName: title, limit: usd('400') },
    { period: periodOf(MONTHLY_UTC, NOW), spent: usd(spent), events: 9000 },
  )

const FACTS: DigestFacts = {
  spans: digestSpans(RULE, '2026-11-25'),
  told: { cost: usd('812.40'), events: 48_210, unpricedEvents: 312 },
  before: { cost: usd('944.10'), events: 51_002, unpricedEvents: 0 },
  monthSpent: usd('14902.77'),
  errors: 241,
  models: [
    mover('gpt-4o', '301.20', '498.75'),
    mover('claude-sonnet-4-5', '322.10', '251.90'),
    mover('gemini-2.5-flash', '11.05', '0'),
  ],
  routes: [mover('/chat', '402.00', '561.30'), mover('/summarise', '310.44', '262.02')],
  unpriced: [
    { provider: 'azure', model: 'team-gpt', unpricedEvents: 312, tokensIn: 1_900_000, tokensOut: 80_000 },
  ],
  isUnpricedCut: false,
  budgets: [
    budget('bud_bot', 'support-bot', '403.12'),
    budget('bud_search', 'search', '338.40'),
    budget('bud_eval', 'evaluation', '212.00'),
  ],
  reaches: new Map([
    ['bud_search', new Date('2026-11-28T14:00:00Z')],
    ['bud_eval', new Date('2026-11-30T03:00:00Z')],
  ]),
  rule: RULE,
  nextAt: new Date('2026-11-26T08:00:00Z'),
  asOf: NOW,
}

/** The last day is the one that the digest tells of. */
function sevenDays(): Chart {
  const days = daysOfDigest(RULE, '2026-11-25')
  const parts = {
    'claude-sonnet-4-5': '322.10',
    'gpt-4o': '301.20',
    'gpt-4.1-mini': '178.05',
    'gemini-2.5-flash': '11.05',
  }
  const percents = [96, 104, 118, 41, 38, 116, 100]
  const points = percents.flatMap((percent, day) =>
    Object.entries(parts).map(([value, cost]) => ({
      ...{ at: new Date(days.from.getTime() + day * 86_400_000), value, isOther: false },
      cost: nanoUsd((usd(cost) * BigInt(percent)) / 100n),
    })),
  )
  const when = `from ${sayTimeSpan(days)}`
  return spendChart({ data: spendOverTimeOf(points, { ...days, bucket: 'day' }), when, by: 'model' })
}

export const takeDigest = (browser: Browser, folder: string): Promise<string> =>
  inStudio(browser, folder, async (studio) => {
    const charts = await serveCharts()
    try {
      const picture = await charts.serve(sevenDays())
      await studio.open.client.chat.postMessage({ channel: llmCosts, ...digestMessage(FACTS, picture) })
      return await takeLast(studio, 'digest.png')
    } finally {
      await charts.close()
    }
  })
