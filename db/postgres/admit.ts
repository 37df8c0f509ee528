/**
 * Decides which events count: the first report of a call, and of a call that several sources report the first source.
 * Invariant: an event is admitted exactly when its identity is inserted here, in the transaction that counts it.
 *
 * Two sources are matched on the provider's response id. Within one source two request ids are two calls, whatever
 * response id they name: a server that gives all its answers the same id must not make spend invisible.
 */
import { sql } from 'drizzle-orm'
import type { CallFacts } from '../../core/budget/scope.ts'
import type { Adjusts } from '../../core/event/adjustment.ts'
import { callFactsOf } from '../../core/event/call-facts.ts'
import { type CallKeys, keysOf } from '../../core/event/identity.ts'
import type { PricedEvent, TokenUsage } from '../../core/event/usage-event.ts'
import type { Queryable } from './open.ts'

/** An event as far as the ledger cares. */
export type CountedEvent = Pick<
  PricedEvent,
  'orgId' | 'projectId' | 'requestId' | 'attempt' | 'ts' | 'cost' | 'source' | 'providerResponseId'
> & { readonly adjusts?: Adjusts }

export interface Candidate {
  readonly event: CountedEvent
  /** Read only where a budget asks: it costs more than all else that is read of an event. */
  readonly facts: () => CallFacts
  /** Read only of a call without a price. */
  readonly tokens: () => Pick<TokenUsage, 'in' | 'out'>
  /** When they were worked out before, while Postgres had other things to do. */
  readonly keys?: CallKeys
}

/** An event that is at hand whole. */
export const candidateOf = <E extends CountedEvent & CallFacts & Pick<PricedEvent, 'tokens'>>(event: E) => ({
  event,
  facts: () => callFactsOf(event),
  tokens: () => event.tokens,
})

/** The events that are admitted, in the given order. */
export async function admit<E extends Candidate>(
  tx: Queryable,
  events: readonly E[],
  now: Date,
): Promise<E[]> {
  const keyed = events.map((of): Keyed<E> => ({ of, ...(of.keys ?? keysOf(of.event)) }))
  const candidates = new Map<string, E>()
  for (const { of, identity } of await claim(tx, keyed, now)) {
    if (!candidates.has(identity)) candidates.set(identity, of)
  }
  const repeated = await insertIdentities(tx, candidates, now)
  for (const identity of repeated) candidates.delete(identity)
  return [...candidates.values()]
}

interface Keyed<E extends Candidate> extends CallKeys {
  readonly of: E
}

/**
 * Rows are inserted in the order of their key, so that two replicas never wait for each other in a circle. Arrays
 * travel as one text each: their elements are hex digits and whole numbers, which need no quoting.
 */
async function insertIdentities(
  tx: Queryable,
  candidates: ReadonlyMap<string, Candidate>,
  now: Date,
): Promise<string[]> {
  if (candidates.size === 0) return []
  const identities = [...candidates.keys()].sort()
  const events = identities.map((identity) => candidates.get(identity)?.event)
  const rows = await tx.execute<{ identity: string }>(sql`
    with seen as (
      select identity, ts_ms, cost from unnest(
        ${arrayText(identities)}::uuid[],
        ${arrayText(events.map((event) => event?.ts.getTime()))}::bigint[],
        ${arrayText(events.map((event) => event?.cost))}::bigint[]
      ) as seen (identity, ts_ms, cost)
    ), admitted as (
      insert into admitted_calls (identity, ts, cost_nano_usd, admitted_at)
      select identity, to_timestamp(ts_ms / 1000.0), cost, ${now.toISOString()}::timestamptz from seen
      on conflict do nothing
      returning identity
    )
    select identity from seen where not exists (select 1 from admitted where admitted.identity = seen.identity)`)
  return rows.map(({ identity }) => identity.replaceAll('-', ''))
}

/** Leaves out what another source has reported; claims the rest for its source. */
async function claim<E extends Candidate>(
  tx: Queryable,
  events: readonly Keyed<E>[],
  now: Date,
): Promise<readonly Keyed<E>[]> {
  const sources = new Map<string, string>()
  for (const { claim: key, of } of events) {
    if (key !== null && !sources.has(key)) sources.set(key, of.event.source)
  }
  if (sources.size === 0) return events
  const taken = await insertClaims(tx, sources, now)
  for (const [key, source] of await sourcesOf(tx, taken)) sources.set(key, source)
  return events.filter(({ claim: key, of }) => key === null || sources.get(key) === of.event.source)
}

async function insertClaims(
  tx: Queryable,
  sources: ReadonlyMap<string, string>,
  now: Date,
): Promise<string[]> {
  const keys = [...sources.keys()].sort()
  const rows = await tx.execute<{ claim: string }>(sql`
    with seen as (
      select claim, source from unnest(
        ${arrayText(keys)}::uuid[], ${arrayText(keys.map((key) => sources.get(key)))}::text[]
      ) as seen (claim, source)
    ), claimed as (
      insert into call_claims (claim, source, claimed_at)
      select claim, source, ${now.toISOString()}::timestamptz from seen
      on conflict do nothing
      returning claim
    )
    select claim from seen where not exists (select 1 from claimed where claimed.claim = seen.claim)`)
  return rows.map(({ claim: key }) => key)
}

/** Asked after the insert, which has waited for whoever was claiming the same: so it sees what they committed. */
async function sourcesOf(tx: Queryable, claims: readonly string[]): Promise<[string, string][]> {
  if (claims.length === 0) return []
  const rows = await tx.execute<{ claim: string; source: string }>(
    sql`select claim, source from call_claims where claim = any(${arrayText(claims)}::uuid[])`,
  )
  return rows.map(({ claim: key, source }) => [key.replaceAll('-', ''), source])
}

/** A Postgres array of values that hold no comma, quote or brace; null and undefined are NULL. */
const arrayText = (values: readonly (string | number | bigint | null | undefined)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`
