/**
 * Fills Postgres with what it would hold of those calls: projects, keys, each project's sums by day, and budgets, which
 * the product itself makes and starts from those sums. Single admissions are not there: nothing in Slack reads them.
 */
import { mintApiKey } from '../../../core/api-key.ts'
import { nanoUsd } from '../../../core/money.ts'
import { monthOf, utcDay } from '../../../core/period.ts'
import { saveApiKey } from '../../../db/postgres/api-keys.ts'
import { monthlyBudget, type SlackPlace } from '../../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../../db/postgres/budgets.ts'
import type { Postgres } from '../../../db/postgres/open.ts'
import { ensureProject } from '../../../db/postgres/projects.ts'
import { projectSpend } from '../../../db/postgres/schema.ts'
import type { DayOfProject, SeededProject } from './seed-archive.ts'

const PROJECTS = ['support-bot', 'search', 'checkout', 'onboarding', 'reports', 'internal-tools']
const SCOPES = ['ingest', 'verdicts', 'holds']

export async function makeProjects(postgres: Postgres, orgId: string, at: Date): Promise<SeededProject[]> {
  const made: SeededProject[] = []
  for (const name of PROJECTS) {
    const { id: projectId } = await ensureProject(postgres.tables, { orgId, name }, at)
    const key = (keyName: string) =>
      saveApiKey(
        postgres.tables,
        { orgId, projectId, name: keyName, minted: mintApiKey(), scopes: SCOPES },
        at,
      )
    const [first, second] = [await key('production'), await key('batch')]
    made.push({ id: projectId, name, keyIds: [first.id, second.id] })
  }
  return made
}

export async function saveDays(
  postgres: Postgres,
  orgId: string,
  days: readonly DayOfProject[],
): Promise<void> {
  const rows = days.map(({ spent, ...day }) => ({ orgId, ...day, spent: nanoUsd(spent) }))
  if (rows.length > 0) await postgres.tables.insert(projectSpend).values(rows)
}

/** How full each project's month is, in percent, none near a threshold that the run would cross. */
const FULL_PERCENT = [20, 35, 60, 80, 15, 40]

interface BudgetGround {
  readonly orgId: string
  readonly projects: readonly SeededProject[]
  readonly days: readonly DayOfProject[]
  readonly slack: SlackPlace
}

/** A month of each project, a model and a route of two of them, and everything. */
export async function makeBudgets(postgres: Postgres, ground: BudgetGround, at: Date): Promise<number> {
  const { orgId, projects, days, slack } = ground
  const first = utcDay(monthOf(at).from)
  const spentBy = (projectId: string | null): bigint =>
    days
      .filter((one) => one.day >= first && (projectId === null || one.projectId === projectId))
      .reduce((sum, { spent }) => sum + spent, 1_000_000_000n)
  const limitOf = (projectId: string | null, percent: number) =>
    nanoUsd((spentBy(projectId) * 100n) / BigInt(percent))
  const month = (projectId: string | null, percent: number) =>
    monthlyBudget(projectId, limitOf(projectId, percent), slack)
  const narrow = (project: SeededProject | undefined, name: string, fields: Record<string, string[]>) => ({
    ...month(project?.id ?? null, 40),
    ...{ name, match: { fields, tags: {} } },
  })
  const definitions = [
    ...projects.map(({ id }, index) => month(id, FULL_PERCENT[index % FULL_PERCENT.length] ?? 20)),
    month(null, 30),
    narrow(projects[0], 'The dear model', { model: ['claude-sonnet-4-5'] }),
    narrow(projects[1], 'Answers', { route: ['*/answer'] }),
    narrow(undefined, 'OpenAI', { provider: ['openai'] }),
  ]
  for (const definition of definitions) {
    const made = await makeBudget(postgres, { orgId, definition, by: 'U0ALEX0001', origin: 'slack' }, at)
    if (made.kind === 'refused') throw new Error(`a budget could not be made: ${made.refusal}`)
  }
  return definitions.length
}
