/**
 * The life of a delivery: pending -> delivered, or retrying -> ... -> delivered or failed; a replay makes any of them
 * pending again.
 * Laws: every state can be left; between two replays there are at most ATTEMPTS_MAX attempts; an attempt is counted when
 * it begins, so that a kill in its middle bounds too.
 */
import { ATTEMPTS_MAX, retryPauseMs } from './schedule.ts'

export const DELIVERY_STATES = ['pending', 'retrying', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** What came of one attempt. */
export type AttemptOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  /** No answer that counts: `why` is for people, and holds nothing of the URL's query, the secret or the answer. */
  | { readonly kind: 'unanswered'; readonly why: string }

export interface Delivery {
  readonly state: DeliveryState
  /** All that ever began. */
  readonly attempts: number
  /** Those that may still begin before it counts as failed. */
  readonly attemptsLeft: number
  /** When it is due; of no meaning once delivered or failed. */
  readonly nextAt: Date
  readonly lastStatus: number | null
  readonly lastError: string | null
}

/** What an attempt means for the endpoint itself. */
export type EndpointVerdict =
  | { readonly kind: 'goes_on' }
  /** Nothing more is wanted there. */
  | { readonly kind: 'gone' }
  /** Too much at once: nothing of it goes there before. */
  | { readonly kind: 'paused'; readonly until: Date }

export interface AfterAttempt {
  readonly delivery: Delivery
  readonly endpoint: EndpointVerdict
}

export const newDelivery = (now: Date): Delivery => ({
  state: 'pending',
  attempts: 0,
  attemptsLeft: ATTEMPTS_MAX,
  nextAt: now,
  lastStatus: null,
  lastError: null,
})

export const isOpen = ({ state }: Pick<Delivery, 'state'>): boolean =>
  state === 'pending' || state === 'retrying'

/** An attempt begins. Only an open delivery with attempts left has one. */
export const beginAttempt = (delivery: Delivery): Delivery => ({
  ...delivery,
  attempts: delivery.attempts + 1,
  attemptsLeft: delivery.attemptsLeft - 1,
})

/** The attempt that began last has ended. `random` is from 0 up to 1. */
export function endAttempt(
  delivery: Delivery,
  outcome: AttemptOutcome,
  { now, random }: { readonly now: Date; readonly random: number },
): AfterAttempt {
  if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300) {
    const delivered = {
      ...delivery,
      state: 'delivered',
      lastStatus: outcome.status,
      lastError: null,
    } as const
    return { delivery: delivered, endpoint: { kind: 'goes_on' } }
  }
  const tried: Delivery = {
    ...delivery,
    lastStatus: outcome.kind === 'answered' ? outcome.status : null,
    lastError: outcome.kind === 'answered' ? errorOf(outcome.status) : outcome.why,
  }
  if (outcome.kind === 'answered' && outcome.status === GONE) {
    return { delivery: { ...tried, state: 'failed' }, endpoint: { kind: 'gone' } }
  }
  const endpoint = verdictOn(outcome, now)
  if (delivery.attemptsLeft <= 0) return { delivery: { ...tried, state: 'failed' }, endpoint }
  const attempt = ATTEMPTS_MAX - delivery.attemptsLeft
  const nextMs = now.getTime() + retryPauseMs(attempt, random)
  const nextAt = new Date(endpoint.kind === 'paused' ? Math.max(nextMs, endpoint.until.getTime()) : nextMs)
  return { delivery: { ...tried, state: 'retrying', nextAt }, endpoint }
}

/** What changes when a person asks for it again: due at once, with as many attempts as at first. */
export const replayed = (now: Date): Pick<Delivery, 'state' | 'attemptsLeft' | 'nextAt'> => ({
  state: 'pending',
  attemptsLeft: ATTEMPTS_MAX,
  nextAt: now,
})

/** What changes when it will not be sent after all. */
export const givenUp = (why: string): Pick<Delivery, 'state' | 'lastError'> => ({
  state: 'failed',
  lastError: why,
})

const GONE = 410
const ASKS_FOR_TIME: readonly number[] = [429, 503]

function verdictOn(outcome: AttemptOutcome, now: Date): EndpointVerdict {
  if (outcome.kind !== 'answered' || !ASKS_FOR_TIME.includes(outcome.status)) return { kind: 'goes_on' }
  if (outcome.retryAfterMs === null) return { kind: 'goes_on' }
  return { kind: 'paused', until: new Date(now.getTime() + outcome.retryAfterMs) }
}

function errorOf(status: number): string {
  if (status === GONE) return 'answered 410 Gone: the endpoint wants no more'
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`
  return `answered ${status}`
}
