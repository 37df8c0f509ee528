/**
 * The body of a webhook, as its receivers read it (docs/webhooks.md): `type`, `timestamp` and `data`, as Standard Webhooks
 * has them, and the id that the header has too. Money is USD with nine places, instants are RFC 3339 in UTC.
 * Invariant: what is once in the body keeps its name and meaning; fields are only added.
 */
import type { BudgetSnapshot } from '../budget/budget.ts'
import { limitIn } from '../budget/limit.ts'
import { ownerOf } from '../budget/scope.ts'
import { scopeWords } from '../budget/scope-words.ts'
import { budgetState } from '../budget/state.ts'
import { toUsdDecimal } from '../money.ts'
import { periodHolds } from '../period.ts'
import { unreachable } from '../unreachable.ts'
import type { WebhookEvent } from './event-of-notice.ts'

export interface PayloadFacts {
  /** The delivery's id, which is its `webhook-id`. */
  readonly id: string
  readonly event: WebhookEvent
  readonly snapshot: BudgetSnapshot
  /** When it happened; attempts come later. */
  readonly at: Date
  /** Higher for what came later to the same budget. */
  readonly sequence: number
}

/** The text that is kept, signed and sent, byte by byte. */
export function payloadText({ id, event, snapshot, at, sequence }: PayloadFacts): string {
  const { budget, current } = snapshot
  const data = {
    org_id: budget.orgId,
    sequence,
    budget: {
      id: budget.id,
      title: budget.title,
      scope: scopeOf(snapshot),
      period: { from: current.period.from, until: current.period.until },
      spent_usd: toUsdDecimal(current.spent),
      estimated_usd: toUsdDecimal(current.estimated),
      limit_usd: toUsdDecimal(limitIn(budget, current)),
      // What is told of another period says nothing about now.
      ...(periodHolds(current.period, at) ? { state: budgetState(snapshot, at).kind } : {}),
    },
    ...detailsOf(event),
  }
  return JSON.stringify({ id, type: event.type, timestamp: at, data })
}

/** What the budget covers: for programs the project and, where each user or key has its own, whose; in words the rest. */
function scopeOf({ budget, current }: BudgetSnapshot): object {
  const { scope, projectName } = budget
  const owner = scope.each === null ? null : { each: scope.each, id: ownerOf(current.counter) }
  const words = scopeWords(scope, projectName)
  return { project_id: scope.projectId, ...(owner === null ? {} : { owner }), words }
}

function detailsOf(event: WebhookEvent): object {
  switch (event.type) {
    case 'budget.stopped':
      return event.by === 'person' ? { by: event.by, person: event.person } : { by: event.by }
    case 'budget.lifted':
      return { by: event.by }
    case 'budget.resumed':
      return { person: event.person }
    case 'budget.threshold_crossed':
      return { percents: event.percents }
    case 'budget.override_granted': {
      const { person, amount, ceiling, until, reason } = event
      const money = { amount_usd: toUsdDecimal(amount), ceiling_usd: toUsdDecimal(ceiling) }
      return { override: { ...money, until, granted_by: person, reason } }
    }
    case 'budget.override_ended':
      return { end: event.end }
    case 'budget.period_opened':
      return {}
    default:
      return unreachable(event)
  }
}
