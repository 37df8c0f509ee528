/** For the tests of the journal: events by number, a log that is kept, and opening with small limits. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { nanoUsd } from '../../core/money.ts'
import { type Journal, type JournalOptions, openJournal } from '../../ingest/journal/journal.ts'
import type { JournalLog } from '../../ingest/journal/recover.ts'
import { aPricedEvent } from '../events/priced-event.ts'
import { journaledFrom } from './journaled.ts'

/** The event whose request id is the number: so that order and identity can be told from what is read. */
export const anEvent = (number: number, changes: Partial<PricedEvent> = {}): PricedEvent =>
  aPricedEvent({
    requestId: `${number}`,
    ts: new Date(1_800_000_000_000 + number),
    receivedAt: new Date(1_800_000_000_500 + number),
    route: '/chat',
    tags: { team: 'search' },
    cost: nanoUsd(3_050_000n),
    priceVersion: 'genai-prices@0.1.8:openai/gpt-4o',
    ...changes,
  })

export const eventsFrom = (first: number, count: number): PricedEvent[] =>
  Array.from({ length: count }, (_, index) => anEvent(first + index))

export interface LogLine {
  readonly level: 'warn' | 'error'
  readonly details: object
  readonly message: string
}

function keepLog(): { log: JournalLog; lines: LogLine[] } {
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
  const events = await journaledFrom(journal, journal.startOffset())
  return events.map(({ offset, event }) => ({ offset, requestId: event.requestId }))
}

/** What `readAll` gives if exactly these events are held, each at the offset that is its number. */
export const numbered = (from: number, until: number): { offset: number; requestId: string }[] =>
  Array.from({ length: until - from }, (_, index) => ({ offset: from + index, requestId: `${from + index}` }))
