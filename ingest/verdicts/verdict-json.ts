/** A verdict in the form of the wire, by docs/api.md. */
import type { BudgetView, Verdict } from '../../core/budget/verdict.ts'

export interface BudgetVerdictJson {
  readonly budget_id: string
  readonly project: string
  readonly state: 'open' | 'warned' | 'stopped' | 'overridden'
  readonly stopped_by: 'limit' | 'person' | null
  readonly since: string | null
  readonly spent_nano_usd: string
  readonly limit_nano_usd: string
  readonly remaining_nano_usd: string
  readonly ceiling_nano_usd: string | null
  readonly until: string | null
  readonly resets_at: string
  readonly lift_url: string | null
}

export interface VerdictJson {
  readonly project_id: string
  readonly allowed: boolean
  /** When the facts were read; the clock may have been applied to them since. */
  readonly as_of: string
  readonly budgets: readonly BudgetVerdictJson[]
}

export const toVerdictJson = (verdict: Verdict, asOf: Date): VerdictJson => ({
  project_id: verdict.projectId,
  allowed: verdict.allowed,
  as_of: asOf.toISOString(),
  budgets: verdict.budgets.map(toBudgetJson),
})

/** Whether a client that holds `a` learns anything from `b`; being younger is nothing. */
export const saysTheSame = (a: VerdictJson, b: VerdictJson): boolean =>
  JSON.stringify({ ...a, as_of: null }) === JSON.stringify({ ...b, as_of: null })

function toBudgetJson({ state, ...view }: BudgetView): BudgetVerdictJson {
  const stopped = state.kind === 'stopped' ? state : null
  const overridden = state.kind === 'overridden' ? state : null
  return {
    budget_id: view.budgetId,
    project: view.projectName,
    state: state.kind,
    stopped_by: stopped?.by ?? null,
    since: stopped?.since.toISOString() ?? null,
    spent_nano_usd: view.spent.toString(),
    limit_nano_usd: view.limit.toString(),
    remaining_nano_usd: view.remaining.toString(),
    ceiling_nano_usd: overridden?.ceiling.toString() ?? null,
    until: overridden?.until.toISOString() ?? null,
    resets_at: view.resetsAt.toISOString(),
    lift_url: view.liftUrl,
  }
}
