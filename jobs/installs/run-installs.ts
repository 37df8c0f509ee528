/** `npm run installs`: where the Slack app is installed, and links by which a workspace joins an organisation that there is. */
import type { Keyring } from '../../core/envelope.ts'
import { installLink, LINK_DAYS } from '../../core/install-link.ts'
import { type Installation, listInstallations } from '../../db/postgres/installations.ts'
import { listOrganisations } from '../../db/postgres/projects.ts'
import { organisationNamed } from '../operate/named.ts'
import { failed, type Operation, type Operator } from '../operate/operation.ts'
import { readWords } from '../operate/words.ts'

export type InstallsAsked =
  | { readonly kind: 'list' }
  | { readonly kind: 'steps' }
  | { readonly kind: 'link'; readonly org: string | null }

const USAGE =
  'usage: npm run installs -- list, npm run installs -- steps, or npm run installs -- link [--org ORG]'

export function parseInstallsArguments(
  words: readonly string[],
): InstallsAsked | { readonly kind: 'bad'; readonly problem: string } {
  const read = readWords(words, { org: { type: 'string' } })
  if (read.kind === 'bad') return { kind: 'bad', problem: `${read.problem}. ${USAGE}` }
  const [verb, ...more] = read.positionals
  if (more.length > 0 || (verb !== 'list' && verb !== 'steps' && verb !== 'link'))
    return { kind: 'bad', problem: USAGE }
  return verb !== 'link' ? { kind: verb } : { kind: 'link', org: read.values.org ?? null }
}

export async function runList({ postgres }: Operator): Promise<Operation> {
  const [installations, organisations] = await Promise.all([
    listInstallations(postgres.tables),
    listOrganisations(postgres.tables),
  ])
  const nameOf = (orgId: string) => organisations.find(({ id }) => id === orgId)?.name ?? orgId
  const notes = installations.length === 0 ? ['The app is installed nowhere yet.'] : []
  return { kind: 'done', lines: installations.map((one) => lineOf(one, nameOf(one.orgId))), notes }
}

function lineOf(one: Installation, organisation: string): string {
  const where = one.teamId ?? `${one.enterpriseId} (all of it)`
  const state = one.lapsedAt
    ? `needs to be installed again since ${one.lapsedAt.toISOString()}: Slack does not renew its token`
    : one.tokenExpiresAt
      ? `token until ${one.tokenExpiresAt.toISOString()}`
      : 'token without end'
  return [one.id, where, one.teamName, `${organisation} (${one.orgId})`, state].join('  ')
}

export async function runLink(
  { org }: Extract<InstallsAsked, { kind: 'link' }>,
  { postgres, now }: Operator,
  making: { readonly publicUrl: string; readonly keyring: Keyring },
): Promise<Operation> {
  const named = await organisationNamed(postgres.tables, org)
  if (named.kind === 'bad') return failed(named.problem)
  const link = installLink({ publicUrl: making.publicUrl, orgId: named.one.id, now: now() }, making.keyring)
  const note = `Good for one workspace, for ${LINK_DAYS} days. Whoever opens it shares the projects and budgets of ${named.one.name}.`
  return { kind: 'done', lines: [link], notes: [note] }
}
