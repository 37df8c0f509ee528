/** What was acknowledged against what a store holds. Pure, so that the judge itself can be tried. */
import type { HeldRow } from '../held.ts'
import type { Call } from './load.ts'

export interface Verdict {
  /** Calls that the store does not hold, each by the identity it might have. */
  readonly lost: readonly string[]
  /** A row for each that is too many, those of calls that were never sent included. */
  readonly duplicated: readonly string[]
  /** Calls that are held at another cost than theirs. */
  readonly mispriced: readonly string[]
}

/** Every call must be held once, by one of its identities, at its cost; and nothing else. */
export function judge(calls: readonly Call[], rows: readonly HeldRow[]): Verdict {
  const callOf = new Map(calls.flatMap((call) => call.identities.map((identity) => [identity, call])))
  const held = new Set<Call>()
  const [duplicated, mispriced]: [string[], string[]] = [[], []]
  for (const [identity, cost] of rows) {
    const call = callOf.get(identity)
    if (call === undefined || held.has(call)) duplicated.push(identity)
    else if (cost !== String(call.cost)) mispriced.push(identity)
    if (call !== undefined) held.add(call)
  }
  const lost = calls.flatMap((call) => (held.has(call) ? [] : call.identities.slice(0, 1)))
  return { lost, duplicated, mispriced }
}

/** The calls as the ledger has admitted them: by one identity each, which every other store must hold too. */
export function asAdmitted(calls: readonly Call[], ledger: readonly HeldRow[]): Call[] {
  const admitted = new Set(ledger.map(([identity]) => identity))
  return calls.map((call) => {
    const one = call.identities.find((identity) => admitted.has(identity))
    return one === undefined ? call : { ...call, identities: [one] }
  })
}
