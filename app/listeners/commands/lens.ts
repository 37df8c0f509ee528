/** `/lens`: acknowledged at once, then answered to the person who typed it. */
import type { App, RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { unreachable } from '../../../core/unreachable.ts'
import { listApiKeys } from '../../../db/postgres/api-key-deeds.ts'
import { ofOrganisation } from '../../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../../db/postgres/budget-snapshots.ts'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { listProjects } from '../../../db/postgres/projects.ts'
import { budgetModal } from '../../blocks/budget-modal.ts'
import { helpMessage, unknownMessage } from '../../blocks/help.ts'
import { keysMessage } from '../../blocks/keys.ts'
import { settingsModal } from '../../blocks/settings-modal.ts'
import { COMMAND } from '../../ids.ts'
import { type Caller, callerOf } from '../../slack/authorize.ts'
import { type Act, readPerson, refusalOf } from '../../slack/people.ts'
import { answering, type Reply, replyVia, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { answerAudit } from './audit.ts'
import { answerDigest } from './digest.ts'
import { type LensCommand, parseLens } from './parse-lens.ts'
import { answerQuestion } from './spend.ts'
import { answerResume, answerStop } from './stop-widely.ts'

export interface Asked {
  readonly caller: Caller
  readonly client: WebClient
  readonly userId: string
  readonly triggerId: string
  readonly reply: Reply
  readonly respond: RespondFn
}

export function registerLens(app: App, deps: ListenerDeps): void {
  app.command(COMMAND, async ({ ack, command, context, client, respond }) => {
    await ack()
    const reply = replyVia(respond)
    const asked: Asked = {
      caller: callerOf(context),
      client,
      userId: command.user_id,
      triggerId: command.trigger_id,
      reply,
      respond,
    }
    await runLens(deps, asked, command.text)
  })
}

/** Whatever brought the words here, the person is authorised for what they ask. */
export async function runLens(deps: ListenerDeps, asked: Asked, text: string): Promise<void> {
  const parsed = parseLens(text)
  const { reply } = asked
  await answering(deps, { what: `/lens ${parsed.kind}`, reply }, () => answer(deps, asked, parsed, text))
}

async function answer(deps: ListenerDeps, asked: Asked, command: LensCommand, text: string): Promise<void> {
  switch (command.kind) {
    case 'help':
      return await asked.reply(helpMessage(deps.ingestUrl))
    case 'unknown':
      return await asked.reply(unknownMessage(command.said, command.suggestion, deps.ingestUrl))
    case 'spend':
    case 'latency':
    case 'errors':
    case 'compare':
    case 'unpriced':
    case 'budgets':
    case 'forecast':
      return (await mayAct(deps, asked, 'look'))
        ? await answerQuestion(deps, asked, { command, text })
        : undefined
    case 'keys':
      return (await mayAct(deps, asked, 'look')) ? await answerKeys(deps, asked) : undefined
    case 'budget':
      return (await mayAct(deps, asked, 'set_budget')) ? await openBudgetModal(deps, asked) : undefined
    case 'audit':
      return (await mayAct(deps, asked, 'look')) ? await answerAudit(deps, asked, command.rest) : undefined
    case 'stop':
      return (await mayAct(deps, asked, 'stop_widely'))
        ? await answerStop(deps, asked, command.rest)
        : undefined
    case 'resume':
      return (await mayAct(deps, asked, 'stop_widely'))
        ? await answerResume(deps, asked, command.rest)
        : undefined
    case 'digest':
      return await answerDigest(deps, asked, command.rest)
    case 'settings':
      return (await mayAct(deps, asked, 'configure')) ? await openSettings(deps, asked) : undefined
    default:
      return unreachable(command)
  }
}

async function answerKeys(deps: ListenerDeps, asked: Asked): Promise<void> {
  const keys = await listApiKeys(deps.postgres.tables, { orgId: asked.caller.orgId })
  await asked.reply(keysMessage(keys, deps.now()))
}

type Asker = Pick<Asked, 'client' | 'userId' | 'caller' | 'reply'>

/** False when the person was told why not. */
export async function mayAct(deps: ListenerDeps, asked: Asker, act: Act): Promise<boolean> {
  const [person, policy] = await Promise.all([
    readPerson(asked.client, asked.userId, asked.caller),
    readOverridePolicy(deps.postgres.tables, asked.caller.orgId),
  ])
  const refusal = refusalOf(person, act, policy)
  if (refusal) await asked.reply(say(refusal))
  return refusal === null
}

/** Also what the button of App Home opens. */
export async function openBudgetModal(
  deps: ListenerDeps,
  asked: Pick<Asked, 'caller' | 'client' | 'triggerId' | 'reply'>,
): Promise<void> {
  const { tables } = deps.postgres
  const { orgId } = asked.caller
  const [projects, budgets] = await Promise.all([
    listProjects(tables, orgId),
    readBudgets(tables, ofOrganisation(orgId), deps.now()),
  ])
  const [first] = projects
  if (!first)
    return await asked.reply(
      say('There is no project yet. An admin names one in App Home: open LensAI under Apps.'),
    )
  const view = budgetModal({ projects, budgets, chosenProjectId: first.id })
  await asked.client.views.open({ trigger_id: asked.triggerId, view })
}

async function openSettings(deps: ListenerDeps, asked: Asked): Promise<void> {
  const policy = await readOverridePolicy(deps.postgres.tables, asked.caller.orgId)
  await asked.client.views.open({ trigger_id: asked.triggerId, view: settingsModal(policy) })
}
