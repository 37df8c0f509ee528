/** Reads what a card shows. */
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readBudgetsIn } from '../../db/postgres/budget-snapshots.ts'
import { readAttention } from '../../db/postgres/card-attention.ts'
import { readForecasts } from '../../db/postgres/forecast-watches.ts'
import { listWideStops, type StandingStop } from '../../db/postgres/list-wide-stops.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { readOverridePolicy } from '../../db/postgres/overrides.ts'
import { listWaiting } from '../../db/postgres/request-messages.ts'
import type { StoredRequest } from '../../db/postgres/request-rows.ts'
import { type CardFacts, withCounters } from '../blocks/card.ts'
import type { Forecasts } from '../blocks/forecast-words.ts'

/** What all cards of an organisation share. */
export interface Surroundings extends Pick<CardFacts, 'lifters'> {
  readonly stops: readonly StandingStop[]
  readonly waiting: readonly StoredRequest[]
  readonly forecasts: Forecasts
}

export async function readSurroundings(tx: Queryable, orgId: string): Promise<Surroundings> {
  const stops = await listWideStops(tx, orgId)
  const { lifters } = await readOverridePolicy(tx, orgId)
  const forecasts = await readForecasts(tx, orgId)
  return { stops, lifters, waiting: await listWaiting(tx, orgId), forecasts }
}

interface Which {
  readonly orgId: string
  readonly budgetId: string
  readonly periodFrom: Date
}

/** Null when there is no such budget any more. Who looks at many cards reads what they share once. */
export async function readCardFacts(
  tx: Queryable,
  { orgId, budgetId, periodFrom }: Which,
  around?: Surroundings,
): Promise<CardFacts | null> {
  const found = withCounters(await readBudgetsIn(tx, ofBudget(orgId, budgetId), periodFrom))
  if (!found) return null
  const { projectId } = found.stored.budget.scope
  const { stops, lifters, waiting, forecasts } = around ?? (await readSurroundings(tx, orgId))
  return {
    ...found,
    stops: stops.filter((stop) => stop.projectId === null || stop.projectId === projectId),
    lifters,
    forecast: forecasts.get(budgetId) ?? null,
    attention: await readAttention(tx, { orgId, budgetId, periodFrom: found.stored.current.period.from }),
    waiting: waiting.filter(
      (request) =>
        request.budgetId === budgetId &&
        request.periodFrom.getTime() === found.stored.current.period.from.getTime(),
    ),
  }
}
