/** The form with all options: makes a budget, or changes the one that it is about or that covers the same. */
import { toScopeJson } from '../../../core/budget/parse-scope.ts'
import { toPeriodRuleJson } from '../../../core/period/period-rule.ts'
import { differences } from '../../../db/postgres/budget-change.ts'
import { type BudgetDefinition, monthlyBudget } from '../../../db/postgres/budget-definition.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { changeBudget, makeBudget } from '../../../db/postgres/budgets.ts'
import { readUnit, type Unit } from '../../budget-form/form-ref.ts'
import { type Options, readOptions } from '../../budget-form/read-options.ts'
import { FIELDS } from '../../ids.ts'
import { seenBudget, seenBudgets } from '../../seen/seen.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { mayRaise } from './budget-rights.ts'
import { type Filled, refused, under, whyUnreachable } from './filled-budget.ts'
import type { Answer } from './submitted.ts'

export async function saveOptions(deps: ListenerDeps, filled: Filled): Promise<Answer> {
  const { ref, field, reach } = filled
  const { tables } = deps.postgres
  const { budgetId } = ref
  const [standing] = budgetId === null ? [] : await seenBudget(tables, reach, { budgetId, at: deps.now() })
  if (budgetId !== null && !standing) return refused(filled, 'budget_unknown')
  const read = readOptions(field, { unit: unitOf(filled), standing: standing?.budget ?? null })
  if (read.kind === 'bad') return { kind: 'errors', errors: read.errors }
  if (standing) return await change(deps, filled, standing, read.options)
  const definition = definitionOf(filled, read.options)
  const all = await seenBudgets(tables, reach, deps.now())
  const same = all.find((one) => coversTheSame(one, definition))
  return same ? await change(deps, filled, same, read.options) : await make(deps, filled, definition)
}

/** As it was chosen, also where the modal could not follow in time and shows the fields of another. */
const unitOf = ({ ref, field }: Filled): Unit | 'kept' =>
  ref.unit === 'kept' ? ref.unit : (readUnit(field(FIELDS.period)) ?? ref.unit ?? 'month')

async function make(deps: ListenerDeps, filled: Filled, definition: BudgetDefinition): Promise<Answer> {
  const title = definition.name ?? filled.project?.name ?? 'the whole organisation'
  const reason = await whyUnreachable(filled, title)
  if (reason) return under(filled.channelField, reason)
  const making = { orgId: filled.caller.orgId, definition, by: filled.userId, origin: 'slack' } as const
  const outcome = await makeBudget(deps.postgres, making, deps.now())
  return outcome.kind === 'made' ? { kind: 'close' } : refused(filled, outcome.refusal)
}

async function change(
  deps: ListenerDeps,
  filled: Filled,
  standing: StoredBudget,
  { periodRule, match, ladder, mode, name }: Options,
): Promise<Answer> {
  const { caller, limit, limitField, channelId, channelField, userId } = filled
  const { budget } = standing
  const isRaiser = await mayRaise(deps, filled, standing)
  const slack = { installationId: caller.installationId, channelId }
  const wanted = { limit, match, ladder, mode, name, slack, ...(periodRule === null ? {} : { periodRule }) }
  if (!isRaiser && letsMorePass(standing, wanted)) {
    return under(
      limitField,
      'Only workspace admins and approvers may change what a budget covers, when it resets or where it stops. Ask one of them to save this.',
    )
  }
  if (standing.channelId !== channelId) {
    const reason = await whyUnreachable(filled, budget.title)
    if (reason) return under(channelField, reason)
  }
  const { id: budgetId, orgId } = budget
  const changing = {
    orgId,
    budgetId,
    change: wanted,
    mayRaise: isRaiser,
    by: userId,
    origin: 'slack',
  } as const
  const outcome = await changeBudget(deps.postgres, changing, deps.now())
  return outcome.kind === 'changed' ? { kind: 'close' } : refused(filled, outcome.refusal)
}

/** Whether anything changes by which calls might pass that are refused now; a limit alone is judged where it is saved. */
function letsMorePass(standing: StoredBudget, wanted: Parameters<typeof differences>[1]): boolean {
  const { limit, name, slack, ...rest } = differences(standing, wanted)
  return Object.keys(rest).length > 0
}

function definitionOf(
  { project, limit, caller, channelId }: Filled,
  { periodRule, match, each, ladder, mode, name }: Options,
): BudgetDefinition {
  const simple = monthlyBudget(project?.id ?? null, limit, {
    installationId: caller.installationId,
    channelId,
  })
  return { ...simple, match, each, ladder, mode, name, periodRule: periodRule ?? simple.periodRule }
}

const coversTheSame = ({ budget }: StoredBudget, made: BudgetDefinition): boolean =>
  budget.scope.projectId === made.projectId &&
  textOf(toScopeJson(budget.scope)) === textOf(toScopeJson(made)) &&
  textOf(toPeriodRuleJson(budget.periodRule)) === textOf(toPeriodRuleJson(made.periodRule))

const textOf = (json: unknown): string => JSON.stringify(json)
