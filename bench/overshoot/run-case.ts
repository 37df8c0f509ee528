/** One case from its project to its log: clients in processes of their own, the trace, the losses, the comparison. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseUsd } from '../../core/money.ts'
import type { TraceRequest } from '../../local/replay/trace.ts'
import type { BenchStores } from '../ingest/stores.ts'
import { type Case, nameOf, type Times, TOKENS_MAX } from './cases.ts'
import { startChild } from './child.ts'
import type { ClientNotes } from './client/open-client.ts'
import { nowMs, wallAheadMs } from './clock.ts'
import type { CaseLog } from './facts.ts'
import type { Fleet } from './fleet.ts'
import { readPosted } from './held.ts'
import { type CaseProject, makeProject } from './make-project.ts'
import type { FromClients, Opening, ToClients } from './orders.ts'
import { planCase } from './plan-case.ts'
import type { PriceCall } from './price-call.ts'

export interface Ground {
  readonly stores: BenchStores
  readonly fleet: Fleet
  readonly providerUrl: string
  readonly trace: readonly TraceRequest[]
  readonly price: PriceCall
}

const WORKERS_MAX = 2
const BEGINS_AFTER_MS = 200

export async function runCase(of: Case, times: Times, ground: Ground): Promise<CaseLog> {
  const { stores, trace, price } = ground
  const { due, limit } = planCase(of, { trace, times, price })
  const project = await makeProject(stores.postgres, { name: nameOf(of), limit })
  const ways = Array.from({ length: of.clients }, (_, client) => ({
    client,
    ...ground.fleet.wayOf(client, of),
  }))
  const shares = sharesOf(ways, Math.min(WORKERS_MAX, of.clients))
  const workers = await Promise.all(
    shares.map(() => startChild<ToClients, FromClients>('bench/overshoot/worker/main.ts')),
  )
  for (const { pid } of workers) stores.endAtExit(pid)
  try {
    await Promise.all(
      workers.map((worker, at) => worker.ask(openingOf(of, ground, project, shares[at]), 'open')),
    )
    const beginsAtMs = nowMs() + BEGINS_AFTER_MS
    const replayed = workers.map((worker, at) => {
      const own = new Set(shares[at]?.map(({ client }) => client))
      return worker.ask(
        { kind: 'replay', beginsAtMs, due: due.filter(({ client }) => own.has(client)) },
        'replayed',
      )
    })
    const [lostAtMs] = await Promise.all([
      loseLater(of, ground.fleet, beginsAtMs + times.lossAfterMs),
      ...replayed,
    ])
    if (lostAtMs !== null) await ground.fleet.mend()
    const finished = await Promise.all(workers.map((worker) => worker.ask({ kind: 'finish' }, 'finished')))
    const notes = finished.flatMap((each) => each.notes)
    const cut = ways.filter(({ isCutOff }) => isCutOff).map(({ client }) => client)
    const cutOff = lostAtMs === null ? null : { clients: new Set(cut), atMs: lostAtMs }
    return { limit, clients: of.clients, cutOff, ...(await logOf(notes, ground, project)) }
  } finally {
    for (const worker of workers) worker.stop()
  }
}

type WayOfClient = { readonly client: number; readonly lensUrl: string }

const sharesOf = <T extends WayOfClient>(ways: readonly T[], workers: number): T[][] =>
  Array.from({ length: workers }, (_, at) => ways.filter(({ client }) => client % workers === at))

/** Without losses clients do as SDKs do by default; with them, and in strict mode, the budget is told to deny. */
function openingOf(
  { mode, replicasLost }: Case,
  { providerUrl }: Ground,
  { apiKey }: CaseProject,
  clients: readonly WayOfClient[] = [],
): Opening {
  const onUnreachable = mode === 'strict' || replicasLost > 0 ? 'deny' : 'allow'
  return { kind: 'open', clients, apiKey, providerUrl, mode, onUnreachable, tokensMax: TOKENS_MAX }
}

async function loseLater({ replicasLost }: Case, fleet: Fleet, atMs: number): Promise<number | null> {
  if (replicasLost === 0) return null
  await sleep(Math.max(0, atMs - nowMs()))
  const lostAtMs = nowMs()
  await fleet.lose()
  return lostAtMs
}

async function logOf(
  notes: readonly ClientNotes[],
  { stores, price }: Ground,
  project: CaseProject,
): Promise<Pick<CaseLog, 'calls' | 'refusals' | 'standings'>> {
  const worstOf = (usd: string | null, tokensIn: number): bigint =>
    (usd === null ? null : parseUsd(usd)) ?? price({ tokensIn, tokensOut: TOKENS_MAX })
  const made = notes
    .flatMap(({ calls }) => calls)
    .map((call) => ({ ...call, cost: price(call), worst: worstOf(call.heldUsd, call.tokensIn) }))
  const posted = await readPosted(stores.postgres, project, made)
  const aheadMs = wallAheadMs()
  return {
    calls: made.map((call) => ({ ...call, postedAtMs: (posted.get(call.requestId) ?? 0) - aheadMs })),
    refusals: notes
      .flatMap(({ refusals }) => refusals)
      .map((refusal) => ({ ...refusal, worst: worstOf(refusal.worstUsd, refusal.tokensIn) })),
    standings: notes.flatMap(({ standings }) => standings),
  }
}
