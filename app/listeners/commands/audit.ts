/** `/lens audit`: the last deeds, everybody's or of one person. Whoever may look at spend and keys may see who changed them. */
import { readActors } from '../../../db/postgres/deed-subjects.ts'
import { readAudit } from '../../audit/read-audit.ts'
import { auditMessage } from '../../blocks/audit.ts'
import { unknownMessage } from '../../blocks/help.ts'
import { COMMAND } from '../../ids.ts'
import { findActor } from '../../slack/find-actor.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'
import { nearest } from './nearest.ts'
import { readAuditWords } from './read-audit-words.ts'
import { cut, oneOfThese } from './words.ts'

/** The people that a name is looked for among: those who did something last. */
const ACTORS_MAX = 40

export async function answerAudit(deps: ListenerDeps, asked: Asked, rest: string): Promise<void> {
  const { orgId } = asked.caller
  const read = readAuditWords(rest)
  if (read.kind === 'unknown')
    return await asked.reply(unknownMessage(read.said, read.suggestion, deps.ingestUrl))
  const actor = read.whose === null ? null : await actorOf(deps, asked, read.whose)
  if (read.whose !== null && actor === null) return
  const audit = await readAudit(deps, { orgId, actor, rowsMax: read.rowsMax })
  await asked.reply(auditMessage({ ...audit, actor }, deps.now()))
}

/** Null when the person was told who there is. */
async function actorOf(deps: ListenerDeps, asked: Asked, whose: string): Promise<string | null> {
  const actors = await readActors(deps.postgres.tables, {
    orgId: asked.caller.orgId,
    rowsMax: ACTORS_MAX,
  })
  const found = await findActor(asked.client, whose, { userId: asked.userId, actors })
  if (found.kind === 'actor') return found.actor
  const near = nearest(whose.toLowerCase(), found.names)
  const said = `Nobody called \`${cut(whose)}\` did anything that is recorded. ${oneOfThese(found.names.slice(0, 10).map(cut))}`
  await asked.reply(unknownMessage(said, near && `${COMMAND} audit by @${near}`, deps.ingestUrl))
  return null
}
