/**
 * The next batch of the ledger, as far as it can be made without Postgres: rows read, heads decoded, keys hashed.
 * Invariant: it gives way to what waits for the thread every few hundred events, so that it can be made while a
 * transaction is under way.
 */
import { setImmediate as giveWay } from 'node:timers/promises'
import { keysOf } from '../../core/event/identity.ts'
import { readCallFacts, readUsedTokens } from '../../db/event-rows/call-facts.ts'
import { readHead } from '../../db/event-rows/row-head.ts'
import type { LedgerBatch, OffsetEvent } from '../../db/postgres/ledger.ts'
import type { Journal } from '../journal/journal.ts'

export interface PreparedBatch extends LedgerBatch {
  /** Of the journal, when the batch was read: there is more when it lies above the batch. */
  readonly endOffset: number
}

const BYTES_MAX = 16 * 1024 * 1024
const EVENTS_AT_ONCE = 500

export async function prepareBatch(
  journal: Pick<Journal, 'journalId' | 'read' | 'endOffset'>,
  fromOffset: number,
  eventsMax: number,
): Promise<PreparedBatch> {
  const endOffset = journal.endOffset()
  const rows = await journal.read(fromOffset, { eventsMax, bytesMax: BYTES_MAX })
  const events: OffsetEvent[] = []
  for (const { offset, row } of rows) {
    const event = readHead(row)
    events.push({
      ...{ offset, event, keys: keysOf(event) },
      ...{ facts: () => readCallFacts(row), tokens: () => readUsedTokens(row) },
    })
    if (events.length % EVENTS_AT_ONCE === 0) await giveWay()
  }
  const last = events.at(-1)
  // Nothing to read up to the end: those offsets were given up when the journal was recovered.
  const nextOffset = last ? last.offset + 1 : endOffset
  return { journalId: journal.journalId, fromOffset, nextOffset, endOffset, events }
}
