/**
 * A press on a card's button: who pressed it, on which budget, and whether that still makes sense.
 * Invariant: authorised here from the id that Slack signed, at every press; a stale or unauthorised press is answered
 * to the presser alone and changes nothing.
 */
import type {
  BlockAction,
  ButtonAction,
  OverflowAction,
  SlackActionMiddlewareArgs,
  StaticSelectAction,
} from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { OverrideTerms } from '../../../core/budget/override-policy.ts'
import type { Act } from '../../../core/people/rights.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { readOverridePolicy, readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { periodIsOver } from '../../cards/period-is-over.ts'
import { type CardRef, isReferredTo, readCardRef } from '../../ids.ts'
import { seenBudget } from '../../seen/seen.ts'
import { type Caller, callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf, type Viewer } from '../../slack/people.ts'
import { type Reply, replyVia, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export interface CardClick {
  readonly caller: Caller
  readonly client: WebClient
  readonly userId: string
  readonly triggerId: string
  readonly reply: Reply
  readonly ref: CardRef | null
}

type Pressed = ButtonAction | StaticSelectAction | OverflowAction

export type PressArgs<Action extends Pressed> = SlackActionMiddlewareArgs<BlockAction<Action>> & {
  readonly client: WebClient
  readonly context: Readonly<Record<string, unknown>>
}

/** A button carries what it refers to, a menu has it in its choices. */
export const clickOf = <Action extends Pressed>(
  { body, client, context, respond }: PressArgs<Action>,
  chosen: string | undefined,
): CardClick => ({
  caller: callerOf(context),
  client,
  userId: body.user.id,
  triggerId: body.trigger_id,
  reply: replyVia(respond),
  ref: readCardRef(chosen),
})

export interface Admitted {
  readonly person: Viewer
  readonly stored: StoredBudget
  readonly policy: OverrideTerms
}

/** The budget as it stands when the press may go on; null when the presser was told why not. */
export async function admitClick(
  deps: ListenerDeps,
  click: CardClick,
  { act, anyPeriod }: { readonly act: Act; readonly anyPeriod: boolean },
): Promise<Admitted | null> {
  const { caller, ref } = click
  const { tables } = deps.postgres
  if (!ref) return await turnAway(click, 'This button is of an older version of LensAI and no longer works.')
  const person = await readViewer(deps, click)
  const all = await seenBudget(tables, person.reach, { budgetId: ref.budgetId, at: ref.periodFrom })
  const [rule] = all
  const terms = rule ? await readOverrideTerms(tables, rule) : null
  // Who is told that a budget is gone goes by the organisation's policy.
  const refusal = refusalOf(person, act, terms ?? (await readOverridePolicy(tables, caller.orgId)))
  if (refusal) return await turnAway(click, refusal)
  if (!rule || !terms) return await turnAway(click, 'This budget no longer exists.')
  const over = anyPeriod ? null : periodIsOver(rule, ref.periodFrom, deps.now())
  if (over !== null) return await turnAway(click, over)
  const stored = all.find(({ current }) => isReferredTo(current.counter, ref))
  if (!stored) return await turnAway(click, 'That counter is not on this card any more. Nothing changed.')
  return { person, stored, policy: terms }
}

async function turnAway(click: CardClick, why: string): Promise<null> {
  await click.reply(say(why))
  return null
}
