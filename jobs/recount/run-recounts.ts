/**
 * Recounts budgets for as long as the process lives: looks once a second, more often while one waits for the archive, so
 * that one is done about two seconds after it was asked for. What fails is tried again, each time later, and says why
 * in `last_error`; it delays no other.
 */
import type { DueRecount } from '../../db/postgres/recount-queue.ts'
import { dueRecounts, noteRecount } from '../../db/postgres/recount-queue.ts'
import { type RecountDeps, recountNext, type Step } from './recount-next.ts'

export interface RecountLog {
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
}

export interface RunningRecounts {
  /** Resolves once the step in work is done, or has failed. */
  stop(): Promise<void>
}

const CADENCE_MS = 1_000
const WAITING_CADENCE_MS = 250
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 60_000
/** A wait that is longer than this is looked at less often: a replica may be gone for good. */
const PROMPT_MS = 60_000

export function runRecounts(deps: RecountDeps & { readonly log: RecountLog }): RunningRecounts {
  const stopping = new AbortController()
  const turns = new Map<string, Turn>()

  /** True while something waits for the archive. */
  async function look(): Promise<boolean> {
    const due = await dueRecounts(deps.postgres.tables)
    forgetOthers(turns, due)
    let isWaiting = false
    for (const recount of due) {
      if (stopping.signal.aborted) return false
      const turn = turns.get(recount.id) ?? { failures: 0, notBeforeMs: 0, said: null }
      if (deps.now().getTime() < turn.notBeforeMs) continue
      const next = await attempt(deps, recount, turn)
      if (next !== null) turns.set(recount.id, next)
      isWaiting ||= next !== null && next.notBeforeMs === 0
    }
    return isWaiting
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitMs = await look().then(
        (isWaiting) => (isWaiting ? WAITING_CADENCE_MS : CADENCE_MS),
        (error: unknown) => {
          deps.log.error({ err: error }, 'cannot look for recounts; trying again until it works')
          return CADENCE_MS
        },
      )
      await pause(waitMs, stopping.signal)
    }
  }

  const ended = loop()
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

interface Turn {
  readonly failures: number
  readonly notBeforeMs: number
  /** What it was last said to wait for. */
  readonly said: string | null
}

/** Null when nothing of it is left to do. */
async function attempt(
  deps: RecountDeps & { readonly log: RecountLog },
  recount: DueRecount,
  turn: Turn,
): Promise<Turn | null> {
  const { log, now, postgres } = deps
  const { id, budgetId } = recount
  try {
    const step = await recountNext(deps, recount)
    const said = say(log, recount, step, turn.said, now())
    if (step.kind === 'not_its_turn') return { ...turn, failures: 0 }
    if (step.kind !== 'waits') return null
    const isLong = now().getTime() - recount.requestedAt.getTime() > PROMPT_MS
    return { failures: 0, notBeforeMs: isLong ? now().getTime() + LAST_RETRY_MS : 0, said }
  } catch (error) {
    const reason = reasonOf(error)
    log.error({ recount: id, budgetId, reason }, 'a recount failed; it is tried again')
    // When Postgres itself is what fails, the log has to do.
    await noteRecount(postgres.tables, id, reason).catch(() => undefined)
    const retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(turn.failures, 10))
    return { failures: turn.failures + 1, notBeforeMs: now().getTime() + retryMs, said: turn.said }
  }
}

function say(
  log: RecountLog,
  { id, budgetId, purpose, requestedAt }: DueRecount,
  step: Step,
  said: string | null,
  now: Date,
): string | null {
  const about = { recount: id, budgetId, purpose }
  switch (step.kind) {
    case 'waits':
      if (now.getTime() - requestedAt.getTime() <= PROMPT_MS || step.why === said) return said
      log.warn({ ...about, why: step.why }, 'a recount waits for what is not archived')
      return step.why
    case 'given_up':
      log.error({ ...about, why: step.why }, 'a recount was given up')
      return null
    case 'archive_lacks':
      log.error({ ...about, why: step.why }, 'a figure cannot be checked: the archive lacks counted calls')
      return null
    case 'finished':
      if (step.lack !== null)
        log.error({ ...about, why: step.lack }, 'the archive lacks counted calls, and so does the figure')
      if (purpose === 'check' && step.counters.length > 0)
        log.warn({ ...about, corrected: step.counters.length }, 'a figure was wrong, and was corrected')
      return null
    case 'ended':
    case 'not_its_turn':
    case 'set_so_far':
      return said
  }
}

function forgetOthers(turns: Map<string, Turn>, due: readonly DueRecount[]): void {
  const known = new Set(due.map(({ id }) => id))
  for (const id of turns.keys()) if (!known.has(id)) turns.delete(id)
}

/** The cause below Drizzle's own message, which repeats the statement with the customers' values. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return (error.message.split('\n', 1)[0] ?? '').slice(0, 500) || error.name
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
