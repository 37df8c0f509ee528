/**
 * What a job is: a name, when it runs, and a function of its slot.
 * Invariant: a job receives a slot and never asks the clock what to work on, so that the same command backfills and
 * tests, and running a slot twice changes nothing.
 */
import type { ClickHouse } from '../db/clickhouse/open.ts'
import type { Postgres } from '../db/postgres/open.ts'

export interface JobDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly now: () => Date
}

export interface Job {
  readonly name: string
  /** Cron expression in UTC, with seconds first. */
  readonly schedule: string
  /** The length of a slot; slots start at its multiples since 1970 in UTC. */
  readonly slotMs: number
  /** How far back slots that nobody ran are caught up, at start; 0 where the newest run does the work of all. */
  readonly catchUpMs: number
  /** Does the work of the slot that starts at `slot`; says in a few words what it did. */
  readonly run: (slot: Date, deps: JobDeps) => Promise<string>
}

/** The start of the slot that holds `at`. */
export const slotOf = (job: Pick<Job, 'slotMs'>, at: Date): Date =>
  new Date(Math.floor(at.getTime() / job.slotMs) * job.slotMs)
