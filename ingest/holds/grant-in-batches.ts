/**
 * Answers the calls that ask to begin, many at once: by one statement from this replica's leases where it can, else by
 * one transaction on the budgets themselves, which also reads anew by what the replica decides, and leases more.
 * Invariant: a granted hold is on disk before anybody hears of it; what is refused is refused by Postgres.
 */
import type { HoldPart } from '../../core/hold/decide-hold.ts'
import { nameOfCounter } from '../../db/postgres/counters.ts'
import { grantFromLeases, type LeasedHold } from '../../db/postgres/grant-from-leases.ts'
import {
  type AskedHold,
  type Granted,
  grantHolds,
  type HoldAnswer,
  holdOf,
} from '../../db/postgres/grant-holds.ts'
import type { HoldCover } from '../../db/postgres/hold-cover.ts'
import type { Lease } from '../../db/postgres/leases.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { reasonOf } from '../log.ts'
import { type Draw, leaseBook } from './lease-book.ts'
import { planHold } from './plan-hold.ts'

export interface GrantInBatches {
  ask(call: AskedHold): Promise<HoldAnswer>
  /** Leases that are no longer needed, which are the caller's to return. */
  takeIdle(): Lease[]
  /** Answers what is under way, and gives up every lease. */
  close(): Promise<Lease[]>
}

export interface GrantDeps {
  readonly postgres: Postgres
  readonly replicaId: string
  readonly now: () => Date
}

interface Waiting {
  readonly call: AskedHold
  readonly answer: (answer: HoldAnswer) => void
  readonly fail: (error: unknown) => void
  tries: number
}

interface Leasing extends Waiting {
  readonly parts: readonly HoldPart[]
  readonly draws: readonly Draw[]
  readonly leaseIds: readonly string[]
}

const CALLS_AT_ONCE = 200
const TRANSACTIONS_MAX = 2
/** What was read is read again after this long, by the next call alone, and is not decided by after the other. */
const REFRESH_MS = 200
const STALE_MS = 500
const TRIES_MAX = 4
const PROJECTS_MAX = 10_000

