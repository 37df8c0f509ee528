import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildPacing, LEDGER_LAG_MS_MAX, type Pacing, type ReaderPosition, WAIT_MS_MAX } from './pacing.ts'

let end: number
let ledger: ReaderPosition
let archive: ReaderPosition
let pacing: Pacing
beforeEach(() => {
  vi.useFakeTimers()
  end = 0
  ledger = { nextOffset: 0, lastError: null }
  archive = { nextOffset: 0, lastError: null }
  pacing = buildPacing({
    endOffset: () => end,
    ledger: () => ledger,
    archive: () => archive,
    elapsedMs: () => Date.now(),
  })
})
afterEach(() => {
  pacing.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
/** How long who sends now waits. */
async function waitedMs(): Promise<number> {
  const from = Date.now()
  let until: number | null = null
  void pacing.wait().then(() => {
    until = Date.now()
  })
  for (let ms = 0; ms < 2 * WAIT_MS_MAX && until === null; ms += 5) await pass(5)
  return (until ?? Number.POSITIVE_INFINITY) - from
}

describe('who sends', () => {
  it('waits for nobody while readers keep up', async () => {
    for (let look = 0; look < 50; look += 1) {
      end += 1_000
      await pass(100)
      ledger = { ...ledger, nextOffset: end }
      archive = { ...archive, nextOffset: end }
      expect(await waitedMs()).toBeLessThanOrEqual(5)
    }
  })

  it('waits while counting is late, and no longer than a bound', async () => {
    end = 1_000
    await pass(LEDGER_LAG_MS_MAX + 100)
    expect(await waitedMs()).toBeGreaterThanOrEqual(WAIT_MS_MAX)
    expect(await waitedMs()).toBeLessThanOrEqual(WAIT_MS_MAX + 5)
  })

  it('goes on as soon as counting has caught up', async () => {
    end = 1_000
    await pass(LEDGER_LAG_MS_MAX + 100)
    setTimeout(() => {
      ledger = { nextOffset: 1_000, lastError: null }
      archive = { nextOffset: 1_000, lastError: null }
    }, 60)
    expect(await waitedMs()).toBeLessThanOrEqual(120)
  })

  it('does not wait for a reader that fails: the journal keeps what it cannot take', async () => {
    end = 1_000
    ledger = { nextOffset: 0, lastError: 'ECONNREFUSED' }
    archive = { nextOffset: 0, lastError: 'ECONNREFUSED' }
    await pass(60_000)
    expect(await waitedMs()).toBeLessThanOrEqual(5)
  })

  it('is not held up by the end of the process', async () => {
    end = 1_000
    await pass(LEDGER_LAG_MS_MAX + 100)
    const waiting = pacing.wait()
    pacing.stop()
    await waiting
    expect(await waitedMs()).toBeLessThanOrEqual(5)
  })

  it('warns of no leak, however many wait at once', async () => {
    const warnings: string[] = []
    const hear = (warning: Error) => warnings.push(warning.name)
    process.on('warning', hear)
    end = 1_000
    await pass(LEDGER_LAG_MS_MAX + 100)
    const waiting = Array.from({ length: 50 }, () => pacing.wait())
    await pass(WAIT_MS_MAX + 100)
    await Promise.all(waiting)
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })
})
