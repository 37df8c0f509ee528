/** What tests of recounts start from: journals that are counted and archived apart from each other, and what is true. */

import { type Figures, NO_FIGURES } from '../../core/budget/recount.ts'
import { counterOf, type Scope } from '../../core/budget/scope.ts'
import { type Adjustment, callsOf, unpricedCallsOf } from '../../core/event/adjustment.ts'
import { callFactsOf } from '../../core/event/call-facts.ts'
import type { ArchivedEvent, PricedEvent } from '../../core/event/usage-event.ts'
import { addUsd, usd, zeroUsd } from '../../core/money.ts'
import type { Period } from '../../core/period.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { candidateOf } from '../../db/postgres/admit.ts'
import { type BudgetDefinition, monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { finishArchive, planArchive } from '../../db/postgres/journal-readers.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { dueRecounts } from '../../db/postgres/recount-queue.ts'
import { countAdjustments, forgetPending, nextPending } from '../../db/postgres/repricings.ts'
import { budgetPeriods } from '../../db/postgres/schema.ts'
import { type RecountDeps, recountNext, type Step } from '../../jobs/recount/recount-next.ts'
import { aPricedEvent } from '../events/priced-event.ts'
import { seedEvents } from '../events/seed-events.ts'
import { freshClickHouse } from '../stores/clickhouse.ts'
import { type Ground, layGround } from '../stores/ground.ts'
import { freshDatabase } from '../stores/postgres.ts'

export const NOON = new Date('2026-11-10T12:00:00Z')

export type CallGiven = Partial<PricedEvent>

export interface RecountGround extends Ground {
  readonly clickhouse: ClickHouse
  readonly deps: RecountDeps
  /** Counts calls of a journal as the ledger does; those of a request id that was seen count nothing. */
  count(journalId: string, calls: readonly CallGiven[]): Promise<void>
  adjust(adjustments: readonly Adjustment[]): Promise<void>
  /** Archives what is counted: of one journal, or of all and of the repricings. */
  archive(journalId?: string): Promise<void>
  makeBudget(given: Partial<BudgetDefinition>, at?: Date): Promise<string>
  /** One step of each recount that is due. */
  recount(): Promise<Step[]>
  /** What the counters of a budget say, by counter. */
  counters(budgetId: string, from: Date): Promise<Record<string, Figures>>
  /** What they would say had each call been counted once, by scope and period. */
  truth(scope: Omit<Scope, 'projectId'>, period: Period): Record<string, Figures>
  close(): Promise<void>
}

export async function layRecountGround(now: () => Date = () => NOON): Promise<RecountGround> {
  const [database, analytics] = await Promise.all([freshDatabase(), freshClickHouse()])
  const ground = await layGround(database.url, NOON)
  const clickhouse = openClickHouse(analytics.url)
  const { postgres, orgId, project } = ground
  const counting = openPostgres(database.url, { connectionsMax: 4 })
  const offsets = new Map<string, number>()
  /** Counted and not archived, by journal. */
  const waiting = new Map<string, ArchivedEvent[]>()
  const counted: ArchivedEvent[] = []
  const deps = { postgres, clickhouse, now }
  let requests = 0

  const archiveJournal = async (journalId: string): Promise<void> => {
    const plan = await planArchive(postgres, { journalId, eventsMax: 100_000 }, NOON)
    if (plan === null) return
    const all = waiting.get(journalId) ?? []
    const isIn = ({ journalOffset }: ArchivedEvent): boolean => journalOffset < plan.nextOffset
    const events = all.filter(isIn)
    waiting.set(
      journalId,
      all.filter((event) => !isIn(event)),
    )
    if (events.length > 0) await seedEvents(clickhouse, events)
    await finishArchive(postgres, journalId, plan, NOON)
  }
  const archiveAdjustments = async (): Promise<void> => {
    for (;;) {
      const range = await nextPending(postgres.tables, orgId)
      if (range === null) return
      await seedEvents(clickhouse, range.events)
      await forgetPending(postgres.tables, range)
    }
  }

  return {
    ...ground,
    ...{ clickhouse, deps },
    count: async (journalId, calls) => {
      const fromOffset = offsets.get(journalId) ?? 0
      const events = calls.map((call, index) => {
        requests += 1
        const own = { orgId, projectId: project.id, requestId: `${journalId}-${requests}`, ts: NOON }
        const event = aPricedEvent({ cost: usd('0.01'), ...own, ...call })
        return { ...event, journalId, journalOffset: fromOffset + index }
      })
      const nextOffset = fromOffset + calls.length
      offsets.set(journalId, nextOffset)
      const batch = events.map((event) => ({ offset: event.journalOffset, ...candidateOf(event) }))
      // Known before it commits, as a real journal is: an archive that runs beside sees what the ledger planned.
      waiting.set(journalId, [...(waiting.get(journalId) ?? []), ...events])
      const outcome = await countBatch(counting, { journalId, fromOffset, nextOffset, events: batch }, NOON)
      if (outcome.kind !== 'counted') throw new Error('the ledger was further')
      const isCounted = ({ journalOffset }: ArchivedEvent) => !outcome.notAdmitted.includes(journalOffset)
      const kept = (waiting.get(journalId) ?? []).filter(
        (event) => event.journalOffset < fromOffset || isCounted(event),
      )
      waiting.set(journalId, kept)
      counted.push(...events.filter(isCounted))
    },
    adjust: async (adjustments) => {
      const request = { orgId, by: 'operator', scope: {} }
      const { events } = await countAdjustments(postgres, request, null, adjustments, NOON)
      counted.push(...events)
    },
    archive: async (journalId) => {
      if (journalId !== undefined) return await archiveJournal(journalId)
      for (const id of offsets.keys()) await archiveJournal(id)
      await archiveAdjustments()
    },
    makeBudget: async (given, at = NOON) => {
      const definition = { ...monthlyBudget(project.id, usd('1000000'), null), ...given }
      const made = await makeBudget(postgres, { orgId, definition, by: 'U1', origin: 'api' }, at)
      if (made.kind !== 'made') throw new Error(made.refusal)
      return made.budgetId
    },
    recount: async () => {
      const steps: Step[] = []
      for (const due of await dueRecounts(postgres.tables)) steps.push(await recountNext(deps, due))
      return steps
    },
    counters: async (budgetId, from) => {
      const rows = await postgres.tables.select().from(budgetPeriods)
      const own = rows.filter((row) => row.budgetId === budgetId && row.from.getTime() === from.getTime())
      return Object.fromEntries(
        own
          .map(
            ({ counter, spent, events, unpricedEvents }) =>
              [counter, { spent, events, unpricedEvents }] as const,
          )
          .filter(([, { events, spent }]) => events !== 0 || spent !== 0n),
      )
    },
    truth: (scope, { from, until }) => {
      const sums: Record<string, Figures> = {}
      for (const event of counted) {
        const counter = counterOf({ ...scope, projectId: project.id }, callFactsOf(event))
        if (counter === null || event.ts < from || event.ts >= until) continue
        const sum = sums[counter] ?? NO_FIGURES
        sums[counter] = {
          spent: addUsd(sum.spent, event.cost ?? zeroUsd),
          events: sum.events + callsOf(event),
          unpricedEvents: sum.unpricedEvents + unpricedCallsOf(event),
        }
      }
      return Object.fromEntries(
        Object.entries(sums).filter(([, { events, spent }]) => events !== 0 || spent !== 0n),
      )
    },
    close: async () => {
      await clickhouse.close()
      await counting.close()
      await postgres.close()
      await analytics.drop()
      await database.drop()
    },
  }
}
