/** POST /v1/holds and what ends a hold: whether a call may begin, asked before it is made. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseHold, parseSettlement } from '../../core/hold/parse-hold.ts'
import { toUsdDecimal, zeroUsd } from '../../core/money.ts'
import type { EndedHold, HoldRef } from '../../db/postgres/end-holds.ts'
import type { StoredHold } from '../../db/postgres/hold-rows.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { reasonOf } from '../log.ts'
import { askOfRequest } from './ask-of-request.ts'
import { toAnswerJson, toHoldJson } from './hold-json.ts'
import type { Holds } from './open-holds.ts'

export interface HoldRoutesDeps extends AuthenticateDeps {
  readonly holds: Holds
}

interface Named {
  readonly Params: { readonly id: string }
}

export function registerHolds(app: FastifyInstance, deps: HoldRoutesDeps): void {
  const { holds, now } = deps
  const onRequest = requireScope(deps, 'holds')

  app.post('/v1/holds', { onRequest }, async (request, reply) => {
    const parsed = parseHold(request.body)
    if (parsed.kind === 'bad') throw new Refusal('body_not_hold', sentence(parsed.problem))
    const ask = askOfRequest(parsed.request, callerOf(request).key, now())
    const answer = await unlessUnreachable(request, holds.ask(ask))
    return reply.send(toAnswerJson(answer, ask.wanted))
  })

  app.post<Named>('/v1/holds/:id/settle', { onRequest }, async (request, reply) => {
    const parsed = parseSettlement(request.body)
    if (parsed.kind === 'bad') throw new Refusal('body_not_hold', sentence(parsed.problem))
    const hold = foundIn(await unlessUnreachable(request, holds.settle(refOf(request), parsed.cost)))
    return reply.send({ settled_usd: toUsdDecimal(hold.settled ?? zeroUsd), over: hold.isOver })
  })

  app.post<Named>('/v1/holds/:id/release', { onRequest }, async (request, reply) => {
    const hold = foundIn(await unlessUnreachable(request, holds.release(refOf(request))))
    // Of a call that was reported nothing is released: it was made.
    return reply.send({ released: hold.state === 'released' || hold.state === 'expired', state: hold.state })
  })

  app.get<Named>('/v1/holds/:id', { onRequest }, async (request, reply) => {
    const hold = await unlessUnreachable(request, holds.read(refOf(request)))
    if (hold === null) throw new Refusal('hold_unknown')
    return reply.header('cache-control', 'no-store').send(toHoldJson(hold))
  })
}

/** What is no id of ours is nobody's hold, whatever characters it has. */
function refOf(request: FastifyRequest<Named>): HoldRef {
  const { id } = request.params
  if (!HOLD_ID.test(id)) throw new Refusal('hold_unknown')
  return { projectId: callerOf(request).key.projectId, holdId: id }
}

const HOLD_ID = /^hld_[0-9A-Za-z]{1,60}$/

function foundIn(ended: EndedHold): StoredHold {
  if (ended.kind === 'unknown') throw new Refusal('hold_unknown')
  return ended.hold
}

/** Postgres cannot be asked: the client does what its budgets' `on_unreachable` says. */
function unlessUnreachable<T>(request: FastifyRequest, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    request.log.debug(reasonOf(error), 'a hold could not be answered for')
    throw new Refusal('unavailable')
  })
}

/** Names of fields stay as they are sent. */
const sentence = (problem: string): string => `The body is not what this call takes: ${problem}.`
