import { describe, expect, it } from 'vitest'
import { generateTrace } from '../../local/replay/generated-trace.ts'
import { brokenPromises } from './promises.ts'
import { runJourney } from './run-journey.ts'

describe('the main job', () => {
  it('counts every call once, stops, is lifted in Slack and stops again, over two kills', async () => {
    const requests = generateTrace({ seed: 2, count: 600 })
    const lines: string[] = []
    const figures = await runJourney({
      requests,
      budgetShare: 0.6,
      overrideWindow: '3s',
      log: (line) => lines.push(line),
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lines.slice(-40).join('\n')}`)
    })
    expect(brokenPromises(figures)).toEqual([])
    expect(figures.calls_made).toBeGreaterThan(requests.length * 0.5)
  }, 240_000)
})
