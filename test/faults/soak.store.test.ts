import { expect, it } from 'vitest'
import { soak } from './soak.ts'

it('loses, doubles and misprices no acknowledged event while processes and stores are killed', async () => {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const figures = await soak({ seconds: 16, killEveryS: 4, eventsPerS: 100, log }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${lines.slice(-30).join('\n')}`)
  })
  const nothing = { ledger: [], clickhouse: [], parquet: [] }
  expect(figures).toMatchObject({ lost: nothing, doubled: nothing, mispriced: nothing })
  expect(figures.acknowledged).toBe(1_600)
  expect([figures.budgetNanoUsd, figures.projectNanoUsd]).toEqual([
    figures.ledgerNanoUsd,
    figures.ledgerNanoUsd,
  ])
  expect(figures.alerts).toEqual([50, 75, 90, 100])
  expect(new Set(figures.kills).size).toBeGreaterThanOrEqual(2)
}, 180_000)
