/**
 * Grants or refuses many calls in one transaction, each by what those before it left.
 * Laws: what is granted never takes spent and held above the ceiling of a budget that holds; one call is held once,
 * however often and of whomever it is asked; nobody is refused for a lease that lies idle or a hold that is overdue.
 */
import { sql } from 'drizzle-orm'
import { type Block, type Explanation, explain } from '../../core/budget/explain.ts'
import { availableOf, viewOf } from '../../core/budget/verdict.ts'
import { demandOf, type HoldPart, tooLarge } from '../../core/hold/decide-hold.ts'
import { type CounterRef, countedUntilOf } from '../../core/hold/hold.ts'
import { holdIdOf } from '../../core/hold/hold-id.ts'
import type { Wanted } from '../../core/hold/wanted.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import { checkedBeforeRefusal } from './decide-checked.ts'
import { dueHoldsOf, expireThese } from './end-holds.ts'
import { type HoldCover, nameOf, type OpenCover, type OwnedFacts, openCover } from './hold-cover.ts'
import { insertHolds, readHolds, type StoredHold } from './hold-rows.ts'
import { addToLease, endLeasesOf, type Lease } from './leases.ts'
import type { Postgres, Queryable } from './open.ts'
import { shareScopes } from './project-locks.ts'

/** A call that asks to begin. */
export interface AskedHold {
  readonly facts: OwnedFacts
  readonly requestId: string
  readonly attempt: number
  /** Of the call: 32 hex digits. */
  readonly identity: string
  readonly wanted: Wanted
  readonly ttlS: number
}

export type HoldAnswer =
  | { readonly kind: 'granted'; readonly hold: StoredHold }
  /** No budget asks that anything is held. */
  | { readonly kind: 'free' }
  | { readonly kind: 'refused'; readonly explanation: Explanation }

/** What a replica would lease beside, by the name of the counter; zero for nothing. */
export interface Leasing {
  readonly replicaId: string
  readonly wishOf: (counter: string) => NanoUsd
  /** Read as well: what covered other calls of these projects a moment ago. */
  readonly owners: readonly Owner[]
  readonly counters: readonly CounterRef[]
}

export type Owner = Pick<OwnedFacts, 'projectId' | 'orgId'>

export interface Leased extends Lease {
  readonly added: NanoUsd
}

export interface Granted {
  /** In the order in which they were asked. */
  readonly answers: readonly HoldAnswer[]
  readonly leases: readonly Leased[]
  readonly cover: HoldCover
}

export const NO_LEASING: Leasing = {
  ...{ replicaId: '', wishOf: () => zeroUsd, owners: [], counters: [] },
}

export async function grantHolds(
  postgres: Postgres,
  asked: readonly AskedHold[],
  now: Date,
  leasing: Leasing = NO_LEASING,
): Promise<Granted> {
  const first = await grantOnce(postgres, asked, now, leasing)
  if (first.overdue.length === 0) return first
  // A job that is late refuses nobody: what is due is expired, and those that it might have refused ask again.
  await expireThese(postgres, first.overdue, now)
  const again = asked.filter((_, place) => first.answers[place]?.kind === 'refused')
  const second = await grantOnce(postgres, again, now, NO_LEASING)
  const answers = new Map(again.map((ask, place) => [ask, second.answers[place]]))
  return {
    ...first,
    answers: first.answers.map((answer, place) => (asked[place] && answers.get(asked[place])) ?? answer),
  }
}

interface GrantedOnce extends Granted {
  readonly overdue: readonly string[]
}

