/** The loads, and what the harness and the process that sends tell each other about one. */

export const LOAD_NAMES = ['modest', 'brief', 'max'] as const
export type LoadName = (typeof LOAD_NAMES)[number]

/**
 * Open: requests leave when they are due, whatever became of the earlier ones. Closed: so many connections, each of
 * which sends its next request when the last was answered.
 */
export type Pace =
  | { readonly kind: 'open'; readonly requestsPerS: number }
  | { readonly kind: 'closed'; readonly connections: number }

export interface Load {
  readonly pace: Pace
  readonly eventsPerRequest: number
  readonly seconds: number
}

export const LOADS: Readonly<Record<LoadName, Load>> = {
  modest: { pace: { kind: 'open', requestsPerS: 100 }, eventsPerRequest: 10, seconds: 30 },
  brief: { pace: { kind: 'open', requestsPerS: 300 }, eventsPerRequest: 100, seconds: 30 },
  max: { pace: { kind: 'closed', connections: 16 }, eventsPerRequest: 100, seconds: 60 },
}

/** What does nothing is asked as fast as `max` is, for long enough to tell. */
export const FLOOR: Load = { ...LOADS.max, seconds: 10 }

/** What the sending process is asked to do. */
export interface Order {
  /** Stands in every request id of this run, and in no other's: letters and digits. */
  readonly tag: string
  readonly load: Load
  readonly port: number
  readonly apiKey: string
}

/** A moment of a run: how many events were acknowledged, or sent and not yet answered, by then. */
export interface Mark {
  readonly atMs: number
  readonly events: number
}

/** What the sending process did. Instants are milliseconds since 1970, as of a clock that never goes back. */
export interface Report {
  readonly beganAtMs: number
  /** When the last answer came. */
  readonly endedAtMs: number
  /** Requests, each with the number of its place in the order of sending, from 0. */
  readonly sent: number
  /** Requests that were never answered with 202; whether their events are held is unknown. */
  readonly unanswered: readonly number[]
  /** Answers 503 or 429, after which the request was sent again. */
  readonly refused: number
  /** Broken connections, after which the request was sent again. */
  readonly resent: number
  readonly ackMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
  readonly marks: readonly Mark[]
  /** Processor time of the sending process itself. */
  readonly cpuS: number
}

export type FromSender =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'failed'; readonly reason: string }
