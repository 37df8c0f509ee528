/** A fresh project for a replay, with a key, and a budget whose card stands in Slack. */

import { listInstallations } from '../../db/postgres/installations.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { ensureProject } from '../../db/postgres/projects.ts'
import { sandboxClient } from '../../sandbox/slack/client.ts'
import { mintProjectKey } from '../bootstrap.ts'
import type { Running } from '../running.ts'
import type { ReplayArguments } from './arguments.ts'

export interface ReplayProject {
  readonly name: string
  readonly apiKey: string
  /** Where to watch, as a sentence. */
  readonly where: string
}

const CARDS_CHANNEL = 'llm-costs'

export async function makeProject(
  running: Running,
  given: ReplayArguments,
  now: Date,
): Promise<ReplayProject> {
  const postgres = openPostgres(running.databaseUrl, { connectionsMax: 1 })
  try {
    const { orgId } = running
    const name = `replay-${now.toISOString().slice(5, 19).replaceAll(':', '').replace('T', '-')}`
    const project = await ensureProject(postgres.tables, { orgId, name }, now)
    const apiKey = await mintProjectKey(postgres, { orgId, projectId: project.id, name: 'replay' }, now)
    const channelId = given.channelId ?? (await channelOf(running.sandboxUrl))
    const installation = (await listInstallations(postgres.tables)).find((one) => one.orgId === orgId)
    const slack = channelId && installation ? { installationId: installation.id, channelId } : null
    const setting = { orgId, projectId: project.id, limit: given.budget, slack, by: 'npm run replay' }
    await setMonthlyBudget(postgres, { ...setting, origin: 'cli' }, now)
    return { name, apiKey, where: whereToWatch(running, slack !== null) }
  } finally {
    await postgres.close()
  }
}

async function channelOf(sandboxUrl: string | null): Promise<string | null> {
  if (sandboxUrl === null) return null
  const channels = await sandboxClient(sandboxUrl).channels()
  return channels.find((channel) => channel.name === CARDS_CHANNEL)?.id ?? null
}

function whereToWatch(running: Running, hasCard: boolean): string {
  if (running.sandboxUrl && hasCard) return `Watch its card in #${CARDS_CHANNEL} at ${running.sandboxUrl}`
  if (hasCard) return 'Watch its card in the channel that you named.'
  return 'It has no card: name a channel with --channel to see one.'
}
