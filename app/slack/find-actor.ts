/**
 * Whoever a name in the audit trail means. Slack gives the name that was typed and not who it is, so the people who did anything
 * are asked for their names: they are few, where a workspace may have thousands.
 */
import type { WebClient } from '@slack/web-api'

export type ActorFound =
  | { readonly kind: 'actor'; readonly actor: string }
  /** `names` are of those who did anything. */
  | { readonly kind: 'unknown'; readonly names: readonly string[] }

const SLACK_ID = /^[UW][A-Z0-9]{2,}$/

export async function findActor(
  client: WebClient,
  whose: string,
  { userId, actors }: { readonly userId: string; readonly actors: readonly string[] },
): Promise<ActorFound> {
  const wanted = whose.toLowerCase()
  if (wanted === 'me') return { kind: 'actor', actor: userId }
  if (wanted === 'lensai') return { kind: 'actor', actor: 'system' }
  const mentioned = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(whose)?.[1]
  if (mentioned !== undefined) return { kind: 'actor', actor: mentioned }
  const people = await Promise.all(
    actors.map(async (actor) => ({ actor, names: SLACK_ID.test(actor) ? await namesOf(client, actor) : [] })),
  )
  const found = people.find(({ actor, names }) =>
    [actor, ...names].some((name) => name.toLowerCase() === wanted),
  )
  if (found) return { kind: 'actor', actor: found.actor }
  return { kind: 'unknown', names: people.map(({ actor, names }) => names[0] ?? actor) }
}

/** The name that people type comes first; none where Slack does not know them any more. */
async function namesOf(client: WebClient, userId: string): Promise<string[]> {
  const { user } = await client.users.info({ user: userId }).catch(() => ({ user: undefined }))
  return [user?.name, user?.profile?.display_name, user?.real_name].flatMap((name) => (name ? [name] : []))
}