export function grantInBatches({ postgres, replicaId, now }: GrantDeps): GrantInBatches {
  const book = leaseBook()
  const covers = new Map<string, HoldCover>()
  const refreshing = new Set<string>()
  const [byLease, byBudget]: [Waiting[], Waiting[]] = [[], []]
  const running = new Set<Promise<void>>()
  let isLeasing = false
  let transactions = 0
  let isScheduled = false

  const coverOf = (projectId: string, at: Date): HoldCover | null => {
    const cover = covers.get(projectId)
    return cover && at.getTime() - cover.readAt.getTime() < STALE_MS ? cover : null
  }

  function enqueue(waiting: Waiting): void {
    const { projectId } = waiting.call.facts
    const at = now()
    const cover = coverOf(projectId, at)
    const isOld = cover === null || at.getTime() - cover.readAt.getTime() > REFRESH_MS
    const refreshes = isOld && !refreshing.has(projectId)
    if (refreshes) refreshing.add(projectId)
    if (refreshes || cover === null) byBudget.push(waiting)
    else byLease.push(waiting)
    schedule()
  }

  /** After this turn, in which more calls may come. */
  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      pump()
    })
  }

  function pump(): void {
    if (!isLeasing && byLease.length > 0) {
      const batch = plan(byLease.splice(0, CALLS_AT_ONCE))
      if (batch.length > 0) {
        isLeasing = true
        run(grantLeased(batch).finally(() => (isLeasing = false)))
      }
    }
    while (transactions < TRANSACTIONS_MAX && byBudget.length > 0) {
      transactions += 1
      run(grantByBudget(byBudget.splice(0, CALLS_AT_ONCE)).finally(() => (transactions -= 1)))
    }
  }

  function run(work: Promise<unknown>): void {
    const done: Promise<void> = work.then(() => {
      running.delete(done)
      schedule()
    })
    running.add(done)
  }

  /** Those that leases can grant; the rest waits for a transaction. */
  function plan(batch: readonly Waiting[]): Leasing[] {
    const at = now()
    return batch.flatMap((waiting): Leasing[] => {
      const cover = coverOf(waiting.call.facts.projectId, at)
      const planned = cover && planHold(waiting.call, cover, at)
      if (planned?.parts.length === 0) {
        waiting.answer({ kind: 'free' })
        return []
      }
      const leaseIds = planned && book.draw(planned.draws, at.getTime())
      if (leaseIds) return [{ ...waiting, ...planned, leaseIds }]
      byBudget.push(waiting)
      return []
    })
  }

  async function grantLeased(batch: readonly Leasing[]): Promise<void> {
    const at = now()
    // A call that is asked for twice at once is held once; the second hears what became of the first.
    const once = [...new Map(batch.map((leasing) => [leasing.call.identity, leasing])).values()]
    const holds = once.map(
      ({ call, parts, leaseIds }): LeasedHold => ({ hold: holdOf(call, parts, at), leaseIds }),
    )
    try {
      const outcome = await grantFromLeases(postgres.tables, holds, at)
      const written = outcome.kind === 'granted' ? outcome.written : new Set()
      if (outcome.kind === 'ended') book.forget(batch.flatMap(({ leaseIds }) => leaseIds))
      const granted = new Map(holds.map(({ hold }, place) => [once[place], hold]))
      for (const leasing of batch) {
        const hold = granted.get(leasing)
        if (hold && written.has(hold.id)) {
          book.noteDemand(leasing.draws, at.getTime())
          leasing.answer({ kind: 'granted', hold })
        } else {
          book.putBack(leasing.draws)
          byBudget.push(leasing)
        }
      }
    } catch (error) {
      // Whether it was taken from the leases is not known.
      book.forget(batch.flatMap(({ leaseIds }) => leaseIds))
      retry(batch, error)
    }
  }

  async function grantByBudget(batch: readonly Waiting[]): Promise<void> {
    const at = now()
    const projectIds = new Set(batch.map(({ call }) => call.facts.projectId))
    const wishOf = (name: string) => book.wishOf(name, at.getTime())
    try {
      const granted = await grantHolds(
        postgres,
        batch.map(({ call }) => call),
        at,
        { replicaId, wishOf },
      )
      remember(granted, projectIds)
      for (const [place, waiting] of batch.entries()) {
        const answer = granted.answers[place]
        if (answer) waiting.answer(answer)
      }
    } catch (error) {
      retry(batch, error)
    } finally {
      for (const projectId of projectIds) refreshing.delete(projectId)
    }
  }

  function remember({ answers, leases, cover }: Granted, projectIds: Iterable<string>): void {
    const atMs = now().getTime()
    for (const lease of leases) book.keep(nameOfCounter(lease.counter), lease, atMs)
    for (const answer of answers) {
      if (answer.kind !== 'granted') continue
      const { entries } = answer.hold
      book.noteDemand(
        entries.map((entry) => ({ name: nameOfCounter(entry), amount: entry.amount })),
        atMs,
      )
    }
    if (covers.size > PROJECTS_MAX) covers.clear()
    for (const projectId of projectIds) covers.set(projectId, cover)
  }

  /** Postgres ends one of two transactions that wait for each other; done again, it goes through. */
  function retry(batch: readonly Waiting[], error: unknown): void {
    const isPassing = PASSING.includes(reasonOf(error).code ?? '')
    for (const waiting of batch) {
      waiting.tries += 1
      if (isPassing && waiting.tries < TRIES_MAX) byBudget.push(waiting)
      else waiting.fail(error)
    }
  }

  return {
    ask: (call) =>
      new Promise((answer, fail) => {
        enqueue({ call, answer, fail, tries: 0 })
      }),
    takeIdle: () => book.takeIdle(now().getTime()),
    async close() {
      while (running.size > 0 || byLease.length > 0 || byBudget.length > 0) {
        pump()
        await Promise.all(running)
      }
      return book.takeAll()
    },
  }
}

/** A deadlock, and a conflict of serializable transactions. */
const PASSING: readonly string[] = ['40P01', '40001']
