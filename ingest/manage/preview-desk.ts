/**
 * Looks at what budgets would have stopped, so that ingest and its archive never wait for it: one look of an organisation
 * at a time, few in all, each query with bounded time, threads and memory.
 */
import { failureOf } from '../../db/clickhouse/failure.ts'
import type { ClickHouse, ClickHouseBounds } from '../../db/clickhouse/open.ts'
import {
  type PreviewQuestion,
  previewStop,
  type StopPreview,
} from '../../db/clickhouse/queries/preview-stop.ts'
import { type Log, reasonOf } from '../log.ts'

export type Previewed =
  | { readonly kind: 'previewed'; readonly preview: StopPreview }
  /** Another one of the organisation is under way, or enough of others are. */
  | { readonly kind: 'busy' }
  /** ClickHouse cannot be asked just now. */
  | { readonly kind: 'away' }
  /** There is more to look through than a look may take. */
  | { readonly kind: 'too_much' }

export interface PreviewDesk {
  preview(question: PreviewQuestion): Promise<Previewed>
}

const LOOKS_MAX = 2
/** The server ends a query five seconds before the client does. */
export const PREVIEW_BOUNDS: ClickHouseBounds = {
  ...{ requestTimeoutMs: 15_000, connectionsMax: LOOKS_MAX, threadsMax: 2, memoryBytesMax: 1024 ** 3 },
}

export interface PreviewDeskDeps {
  readonly now: () => Date
  readonly log: Log
}

export const previewDesk = (clickhouse: ClickHouse, { now, log }: PreviewDeskDeps): PreviewDesk =>
  deskOf((question) => previewStop(clickhouse, question, now()), log)

export function deskOf(look: (question: PreviewQuestion) => Promise<StopPreview>, log: Log): PreviewDesk {
  const looking = new Set<string>()
  return {
    async preview(question) {
      const { orgId } = question
      if (looking.has(orgId) || looking.size >= LOOKS_MAX) return { kind: 'busy' }
      looking.add(orgId)
      try {
        return { kind: 'previewed', preview: await look(question) }
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'own') throw error
        log.warn(reasonOf(error), 'a preview could not be looked at')
        return { kind: failure }
      } finally {
        looking.delete(orgId)
      }
    },
  }
}
