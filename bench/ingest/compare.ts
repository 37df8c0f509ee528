/** What was acknowledged against what a store holds. Pure, so that the judge itself can be tried. */

export interface Sent {
  /** Requests were numbered from 0 to `requests` - 1. */
  readonly requests: number
  readonly eventsPerRequest: number
  /** Never acknowledged: held or not, they are neither lost nor wrong. */
  readonly unanswered: readonly number[]
}

export interface HeldOfRequest {
  readonly rows: number
  /** How many different events these rows are. */
  readonly events: number
}

export interface Difference {
  readonly lost: number
  readonly duplicated: number
}

/** Event by event: a store says for each request which of its events it holds, and in how many rows. */
export function compareRequests(sent: Sent, held: ReadonlyMap<number, HeldOfRequest>): Difference {
  const unanswered = new Set(sent.unanswered)
  let [lost, duplicated] = [0, 0]
  for (let number = 0; number < sent.requests; number++) {
    if (unanswered.has(number)) continue
    lost += sent.eventsPerRequest - (held.get(number)?.events ?? 0)
  }
  for (const [number, { rows, events }] of held) {
    // What was never sent is there too often by all of its rows.
    duplicated += number < sent.requests ? rows - events : rows
  }
  return { lost, duplicated }
}

/** By number alone, for a store whose key admits no event twice. */
export function compareCount(sent: Sent, heldEvents: number): Difference {
  const acknowledged = acknowledgedEvents(sent)
  const unknown = sent.unanswered.length * sent.eventsPerRequest
  return {
    lost: Math.max(0, acknowledged - heldEvents),
    duplicated: Math.max(0, heldEvents - acknowledged - unknown),
  }
}

export const acknowledgedEvents = (sent: Sent): number =>
  (sent.requests - sent.unanswered.length) * sent.eventsPerRequest

/** An event that two stores lack counts twice: nothing hides behind another store. */
export const addUp = (differences: readonly Difference[]): Difference => ({
  lost: differences.reduce((sum, { lost }) => sum + lost, 0),
  duplicated: differences.reduce((sum, { duplicated }) => sum + duplicated, 0),
})
