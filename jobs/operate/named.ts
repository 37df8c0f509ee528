/** Finds the organisation or the project that a person named, or says which there are. */
import type { Queryable } from '../../db/postgres/open.ts'
import {
  listOrganisations,
  listProjects,
  type Organisation,
  type Project,
} from '../../db/postgres/projects.ts'

export type Named<T> =
  | { readonly kind: 'found'; readonly one: T }
  | { readonly kind: 'bad'; readonly problem: string }

const SHOWN_MAX = 20

/** Named by its id or name; the only one there is when not named. */
export async function organisationNamed(tx: Queryable, text: string | null): Promise<Named<Organisation>> {
  const all = await listOrganisations(tx)
  const fitting = text === null ? all : all.filter(({ id, name }) => id === text || name === text)
  return only(fitting, {
    none: text === null ? 'there is no organisation yet' : `there is no organisation "${shown(text)}"`,
    many:
      text === null ? 'there are several organisations: say one with --org' : `say which "${shown(text)}"`,
    there: all,
  })
}

/** Of one organisation, or of all when that is null. */
export async function projectNamed(
  tx: Queryable,
  text: string,
  org: Organisation | null,
): Promise<Named<Project>> {
  const orgs = org === null ? await listOrganisations(tx) : [org]
  const all = (await Promise.all(orgs.map(({ id }) => listProjects(tx, id)))).flat()
  return only(
    all.filter(({ id, name }) => id === text || name === text),
    {
      none: `there is no project "${shown(text)}"`,
      many: `several organisations have a project "${shown(text)}": say its id, or --org`,
      there: all,
    },
  )
}

interface Sentences {
  readonly none: string
  readonly many: string
  readonly there: readonly { readonly id: string; readonly name: string }[]
}

function only<T>(fitting: readonly T[], { none, many, there }: Sentences): Named<T> {
  const [one, ...others] = fitting
  if (one !== undefined && others.length === 0) return { kind: 'found', one }
  const names = there.slice(0, SHOWN_MAX).map(({ id, name }) => `${name} (${id})`)
  const more = there.length > SHOWN_MAX ? ` and ${there.length - SHOWN_MAX} more` : ''
  const list = names.length === 0 ? '' : `; there are ${names.join(', ')}${more}`
  return { kind: 'bad', problem: `${one === undefined ? none : many}${list}` }
}

const shown = (text: string): string => text.slice(0, 64)
