/**
 * One provider call, as it is counted everywhere.
 * Identity is (projectId, requestId, attempt): stable over every resend, and so is `ts`.
 */
import type { NanoUsd } from '../money.ts'
import type { Adjusts } from './adjustment.ts'

/**
 * Token counts in the inclusive canon: every class below is a part of `in` or of `out`, never beside it.
 * Parts of `in`: cacheRead, cacheWrite5m, cacheWrite1h, audioIn. Parts of `out`: reasoning, audioOut.
 */
export interface TokenUsage {
  readonly in: number
  readonly out: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly reasoning: number
  readonly audioIn: number
  readonly audioOut: number
}

export const EVENT_STATUSES = ['ok', 'rate_limited', 'error', 'aborted', 'blocked'] as const
export type EventStatus = (typeof EVENT_STATUSES)[number]

/** 'reprice' is what adjusts a call (adjustment.ts); the others are ways that a call is reported. */
export const EVENT_SOURCES = ['sdk', 'otlp', 'litellm', 'import', 'reprice'] as const
export type EventSource = (typeof EVENT_SOURCES)[number]

export const COST_SOURCES = ['computed', 'reported', 'estimated', 'unpriced'] as const
export type CostSource = (typeof COST_SOURCES)[number]

/** What a client reported, parsed and normalised, before it has a price. */
export interface UsageEvent {
  readonly requestId: string
  readonly attempt: number
  readonly ts: Date
  readonly environment: string
  readonly userId: string | null
  readonly route: string | null
  readonly sessionId: string | null
  readonly provider: string
  readonly model: string
  readonly serviceTier: string | null
  readonly tokens: TokenUsage
  /** True when the client estimated the tokens, as after an aborted stream. */
  readonly tokensEstimated: boolean
  /** The provider's own usage object as JSON text, kept so that a wrong normalisation can be put right later. */
  readonly rawUsage: string | null
  readonly reportedCost: NanoUsd | null
  readonly latencyMs: number
  readonly ttftMs: number | null
  readonly streamed: boolean
  readonly status: EventStatus
  readonly source: EventSource
  readonly providerResponseId: string | null
  readonly traceId: string | null
  readonly spanId: string | null
  readonly tags: Readonly<Record<string, string>>
  /** Free data of the caller as JSON text. */
  readonly metadata: string
}

/** Whose event it is, as the API key says; never as the body says. */
export interface EventOwner {
  readonly orgId: string
  readonly projectId: string
  readonly apiKeyId: string
}

/** What a call cost. `cost` is null exactly when `costSource` is 'unpriced': an unknown price is never $0. */
export interface EventCost {
  readonly cost: NanoUsd | null
  readonly costSource: CostSource
  /** Which price list and rate gave the cost, such as `genai-prices@0.1.8:openai/gpt-4o`; null when unpriced. */
  readonly priceVersion: string | null
}

/** The event as the journal, Parquet and ClickHouse hold it. */
export interface PricedEvent extends UsageEvent, EventOwner, EventCost {
  /** Whether the raw event belongs to the sample that a plan keeps; spend counts every event. */
  readonly sampled: boolean
  readonly receivedAt: Date
}

/** A priced event with its place in the journal, as the archive holds it: what the ledger admitted, and from where. */
export type ArchivedEvent = PricedEvent & {
  readonly journalId: string
  readonly journalOffset: number
  /** Absent on a call. The journal of an adjustment is its repricing. */
  readonly adjusts?: Adjusts
}
