/** One case from its project to its log: clients in processes of their own, the trace, the losses, the comparison. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseUsd } from '../../core/money.ts'
import type { TraceRequest } from '../../local/replay/trace.ts'
import type { BenchStores } from '../ingest/stores.ts'
import { type Case, nameOf, type Times, TOKENS_MAX } from './cases.ts'
import { type Child, startChild } from './child.ts'
import type { ClientNotes } from './client/open-client.ts'
import { nowMs } from './clock.ts'
import type { CaseLog } from './facts.ts'
import type { Fleet } from './fleet.ts'
import { type LedgerWatch, readPosted, watchLedger } from './held.ts'
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
  readonly workers: readonly Worker[]
}

/** A process that holds clients, of one case after the other. */
export type Worker = Child<ToClients, FromClients>

const WORKERS = 2
const BEGINS_AFTER_MS = 200

export async function startWorkers(stores: BenchStores): Promise<Worker[]> {
  const started = Array.from({ length: WORKERS }, async () => {
    const worker: Worker = await startChild('bench/overshoot/worker/main.ts', stores.endAtExit)
    stores.closeFirst(async () => worker.stop())
    return worker
  })
  return Promise.all(started)
}

export async function runCase(of: Case, times: Times, ground: Ground): Promise<CaseLog> {
  const { stores, fleet, trace, price, workers } = ground
  const { due, limit } = planCase(of, { trace, times, price })
  const project = await makeProject(stores.postgres, { name: nameOf(of), limit })
  const ways = Array.from({ length: of.clients }, (_, client) => ({ client, ...fleet.wayOf(client, of) }))
  const isOf = (at: number) => (one: { readonly client: number }) => one.client % workers.length === at
  const opened = workers.map((worker, at) =>
    worker.ask(openingOf(of, ground, project, ways.filter(isOf(at))), 'open'),
  )
  await Promise.all(opened)
  const watch = watchLedger(stores.postgres)
  const beginsAtMs = nowMs() + BEGINS_AFTER_MS
  const replayed = workers.map((worker, at) =>
    worker.ask({ kind: 'replay', beginsAtMs, due: due.filter(isOf(at)) }, 'replayed'),
  )
  const [lostAtMs] = await Promise.all([loseLater(of, fleet, beginsAtMs + times.lossAfterMs), ...replayed])
  if (lostAtMs !== null) await fleet.mend()
  const finished = await Promise.all(workers.map((worker) => worker.ask({ kind: 'finish' }, 'finished')))
  const notes = finished.flatMap((each) => each.notes)
  const cut = ways.filter(({ isCutOff }) => isCutOff).map(({ client }) => client)
  const cutOff = lostAtMs === null ? null : { clients: new Set(cut), atMs: lostAtMs }
  const seen = await logOf(notes, { ...ground, watch }, project)
  const refusals = seen.refusals.map((refusal) => {
    const isUnheard = ways[refusal.client]?.isUnheard === true
    const cameThrough = !isUnheard || lostAtMs === null || refusal.askedAtMs < lostAtMs
    // What was asked for over a silent link reached no server while the case lasted.
    return cameThrough ? refusal : { ...refusal, mayBeHeldUntilMs: null }
  })
  return { limit, clients: of.clients, cutOff, ...seen, refusals }
}

/** Without losses clients do as SDKs do by default; with them, and in strict mode, the budget is told to deny. */
function openingOf(
  { mode, replicasLost }: Case,
  { providerUrl }: Ground,
  { apiKey }: CaseProject,
  clients: Opening['clients'],
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
  { stores, price, watch }: Ground & { readonly watch: LedgerWatch },
  project: CaseProject,
): Promise<Pick<CaseLog, 'calls' | 'refusals' | 'standings'>> {
  const worstOf = (usd: string | null, tokensIn: number): bigint =>
    (usd === null ? null : parseUsd(usd)) ?? price({ tokensIn, tokensOut: TOKENS_MAX })
  const made = notes
    .flatMap(({ calls }) => calls)
    .map((call) => ({ ...call, cost: price(call), worst: worstOf(call.heldUsd, call.tokensIn) }))
  const posted = await readPosted({ postgres: stores.postgres, watch }, project, made)
  return {
    calls: made.map((call) => ({ ...call, postedAtMs: posted.get(call.requestId) ?? Number.NaN })),
    refusals: notes
      .flatMap(({ refusals }) => refusals)
      .map((refusal) => ({ ...refusal, worst: worstOf(refusal.worstUsd, refusal.tokensIn) })),
    standings: notes.flatMap(({ standings }) => standings),
  }
}
