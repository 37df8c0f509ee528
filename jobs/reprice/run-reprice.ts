/** `npm run job -- reprice`: shows what today's prices change, and with --apply changes it. */
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import { layeredPriceBook } from '../../core/pricing/own-prices.ts'
import type { PriceBook } from '../../core/pricing/rates.ts'
import type { Environment } from '../../core/settings.ts'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import type { RepriceScope } from '../../db/clickhouse/queries/calls-to-reprice.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { readOwnPricing } from '../../db/postgres/own-pricing.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import { countPending } from '../../db/postgres/repricings.ts'
import { parseRepriceArguments } from './arguments.ts'
import { parseRepriceConfig, type RepriceConfig } from './config.ts'
import type { Difference } from './difference.ts'
import { reportLines } from './report.ts'
import { applyReprice, previewReprice } from './reprice.ts'

export type RepriceRun =
  | { readonly kind: 'done'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly problems: readonly string[] }
  /** The environment lacks something. */
  | { readonly kind: 'misconfigured'; readonly problems: readonly string[] }

export interface RepriceCaller {
  readonly env: Environment
  readonly now: () => Date
  /** Who asks, as the audit trail names them. */
  readonly by: string
}

export async function runReprice(words: readonly string[], caller: RepriceCaller): Promise<RepriceRun> {
  const asked = parseRepriceArguments(words, caller.now())
  if (asked.kind === 'bad') return { kind: 'failed', problems: [asked.problem] }
  const parsed = parseRepriceConfig(caller.env, asked)
  if (parsed.kind === 'bad') return { kind: 'misconfigured', problems: parsed.problems }
  const { config } = parsed
  // One connection holds the turn, one works.
  const postgres = openPostgres(config.databaseUrl, { connectionsMax: 2 })
  try {
    const own = await readOwnPricing(postgres.tables, asked.scope.orgId)
    // The list's price in place of one of the organisation's would be a wrong one.
    if (own.problems.length > 0) return { kind: 'failed', problems: own.problems }
    const order = { scope: asked.scope, book: layeredPriceBook(buildPriceBook(), own) }
    return asked.apply
      ? await apply(postgres, config, order, caller)
      : await preview(postgres, config, order, caller)
  } finally {
    await postgres.close()
  }
}

interface Order {
  readonly scope: RepriceScope
  readonly book: PriceBook
}

async function preview(
  postgres: Postgres,
  { clickhouseUrl }: RepriceConfig,
  { scope, book }: Order,
  { now }: RepriceCaller,
): Promise<RepriceRun> {
  const clickhouse = openClickHouse(clickhouseUrl)
  try {
    const difference = await previewReprice({ clickhouse, book, now }, scope)
    const pending = await countPending(postgres.tables, scope.orgId)
    return {
      kind: 'done',
      lines: [
        ...(await report(postgres, scope, difference)),
        ...(pending === 0
          ? []
          : [
              `${pending} adjustments of a run that did not end are counted and not yet shown above: --apply archives them first.`,
            ]),
        'Nothing was changed. --apply changes it.',
      ],
    }
  } finally {
    await clickhouse.close()
  }
}

async function apply(
  postgres: Postgres,
  { clickhouseUrl, objectStoreUrl }: RepriceConfig,
  { scope, book }: Order,
  { now, by }: RepriceCaller,
): Promise<RepriceRun> {
  if (objectStoreUrl === null) throw new Error('applying was asked for without an object store')
  const clickhouse = openClickHouse(clickhouseUrl)
  const objects = openObjects(objectStoreUrl)
  try {
    const deps = { postgres, clickhouse, objects, book, now }
    const applied = await applyReprice(deps, scope, by)
    if (applied.kind === 'busy') {
      return { kind: 'failed', problems: ['someone else is repricing this organisation; try again later'] }
    }
    return {
      kind: 'done',
      lines: [
        ...(applied.recovered === 0
          ? []
          : [`${applied.recovered} adjustments of a run that did not end are archived now.`]),
        ...(await report(postgres, scope, applied.difference)),
        ...(applied.refused === 0
          ? []
          : [
              `${applied.refused} more were counted before and are not in ClickHouse: compare it with the archive.`,
            ]),
        'This is applied.',
      ],
    }
  } finally {
    await objects.close()
    await clickhouse.close()
  }
}

async function report(
  postgres: Postgres,
  { orgId }: RepriceScope,
  difference: Difference,
): Promise<readonly string[]> {
  const projects = await listProjects(postgres.tables, orgId)
  return reportLines(difference, new Map(projects.map(({ id, name }) => [id, name])))
}
