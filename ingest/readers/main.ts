/**
 * The thread that reads the journal: counts what is new in Postgres, archives what was counted. A thread of its own,
 * so that neither a batch of thousands nor the encoding of a file delays an answer to a client.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { unreachable } from '../../core/unreachable.ts'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { COUNTING_IDLE_MS, openPostgres } from '../../db/postgres/open.ts'
import { runArchive } from '../archive/run-archive.ts'
import { runLedger } from '../ledger/run-ledger.ts'
import { pause } from '../pause.ts'
import type { FromReaders, ReadersSetup, ReadersStatus, ToReaders } from './messages.ts'
import { mirrorJournal } from './mirror-journal.ts'

/** One for the ledger, one or two for the archive. */
const CONNECTIONS_MAX = 3
const STATUS_EVERY_MS = 50

const port = parentPort
if (port === null) throw new Error('this file runs as a thread of ingest; start ingest/main.ts instead')
const setup: ReadersSetup = workerData
const tell = (message: FromReaders): void => port.postMessage(message)
const log = pino({ name: 'ingest', level: setup.logLevel })
const now = () => new Date()

const mirror = mirrorJournal(setup.journalId, setup.segments)
const journal = {
  ...mirror,
  releaseBefore: async (beforeOffset: number) => tell({ kind: 'release', beforeOffset }),
}
const postgres = openPostgres(setup.databaseUrl, {
  connectionsMax: CONNECTIONS_MAX,
  idleInTransactionMs: COUNTING_IDLE_MS,
})
const clickhouse = openClickHouse(setup.clickhouseUrl)
const objects = openObjects(setup.objectStoreUrl)
const ledger = runLedger({
  ...{ journal, postgres, now, log },
  onBehind: ({ message }) => tell({ kind: 'behind', message }),
})
const counted = () => ledger.status().nextOffset
const archive = runArchive({ journal, postgres, clickhouse, objects, counted, now, log })

let told = ''
function tellStatus(): void {
  const { lagEvents: _, ...ledgerStatus } = ledger.status()
  const { lagEvents: __, ...archiveStatus } = archive.status()
  const status: ReadersStatus = { ledger: ledgerStatus, archive: archiveStatus }
  const text = JSON.stringify(status)
  if (text !== told) tell({ kind: 'status', status })
  told = text
}
const telling = setInterval(tellStatus, STATUS_EVERY_MS)

port.on('message', (message: ToReaders) => {
  switch (message.kind) {
    case 'changed':
      mirror.apply(message.change)
      return
    case 'stop':
      void stop(message.drainMs)
      return
    default:
      unreachable(message)
  }
})

/** What is not read by then is read at the next start. */
async function stop(drainMs: number): Promise<void> {
  const late = AbortSignal.timeout(drainMs)
  while (!late.aborted && !isDone()) await pause(20, late)
  clearInterval(telling)
  await archive.stop()
  await ledger.stop()
  tellStatus()
  await objects.close()
  await clickhouse.close()
  await postgres.close()
  port?.close()
}

/** At the end, or not getting there now. */
function isDone(): boolean {
  const [counting, archiving] = [ledger.status(), archive.status()]
  const isStuck = counting.lastError !== null || archiving.lastError !== null
  return isStuck || (counting.lagEvents === 0 && archiving.lagEvents === 0)
}
