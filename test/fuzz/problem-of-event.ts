/** What is wrong with an event that was accepted, by docs/api.md and said anew here: the parser is not asked. */
import {
  COST_SOURCES,
  EVENT_SOURCES,
  EVENT_STATUSES,
  type PricedEvent,
} from '../../core/event/usage-event.ts'

const HORIZON_MS = 7 * 24 * 60 * 60 * 1000
const AHEAD_MS = 60 * 60 * 1000
/** More than docs/api.md allows: what stands in the place of something personal may be longer than that was. */
const CHARS_MAX = 1_000

/** Null when all is well. */
export function problemOfEvent(event: PricedEvent, now: Date): string | null {
  const { tokens } = event
  const texts = [event.requestId, event.provider, event.model, event.environment, event.status, event.source]
  const optional = [event.userId, event.route, event.sessionId, event.serviceTier, event.providerResponseId]
  const traces = [event.traceId, event.spanId, event.priceVersion]
  const tags = Object.entries(event.tags)
  const written = [...texts, ...optional, ...traces, ...tags.flat()].filter((text) => text !== null)
  const counts = Object.values(tokens)
  const laws: readonly (readonly [string, boolean])[] = [
    ['a required text is empty', texts.every((text) => text.length > 0)],
    ['a text is too long', written.every((text) => text.length <= CHARS_MAX)],
    ['a text is no Unicode', [...written, event.metadata, event.rawUsage ?? ''].every(isUnicode)],
    ['a text holds a control character', written.every((text) => !/\p{Cc}/u.test(text))],
    ['a count is no whole number', counts.every((count) => Number.isSafeInteger(count) && count >= 0)],
    ['parts exceed tokens_in', tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h <= tokens.in],
    ['audio exceeds tokens_in', tokens.audioIn <= tokens.in],
    ['parts exceed tokens_out', tokens.reasoning <= tokens.out && tokens.audioOut <= tokens.out],
    ['attempt is none', Number.isInteger(event.attempt) && event.attempt >= 1 && event.attempt <= 100],
    ['ts is too old', event.ts.getTime() >= now.getTime() - HORIZON_MS],
    ['ts is in the future', event.ts.getTime() <= now.getTime() + AHEAD_MS],
    ['latency is none', Number.isInteger(event.latencyMs) && event.latencyMs >= 0],
    ['cost is none', (event.cost === null) === (event.costSource === 'unpriced') && (event.cost ?? 0n) >= 0n],
    ['cost leaves 63 bits', (event.cost ?? 0n) < 2n ** 63n],
    ['a choice is none', isOneOf(EVENT_STATUSES, event.status) && isOneOf(EVENT_SOURCES, event.source)],
    ['the source of its cost is none', isOneOf(COST_SOURCES, event.costSource)],
    ['tags are too many', tags.length <= 32],
    ['metadata is no object', isObject(event.metadata)],
    ['usage is no object', event.rawUsage === null || isObject(event.rawUsage)],
    ['it is another project', event.projectId === 'prj_1' && event.orgId === 'org_1'],
  ]
  return laws.find(([, holds]) => !holds)?.[0] ?? null
}

/** Half of a surrogate pair is none. */
const isUnicode = (text: string): boolean => !/\p{Surrogate}/u.test(text)

const isOneOf = (list: readonly string[], value: string): boolean => list.includes(value)

function isObject(text: string): boolean {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
