/** What a failed query means for whoever waits for its answer. */
import { ClickHouseError } from '@clickhouse/client'

export type QueryFailure =
  /** The server cannot be reached, or takes nothing more just now. */
  | 'away'
  /** It would take more time or memory than it may. */
  | 'too_much'
  /** A mistake of ours. */
  | 'own'

export function failureOf(error: unknown): QueryFailure {
  if (error instanceof ClickHouseError) {
    if (TOO_MUCH.has(error.code)) return 'too_much'
    return AWAY.has(error.code) ? 'away' : 'own'
  }
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return 'own'
  // The client's own words, for a server that did not end the query by itself.
  return error.message === 'Timeout error.' ? 'too_much' : 'away'
}

/** Too many rows, time exceeded, too slow, memory exceeded, too many bytes. */
const TOO_MUCH = new Set(['158', '159', '160', '241', '307'])
/** Too many queries at once, network errors, aborted, cancelled, and all connections tried. */
const AWAY = new Set(['202', '209', '210', '236', '279', '394'])
