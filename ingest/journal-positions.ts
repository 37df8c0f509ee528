/**
 * How far the journal in a folder was read, asked before it is opened: a folder restored from a backup must not give
 * out again the offsets that its readers have passed, for events there would never be counted.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { nextOffsetOf } from '../db/postgres/journal-readers.ts'
import type { Postgres } from '../db/postgres/open.ts'
import { type Log, reasonOf } from './log.ts'
import { pause } from './pause.ts'

const WAIT_MS_MAX = 3_000

/** 0 for a new folder, and when Postgres does not answer: taking events must not wait for it. */
export async function furthestRead(dir: string, postgres: Postgres, log: Log): Promise<number> {
  const journalId = await readFile(path.join(dir, 'journal-id'), 'utf8').catch(() => null)
  if (journalId === null) return 0
  const done = new AbortController()
  const late = pause(WAIT_MS_MAX, done.signal).then(() =>
    Promise.reject(new Error('Postgres did not answer in time')),
  )
  try {
    const of = (reader: 'ledger' | 'archive') => nextOffsetOf(postgres.tables, journalId.trim(), reader)
    return Math.max(...(await Promise.race([Promise.all([of('ledger'), of('archive')]), late])))
  } catch (error) {
    log.warn(
      reasonOf(error),
      'Postgres cannot be asked how far the journal was read; the journal is opened as it is',
    )
    return 0
  } finally {
    // If Postgres answered first, nobody else hears that it was late.
    late.catch(() => undefined)
    done.abort()
  }
}
