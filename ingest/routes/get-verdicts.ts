/**
 * GET /v1/verdicts: the verdict of the key's project, once; or, for clients that can hold no stream, as soon as it is
 * another than the one they have.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { reasonOf } from '../log.ts'
import type { VerdictKeeper } from '../verdicts/keep-verdicts.ts'
import type { KnownVerdict } from '../verdicts/known-verdict.ts'
import { parseVerdictQuery } from '../verdicts/parse-verdict-query.ts'
import { type WaitingClients, waitingClients } from '../verdicts/waiting-clients.ts'

export interface GetVerdictsDeps extends AuthenticateDeps {
  readonly verdicts: VerdictKeeper
  readonly streamsPerKeyMax?: number
}

export function registerGetVerdicts(app: FastifyInstance, deps: GetVerdictsDeps): void {
  const waiting = waitingClients(app, deps.streamsPerKeyMax)
  app.get('/v1/verdicts', { onRequest: requireScope(deps, 'verdicts') }, async (request, reply) => {
    const { has, waitMs } = askedOf(request)
    const { projectId } = callerOf(request).key
    const known = await latestOf(deps.verdicts, request, projectId)
    if (waitMs === 0 || known.id !== has) return answer(reply, known, has)
    const changed = await untilOther({ ...deps, waiting }, request, { projectId, has, waitMs })
    // Read again meanwhile, most likely: the age is that of now.
    return answer(reply, changed ?? deps.verdicts.current(projectId) ?? known, has)
  })
}

function askedOf(request: FastifyRequest) {
  const asked = parseVerdictQuery(request.query, request.headers['if-none-match'])
  if (asked.kind === 'bad') throw new Refusal('request_malformed', asked.problem)
  return asked
}

async function latestOf(
  verdicts: VerdictKeeper,
  request: FastifyRequest,
  projectId: string,
): Promise<KnownVerdict> {
  return await verdicts.latest(projectId).catch((error: unknown) => {
    request.log.warn(reasonOf(error), 'a verdict could not be read')
    throw new Refusal('unavailable')
  })
}

interface Wait {
  readonly projectId: string
  readonly has: string
  readonly waitMs: number
}

/** Null when the time is over, the client gone, or the server about to end. */
async function untilOther(
  { verdicts, waiting }: { readonly verdicts: VerdictKeeper; readonly waiting: WaitingClients },
  request: FastifyRequest,
  { projectId, has, waitMs }: Wait,
): Promise<KnownVerdict | null> {
  const keyId = callerOf(request).key.id
  waiting.admit(keyId)
  const over: (() => void)[] = []
  const changed = await new Promise<KnownVerdict | null>((resolve) => {
    const giveUp = () => resolve(null)
    const timer = setTimeout(giveUp, waitMs)
    request.raw.socket.once('close', giveUp)
    over.push(
      () => clearTimeout(timer),
      () => request.raw.socket.off('close', giveUp),
      waiting.add(keyId, giveUp),
      verdicts.watch(projectId, (known) => {
        if (known.id !== has) resolve(known)
      }),
    )
  })
  for (const end of over) end()
  return changed
}

function answer(reply: FastifyReply, known: KnownVerdict, has: string | null): FastifyReply {
  reply.headers({
    'cache-control': 'no-store',
    etag: `"${known.id}"`,
    'as-of': known.verdict.as_of,
    'age-ms': String(Math.max(0, Math.round(known.ageMs()))),
  })
  if (known.id === has) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(known.body(callerOf(reply.request).key.id))
}
