/** A budget in the form of the wire: what it is, and how its running period stands. */
import { createHash } from 'node:crypto'
import type { Override } from '../../core/budget/budget.ts'
import { toLadderJson } from '../../core/budget/parse-ladder.ts'
import { toScopeJson } from '../../core/budget/parse-scope.ts'
import { toRolloverJson } from '../../core/budget/rollover.ts'
import { ownNameOf } from '../../core/budget/scope-words.ts'
import { viewOf } from '../../core/budget/verdict.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { toUsdDecimal } from '../../core/money.ts'
import { toPeriodRuleJson } from '../../core/period/period-rule.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'

export const toBudgetJson = (stored: StoredBudget, now: Date) => ({
  ...toDefinitionJson(stored),
  stopped: stopOf(stored),
  created_by: stored.createdBy,
  current: currentOf(stored, now),
})

/** Of what a person sets, so that what is spent meanwhile makes nobody read again. */
export const etagOf = (stored: StoredBudget): string =>
  `"${createHash('sha256')
    .update(canonicalJson(toDefinitionJson(stored)))
    .digest('base64url')
    .slice(0, 27)}"`

export function toDefinitionJson({ budget, channelId, overridePolicy }: StoredBudget) {
  return {
    id: budget.id,
    project_id: budget.scope.projectId,
    project: budget.projectName,
    name: ownNameOf(budget),
    title: budget.title,
    scope: toScopeJson(budget.scope),
    period_rule: toPeriodRuleJson(budget.periodRule),
    rollover: toRolloverJson(budget.rollover),
    limit_usd: toUsdDecimal(budget.limit),
    limit_revision: budget.limitRevision,
    thresholds_percent: budget.thresholdsPercent,
    ladder: toLadderJson(budget.ladder),
    mode: budget.mode,
    on_unreachable: budget.onUnreachable,
    on_unpriced: budget.onUnpriced,
    override_policy: overridePolicy ?? null,
    slack: channelId === null ? null : { channel_id: channelId },
  }
}

const stopOf = ({ budget: { manualStop } }: StoredBudget) =>
  manualStop && { since: manualStop.at.toISOString(), by: manualStop.by }

/** Null where no period holds the instant: a span that is over or is still to come. */
function currentOf(stored: StoredBudget, now: Date) {
  const view = viewOf(stored, now)
  if (view === null) return null
  const { budget, current, state } = view
  const { period, override } = current
  return {
    period: nameOfPeriod(budget.periodRule, period),
    period_from: period.from.toISOString(),
    period_until: period.until.toISOString(),
    state: state.kind,
    stopped_by: state.kind === 'stopped' ? state.by : null,
    spent_usd: toUsdDecimal(current.spent),
    estimated_usd: toUsdDecimal(current.estimated),
    held_usd: toUsdDecimal(current.held),
    carried_usd: toUsdDecimal(current.carried),
    limit_usd: toUsdDecimal(view.limit),
    remaining_usd: toUsdDecimal(view.remaining),
    events: current.events,
    unpriced_events: current.unpricedEvents,
    override: override === null || override.until <= now ? null : toOverrideJson(override),
    lift_url: view.liftUrl,
  }
}

export const toOverrideJson = ({ id, amount, ceiling, grantedAt, until, grantedBy, reason }: Override) => ({
  id,
  amount_usd: toUsdDecimal(amount),
  ceiling_usd: toUsdDecimal(ceiling),
  granted_at: grantedAt.toISOString(),
  until: until.toISOString(),
  granted_by: grantedBy,
  reason,
})
