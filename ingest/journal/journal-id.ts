/** The journal's name in all stores: made once, before the first segment, and kept in the folder. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { syncFolder } from '../../db/sync-folder.ts'
import { writeWholeFile } from './disk.ts'
import { JournalError } from './journal-error.ts'
import { segmentOffsetOf } from './segment.ts'

const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export async function openJournalId(dir: string): Promise<string> {
  const names = await readdir(dir)
  const file = path.join(dir, 'journal-id')
  if (names.includes('journal-id')) {
    const id = (await readFile(file, 'utf8')).trim()
    if (FORM.test(id)) return id
    throw new JournalError(
      'journal_id_missing',
      `${file} does not hold a journal id; restore it from a backup`,
    )
  }
  // A new name over old segments would have their offsets read as events never seen.
  if (names.some((name) => segmentOffsetOf(name) !== null)) {
    throw new JournalError(
      'journal_id_missing',
      `${dir} has segments but no journal-id; restore that file, or move the folder away to begin a new journal`,
    )
  }
  const id = randomUUID()
  await writeWholeFile(file, `${id}\n`)
  await syncFolder(dir)
  return id
}
