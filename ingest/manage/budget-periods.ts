/** GET /v1/budgets/{id}/periods: what each counter of a budget spent in each of its periods. */
import type { FastifyInstance } from 'fastify'
import { toUsdDecimal } from '../../core/money.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { PeriodPlace, PeriodRow } from '../../db/postgres/budget-lists.ts'
import { answering, budgetOf, idOf, type ManageDeps } from './answering.ts'
import { readerOf, requireReader } from './manager.ts'
import { pageOf, readQuery, toPage } from './pages.ts'

export function registerBudgetPeriods(app: FastifyInstance, deps: ManageDeps): void {
  app.get(
    '/v1/budgets/:id/periods',
    { onRequest: requireReader(deps) },
    answering(async (request, reply) => {
      const fields = readQuery(request.query)
      const page = fields.finish(pageOf(fields, (text) => placeOf(text) !== null))
      const { budget } = await budgetOf(deps, readerOf(request), idOf(request))
      const after = page.after === null ? null : placeOf(page.after)
      const rows = await deps.manage.periods(budget.id, { after, rowsMax: page.rowsMax + 1 })
      const item = (row: PeriodRow) => ({
        period: nameOfPeriod(budget.periodRule, row),
        period_from: row.from.toISOString(),
        period_until: row.until.toISOString(),
        counter: row.counter,
        spent_usd: toUsdDecimal(row.spent),
        estimated_usd: toUsdDecimal(row.estimated),
        held_usd: toUsdDecimal(row.held),
        events: row.events,
        unpriced_events: row.unpricedEvents,
        limit_reached_at: row.limitReachedAt?.toISOString() ?? null,
      })
      return reply.send(
        toPage(rows, page, { item, known: ({ from, counter }) => `${from.getTime()}/${counter}` }),
      )
    }),
  )
}

function placeOf(text: string): PeriodPlace | null {
  const match = /^(\d{1,15})\/([^\0]{0,600})$/s.exec(text)
  return match ? { from: new Date(Number(match[1])), counter: match[2] ?? '' } : null
}
