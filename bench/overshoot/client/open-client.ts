/**
 * The model of what an SDK does, whole: it listens to verdicts, asks its guard before each call, in strict mode asks
 * for a hold as well, calls the provider, and sends the event until it is acknowledged. It notes what it saw.
 */
import { Agent } from 'node:http'
import { nowMs } from '../clock.ts'
import type { Call, Refusal, Standing } from '../facts.ts'
import type { Server } from './exchange.ts'
import { buildGuard, type OnUnreachable } from './guard.ts'
import { askForHold, HOLD_TTL_S, releaseHold } from './holds.ts'
import { openOutbox } from './outbox.ts'
import { type Answered, askProvider, MODEL, PROVIDER } from './provider.ts'
import { openVerdictStream } from './verdict-stream.ts'

export type Mode = 'cached' | 'strict'

export interface ClientOptions {
  readonly client: number
  readonly lensUrl: string
  readonly apiKey: string
  readonly provider: Server
  readonly mode: Mode
  readonly onUnreachable: OnUnreachable
  readonly tokensMax: number
  /** How long it waits for the answer to a hold; two seconds when not given. */
  readonly holdWithinMs?: number
  readonly broken: (error: unknown) => void
}

export interface TraceCall {
  readonly requestId: string
  readonly contextTokens: number
  readonly generatedTokens: number
}

/** A call as its client knows it: what it cost, and when it was counted, is for others to say. */
export type CallNote = Omit<Call, 'cost' | 'worst' | 'postedAtMs'> & {
  readonly model: string
  readonly serviceTier: string | null
  readonly tokensIn: number
  readonly tokensOut: number
  /** What the hold was granted for. */
  readonly heldUsd: string | null
}

export type RefusalNote = Omit<Refusal, 'worst'> & {
  readonly tokensIn: number
  /** What the server said that the call could have cost. */
  readonly worstUsd: string | null
}

export interface ClientNotes {
  readonly calls: readonly CallNote[]
  readonly refusals: readonly RefusalNote[]
  readonly standings: readonly Standing[]
}

export interface Client {
  /** Resolves with the first verdict. */
  readonly ready: Promise<void>
  /** Resolves when the call has ended or was refused. */
  call(request: TraceCall): Promise<void>
  /** Sends what is left, ends every connection, and says what was seen. */
  finish(): Promise<ClientNotes>
}

/** How often a client looks whether its verdict has become stale meanwhile. */
const LOOK_EVERY_MS = 25

export function openClient(options: ClientOptions): Client {
  const { client, lensUrl, apiKey, provider, mode, onUnreachable, tokensMax } = options
  const lens: Server = { url: lensUrl, apiKey, agent: new Agent({ keepAlive: true }) }
  const guard = buildGuard({ onUnreachable, nowMs })
  const calls = new Map<string, CallNote>()
  const refusals: RefusalNote[] = []
  const standings: Standing[] = []
  let isLive = false
  let onFirst: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    onFirst = resolve
  })

  /** Noted from the first verdict on. */
  function stand(live: boolean): void {
    isLive = live
    if (standings.length === 0 && !isLive) return
    const mayCall = guard.refusal() === null
    const last = standings.at(-1)
    if (last?.isLive === isLive && last.mayCall === mayCall) return
    standings.push({ client, atMs: nowMs(), isLive, mayCall })
  }

  const stream = openVerdictStream({
    ...{ url: lensUrl, apiKey, alive: guard.hearAlive },
    heard: (verdict, ageMs) => {
      guard.hear(verdict, ageMs)
      stand(true)
      onFirst()
    },
    down: () => stand(false),
  })
  const looking = setInterval(() => stand(isLive), LOOK_EVERY_MS)
  const outbox = openOutbox(lens, {
    broken: options.broken,
    acknowledged: (requestIds, ackedAtMs) => {
      for (const requestId of requestIds) {
        const call = calls.get(requestId)
        if (call !== undefined) calls.set(requestId, { ...call, ackedAtMs })
      }
    },
  })

  async function call(request: TraceCall): Promise<void> {
    const { requestId, contextTokens } = request
    const askedAtMs = nowMs()
    const refuse = (by: Refusal['by'], told: Partial<RefusalNote> = {}) => {
      const nothing = { worstUsd: null, holdMs: null, mayBeHeldUntilMs: null }
      refusals.push({ client, askedAtMs, atMs: nowMs(), by, tokensIn: contextTokens, ...nothing, ...told })
    }
    const why = guard.refusal()
    // What a hold says is newer than any verdict, so a silent stream alone refuses no call of strict mode.
    if (why === 'budget' || (why !== null && mode === 'cached')) return refuse(why)
    if (mode === 'cached') return make(request, { askedAtMs, heldUsd: null, holdMs: null, holdId: null })
    const size = { provider: PROVIDER, model: MODEL, tokensIn: contextTokens, tokensMax }
    const hold = await askForHold(lens, { requestId, ...size }, options.holdWithinMs)
    if (hold.kind === 'refused') return refuse('budget', { worstUsd: hold.amountUsd, holdMs: hold.tookMs })
    if (hold.kind === 'unreachable') {
      const untilMs = nowMs() + HOLD_TTL_S * 1000
      return refuse('unreachable', { mayBeHeldUntilMs: hold.mayBeHeld ? untilMs : null })
    }
    return make(request, { askedAtMs, heldUsd: hold.amountUsd, holdMs: hold.tookMs, holdId: hold.holdId })
  }

  async function make(
    { requestId, contextTokens, generatedTokens }: TraceCall,
    {
      holdId,
      ...leave
    }: Pick<CallNote, 'askedAtMs' | 'heldUsd' | 'holdMs'> & { readonly holdId: string | null },
  ): Promise<void> {
    const begunAtMs = nowMs()
    const ts = new Date().toISOString()
    const answered = await askProvider(provider, { contextTokens, generatedTokens, tokensMax })
    if (answered === null) {
      if (holdId !== null) await releaseHold(lens, holdId)
      throw new Error('the stand-in provider did not answer a call')
    }
    const endedAtMs = nowMs()
    const { usage, ...facts } = answered
    calls.set(requestId, {
      ...{ requestId, client, begunAtMs, endedAtMs, ackedAtMs: Number.NaN },
      ...{ ...leave, ...facts },
    })
    outbox.add({ requestId, json: eventOf(requestId, { ts, latencyMs: endedAtMs - begunAtMs, answered }) })
  }

  return {
    ready,
    call,
    finish: async () => {
      await outbox.flush()
      clearInterval(looking)
      stream.close()
      lens.agent.destroy()
      return { calls: [...calls.values()], refusals, standings }
    },
  }
}

function eventOf(
  requestId: string,
  {
    ts,
    latencyMs,
    answered,
  }: { readonly ts: string; readonly latencyMs: number; readonly answered: Answered },
): string {
  const { model, usage, serviceTier } = answered
  return JSON.stringify({
    ...{ request_id: requestId, ts, provider: PROVIDER, model, usage, service_tier: serviceTier },
    latency_ms: Math.round(latencyMs),
  })
}
