/**
 * Holds the latest verdict of every project that somebody asks for, and tells the watchers what changes: by a
 * notification of Postgres, by the clock, and by looking every few seconds.
 * Invariant: after the last change a watcher is always told; while Postgres is unreachable the last facts stand, read
 * by the clock, and grow old for everybody to see.
 */
import { isId } from '../../core/ids.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { Log } from '../log.ts'
import { type ClockAlarm, clockAlarm } from './clock-alarm.ts'
import { type KnownVerdict, knownVerdict } from './known-verdict.ts'
import { listenUntil } from './listen-until.ts'
import { readInTurns } from './read-in-turns.ts'
import { type Told, tellInMeasure } from './tell-in-measure.ts'
import { readFacts, type VerdictFacts, verdictsAt } from './verdict-facts.ts'
import { toBudgetsJson, toVerdictJson } from './verdict-json.ts'

export interface VerdictKeeper {
  /** From memory, and read first where that is none, or old; rejects when nothing is known soon. */
  latest(projectId: string): Promise<KnownVerdict>
  /** What the watchers were last told, with the age that it has now; null when nothing is known. */
  current(projectId: string): KnownVerdict | null
  /** Sends the verdict as soon as it is known, and every change of it, until unwatched. */
  watch(projectId: string, send: (verdict: KnownVerdict) => void): () => void
  /** How many projects are kept, and why Postgres cannot be read, if so. */
  status(): { readonly projects: number; readonly lastError: string | null }
  close(): Promise<void>
}

export interface VerdictKeeperDeps {
  readonly postgres: Pick<Postgres, 'tables' | 'listen'>
  readonly now: () => Date
  readonly log: Log
}

export interface VerdictKeeperOptions {
  /** At least this long from one reading to the next: bursts become one reading. */
  readonly gapMs?: number
  /** How often everything is read without being told to; younger facts are answered from memory. */
  readonly lookMs?: number
  /** How long a project that nobody watches is still kept, for clients that connect or ask again. */
  readonly keepMs?: number
  /** At least this long between two verdicts in which nothing but figures changed. */
  readonly figuresGapMs?: number
  /** A clock that nobody sets. */
  readonly elapsedMs?: () => number
}

/**
 * Two of them, and the 3 s between two signs of life, are less than the 10 s after which a client takes a verdict for
 * too old.
 */
const LOOK_MS = 3_000
/** Old facts are better than none, but a reading may be under way. */
const READ_MS_MAX = 1_000
const FIRST_READ_MS_MAX = 3_000
const BUSY_MS_MAX = 4

interface Kept {
  readonly projectId: string
  readonly alarm: ClockAlarm
  readonly told: Told
  facts: VerdictFacts | null
  readAtMs: number
  forgetting: NodeJS.Timeout | undefined
}

export function keepVerdicts(deps: VerdictKeeperDeps, options: VerdictKeeperOptions = {}): VerdictKeeper {
  const { gapMs = 50, lookMs = LOOK_MS, keepMs = 60_000, figuresGapMs = 1_000 } = options
  const { elapsedMs = () => performance.now() } = options
  const { postgres, now, log } = deps
  const kept = new Map<string, Kept>()
  const closing = new AbortController()
  const turns = readInTurns({ read: readAgain, gapMs, elapsedMs, deed: 'read verdicts', log })

  const read = (projectId: string): void => {
    if (kept.has(projectId)) turns.ask(projectId)
  }
  /** A project, or an organisation, whose projects all may have changed. */
  const hear = (id: string): void => {
    if (!isId('org', id)) read(id)
    else
      for (const { projectId, facts } of kept.values()) {
        if (facts === null || facts.orgId === null || facts.orgId === id) read(projectId)
      }
  }
  const readAll = (): void => {
    for (const projectId of kept.keys()) read(projectId)
  }
  const isYounger = ({ facts, readAtMs }: Kept, ms: number): boolean =>
    facts !== null && elapsedMs() - readAtMs < ms

  /** Applies the clock to the facts, tells the watchers what is new, and sets the alarm for the next change. */
  function say(project: Kept, verdictAt = verdictsAt(now())): void {
    const { projectId, facts, readAtMs } = project
    if (!facts) return
    const { verdict, parts } = verdictAt(projectId, facts)
    project.alarm.set(verdict.changesAt)
    const json = toVerdictJson(verdict, facts.readAt, parts)
    project.told.tell(knownVerdict(json, () => elapsedMs() - readAtMs, parts.map(toBudgetsJson)))
  }

  async function readAgain(projectIds: readonly string[]): Promise<void> {
    // Before the reading: what changes during it may not be in it.
    const readAtMs = elapsedMs()
    const read = await readFacts(postgres.tables, projectIds, now())
    const verdictAt = verdictsAt(now())
    let pausedAtMs = elapsedMs()
    for (const [projectId, facts] of read) {
      const project = kept.get(projectId)
      if (!project) continue
      Object.assign(project, { facts, readAtMs })
      say(project, verdictAt)
      // Holds are granted by the same thread, within a few milliseconds.
      if (elapsedMs() - pausedAtMs < BUSY_MS_MAX) continue
      await new Promise((resolve) => setImmediate(resolve))
      pausedAtMs = elapsedMs()
    }
  }

  /** A clock that was set anew moves no timer, and without Postgres no reading would show it. */
  function look(): void {
    const verdictAt = verdictsAt(now())
    for (const project of kept.values()) if (!isYounger(project, 2 * lookMs)) say(project, verdictAt)
    readAll()
  }

  const keep = (projectId: string): Kept => {
    const known = kept.get(projectId)
    if (known) return known
    const project: Kept = {
      projectId,
      told: tellInMeasure({ figuresGapMs, elapsedMs }),
      alarm: clockAlarm(now, () => {
        say(project)
        read(projectId)
      }),
      facts: null,
      readAtMs: 0,
      forgetting: undefined,
    }
    kept.set(projectId, project)
    read(projectId)
    return project
  }

  function end(project: Kept): void {
    clearTimeout(project.forgetting)
    project.alarm.clear()
    project.told.close()
    kept.delete(project.projectId)
  }

  function forgetLater(project: Kept): void {
    clearTimeout(project.forgetting)
    if (project.told.isHeard()) return
    project.forgetting = setTimeout(() => end(project), keepMs)
    project.forgetting.unref()
  }

  const looking = setInterval(look, lookMs)
  looking.unref()
  const listening = listenUntil(closing.signal, { ...deps, hear, onListening: readAll })

  return {
    async latest(projectId) {
      const project = keep(projectId)
      forgetLater(project)
      if (!isYounger(project, lookMs)) {
        await turns.next(projectId, project.facts === null ? FIRST_READ_MS_MAX : READ_MS_MAX)
      }
      const known = project.told.current()
      if (known === null) throw new Error(turns.lastError() ?? `no facts were read of project ${projectId}`)
      return known
    },
    current: (projectId) => kept.get(projectId)?.told.current() ?? null,
    watch(projectId, send) {
      const project = keep(projectId)
      clearTimeout(project.forgetting)
      // What was said may be older than the clock; saying it again tells nobody twice.
      say(project)
      const unhear = project.told.hear(send)
      return () => {
        unhear()
        forgetLater(project)
      }
    },
    status: () => ({ projects: kept.size, lastError: turns.lastError() }),
    async close() {
      closing.abort()
      clearInterval(looking)
      for (const project of [...kept.values()]) end(project)
      await Promise.all([turns.close(), listening])
    },
  }
}
