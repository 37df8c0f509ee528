/** Starts the thread that reads the journal, tells it what becomes durable, and knows how far it has come. */
import { Worker } from 'node:worker_threads'
import { unreachable } from '../../core/unreachable.ts'
import type { ArchiveStatus } from '../archive/run-archive.ts'
import type { Journal } from '../journal/journal.ts'
import { JournalError } from '../journal/journal-error.ts'
import type { LedgerStatus } from '../ledger/run-ledger.ts'
import { type Log, reasonOf } from '../log.ts'
import type { FromReaders, ReadersSetup, ReadersStatus, ToReaders } from './messages.ts'

export interface ReadersConfig
  extends Pick<ReadersSetup, 'databaseUrl' | 'clickhouseUrl' | 'objectStoreUrl' | 'logLevel'> {}

export interface ReadersDeps {
  readonly journal: Pick<Journal, 'journalId' | 'follow' | 'startOffset' | 'endOffset' | 'releaseBefore'>
  readonly log: Log
  /** What is appended from now on would never be counted. */
  readonly onBehind: (error: JournalError) => void
  /** The thread ended by itself: nothing is counted any more until the process starts anew. */
  readonly onLost: () => void
}

export interface RunningReaders {
  ledger(): LedgerStatus
  archive(): ArchiveStatus
  /** Reads up to the journal's end if that is done in `drainMs`; resolves once the thread has ended. */
  stop(drainMs: number): Promise<void>
}

/** Rows are read, counted and gone: with room for a batch none of them is kept longer by the collector. */
const YOUNG_MIB = 96

const NOTHING_READ: ReadersStatus = {
  ledger: { nextOffset: null, lastError: null, totals: { admitted: 0, repeated: 0, leftOut: 0 } },
  archive: { nextOffset: null, lastError: null, totals: { archived: 0, missing: 0 } },
}

export function startReaders(config: ReadersConfig, deps: ReadersDeps): RunningReaders {
  const { journal, log } = deps
  let status = NOTHING_READ
  let stopping = false
  const { databaseUrl, clickhouseUrl, objectStoreUrl, logLevel } = config
  const tell = (message: ToReaders): void => worker.postMessage(message)
  const segments = journal.follow((change) => tell({ kind: 'changed', change }))
  const setup: ReadersSetup = {
    ...{ databaseUrl, clickhouseUrl, objectStoreUrl, logLevel },
    ...{ journalId: journal.journalId, segments },
  }
  // The thread brings its own loader; what the process was started with is not for it.
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: setup,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  worker.on('message', (message: FromReaders) => {
    switch (message.kind) {
      case 'status':
        status = message.status
        return
      case 'release':
        journal.releaseBefore(message.beforeOffset).catch((error: unknown) => {
          log.error(reasonOf(error), 'journal: what every reader has passed could not be deleted')
        })
        return
      case 'behind':
        deps.onBehind(new JournalError('journal_offset_ahead', message.message))
        return
      default:
        unreachable(message)
    }
  })
  worker.on('error', (error) => log.error({ err: error }, 'the thread that reads the journal failed'))
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve()
      if (!stopping) deps.onLost()
    })
  })
  // One that has not said yet is behind by no more than is held: what was released is read.
  const lag = (nextOffset: number | null) => journal.endOffset() - (nextOffset ?? journal.startOffset())
  return {
    ledger: () => ({ ...status.ledger, lagEvents: lag(status.ledger.nextOffset) }),
    archive: () => ({ ...status.archive, lagEvents: lag(status.archive.nextOffset) }),
    stop: async (drainMs) => {
      stopping = true
      tell({ kind: 'stop', drainMs })
      await ended
    },
  }
}
