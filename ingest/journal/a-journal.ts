/** For the tests of the journal: events by number, a log that is kept, and opening with small limits. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { nanoUsd } from '../../core/money.ts'
import { type Journal, type JournalOptions, openJournal } from './journal.ts'
import type { JournalLog } from './recover.ts'

export const KEEP_ALL = { eventsMax: 1_000_000, bytesMax: 1_000_000_000 }

/** The event whose request id is the number: so that order and identity can be told from what is read. */
export const anEvent = (number: number, changes: Partial<PricedEvent> = {}): PricedEvent => ({
  requestId: `${number}`,
  attempt: 1,
  ts: new Date(1_800_000_000_000 + number),
  environment: 'production',
  userId: null,
  route: '/chat',
  sessionId: null,
  provider: 'openai',
  model: 'gpt-4o',
  serviceTier: null,
  tokens: {
    in: 900,
    out: 80,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    reasoning: 0,
    audioIn: 0,
    audioOut: 0,
  },
  tokensEstimated: false,
  rawUsage: null,
  reportedCost: null,
  latencyMs: 420,
  ttftMs: null,
  streamed: false,
  status: 'ok',
  source: 'sdk',
  providerResponseId: null,
  traceId: null,
  spanId: null,
  tags: { team: 'search' },
  metadata: '{}',
  orgId: 'org_1',
  projectId: 'proj_1',
  apiKeyId: 'key_1',
  cost: nanoUsd(3_050_000n),
  costSource: 'computed',
  priceVersion: 'genai-prices@0.1.8:openai/gpt-4o',
  sampled: true,
  receivedAt: new Date(1_800_000_000_500 + number),
  ...changes,
})

export const eventsFrom = (first: number, count: number): PricedEvent[] =>
  Array.from({ length: count }, (_, index) => anEvent(first + index))

export interface LogLine {
  readonly level: 'warn' | 'error'
  readonly details: object
  readonly message: string
}

export function keepLog(): { log: JournalLog; lines: LogLine[] } {
  const lines: LogLine[] = []
  const keep = (level: LogLine['level']) => (details: object, message: string) => {
    lines.push({ level, details, message })
  }
  return { log: { warn: keep('warn'), error: keep('error') }, lines }
}

export async function openAJournal(
  dir: string,
  changes: Partial<JournalOptions> = {},
): Promise<Journal & { lines: readonly LogLine[] }> {
  const { log, lines } = keepLog()
  const limits = { segmentBytesMax: 1_000_000, bytesMax: 100_000_000 }
  return { ...(await openJournal({ dir, log, ...limits, ...changes })), lines }
}

/** The offsets and request ids of all that is held. */
export async function readAll(journal: Journal): Promise<{ offset: number; requestId: string }[]> {
  const events = await journal.read(journal.startOffset(), KEEP_ALL)
  return events.map(({ offset, event }) => ({ offset, requestId: event.requestId }))
}

/** What `readAll` gives if exactly these events are held, each at the offset that is its number. */
export const numbered = (from: number, until: number): { offset: number; requestId: string }[] =>
  Array.from({ length: until - from }, (_, index) => ({ offset: from + index, requestId: `${from + index}` }))
