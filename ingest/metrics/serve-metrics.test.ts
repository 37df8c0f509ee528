import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { aFacts } from '../../test/metrics/a-facts.ts'
import { parseExposition } from '../../test/metrics/parse-exposition.ts'
import { buildMetrics } from './build-metrics.ts'
import { serveMetrics } from './serve-metrics.ts'

const metrics = buildMetrics()
metrics.show(aFacts())

describe('the port of metrics', () => {
  it('answers GET /metrics and nothing else', async () => {
    const served = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 })
    try {
      const answer = await fetch(served.url)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/plain'),
      ])
      expect(parseExposition(await answer.text()).size).toBeGreaterThan(20)
      expect((await fetch(served.url, { method: 'POST' })).status).toBe(404)
      expect((await fetch(new URL('/v1/events', served.url))).status).toBe(404)
    } finally {
      await served.close()
    }
  })

  it('that cannot be had is named with the variable that says another', async () => {
    const served = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 })
    const port = Number(new URL(served.url).port)
    await expect(serveMetrics(metrics, { host: '127.0.0.1', port })).rejects.toThrow(
      `metrics cannot be served: port ${port} of 127.0.0.1 is in use by another process; set METRICS_PORT`,
    )
    await expect(serveMetrics(metrics, { host: '192.0.2.1', port: 0 })).rejects.toThrow('set METRICS_HOST')
    await served.close()
  })
})

describe('the alerts of the runbook', () => {
  const runbook = readFileSync(new URL('../../docs/runbooks/production.md', import.meta.url), 'utf8')
  const block = /```yaml\n(groups:[\s\S]*?)```/.exec(runbook)?.[1] ?? ''

  it('ask for series that ingest has', async () => {
    const { groups }: { groups: { rules: { alert: string; expr: string }[] }[] } = parseYaml(block)
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.length).toBeGreaterThan(5)
    const names = [...parseExposition((await metrics.expose()).text).keys()]
    const selectors = rules.flatMap(({ expr }) => expr.match(/lens_ingest_\w+(?:\{[^}]*\})?/g) ?? [])
    expect(selectors.length).toBeGreaterThanOrEqual(rules.length - 1)
    for (const selector of selectors) {
      const isThere = names.some((name) => name === selector || name.startsWith(`${selector}{`))
      expect([selector, isThere]).toEqual([selector, true])
    }
  })
})
