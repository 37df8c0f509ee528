/**
 * Tells those who listen what changes in one project's verdict: at once what decides about calls, and in measure what
 * was spent, which moves with every batch that is counted.
 * Invariant: the last figures are always told; a stop never waits for figures.
 */
import { type KnownVerdict, readAgain } from './known-verdict.ts'

export interface Told {
  tell(verdict: KnownVerdict): void
  /** What was last told, as of the last reading. */
  current(): KnownVerdict | null
  /** Sends what was last told, if anything, and all that follows until it is called back. */
  hear(send: (verdict: KnownVerdict) => void): () => void
  isHeard(): boolean
  close(): void
}

export interface TellingOptions {
  /** At least this long between two verdicts in which only figures changed, for each `BUDGETS_IN_A_GAP` budgets. */
  readonly figuresGapMs: number
  readonly elapsedMs: () => number
}

/** The wider a verdict, the rarer its figures: a project under hundreds of budgets must not fill its clients' lines. */
const BUDGETS_IN_A_GAP = 50

export function tellInMeasure({ figuresGapMs, elapsedMs }: TellingOptions): Told {
  const listeners = new Set<(verdict: KnownVerdict) => void>()
  let told: KnownVerdict | null = null
  let toldAtMs = 0
  let waiting: { verdict: KnownVerdict; readonly timer: NodeJS.Timeout } | null = null

  const forgetWaiting = (): void => {
    if (waiting !== null) clearTimeout(waiting.timer)
    waiting = null
  }

  function tellNow(verdict: KnownVerdict): void {
    forgetWaiting()
    told = verdict
    toldAtMs = elapsedMs()
    for (const send of [...listeners]) send(verdict)
  }

  const gapOf = ({ verdict }: KnownVerdict): number =>
    figuresGapMs * Math.max(1, Math.ceil(verdict.budgets.length / BUDGETS_IN_A_GAP))

  function waitWith(verdict: KnownVerdict, leftMs: number): void {
    if (waiting !== null) {
      waiting.verdict = verdict
      return
    }
    const timer = setTimeout(() => {
      if (waiting !== null) tellNow(waiting.verdict)
    }, leftMs)
    timer.unref()
    waiting = { verdict, timer }
  }

  return {
    tell(verdict) {
      if (told === null || verdict.actsId !== told.actsId) {
        tellNow(verdict)
        return
      }
      if (verdict.id === told.id) {
        forgetWaiting()
        told = verdict
        return
      }
      const leftMs = toldAtMs + gapOf(verdict) - elapsedMs()
      if (leftMs <= 0) tellNow(verdict)
      else {
        told = readAgain(told, verdict)
        waitWith(verdict, leftMs)
      }
    },
    current: () => told,
    hear(send) {
      if (told !== null) send(told)
      listeners.add(send)
      return () => {
        listeners.delete(send)
      }
    },
    isHeard: () => listeners.size > 0,
    close: forgetWaiting,
  }
}
