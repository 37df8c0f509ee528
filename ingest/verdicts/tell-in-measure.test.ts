import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aBudgetVerdict, aVerdict } from '../../test/ingest/a-verdict.ts'
import { type KnownVerdict, knownVerdict } from './known-verdict.ts'
import { tellInMeasure } from './tell-in-measure.ts'

const GAP_MS = 1_000
beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const spent = (figure: number, state: 'open' | 'stopped' = 'open', budgets = 1): KnownVerdict =>
  knownVerdict(
    aVerdict({
      as_of: new Date(Date.now()).toISOString(),
      allowed: state === 'open',
      budgets: Array.from({ length: budgets }, () =>
        aBudgetVerdict({ state, spent_nano_usd: String(figure) }),
      ),
    }),
    () => 0,
  )

function listening() {
  const heard: { readonly atMs: number; readonly id: string; readonly actsId: string }[] = []
  const told = tellInMeasure({ figuresGapMs: GAP_MS, elapsedMs: () => Date.now() })
  told.hear(({ id, actsId }) => heard.push({ atMs: Date.now(), id, actsId }))
  return { told, heard }
}

describe('what is told of a project', () => {
  it('is a stop at once, whatever was told just before', () => {
    const { told, heard } = listening()
    for (const figure of [1, 2, 3]) told.tell(spent(figure))
    told.tell(spent(4, 'stopped'))
    expect(heard.map(({ id }) => id)).toEqual([spent(1).id, spent(4, 'stopped').id])
    vi.advanceTimersByTime(10 * GAP_MS)
    expect(heard).toHaveLength(2)
  })

  it('is the last figure of a burst, and few of those before', () => {
    const { told, heard } = listening()
    for (let figure = 0; figure <= 100; figure++) {
      told.tell(spent(figure))
      vi.advanceTimersByTime(20)
    }
    vi.advanceTimersByTime(GAP_MS)
    expect(heard.length).toBeLessThanOrEqual(4)
    expect(heard.at(-1)?.id).toBe(spent(100).id)
  })

  it('has figures the more rarely the more budgets it names', () => {
    const { told, heard } = listening()
    told.tell(spent(1, 'open', 200))
    vi.advanceTimersByTime(GAP_MS)
    told.tell(spent(2, 'open', 200))
    vi.advanceTimersByTime(2 * GAP_MS)
    expect(heard).toHaveLength(1)
    vi.advanceTimersByTime(GAP_MS)
    expect(heard).toHaveLength(2)
    told.tell(spent(2, 'stopped', 200))
    expect(heard).toHaveLength(3)
  })

  it('is as young as the last reading, while its figures wait', () => {
    const { told } = listening()
    told.tell(spent(1))
    vi.advanceTimersByTime(400)
    told.tell(spent(2))
    expect(told.current()?.id).toBe(spent(1).id)
    expect(told.current()?.verdict.as_of).toBe(new Date(400).toISOString())
  })

  it('whatever comes: decisions at once, figures in measure, and the last of all in the end', () => {
    const step = fc.record({
      figure: fc.nat(3),
      state: fc.constantFrom('open', 'open', 'open', 'stopped'),
      afterMs: fc.nat(700),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const { told, heard } = listening()
        for (const { figure, state, afterMs } of steps) {
          vi.advanceTimersByTime(afterMs)
          told.tell(spent(figure, state))
          expect(heard.at(-1)?.actsId).toBe(spent(figure, state).actsId)
        }
        const last = told.current()
        vi.advanceTimersByTime(GAP_MS)
        const { figure, state } = steps.at(-1) ?? { figure: 0, state: 'open' as const }
        expect(heard.at(-1)?.id).toBe(spent(figure, state).id)
        expect(last?.actsId).toBe(spent(figure, state).actsId)
        for (const [index, one] of heard.entries()) {
          const before = heard[index - 1]
          if (before === undefined) continue
          expect(one.id).not.toBe(before.id)
          if (one.actsId === before.actsId) expect(one.atMs - before.atMs).toBeGreaterThanOrEqual(GAP_MS)
        }
        told.close()
      }),
    )
  })
})
