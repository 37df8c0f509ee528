/**
 * Holds the latest verdict of every project that somebody watches, and tells the watchers what changes: by a
 * notification of Postgres, by the clock, and by looking every few seconds.
 * Invariant: after the last change a watcher is always told; while Postgres is unreachable the last facts stand, read
 * by the clock.
 */
import { isId } from '../../core/ids.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { Log } from '../log.ts'
import { type ClockAlarm, clockAlarm } from './clock-alarm.ts'
import { listenUntil } from './listen-until.ts'
import { readInTurns } from './read-in-turns.ts'
import { readFacts, type VerdictFacts, verdictAt } from './verdict-facts.ts'
import { saysTheSame, toVerdictJson, type VerdictJson } from './verdict-json.ts'

export interface VerdictKeeper {
  /** Read now; the kept one when Postgres does not answer; rejects when there is neither. */
  latest(projectId: string): Promise<VerdictJson>
  /** Sends the verdict as soon as it is known, and every change of it, until unwatched. */
  watch(projectId: string, send: (verdict: VerdictJson) => void): () => void
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
  /** How often everything is read without being told to. */
  readonly lookMs?: number
  /** How long a project that nobody watches is still kept, for clients that connect again. */
  readonly keepMs?: number
}

interface Kept {
  readonly projectId: string
  readonly watchers: Set<(verdict: VerdictJson) => void>
  readonly alarm: ClockAlarm
  facts: VerdictFacts | null
  said: VerdictJson | null
  forgetting: NodeJS.Timeout | undefined
}

export function keepVerdicts(deps: VerdictKeeperDeps, options: VerdictKeeperOptions = {}): VerdictKeeper {
  const { gapMs = 50, lookMs = 5_000, keepMs = 60_000 } = options
  const { postgres, now, log } = deps
  const kept = new Map<string, Kept>()
  const closing = new AbortController()
  const turns = readInTurns({ read: readAgain, gapMs, deed: 'read verdicts', log })

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

  /** Applies the clock to the facts, tells the watchers what is new, and sets the alarm for the next change. */
  function say(project: Kept): void {
    if (!project.facts) return
    const verdict = verdictAt(project.projectId, project.facts, now())
    const json = toVerdictJson(verdict, project.facts.readAt)
    project.alarm.set(verdict.changesAt)
    const isNews = !project.said || !saysTheSame(project.said, json)
    project.said = json
    if (isNews) for (const send of [...project.watchers]) send(json)
  }

  async function readAgain(projectIds: readonly string[]): Promise<void> {
    for (const [projectId, facts] of await readFacts(postgres.tables, projectIds, now())) {
      const project = kept.get(projectId)
      if (!project) continue
      project.facts = facts
      say(project)
    }
  }

  const keep = (projectId: string): Kept => {
    const known = kept.get(projectId)
    if (known) return known
    const project: Kept = {
      projectId,
      watchers: new Set(),
      alarm: clockAlarm(now, () => {
        say(project)
        read(projectId)
      }),
      facts: null,
      said: null,
      forgetting: undefined,
    }
    kept.set(projectId, project)
    read(projectId)
    return project
  }

  function forgetLater(project: Kept): void {
    project.forgetting = setTimeout(() => {
      project.alarm.clear()
      kept.delete(project.projectId)
    }, keepMs)
    project.forgetting.unref()
  }

  const looking = setInterval(readAll, lookMs)
  looking.unref()
  const listening = listenUntil(closing.signal, { ...deps, hear, onListening: readAll })

  return {
    async latest(projectId) {
      try {
        const facts = (await readFacts(postgres.tables, [projectId], now())).get(projectId)
        if (facts) return toVerdictJson(verdictAt(projectId, facts, now()), facts.readAt)
      } catch (error) {
        const facts = kept.get(projectId)?.facts
        if (!facts) throw error
        return toVerdictJson(verdictAt(projectId, facts, now()), facts.readAt)
      }
      throw new Error(`no facts were read of project ${projectId}`)
    },
    watch(projectId, send) {
      const project = keep(projectId)
      clearTimeout(project.forgetting)
      // What was said may be older than the clock; saying it again tells nobody twice.
      say(project)
      if (project.said) send(project.said)
      project.watchers.add(send)
      return () => {
        if (project.watchers.delete(send) && project.watchers.size === 0) forgetLater(project)
      }
    },
    status: () => ({ projects: kept.size, lastError: turns.lastError() }),
    async close() {
      closing.abort()
      clearInterval(looking)
      for (const project of kept.values()) {
        clearTimeout(project.forgetting)
        project.alarm.clear()
      }
      kept.clear()
      await Promise.all([turns.close(), listening])
    },
  }
}
