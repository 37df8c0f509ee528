/** An hour after an organisation's first event: what that hour cost, kept once, for the proposal of a budget. */
import { totals } from '../../db/clickhouse/queries/spend.ts'
import { listUnproposed, readOnboarding, recordStep } from '../../db/postgres/onboarding-steps.ts'
import type { AppDeps } from '../deps.ts'

const HOUR_MS = 3_600_000
/** So long a first call may have been under way before it was counted. */
const BEFORE_MS = 60_000
/** So long the archive may need to have the last calls of the hour. */
const SETTLE_MS = 30_000

/** The organisations that have one now. */
export async function proposeBudgets(deps: AppDeps): Promise<string[]> {
  const { tables } = deps.postgres
  const due = await listUnproposed(tables, new Date(deps.now().getTime() - HOUR_MS + BEFORE_MS - SETTLE_MS))
  for (const orgId of due) {
    const { firstEvent } = await readOnboarding(tables, orgId)
    if (firstEvent === null) continue
    const from = new Date(firstEvent.at.getTime() - BEFORE_MS)
    const projectIds = firstEvent.projectId === null ? null : [firstEvent.projectId]
    const { cost } = await totals(deps.clickhouse, {
      ...{ orgId, projectIds, from, until: new Date(from.getTime() + HOUR_MS) },
    })
    const details = { hour_nano_usd: cost.toString() }
    await recordStep(tables, { orgId, step: 'proposed', details }, deps.now())
  }
  return due
}
