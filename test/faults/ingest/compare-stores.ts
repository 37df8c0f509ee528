/** Compares what was acknowledged with the three stores and with the sums, and says it in figures and in lines. */
import { sql } from 'drizzle-orm'
import { openPostgres } from '../../../db/postgres/open.ts'
import { type HeldRow, type ObjectsAt, readClickHouse, readLedger, readParquet } from '../held.ts'
import { asAdmitted, judge, type Verdict } from './judge.ts'
import type { Call } from './load.ts'

export interface Found {
  readonly lost: number
  readonly duplicated: number
  readonly verdicts: Readonly<Record<'ledger' | 'ClickHouse' | 'Parquet', Verdict>>
  /** Sums that are not what the calls come to, each as one sentence. */
  readonly wrongSums: readonly string[]
}

/** Where each is. */
export interface Stores {
  readonly postgres: { readonly url: string }
  readonly clickhouse: { readonly url: string }
  readonly objects: ObjectsAt
}

const NAMED_MAX = 5

export async function compareStores(
  { postgres: { url }, clickhouse, objects }: Stores,
  calls: readonly Call[],
  known: Map<string, HeldRow[]>,
): Promise<Found> {
  const postgres = openPostgres(url, { connectionsMax: 1 })
  try {
    const ledger = await readLedger(postgres)
    const admitted = asAdmitted(calls, ledger)
    const verdicts = {
      ledger: judge(calls, ledger),
      ClickHouse: judge(admitted, await readClickHouse(clickhouse.url)),
      Parquet: judge(admitted, await readParquet(objects, known)),
    }
    const sum = (count: (verdict: Verdict) => number) =>
      Object.values(verdicts).reduce((total, verdict) => total + count(verdict), 0)
    const [row] = await postgres.tables.execute<Record<string, string>>(SUMS)
    return {
      lost: sum(({ lost }) => lost.length),
      duplicated: sum(({ duplicated }) => duplicated.length),
      verdicts,
      wrongSums: wrongSums(row ?? {}, calls),
    }
  } finally {
    await postgres.close()
  }
}

export const isClean = ({ lost, duplicated, verdicts, wrongSums }: Found): boolean =>
  lost + duplicated + wrongSums.length === 0 &&
  Object.values(verdicts).every(({ mispriced }) => mispriced.length === 0)

/** None when all is well. */
export function linesOf({ verdicts, wrongSums }: Found): string[] {
  const lines = Object.entries(verdicts).flatMap(([store, verdict]) => [
    ...named(`${store} lacks`, verdict.lost),
    ...named(`${store} holds too often`, verdict.duplicated),
    ...named(`${store} holds at a wrong cost`, verdict.mispriced),
  ])
  return [...lines, ...wrongSums]
}

const named = (what: string, identities: readonly string[]): string[] =>
  identities.length === 0
    ? []
    : [`${what} ${identities.length} calls, such as ${identities.slice(0, NAMED_MAX).join(', ')}`]

const SUMS = sql`select
  (select sum(spent_nano_usd) from budget_periods)::text as "nano-dollars of the budget",
  (select sum(events) from budget_periods)::text as "events of the budget",
  (select sum(spent_nano_usd) from project_spend)::text as "nano-dollars of the project",
  (select sum(events) from project_spend)::text as "events of the project",
  (select sum(unpriced_events) from project_spend)::text as "unpriced events of the project"`

function wrongSums(row: Readonly<Record<string, string>>, calls: readonly Call[]): string[] {
  const unpriced = calls.filter(({ cost }) => cost === null).length
  const spent = calls.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n)
  return Object.entries(row).flatMap(([name, value]) => {
    const right = name.startsWith('nano') ? spent : name.startsWith('unpriced') ? unpriced : calls.length
    return String(right) === value ? [] : [`${value} ${name}, where the calls come to ${right}`]
  })
}