function grantOnce(
  postgres: Postgres,
  asked: readonly AskedHold[],
  now: Date,
  leasing: Leasing,
): Promise<GrantedOnce> {
  return postgres.tables.transaction(async (tx): Promise<GrantedOnce> => {
    const owners: readonly Owner[] = [...asked.map(({ facts }) => facts), ...leasing.owners]
    const projectIds = owners.map(({ projectId }) => projectId)
    // Whoever changes a budget has its scope alone: what is read from here on stays so until the commit.
    await shareScopes(tx, [...projectIds, ...owners.map(({ orgId }) => orgId)])
    const identities = [...new Set(asked.map(({ identity }) => identity))]
    const [known, counted] = await Promise.all([knownOf(tx, identities), countedOf(tx, identities)])
    const fresh = asked.filter(({ identity }) => !known.has(identity))
    const cover = await openCover(tx, { projectIds, calls: fresh, counters: leasing.counters }, now)
    const deciding: Deciding = { tx, cover, now, recalled: new Set(), checked: new Set() }
    const decided = new Map<string, Decided>()
    for (const ask of fresh) {
      if (decided.has(ask.identity)) continue
      decided.set(ask.identity, counted.has(ask.identity) ? COUNTED : await decide(deciding, ask))
    }
    const leases = await lease(deciding, leasing)
    const written = await write(tx, fresh, decided, now)
    const answers: HoldAnswer[] = []
    for (const { identity } of asked) {
      const hold = known.get(identity) ?? written.get(identity)
      const of = decided.get(identity)
      if (hold) answers.push({ kind: 'granted', hold })
      else if (of?.kind !== 'refused') answers.push({ kind: 'free' })
      else {
        answers.push({ kind: 'refused', explanation: explain(of.block) })
      }
    }
    const budgetIds = tooLargeFor(decided)
    const overdue = budgetIds.length === 0 ? [] : await dueHoldsOf(tx, budgetIds, now)
    return { answers, leases, cover, overdue }
  })
}

type Decided =
  | { readonly kind: 'granted'; readonly parts: readonly HoldPart[] }
  /** The event of the call was counted before: nothing is left to hold. */
  | { readonly kind: 'counted' }
  | { readonly kind: 'refused'; readonly block: Block }

const COUNTED: Decided = { kind: 'counted' }

interface Deciding {
  readonly tx: Queryable
  readonly cover: OpenCover
  readonly now: Date
  /** Counters of which nothing is leased any more. */
  readonly recalled: Set<string>
  /** Counters whose figure was checked. */
  readonly checked: Set<string>
}

async function decide(deciding: Deciding, ask: AskedHold): Promise<Decided> {
  const { cover, now } = deciding
  for (;;) {
    const stops = cover.stops.get(ask.facts.projectId) ?? []
    const demand = demandOf(ask, cover.covering(ask), stops, now)
    if (demand.kind === 'refused') return demand
    // One that came near its stop since it was looked at is not locked: this once it is as it was.
    const parts = demand.parts.filter(({ view }) => cover.locked.has(nameOf(view)))
    const block = tooLarge(parts, ask.wanted)
    if (block === null) {
      cover.add(parts)
      return { kind: 'granted', parts }
    }
    if (await recall(deciding, parts)) continue
    if (!(await correct(deciding, block))) return { kind: 'refused', block }
  }
}

/** Whether the figure that is about to refuse the call was wrong: it is checked before it does, once in a transaction. */
async function correct({ tx, cover, now, checked }: Deciding, { view }: Block): Promise<boolean> {
  const stored = view === null ? undefined : cover.counters.get(nameOf(view))
  if (stored === undefined || checked.has(nameOf(stored))) return false
  checked.add(nameOf(stored))
  const right = await checkedBeforeRefusal(tx, stored, now)
  cover.correct(right)
  return right.current.spent < stored.current.spent
}

/** Takes back what replicas have leased of these counters; false when there is nothing more to take back. */
async function recall({ tx, cover, recalled }: Deciding, parts: readonly HoldPart[]): Promise<boolean> {
  const untried = parts.filter(({ view }) => !recalled.has(nameOf(view)))
  for (const { view } of untried) recalled.add(nameOf(view))
  const freed = await endLeasesOf(
    tx,
    untried.map(({ view }) => counterOf(view)),
  )
  for (const [name, amount] of freed) cover.free(name, amount)
  return freed.size > 0
}

const counterOf = ({ budget, current }: HoldPart['view']) => ({
  budgetId: budget.id,
  from: current.period.from,
  counter: current.counter,
})

const LEASE_MS = 5_000
/** Of what is available, a lease takes at most one part in so many: other replicas find theirs, and refusals are rare. */
const LEASE_SHARE = 4n
/** What is less than one part in so many of what the replica could use is not worth a lease. */
const WORTH = 8n

