/**
 * Opens everything that ingest is made of, in an order in which each part finds what it needs; closes in the reverse.
 * Invariant: nothing waits here for Postgres, ClickHouse or the object store beyond a bounded look at Postgres.
 */
import type { FastifyBaseLogger } from 'fastify'
import { openClickHouse } from '../db/clickhouse/open.ts'
import { COUNTING_IDLE_MS, openPostgres } from '../db/postgres/open.ts'
import type { IngestConfig } from './config.ts'
import { openHolds } from './holds/open-holds.ts'
import { openJournal } from './journal/journal.ts'
import type { JournalError } from './journal/journal-error.ts'
import { furthestRead } from './journal-positions.ts'
import { findKeysIn } from './keys/find-keys.ts'
import { knownKeys } from './keys/known-keys.ts'
import { reasonOf } from './log.ts'
import { manageStoreIn } from './manage/manage-store.ts'
import { PREVIEW_BOUNDS, previewDesk } from './manage/preview-desk.ts'
import { buildMetrics } from './metrics/build-metrics.ts'
import { factsOf } from './metrics/facts.ts'
import { serveMetrics } from './metrics/serve-metrics.ts'
import { buildPacing } from './pacing.ts'
import { startReaders } from './readers/start-readers.ts'
import { buildReadiness } from './readiness.ts'
import { resealRedactionKeys } from './rules/reseal-keys.ts'
import { buildIngest } from './server.ts'
import { keepVerdicts } from './verdicts/keep-verdicts.ts'

export interface OpenIngestDeps {
  readonly now: () => Date
  readonly log: FastifyBaseLogger
  /** The journal takes nothing more until it is opened anew. */
  readonly onJournalBroken: () => void
  /** Nothing is counted any more until it is opened anew. */
  readonly onReadersLost: () => void
}

export interface OpenIngest {
  readonly url: string
  /** Takes no more calls, finishes what is begun, closes everything. */
  close(): Promise<void>
}

/** A replica that is taken away for good leaves nothing behind, if its stores answer. */
const DRAIN_MS_MAX = 5_000
/**
 * Of their own, so that a call that asks to begin waits for nothing that is read beside; and given up soon, so that a replica
 * that was cut off while it grants keeps nobody else from a hot budget.
 */
const HOLDS_POSTGRES = {
  ...{ connectionsMax: 6, statementTimeoutMs: 3_000, idleInTransactionMs: COUNTING_IDLE_MS },
}
const SEGMENT_BYTES_MAX = 32 * 1024 * 1024

/** Rejects when the journal or the port cannot be had; what was opened by then is closed again. */
export async function openIngest(config: IngestConfig, deps: OpenIngestDeps): Promise<OpenIngest> {
  const { now, log } = deps
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const postgres = openPostgres(config.databaseUrl, { idleInTransactionMs: COUNTING_IDLE_MS })
    closers.push(() => postgres.close())
    const metrics = buildMetrics()
    const journal = await openJournal({
      dir: config.journalDir,
      segmentBytesMax: SEGMENT_BYTES_MAX,
      bytesMax: config.journalBytesMax,
      endOffsetMin: await furthestRead(config.journalDir, postgres, log),
      log,
      onCommit: metrics.committed,
    })
    closers.push(() => journal.close())
    let isJournalBroken = false
    const onJournalBroken = (error: JournalError) => {
      if (isJournalBroken) return
      isJournalBroken = true
      log.fatal({ code: error.code }, error.message)
      deps.onJournalBroken()
    }
    const readers = startReaders(config, {
      ...{ journal, log },
      onBehind: onJournalBroken,
      onLost: deps.onReadersLost,
    })
    closers.push(() => readers.stop(DRAIN_MS_MAX))
    resealRedactionKeys(postgres, config.keyring).catch((error: unknown) => {
      log.warn(reasonOf(error), 'keys of hashes are not all sealed with the newest key; keep the old ones')
    })
    const pacing = buildPacing({
      endOffset: journal.endOffset,
      ledger: readers.ledger,
      archive: readers.archive,
      elapsedMs: () => performance.now(),
    })
    closers.push(async () => pacing.stop())
    const { journalBytesMax } = config
    metrics.show(factsOf({ journal, readers, pacing, journalBytesMax }))
    if (config.metrics !== null) {
      const served = await serveMetrics(metrics, config.metrics)
      closers.push(served.close)
      log.info({ url: served.url }, 'metrics are served')
    }
    const verdicts = keepVerdicts({ postgres, now, log })
    closers.push(() => verdicts.close())
    const holdsPostgres = openPostgres(config.databaseUrl, HOLDS_POSTGRES)
    closers.push(() => holdsPostgres.close())
    const holds = openHolds({ postgres: holdsPostgres, now, log })
    closers.push(() => holds.close())
    const archived = openClickHouse(config.clickhouseUrl, PREVIEW_BOUNDS)
    closers.push(() => archived.close())
    const app = buildIngest({
      journal,
      holds,
      verdicts,
      now,
      log,
      keys: knownKeys({
        ...findKeysIn(postgres, { keyring: config.keyring, now, log }),
        onFailed: metrics.keyLookUpFailed,
        ...{ now, log },
      }),
      manage: manageStoreIn({
        ...{ postgres, now, keyring: config.keyring, allowLoopback: config.allowLoopback },
        previews: previewDesk(archived, { now, log }),
      }),
      readiness: buildReadiness({
        postgres,
        journal,
        ledger: readers.ledger,
        archive: readers.archive,
        pacing,
        isJournalBroken: () => isJournalBroken,
        journalBytesMax: config.journalBytesMax,
      }),
      onJournalBroken,
      pace: pacing.wait,
      meter: metrics,
      rateLimits: { requestsPerMinute: config.requestsPerMinute },
      trustedProxies: config.trustedProxies,
    })
    closers.push(() => app.close())
    const url = await app.listen({ host: config.host, port: config.port })
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}
