/**
 * "Would it have stopped?" in the budget modal: answered in a view above it, so that nothing that was filled in is lost.
 * Opened at once, since a trigger lives three seconds and a month of calls may take longer to look at.
 */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { DEFAULT_LADDER } from '../../../core/budget/ladder.ts'
import { MATCH_ALL, type Scope } from '../../../core/budget/scope.ts'
import { parseUsd, zeroUsd } from '../../../core/money.ts'
import { type Reach, sees } from '../../../core/people/reach.ts'
import { MONTHLY_UTC } from '../../../core/period/period-rule.ts'
import { type PreviewQuestion, previewStop } from '../../../db/clickhouse/queries/preview-stop.ts'
import { budgetOfProject } from '../../../db/postgres/monthly-budget.ts'
import { budgetField } from '../../blocks/budget-modal.ts'
import { previewRefused, previewView, previewWaiting } from '../../blocks/preview-view.ts'
import type { ModalView } from '../../blocks/text.ts'
import { type FormRef, readFormRef, readUnit } from '../../budget-form/form-ref.ts'
import { readOptions } from '../../budget-form/read-options.ts'
import { ACTIONS, EVERYTHING, FIELDS } from '../../ids.ts'
import { seenBudget, seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { answering } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { readRights } from '../views/budget-rights.ts'
import { MORE_THAN_SEEN } from '../views/filled-budget.ts'
import { fieldOf } from '../views/submitted.ts'

export function registerPreviewStop(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.previewStop },
    async ({ ack, body, client, context }) => {
      await ack()
      const { view } = body
      if (!view) return
      const opened = await client.views.push({ trigger_id: body.trigger_id, view: previewWaiting() })
      const viewId = opened.view?.id
      if (viewId === undefined) return
      const show = (shown: ModalView) => client.views.update({ view_id: viewId, view: shown })
      const reply = async () => {
        await show(previewRefused('This could not be looked at just now. Go back and press it again.'))
      }
      await answering(deps, { what: ACTIONS.previewStop, reply }, async () => {
        const caller = callerOf(context)
        const rights = await readRights(deps, { client, userId: body.user.id, caller })
        const ref = readFormRef(view.private_metadata)
        const field = (name: string) => fieldOf(view.state.values, name)
        await show(
          rights.refusal ? previewRefused(rights.refusal) : await preview(deps, rights.reach, { ref, field }),
        )
      })
    },
  )
}

interface Form {
  readonly ref: FormRef
  readonly field: (name: string) => string
}

async function preview(deps: ListenerDeps, reach: Reach, form: Form): Promise<ModalView> {
  const limit = parseUsd(form.field(budgetField(FIELDS.limit, form.ref.shown)))
  if (limit === null || limit <= zeroUsd)
    return previewRefused('Enter a limit first, such as 250 or 1,250.50.')
  const asked = await questionOf(deps, reach, form)
  if (typeof asked === 'string') return previewRefused(asked)
  const question = { ...asked.question, orgId: reach.orgId, limit }
  return previewView(question, await previewStop(deps.clickhouse, question, deps.now()), asked.projectName)
}

interface Asked {
  readonly question: Pick<PreviewQuestion, 'scope' | 'ladder' | 'periodRule'>
  readonly projectName: string | null
}

/** What the form says by now; a sentence where that is not yet a budget. */
async function questionOf(deps: ListenerDeps, reach: Reach, { ref, field }: Form): Promise<Asked | string> {
  const { tables } = deps.postgres
  const { budgetId } = ref
  const [standing] = budgetId === null ? [] : await seenBudget(tables, reach, { budgetId, at: deps.now() })
  if (budgetId !== null && !standing) return 'This budget no longer exists.'
  const chosen = field(FIELDS.project) || ref.shown
  const project = (await seenProject(tables, reach, chosen)) ?? null
  if (!standing && project === null && chosen !== EVERYTHING) return 'This project no longer exists.'
  if (!standing && project === null && !sees(reach, null)) return MORE_THAN_SEEN
  const projectId = standing ? standing.budget.scope.projectId : (project?.id ?? null)
  const projectName = standing ? standing.budget.projectName : (project?.name ?? null)
  if (ref.unit === null) {
    const present = project === null ? undefined : await budgetOfProject(tables, project.id, deps.now())
    const scope: Scope = { projectId, match: MATCH_ALL, each: null }
    const { ladder, periodRule } = present?.budget ?? { ladder: DEFAULT_LADDER, periodRule: MONTHLY_UTC }
    return { question: { scope, ladder, periodRule }, projectName }
  }
  const unit = ref.unit === 'kept' ? ref.unit : (readUnit(field(FIELDS.period)) ?? ref.unit)
  const read = readOptions(field, { unit, standing: standing?.budget ?? null })
  if (read.kind === 'bad') return Object.values(read.errors).join(' ')
  const { match, each, ladder, periodRule } = read.options
  const rule = periodRule ?? standing?.budget.periodRule ?? MONTHLY_UTC
  return { question: { scope: { projectId, match, each }, ladder, periodRule: rule }, projectName }
}
