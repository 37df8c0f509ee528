/**
 * Holds as this replica answers for them: grants, what ends them, and the leases that it gives back when it has no use for
 * them any more.
 * Invariant: whoever asks is answered within a bounded time; what could not be answered holds at most until it expires.
 */
import { randomUUID } from 'node:crypto'
import type { NanoUsd } from '../../core/money.ts'
import { type EndedHold, type HoldRef, releaseHold, settleHold } from '../../db/postgres/end-holds.ts'
import type { AskedHold, HoldAnswer } from '../../db/postgres/grant-holds.ts'
import { readHold, type StoredHold } from '../../db/postgres/hold-rows.ts'
import { type Lease, returnLeases } from '../../db/postgres/leases.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { type FailureStreak, failureStreak } from '../failure-streak.ts'
import type { Log } from '../log.ts'
import { grantInBatches } from './grant-in-batches.ts'

export interface Holds {
  ask(call: AskedHold): Promise<HoldAnswer>
  settle(ref: HoldRef, cost: NanoUsd): Promise<EndedHold>
  release(ref: HoldRef): Promise<EndedHold>
  read(ref: HoldRef): Promise<StoredHold | null>
}

export interface OpenHolds extends Holds {
  /** Answers what is under way and gives every lease back. */
  close(): Promise<void>
}

export interface HoldsDeps {
  readonly postgres: Postgres
  readonly now: () => Date
  readonly log: Log
}

export interface HoldsOptions {
  readonly answerMsMax?: number
}

const IDLE_LOOK_MS = 500
/** A client asks before each call: it would rather hear soon that it has to decide by itself. */
const ANSWER_MS_MAX = 2_000
const CLOSE_MS_MAX = 3_000

/** Postgres did not answer in time. */
export class HoldsTimeout extends Error {
  constructor() {
    super('no answer in time')
  }
}

export function openHolds(deps: HoldsDeps, { answerMsMax = ANSWER_MS_MAX }: HoldsOptions = {}): OpenHolds {
  const { postgres, now, log } = deps
  const grants = grantInBatches({ postgres, now, replicaId: randomUUID() })
  const streak = failureStreak('answer for holds', log)
  let isReturning = false

  const giveBack = async (leases: readonly Lease[]): Promise<void> => {
    if (leases.length > 0) await returnLeases(postgres, leases)
  }
  const looking = setInterval(() => {
    if (isReturning) return
    isReturning = true
    // What cannot be given back is free when it expires.
    giveBack(grants.takeIdle())
      .catch((error: unknown) => streak.failed(error))
      .finally(() => {
        isReturning = false
      })
  }, IDLE_LOOK_MS)
  looking.unref()
  const within = <T>(work: Promise<T>): Promise<T> => answered(work, answerMsMax, streak)

  return {
    ask: (call) => within(grants.ask(call)),
    settle: (ref, cost) => within(settleHold(postgres, { ...ref, cost }, now())),
    release: (ref) => within(releaseHold(postgres, ref, now())),
    read: (ref) => within(readHold(postgres.tables, ref)),
    async close() {
      clearInterval(looking)
      const closing = grants.close().then(giveBack)
      await answered(closing, CLOSE_MS_MAX, streak).catch(() => undefined)
    },
  }
}

async function answered<T>(work: Promise<T>, msMax: number, streak: FailureStreak): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HoldsTimeout()), msMax)
  })
  try {
    const result = await Promise.race([work, late])
    streak.recovered()
    return result
  } catch (error) {
    streak.failed(error)
    throw error
  } finally {
    clearTimeout(timer)
    // Whoever lost the race, its refusal is heard by someone.
    work.catch(() => undefined)
  }
}
