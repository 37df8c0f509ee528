/** The benchmark itself, one case and as short as it can be; and the process that only asks for holds. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startChild } from './child.ts'
import type { FromHolders, HoldLoad } from './orders.ts'

const cwd = fileURLToPath(new URL('../..', import.meta.url))
const bench = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/main.ts', 'overshoot', ...words], { cwd })

it('crosses the limit, stops every client, and agrees with the ledger to the nano-dollar', async () => {
  const { stdout } = await bench('--quick', '--only', 'cached-10')
  expect(stdout).toContain('the ledger, the budget and the clients agree to the nano-dollar')
  const { cases, hot_budget: hotBudget } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  expect(cases).toMatchObject([{ mode: 'cached', clients: 10, replicas_lost: 0, false_refusals: 0 }])
  expect(cases[0].overshoot_usd).toBeGreaterThan(0)
  expect(cases[0].spent_at_stop_usd - cases[0].overshoot_usd).toBeCloseTo(cases[0].limit_usd, 9)
  expect(cases[0].stop_latency_p95_ms).toBeLessThan(Number.MAX_SAFE_INTEGER)
  expect(hotBudget).toBeNull()
}, 120_000)

it('asks for holds in turns and on a schedule, each with an id of its own, and fails when one is not granted', async () => {
  const ids: unknown[] = []
  let isGranted = true
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(Buffer.from(piece))
    ids.push(JSON.parse(Buffer.concat(pieces).toString()).request_id)
    const text = JSON.stringify(isGranted ? { granted: true, hold_id: 'hld_1' } : { granted: false })
    response.writeHead(200, { 'content-length': Buffer.byteLength(text) })
    response.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const holders = await startChild<HoldLoad, FromHolders>('bench/overshoot/holders/main.ts', () => undefined)
  const load = { kind: 'hold', port, apiKey: 'lens_x', seconds: 0.5 } as const
  try {
    const most = await holders.ask({ ...load, tag: 'most', pace: { kind: 'closed', connections: 4 } }, 'held')
    const steady = await holders.ask(
      { ...load, tag: 'steady', pace: { kind: 'open', requestsPerS: 100 } },
      'held',
    )
    expect(steady.holds).toBe(50)
    expect(new Set(ids).size).toBe(most.holds + steady.holds)
    isGranted = false
    const refused = holders.ask({ ...load, tag: 'refused', pace: { kind: 'closed', connections: 1 } }, 'held')
    await expect(refused).rejects.toThrow(/a hold was not granted: 200/)
  } finally {
    holders.stop()
    server.close()
    server.closeAllConnections()
  }
}, 60_000)
