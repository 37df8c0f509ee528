/**
 * The counts behind rate limits, one for each name, each in a window that begins with its first call.
 * Invariant: memory is bounded, and a clock that is set back prolongs no window: the store that comes with
 * @fastify/rate-limit counts by the wall clock, and would lock a key out for as long as the step was.
 */
import type { FastifyRateLimitStore } from '@fastify/rate-limit'

interface Window {
  readonly beganMs: number
  calls: number
}

export interface WindowCountsOptions {
  readonly namesMax?: number
  /** Monotonic. */
  readonly nowMs?: () => number
}

const NAMES_MAX = 20_000

type Result = Parameters<FastifyRateLimitStore['incr']>[1]

export class WindowCounts implements FastifyRateLimitStore {
  /** In the order in which the windows began. */
  private readonly windows = new Map<string, Window>()
  private readonly namesMax: number
  private readonly nowMs: () => number

  constructor({ namesMax = NAMES_MAX, nowMs = () => performance.now() }: WindowCountsOptions = {}) {
    this.namesMax = namesMax
    this.nowMs = nowMs
  }

  incr(name: string, done: Result, windowMs: number): void {
    const nowMs = this.nowMs()
    let window = this.windows.get(name)
    if (window === undefined || nowMs >= window.beganMs + windowMs) window = this.begin(name, nowMs)
    window.calls += 1
    done(null, { current: window.calls, ttl: window.beganMs + windowMs - nowMs })
  }

  child(): WindowCounts {
    return new WindowCounts({ namesMax: this.namesMax, nowMs: this.nowMs })
  }

  private begin(name: string, nowMs: number): Window {
    const window = { beganMs: nowMs, calls: 0 }
    this.windows.delete(name)
    this.windows.set(name, window)
    if (this.windows.size > this.namesMax) {
      for (const oldest of this.windows.keys()) {
        this.windows.delete(oldest)
        break
      }
    }
    return window
  }
}