async function lease({ tx, cover, now, recalled }: Deciding, leasing: Leasing): Promise<Leased[]> {
  const leases: Leased[] = []
  for (const name of cover.locked) {
    const stored = cover.counters.get(name)
    const wish = leasing.wishOf(name)
    const view = stored && viewOf(stored, now)
    if (!view || wish <= 0n || recalled.has(name)) continue
    if (view.state.kind === 'stopped' || view.state.kind === 'idle') continue
    const share = availableOf(view) / LEASE_SHARE
    const add = nanoUsd(wish < share ? wish : share)
    if (add <= 0n || add * WORTH < wish) continue
    const ends = [now.getTime() + LEASE_MS, view.current.period.until.getTime()]
    if (view.state.kind === 'overridden') ends.push(view.state.until.getTime())
    const { orgId } = view.budget
    const { replicaId } = leasing
    const given = { orgId, replicaId, counter: counterOf(view), add, expiresAt: new Date(Math.min(...ends)) }
    leases.push({ ...(await addToLease(tx, given, now)), added: add })
    cover.free(name, nanoUsd(-add))
  }
  return leases
}

/** Writes what was granted, and returns the holds by the identity of their calls: those that others wrote included. */
async function write(
  tx: Queryable,
  fresh: readonly AskedHold[],
  decided: ReadonlyMap<string, Decided>,
  now: Date,
): Promise<Map<string, StoredHold>> {
  const once = new Map(fresh.map((ask) => [ask.identity, ask]))
  const made = [...once.values()].flatMap((ask): StoredHold[] => {
    const of = decided.get(ask.identity)
    if (of?.kind === 'counted') return [{ ...holdOf(ask, [], now), state: 'settled', endedAt: now }]
    return of?.kind === 'granted' && of.parts.length > 0 ? [holdOf(ask, of.parts, now)] : []
  })
  const written = await insertHolds(tx, made)
  const mine = made.filter(({ id }) => written.has(id))
  const others = made.filter(({ id }) => !written.has(id)).map(({ identity }) => identity)
  return new Map([...mine.map((hold) => [hold.identity, hold] as const), ...(await knownOf(tx, others))])
}

export function holdOf(ask: AskedHold, parts: readonly HoldPart[], now: Date): StoredHold {
  const { facts, requestId, attempt, identity, wanted, ttlS } = ask
  const expiresAt = new Date(now.getTime() + ttlS * 1_000)
  return {
    ...{ id: holdIdOf(identity), orgId: facts.orgId, projectId: facts.projectId },
    ...{ identity, requestId, attempt, amount: wanted.amount, priceVersion: wanted.priceVersion },
    ...{ state: 'live', createdAt: now, expiresAt, countedUntil: countedUntilOf(expiresAt) },
    ...{ endedAt: null, settled: null, isOver: false },
    entries: parts.map(({ view, amount }) => ({ ...counterOf(view), amount })),
  }
}

async function knownOf(tx: Queryable, identities: readonly string[]): Promise<Map<string, StoredHold>> {
  if (identities.length === 0) return new Map()
  const found = await readHolds(tx, sql`identity = any(${textOf(identities)}::uuid[])`)
  return new Map(found.map((hold) => [hold.identity, hold]))
}

async function countedOf(tx: Queryable, identities: readonly string[]): Promise<Set<string>> {
  if (identities.length === 0) return new Set()
  const rows = await tx.execute<{ identity: string }>(
    sql`select identity from admitted_calls where identity = any(${textOf(identities)}::uuid[])`,
  )
  return new Set(rows.map(({ identity }) => identity.replaceAll('-', '')))
}

/** Hex digits need no quoting. */
const textOf = (identities: readonly string[]): string => `{${identities.join(',')}}`

function tooLargeFor(decided: ReadonlyMap<string, Decided>): string[] {
  const ids = [...decided.values()].flatMap((of) =>
    of.kind === 'refused' && of.block.reason === 'hold_too_large' ? (of.block.view?.budget.id ?? []) : [],
  )
  return [...new Set(ids)]
}
