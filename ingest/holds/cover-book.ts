/**
 * What was read of the budgets of each project, and which counters covered its calls lately: these are read again, so that
 * what is known does not narrow to the call that happened to be last.
 */
import type { CounterRef } from '../../core/hold/hold.ts'
import { nameOfCounter } from '../../db/postgres/counters.ts'
import type { HoldCover } from '../../db/postgres/hold-cover.ts'

export interface CoverBook {
  /** Null for what was never read, or is too old to decide by. */
  coverOf(projectId: string, nowMs: number): HoldCover | null
  /** Whether it is to be read again, which nobody is at yet. */
  isDue(projectId: string, nowMs: number): boolean
  /** Begins to read these again; `end` is called when it was, or could not be. */
  begin(projectIds: Iterable<string>): void
  end(projectIds: Iterable<string>, cover: HoldCover | null): void
  noteUse(projectId: string, counters: readonly CounterRef[], nowMs: number): void
  usedOf(projectIds: Iterable<string>, nowMs: number): CounterRef[]
}

/** What was read is read again after this long, and is not decided by after the other. */
const REFRESH_MS = 200
const STALE_MS = 500
const USED_MS = 2_000
/** Each is read and locked with every refresh; of more counters, as of many users, the rest is asked in Postgres. */
const USED_MAX = 64
const PROJECTS_MAX = 10_000

interface Known {
  cover: HoldCover | null
  isBeingRead: boolean
  readonly used: Map<string, { readonly counter: CounterRef; atMs: number }>
}

export function coverBook(): CoverBook {
  const known = new Map<string, Known>()
  const at = (projectId: string): Known => {
    const of = known.get(projectId) ?? { cover: null, isBeingRead: false, used: new Map() }
    if (known.size >= PROJECTS_MAX && !known.has(projectId)) known.clear()
    known.set(projectId, of)
    return of
  }
  const isOlder = (projectId: string, ms: number, nowMs: number) => {
    const { cover } = at(projectId)
    return cover === null || nowMs - cover.readAt.getTime() > ms
  }
  return {
    coverOf: (projectId, nowMs) => (isOlder(projectId, STALE_MS, nowMs) ? null : at(projectId).cover),
    isDue: (projectId, nowMs) => !at(projectId).isBeingRead && isOlder(projectId, REFRESH_MS, nowMs),
    begin(projectIds) {
      for (const projectId of projectIds) at(projectId).isBeingRead = true
    },
    end(projectIds, cover) {
      for (const projectId of projectIds) {
        const of = at(projectId)
        of.isBeingRead = false
        if (cover !== null) of.cover = cover
      }
    },
    noteUse(projectId, counters, nowMs) {
      const { used } = at(projectId)
      for (const counter of counters) {
        const name = nameOfCounter(counter)
        const seen = used.get(name)
        if (seen) seen.atMs = nowMs
        else if (used.size < USED_MAX) used.set(name, { counter, atMs: nowMs })
      }
    },
    usedOf: (projectIds, nowMs) =>
      [...projectIds].flatMap((projectId) => {
        const { used } = at(projectId)
        for (const [name, { atMs }] of used) if (nowMs - atMs > USED_MS) used.delete(name)
        return [...used.values()].map(({ counter }) => counter)
      }),
  }
}
