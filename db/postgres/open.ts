/**
 * One pool of connections to Postgres, and the tables as Drizzle knows them.
 * Invariant: every statement has a time limit, so that a stuck store is an error and not a silence.
 */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { guardTransactions } from './guard-transactions.ts'
import * as schema from './schema.ts'

export type Tables = PostgresJsDatabase<typeof schema>
/** A transaction, or the pool itself: what every verb of this folder takes first. */
export type Queryable = Pick<Tables, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>

export interface Postgres {
  readonly tables: Tables
  /** Calls `hear` for every notification on the channel; `onListening` after each (re)connection. */
  listen(
    channel: string,
    hear: (payload: string) => void,
    onListening: () => void,
  ): Promise<() => Promise<void>>
  ping(): Promise<void>
  close(): Promise<void>
}

/** A process whose machine is gone without a word gives its locks up after this; telling Slack takes less. */
const IDLE_IN_TRANSACTION_MS = 90_000

/**
 * For a process whose transactions wait for nothing but Postgres, as those of the ledger do. While one of a replica that was cut off
 * holds its locks, nobody else counts for its projects: their stops are late by this much. What is ended by mistake, in a
 * process that stood still for so long, is rolled back and done again.
 */
export const COUNTING_IDLE_MS = 500

export interface PostgresOptions {
  readonly connectionsMax?: number
  readonly statementTimeoutMs?: number
  /** How long a transaction may wait for its process. */
  readonly idleInTransactionMs?: number
}

const RECONNECT_SECONDS_MAX = 1

/**
 * The driver's own waits grow to 20 s, for all connections of a pool together: budgets would go on counting that much
 * later than Postgres is back.
 */
const secondsBeforeTry = (tries: number): number =>
  Math.min(RECONNECT_SECONDS_MAX, 0.05 * 2 ** Math.min(tries, 10))

/** Opens a pool; connects on first use. The URL's form is checked here, and its password is never part of an error. */
export function openPostgres(url: string, options: PostgresOptions = {}): Postgres {
  const client = postgres(checkedUrl(url), {
    max: options.connectionsMax ?? 8,
    connect_timeout: 5,
    idle_timeout: 60,
    backoff: secondsBeforeTry,
    onnotice: () => undefined,
    connection: {
      application_name: 'lensai',
      statement_timeout: options.statementTimeoutMs ?? 15_000,
      idle_in_transaction_session_timeout: options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS,
    },
  })
  guardTransactions(client)
  return {
    tables: drizzle(client, { schema }),
    listen: async (channel, hear, onListening) => {
      const { unlisten } = await client.listen(channel, hear, onListening)
      return unlisten
    },
    ping: async () => {
      await client`select 1`
    },
    close: () => client.end({ timeout: 5 }),
  }
}

function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new TypeError('the Postgres URL is not of the form postgres://USER:PASSWORD@HOST:5432/DATABASE')
  }
  return url
}
