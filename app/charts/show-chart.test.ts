import { describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { llmCosts, openForTest } from '../../test/opened-sandbox.ts'
import { driversChart } from './drivers-chart.ts'
import { showChart } from './show-chart.ts'

const lines = ['gpt-4o', 'o4-mini'].map((name, index) => ({ name, cost: usd(String(3 - index)) }))
const chart = driversChart({ lines, by: 'model', when: 'today' })
const shown = {
  place: { kind: 'channel', channelId: llmCosts },
  filename: 'drivers.png',
  prefer: 'slack_chart',
} as const

describe('a chart in a channel', () => {
  it("is Slack's own where it fits, and a picture where it is wanted or Slack refuses the block", async () => {
    const open = await openForTest()
    const own = await showChart(open.client, { ...shown, chart })
    const wanted = await showChart(open.client, { ...shown, chart, prefer: 'picture' })
    open.sandbox.refuseBlocks('data_visualization')
    const instead = await showChart(open.client, { ...shown, chart })
    expect([own.kind, wanted.kind, instead.kind]).toEqual(['slack_chart', 'picture', 'picture'])
    await open.close()
  })
})
