/** What store tests of holds start from: a project with a strict budget, and calls of a known worst case. */
import type { CallFacts } from '../../core/budget/scope.ts'
import { identityOf } from '../../core/event/identity.ts'
import { holdIdOf } from '../../core/hold/hold-id.ts'
import type { Wanted } from '../../core/hold/wanted.ts'
import { type NanoUsd, toUsdDecimal, usd } from '../../core/money.ts'
import { candidateOf } from '../../db/postgres/admit.ts'
import { type BudgetDefinition, monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { type AskedHold, grantHolds, type HoldAnswer, type Leasing } from '../../db/postgres/grant-holds.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { recheckHeld } from '../../db/postgres/recheck-held.ts'
import { budgetLeases, budgetPeriods } from '../../db/postgres/schema.ts'
import { aPricedEvent } from '../events/priced-event.ts'
import { type Ground, layGround } from '../stores/ground.ts'
import { askOf, FACTS } from './ask-of.ts'

export interface HoldGround extends Ground {
  readonly makeStrict: (limit: string, changes?: Partial<BudgetDefinition>) => Promise<string>
  readonly call: (requestId: string, amount: string, changes?: CallChanges) => AskedHold
  readonly ask: (calls: readonly AskedHold[], at?: Date, leasing?: Leasing) => Promise<HoldAnswer[]>
  readonly holdId: (requestId: string) => string
  /** Counts the event of a call, as the ledger does. */
  readonly report: (
    requestId: string,
    cost: string | null,
    changes?: Partial<CallFacts>,
    at?: Date,
  ) => Promise<void>
  /** What every counter spent and holds, and its live leases; first that holds and leases say the same. */
  readonly figures: () => Promise<Figures>
}

export interface CallChanges {
  readonly facts?: Partial<CallFacts>
  readonly wanted?: Wanted
  readonly ttlS?: number
}

export interface Figures {
  readonly spent: string
  readonly held: string
  readonly leased: string
}

export async function layHoldGround(url: string, now: Date): Promise<HoldGround> {
  const ground = await layGround(url, now)
  const { postgres, orgId, project } = ground
  let offset = 0
  const identity = (requestId: string) => identityOf({ projectId: project.id, requestId, attempt: 1 })
  return {
    ...ground,
    makeStrict: async (limit, changes = {}) => {
      const monthly = monthlyBudget(project.id, usd(limit), null)
      const definition = { ...monthly, mode: 'strict' as const, ...changes }
      const made = await makeBudget(postgres, { orgId, definition, by: 'U1', origin: 'api' }, now)
      if (made.kind !== 'made') throw new Error(made.refusal)
      return made.budgetId
    },
    call: (requestId, amount, { facts = {}, wanted, ttlS = 600 } = {}) => ({
      ...askOf({ orgId, projectId: project.id, requestId, amount }),
      facts: { ...FACTS, orgId, projectId: project.id, ...facts },
      ttlS,
      ...(wanted === undefined ? {} : { wanted }),
    }),
    ask: async (calls, at = now, leasing) => {
      const { answers } = await grantHolds(postgres, calls, at, leasing)
      return [...answers]
    },
    holdId: (requestId) => holdIdOf(identity(requestId)),
    report: async (requestId, cost, changes = {}, at = now) => {
      const event = aPricedEvent({
        ...{ orgId, projectId: project.id, requestId, ts: at, ...changes },
        cost: cost === null ? null : usd(cost),
      })
      const [fromOffset, nextOffset] = [offset, offset + 1]
      offset = nextOffset
      const events = [{ offset: fromOffset, ...candidateOf(event) }]
      await countBatch(postgres, { journalId: 'journal-h', fromOffset, nextOffset, events }, at)
    },
    figures: () => figuresOf(postgres),
  }
}

export async function figuresOf(postgres: Postgres): Promise<Figures> {
  const wrong = await recheckHeld(postgres)
  if (wrong.length > 0)
    throw new Error(`held is not what holds and leases say: ${JSON.stringify(wrong, showBigint)}`)
  const periods = await postgres.tables.select().from(budgetPeriods)
  const leases = await postgres.tables.select().from(budgetLeases)
  const live = leases.filter(({ endedAt }) => endedAt === null)
  return {
    spent: shown(periods.map(({ spent }) => spent)),
    held: shown(periods.map(({ held }) => held)),
    leased: shown(live.map(({ amount }) => amount)),
  }
}

/** Each as dollars without the zeros at its end. */
const shown = (amounts: readonly NanoUsd[]): string =>
  amounts.map((amount) => toUsdDecimal(amount).replace(/\.?0+$/, '')).join(' ')

const showBigint = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
