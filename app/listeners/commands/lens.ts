/** `/lens`: acknowledged at once, then answered to the person who typed it. */
import type { App, RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Reach } from '../../../core/people/reach.ts'
import type { Act } from '../../../core/people/rights.ts'
import { unreachable } from '../../../core/unreachable.ts'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { budgetModal } from '../../blocks/budget-modal.ts'
import { helpMessage, unknownMessage } from '../../blocks/help.ts'
import { keysMessage } from '../../blocks/keys.ts'
import { withPartial } from '../../blocks/partial.ts'
import { settingsModal } from '../../blocks/settings-modal.ts'
import { COMMAND } from '../../ids.ts'
import { seenBudgets, seenKeys, seenProjects } from '../../seen/seen.ts'
import { type Caller, callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf, type Viewer } from '../../slack/people.ts'
import { answering, type Reply, replyVia, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { answerAudit } from './audit.ts'
import { answerDigest } from './digest.ts'
import { type LensCommand, parseLens } from './parse-lens.ts'
import { answerPeople } from './people.ts'
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
    case 'digest':
      return await answerDigest(deps, asked, command.rest)
    default: {
      const viewer = await mayAct(deps, asked, ACT_OF[command.kind])
      if (viewer) await answerViewer(deps, asked, { command, text, viewer })
    }
  }
}

type Admitted = Exclude<LensCommand, { kind: 'help' | 'unknown' | 'digest' }>

/** What it takes to be answered at all. */
const ACT_OF: Readonly<Record<Admitted['kind'], Act>> = {
  ...{ spend: 'look', latency: 'look', errors: 'look', compare: 'look', unpriced: 'look', budgets: 'look' },
  ...{ forecast: 'look', keys: 'look', audit: 'look', budget: 'set_budget', stop: 'stop_widely' },
  ...{ resume: 'stop_widely', settings: 'configure', people: 'look' },
}

async function answerViewer(
  deps: ListenerDeps,
  asked: Asked,
  { command, text, viewer }: { readonly command: Admitted; readonly text: string; readonly viewer: Viewer },
): Promise<void> {
  const { reach } = viewer
  switch (command.kind) {
    case 'spend':
    case 'latency':
    case 'errors':
    case 'compare':
    case 'unpriced':
    case 'budgets':
    case 'forecast':
      return await answerQuestion(deps, asked, { command, text, viewer })
    case 'keys':
      return await answerKeys(deps, asked, reach)
    case 'budget':
      return await openBudgetModal(deps, { ...asked, reach })
    case 'audit':
      return await answerAudit(deps, asked, { rest: command.rest, reach })
    case 'stop':
      return await answerStop(deps, asked, { rest: command.rest, reach })
    case 'resume':
      return await answerResume(deps, asked, { rest: command.rest, reach })
    case 'people':
      return await answerPeople(deps, asked, { rest: command.rest, viewer })
    case 'settings':
      return await openSettings(deps, asked)
    default:
      return unreachable(command)
  }
}

async function answerKeys(deps: ListenerDeps, asked: Asked, reach: Reach): Promise<void> {
  const keys = await seenKeys(deps.postgres.tables, reach)
  await asked.reply(withPartial(keysMessage(keys, deps.now()), reach))
}

type Asker = Pick<Asked, 'client' | 'userId' | 'caller' | 'reply'>

/** Who it is and what they see; null when they were told why they may not. */
export async function mayAct(deps: ListenerDeps, asked: Asker, act: Act): Promise<Viewer | null> {
  const [viewer, policy] = await Promise.all([
    readViewer(deps, asked),
    readOverridePolicy(deps.postgres.tables, asked.caller.orgId),
  ])
  const refusal = refusalOf(viewer, act, policy)
  if (refusal === null) return viewer
  await asked.reply(say(refusal))
  return null
}

/** Also what the button of App Home opens. */
export async function openBudgetModal(
  deps: ListenerDeps,
  asked: Pick<Asked, 'client' | 'triggerId' | 'reply'> & { readonly reach: Reach },
): Promise<void> {
  const { tables } = deps.postgres
  const { reach } = asked
  const [projects, budgets] = await Promise.all([
    seenProjects(tables, reach),
    seenBudgets(tables, reach, deps.now()),
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
