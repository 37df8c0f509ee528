/** `/lens audit`: the last deeds, everybody's or of one person. Whoever may look at spend and keys may see who changed them. */
import type { Reach } from '../../../core/people/reach.ts'
import { readAudit } from '../../audit/read-audit.ts'
import { auditMessage } from '../../blocks/audit.ts'
import { unknownMessage } from '../../blocks/help.ts'
import { withPartial } from '../../blocks/partial.ts'
import { COMMAND } from '../../ids.ts'
import { seenActors } from '../../seen/seen.ts'
import { findActor } from '../../slack/find-actor.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'
import { nearest } from './nearest.ts'
import { readAuditWords } from './read-audit-words.ts'
import { cut, oneOfThese } from './words.ts'

/** The people that a name is looked for among: those who did something last. */
const ACTORS_MAX = 40

export async function answerAudit(
  deps: ListenerDeps,
  asked: Asked,
  { rest, reach }: { readonly rest: string; readonly reach: Reach },
): Promise<void> {
  const read = readAuditWords(rest)
  if (read.kind === 'unknown')
    return await asked.reply(unknownMessage(read.said, read.suggestion, deps.ingestUrl))
  const actor = read.whose === null ? null : await actorOf(deps, asked, { whose: read.whose, reach })
  if (read.whose !== null && actor === null) return
  const audit = await readAudit(deps, { reach, actor, rowsMax: read.rowsMax })
  await asked.reply(withPartial(auditMessage({ ...audit, actor }, deps.now()), reach))
}

/** Null when the person was told who there is. */
async function actorOf(
  deps: ListenerDeps,
  asked: Asked,
  { whose, reach }: { readonly whose: string; readonly reach: Reach },
): Promise<string | null> {
  const actors = await seenActors(deps.postgres.tables, reach, ACTORS_MAX)
  const found = await findActor(asked.client, whose, { userId: asked.userId, actors })
  if (found.kind === 'actor') return found.actor
  const near = nearest(whose.toLowerCase(), found.names)
  const said = `Nobody called \`${cut(whose)}\` did anything that is recorded.${found.names.length === 0 ? '' : ` ${oneOfThese(found.names.slice(0, 10).map(cut))}`}`
  await asked.reply(unknownMessage(said, near && `${COMMAND} audit by @${near}`, deps.ingestUrl))
  return null
}
