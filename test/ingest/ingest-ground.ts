/** Ingest over HTTP on a real Postgres and a real journal, for one test: everything but the archive. */
import { pino } from 'pino'
import { type ApiKeyScope, mintApiKey } from '../../core/api-key.ts'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { saveApiKey } from '../../db/postgres/api-keys.ts'
import { openHolds } from '../../ingest/holds/open-holds.ts'
import { type Journal, openJournal } from '../../ingest/journal/journal.ts'
import { findKeysIn } from '../../ingest/keys/find-keys.ts'
import { type KnownKeysOptions, knownKeys } from '../../ingest/keys/known-keys.ts'
import { type RunningLedger, runLedger } from '../../ingest/ledger/run-ledger.ts'
import { manageStoreIn } from '../../ingest/manage/manage-store.ts'
import { PREVIEW_BOUNDS, previewDesk } from '../../ingest/manage/preview-desk.ts'
import { buildIngest } from '../../ingest/server.ts'
import { keepVerdicts, type VerdictKeeperOptions } from '../../ingest/verdicts/keep-verdicts.ts'
import { type Ground, layGround } from '../stores/ground.ts'
import { freshDatabase } from '../stores/postgres.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { aKeyring } from './a-key.ts'

export interface IngestGround extends Ground {
  readonly url: string
  readonly key: string
  readonly keyId: string
  readonly journal: Journal
  readonly journalDir: string
  readonly ledger: RunningLedger
  /** Stops the server alone, as a restart does first. */
  readonly stopServing: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface IngestGroundOptions {
  readonly now: () => Date
  readonly scopes?: readonly ApiKeyScope[]
  readonly verdicts?: VerdictKeeperOptions
  readonly keys?: KnownKeysOptions
  readonly streamsPerKeyMax?: number
  readonly keyCheckMs?: number
  /** What previews look at; nothing answers there unless it is said. */
  readonly clickhouseUrl?: string
  readonly aliveMs?: number
}

/** A port that nobody serves. */
const NO_CLICKHOUSE = 'http://127.0.0.1:9/nothing'

export async function layIngestGround(options: IngestGroundOptions): Promise<IngestGround> {
  const { now, scopes = ['ingest', 'verdicts'] } = options
  const log = pino({ level: 'silent' })
  const database = await freshDatabase()
  const ground = await layGround(database.url, now())
  const { postgres, orgId, project } = ground
  const folder = await temporaryFolder()
  const journal = await openJournal({
    dir: folder.path,
    segmentBytesMax: 1024 ** 2,
    bytesMax: 64 * 1024 ** 2,
    log,
  })
  const minted = mintApiKey()
  const { id: keyId } = await saveApiKey(
    postgres.tables,
    { orgId, projectId: project.id, name: 'test', minted, scopes },
    now(),
  )
  const ledger = runLedger({ journal, postgres, now, log, onBehind: () => undefined }, { gapMs: 20 })
  const verdicts = keepVerdicts({ postgres, now, log }, options.verdicts)
  const holds = openHolds({ postgres, now, log })
  const archived = openClickHouse(options.clickhouseUrl ?? NO_CLICKHOUSE, PREVIEW_BOUNDS)
  const app = buildIngest({
    journal,
    holds,
    verdicts,
    now,
    log,
    keys: knownKeys(
      {
        ...findKeysIn(postgres, { keyring: aKeyring(), now, log }),
        now,
        log,
      },
      options.keys,
    ),
    manage: manageStoreIn({
      ...{ postgres, now, keyring: aKeyring(), allowLoopback: false },
      previews: previewDesk(archived, { now, log }),
    }),
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    ...(options.streamsPerKeyMax === undefined ? {} : { streamsPerKeyMax: options.streamsPerKeyMax }),
    ...(options.keyCheckMs === undefined ? {} : { keyCheckMs: options.keyCheckMs }),
    ...(options.aliveMs === undefined ? {} : { aliveMs: options.aliveMs }),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...ground,
    url,
    key: minted.text,
    keyId,
    journal,
    journalDir: folder.path,
    ledger,
    stopServing: () => app.close(),
    async close() {
      await app.close()
      await archived.close()
      await holds.close()
      await verdicts.close()
      await ledger.stop()
      await journal.close()
      await folder.remove()
      await postgres.close()
      await database.drop()
    },
  }
}
