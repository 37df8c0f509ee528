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
    const window = this.running(name, windowMs) ?? this.begin(name)
    window.calls += 1
    done(null, { current: window.calls, ttl: this.leftMs(window, windowMs) })
  }

  /** As `incr`, and counts nothing. */
  read(name: string, done: Result, windowMs: number): void {
    const window = this.running(name, windowMs)
    done(
      null,
      window ? { current: window.calls, ttl: this.leftMs(window, windowMs) } : { current: 0, ttl: 0 },
    )
  }

  child(): WindowCounts {
    return new WindowCounts({ namesMax: this.namesMax, nowMs: this.nowMs })
  }

  private running(name: string, windowMs: number): Window | null {
    const window = this.windows.get(name)
    return window !== undefined && this.leftMs(window, windowMs) > 0 ? window : null
  }

  private begin(name: string): Window {
    const window = { beganMs: this.nowMs(), calls: 0 }
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

  private leftMs({ beganMs }: Window, windowMs: number): number {
    return beganMs + windowMs - this.nowMs()
  }
}
