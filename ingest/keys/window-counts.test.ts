import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WindowCounts } from './window-counts.ts'

const WINDOW_MS = 60_000

function countsAt(namesMax?: number) {
  let nowMs = 1_000
  const counts = new WindowCounts({ nowMs: () => nowMs, ...(namesMax === undefined ? {} : { namesMax }) })
  const count = (name: string) => {
    let taken = { current: -1, ttl: -1 }
    counts.incr(
      name,
      (_error, result) => {
        if (result) taken = result
      },
      WINDOW_MS,
    )
    return taken
  }
  return {
    count,
    wait: (ms: number) => {
      nowMs += ms
    },
    now: () => nowMs,
  }
}

describe('the counts behind a rate limit', () => {
  it('are of each name alone, in a minute that begins with its first call', () => {
    const { count, wait } = countsAt()
    expect(count('a')).toEqual({ current: 1, ttl: WINDOW_MS })
    wait(59_999)
    expect(count('b')).toEqual({ current: 1, ttl: WINDOW_MS })
    expect(count('a')).toEqual({ current: 2, ttl: 1 })
    wait(1)
    expect(count('b')).toEqual({ current: 2, ttl: 59_999 })
    expect(count('a')).toEqual({ current: 1, ttl: WINDOW_MS })
  })

  it('are those of a plain model, whatever calls come when', () => {
    const calls = fc.array(
      fc.record({ name: fc.constantFrom('a', 'b', 'c'), afterMs: fc.integer({ min: 0, max: 30_000 }) }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(calls, (all) => {
        const { count, wait, now } = countsAt()
        const model = new Map<string, { from: number; calls: number }>()
        for (const { name, afterMs } of all) {
          wait(afterMs)
          const known = model.get(name)
          const isRunning = known !== undefined && now() < known.from + WINDOW_MS
          const window = isRunning ? known : { from: now(), calls: 0 }
          window.calls += 1
          model.set(name, window)
          expect(count(name)).toEqual({ current: window.calls, ttl: window.from + WINDOW_MS - now() })
        }
      }),
    )
  })

  it('take bounded memory: beyond it the window that began first is forgotten', () => {
    const { count } = countsAt(2)
    for (const name of ['a', 'b', 'a', 'c']) count(name)
    expect(['b', 'c', 'a'].map((name) => count(name).current)).toEqual([2, 2, 1])
  })
})
