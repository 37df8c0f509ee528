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
  type Owner,
} from '../../db/postgres/grant-holds.ts'
import type { Lease } from '../../db/postgres/leases.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { reasonOf } from '../log.ts'
import { coverBook } from './cover-book.ts'
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
const TRIES_MAX = 4

export function grantInBatches({ postgres, replicaId, now }: GrantDeps): GrantInBatches {
  const book = leaseBook()
  const covers = coverBook()
  const due = new Map<string, Owner>()
  const [byLease, byBudget]: [Waiting[], Waiting[]] = [[], []]
  const running = new Set<Promise<void>>()
  let isLeasing = false
  let transactions = 0
  let isScheduled = false

  function enqueue(waiting: Waiting): void {
    const { projectId } = waiting.call.facts
    const nowMs = now().getTime()
    const isKnown = covers.coverOf(projectId, nowMs) !== null
    if (isKnown) byLease.push(waiting)
    else byBudget.push(waiting)
    if (isKnown && covers.isDue(projectId, nowMs)) due.set(projectId, waiting.call.facts)
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
    while (transactions < TRANSACTIONS_MAX && (byBudget.length > 0 || due.size > 0)) {
      transactions += 1
      const batch = byBudget.splice(0, CALLS_AT_ONCE)
      const owners = new Map([
        ...due,
        ...batch.map(({ call }) => [call.facts.projectId, call.facts] as const),
      ])
      due.clear()
      covers.begin(owners.keys())
      run(grantByBudget(batch, owners).finally(() => (transactions -= 1)))
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
      const { projectId } = waiting.call.facts
      const cover = covers.coverOf(projectId, at.getTime())
      const planned = cover && planHold(waiting.call, cover, at)
      if (planned) covers.noteUse(projectId, planned.covering, at.getTime())
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

  /** Grants, and reads anew what covers the calls of these projects; also without a call. */
  async function grantByBudget(batch: readonly Waiting[], owners: ReadonlyMap<string, Owner>): Promise<void> {
    const at = now()
    const calls = batch.map(({ call }) => call)
    const counters = covers.usedOf(owners.keys(), at.getTime())
    const wishOf = (name: string) => book.wishOf(name, at.getTime())
    try {
      const leasing = { replicaId, wishOf, counters, owners: [...owners.values()] }
      const granted = await grantHolds(postgres, calls, at, leasing)
      remember(granted)
      covers.end(owners.keys(), granted.cover)
      for (const [place, waiting] of batch.entries()) {
        const answer = granted.answers[place]
        if (answer) waiting.answer(answer)
      }
    } catch (error) {
      covers.end(owners.keys(), null)
      retry(batch, error)
    }
  }

  function remember({ answers, leases }: Granted): void {
    const atMs = now().getTime()
    for (const lease of leases) book.keep(nameOfCounter(lease.counter), lease, atMs)
    for (const answer of answers) {
      if (answer.kind !== 'granted') continue
      const { entries, projectId } = answer.hold
      covers.noteUse(projectId, entries, atMs)
      book.noteDemand(
        entries.map((entry) => ({ name: nameOfCounter(entry), amount: entry.amount })),
        atMs,
      )
    }
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
      due.clear()
      while (running.size > 0 || byLease.length > 0 || byBudget.length > 0) {
        pump()
        await Promise.all(running)
      }
      return book.takeAll()
    },
  }
}

/** A deadlock, a conflict of serializable transactions, and the end of one whose process stood still. */
const PASSING: readonly string[] = ['40P01', '40001', '25P03']
