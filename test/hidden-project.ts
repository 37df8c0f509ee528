/**
 * A workspace with a project that only Pat, Gus and admins see, beside one that everyone sees: calls, keys, a budget with its
 * card, a stop, and a budget of the whole organisation. For tests of what the others are shown.
 */
import { mintApiKey } from '../core/api-key.ts'
import { usd } from '../core/money.ts'
import { saveApiKey } from '../db/postgres/api-keys.ts'
import { monthlyBudget } from '../db/postgres/budget-definition.ts'
import { makeBudget } from '../db/postgres/budgets.ts'
import { setRole, setVisibility } from '../db/postgres/people.ts'
import { ensureProject, type Project } from '../db/postgres/projects.ts'
import { stopWidely } from '../db/postgres/stop-budget.ts'
import { type OpenedApp, openApp } from './opened-app.ts'
import { alex, llmCosts, sam } from './opened-sandbox.ts'
import { peopleIn } from './people-in-slack.ts'

export interface HiddenProject {
  readonly opened: OpenedApp
  readonly people: ReturnType<typeof peopleIn>
  readonly vault: Project
  readonly wideBudgetId: string
  /** Whatever is of the hidden project, or is a sum that holds its $500. */
  readonly hidden: RegExp
}

export const pat = 'U0PAT00001'
export const gus = 'U0GUS00001'
export const ned = 'U0NED00001'
const extraUsers = [
  { id: pat, name: 'pat', realName: 'Pat', isAdmin: false, isBot: false },
  { id: gus, name: 'gus', realName: 'Gus', isAdmin: false, isBot: false, isGuest: true },
  { id: ned, name: 'ned', realName: 'Ned', isAdmin: false, isBot: false, isGuest: true },
]
const DAY_MS = 86_400_000

export async function layHiddenProject(): Promise<HiddenProject> {
  const opened = await openApp({ sandbox: { extraUsers, rateLimits: false } })
  const people = peopleIn(opened)
  const { postgres, orgId, project } = opened.ground
  const today = opened.now()
  const noon = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 15, 12)
  opened.moveOn(noon - today.getTime())
  const now = opened.now()
  const vault = await ensureProject(postgres.tables, { orgId, name: 'vault' }, now)
  const key = { orgId, projectId: vault.id, name: 'vault-key', scopes: ['ingest'] }
  const vaultKeyId = (await saveApiKey(postgres.tables, { ...key, minted: mintApiKey() }, now)).id
  const own = { orgId, projectId: project.id, name: 'open-key', scopes: ['ingest'] }
  await saveApiKey(postgres.tables, { ...own, minted: mintApiKey() }, now)
  const ts = new Date(now.getTime() - DAY_MS)
  const inVault = {
    projectId: vault.id,
    apiKeyId: vaultKeyId,
    route: '/vault-route',
    userId: 'vault-user',
    ts,
  }
  await opened.spend([
    { cost: usd('3'), model: 'gpt-4o', route: '/open', ts },
    { ...inVault, cost: usd('500'), model: 'vault-model', tags: { team: 'vault-team' } },
    { ...inVault, cost: usd('0'), model: 'vault-model', status: 'error' },
    { ...inVault, cost: null, model: 'vault-unpriced' },
  ])
  const slack = async (channelId: string) => {
    const [one] = await postgres.tables.query.slackInstallations.findMany()
    return { installationId: one?.id ?? '', channelId }
  }
  const definition = monthlyBudget(vault.id, usd('1000'), await slack(llmCosts))
  await makeBudget(postgres, { orgId, definition, by: pat, origin: 'slack' }, now)
  const wide = { ...monthlyBudget(null, usd('9000'), null), name: 'vault-and-all' }
  const made = await makeBudget(postgres, { orgId, definition: wide, by: pat, origin: 'slack' }, now)
  const wideBudgetId = made.kind === 'made' ? made.budgetId : ''
  await stopWidely(
    postgres,
    { orgId, projectId: vault.id, by: pat, reason: 'vault-reason', origin: 'slack' },
    now,
  )
  const [placeId, by] = ['T0SANDBOX1', { id: alex, role: 'admin' }] as const
  const at = (await postgres.tables.query.slackInstallations.findMany())[0]?.teamId ?? placeId
  const named = { orgId, projectId: vault.id, visibility: 'named', placeId: at, by: alex } as const
  await setVisibility(postgres, { ...named, userIds: [pat, gus], origin: 'slack' }, now)
  for (const userId of [sam, pat])
    await setRole(postgres, { orgId, placeId: at, userId, role: 'approver', by, origin: 'slack' }, now)
  const hidden = new RegExp(`vault|50[0-9]\\.[0-9]|${vaultKeyId}`, 'i')
  await people.card()
  return { opened, people, vault, wideBudgetId, hidden }
}
