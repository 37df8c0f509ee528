/**
 * Stops a project or everything, or ends that, and says in one sentence what came of it. That the person is an admin is
 * the caller's to have checked. Cards and Homes follow by themselves.
 */
import { listWideStops, type StandingStop } from '../../db/postgres/list-wide-stops.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { liftWideStop, stopWidely } from '../../db/postgres/stop-budget.ts'
import { wideStopWords } from '../blocks/budget-words.ts'
import { clip, escapeText, name, who } from '../blocks/text.ts'
import { STOP_REASON_CHARS_MAX } from '../blocks/wide-stops.ts'
import { COMMAND } from '../ids.ts'
import type { ListenerDeps } from '../listeners/listener-deps.ts'

interface Deed {
  readonly orgId: string
  /** Null is everything. */
  readonly project: Project | null
  readonly by: string
}

export async function stopNow(
  deps: ListenerDeps,
  { orgId, project, by, reason }: Deed & { readonly reason: string },
): Promise<string> {
  const projectId = project?.id ?? null
  const outcome = await stopWidely(
    deps.postgres,
    { orgId, projectId, by, reason: clip(reason, STOP_REASON_CHARS_MAX), origin: 'slack' },
    deps.now(),
  )
  if (outcome === 'project_unknown') return GONE
  deps.home.refresh(orgId)
  const standing = await standingStop(deps, orgId, projectId)
  const words = standing ? wideStopWords(standing, project?.name ?? null) : ''
  return outcome === 'done'
    ? `:octagonal_sign: ${words}\n\`${COMMAND} resume ${typed(project?.name ?? 'everything')}\` ends it.`
    : `It was stopped before; nothing changed.\n${words}`
}

export async function resumeNow(deps: ListenerDeps, { orgId, project, by }: Deed): Promise<string> {
  const projectId = project?.id ?? null
  const outcome = await liftWideStop(deps.postgres, { orgId, projectId, by, origin: 'slack' }, deps.now())
  if (outcome === 'project_unknown') return GONE
  deps.home.refresh(orgId)
  const what = project === null ? 'Everything' : `*${name(project.name)}*`
  const everything = projectId === null ? null : await standingStop(deps, orgId, null)
  const still = everything ? ` All the same:\n:octagonal_sign: ${wideStopWords(everything, null)}` : ''
  return outcome === 'done'
    ? `:large_green_circle: ${who(by)} resumed. ${what} may call again, within its budgets.${still}`
    : `${what} was not stopped by a person as a whole. Nothing changed.${still}`
}

/** As it is to be typed, between backticks. */
const typed = (text: string): string => escapeText(text.replaceAll('`', ''))

const GONE = 'This project no longer exists.'

async function standingStop(
  { postgres }: ListenerDeps,
  orgId: string,
  projectId: string | null,
): Promise<StandingStop | undefined> {
  const stops = await listWideStops(postgres.tables, orgId)
  return stops.find((stop) => stop.projectId === projectId)
}
