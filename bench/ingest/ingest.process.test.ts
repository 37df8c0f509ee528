/** The benchmark itself, as short as it can be: that it ends, says everything, and finds nothing lost. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const cwd = fileURLToPath(new URL('../..', import.meta.url))
const bench = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...words], { cwd })

const RATES = ['rps', 'events_per_s', 'ack_p50_ms', 'ack_p95_ms', 'ack_p99_ms']
const COSTS = ['cpu_s_per_million_events', 'rss_mb_max', 'lost', 'duplicated']
const LAGS = ['ledger_lag_p95_ms', 'clickhouse_lag_p95_ms']

it('says each figure of each load, and loses and doubles nothing', async () => {
  const { stdout } = await bench('ingest', '--seconds', '1')
  const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  expect(Object.keys(figures)).toEqual(['modest', 'brief', 'max', 'floor'])
  expect(Object.keys(figures.floor)).toEqual(RATES)
  for (const name of ['modest', 'brief', 'max']) {
    expect(Object.keys(figures[name])).toEqual([...RATES, ...COSTS, ...LAGS])
    expect(figures[name]).toMatchObject({ lost: 0, duplicated: 0 })
    expect(figures[name].events_per_s).toBeGreaterThan(0)
  }
}, 120_000)

it('says which benchmarks there are when it knows none of that name', async () => {
  await expect(bench('egress')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/there is no benchmark "egress".*\bingest\b/),
  })
}, 60_000)
