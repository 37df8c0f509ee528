/** The broken promises of the journal, each with a code of a closed set. */
export type JournalErrorCode =
  /** Another live process has the folder open. */
  | 'journal_in_use'
  /** Segments are there but the file that names the journal is not. */
  | 'journal_id_missing'
  /** A write failed; nothing is acknowledged any more until the process starts anew. */
  | 'journal_broken'
  | 'journal_closed'
  /** Bytes on disk are not what was written; the next start sets them aside. */
  | 'journal_corrupt'
  /** A reader asks for an offset past the end: the journal is older than what the reader has already stored. */
  | 'journal_offset_ahead'
  /** A reader asks for an offset that was released. */
  | 'journal_offset_released'
  /** A stored line is not an event this version knows. */
  | 'event_unreadable'
  /** An event holds what cannot be read back, such as an invalid date; its batch is refused. */
  | 'event_unwritable'

export class JournalError extends Error {
  readonly code: JournalErrorCode

  constructor(code: JournalErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'JournalError'
    this.code = code
  }
}
