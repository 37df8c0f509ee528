import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LadderAction } from '../../core/budget/ladder.ts'
import { readRungs, writeRungs } from './rungs.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9.*/-]{0,20}$/).filter((text) => !/-$|->/.test(text))
const action: fc.Arbitrary<LadderAction> = fc.oneof(
  fc.record({ kind: fc.constant('downgrade' as const), from: word, to: word }),
  fc.record({
    kind: fc.constant('throttle' as const),
    callsPerMinute: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  fc.record({
    kind: fc.constant('stop' as const),
    environments: fc.array(word, { minLength: 1, maxLength: 4 }),
  }),
)
const ladder = fc
  .array(fc.record({ percent: fc.integer({ min: 1, max: 1000 }), action }), { maxLength: 6 })
  .map((rungs) => rungs.toSorted((a, b) => a.percent - b.percent))

describe('what a budget does before it stops', () => {
  it('reads back as it is written, and leaves the stop of all calls to its own field', () => {
    fc.assert(
      fc.property(ladder, (rungs) => {
        const stop = { percent: 1000, action: { kind: 'stop', environments: null } } as const
        expect(readRungs(writeRungs([...rungs, stop]))).toEqual({ kind: 'read', rungs })
      }),
    )
  })

  it('is understood as people write it', () => {
    const text = 'At 80: gpt-4o* => gpt-4o-mini\n\n90% at most 1,000 calls/min\n95 STOP staging,dev'
    expect(readRungs(text)).toEqual({
      kind: 'read',
      rungs: [
        { percent: 80, action: { kind: 'downgrade', from: 'gpt-4o*', to: 'gpt-4o-mini' } },
        { percent: 90, action: { kind: 'throttle', callsPerMinute: 1000 } },
        { percent: 95, action: { kind: 'stop', environments: ['staging', 'dev'] } },
      ],
    })
  })

  it('that cannot be read is named by its line, with the forms that can', () => {
    expect(readRungs('80% a -> b\nslow down please')).toMatchObject({
      kind: 'bad',
      problem: expect.stringMatching(/^Line 2 .*60 calls a minute/),
    })
    expect(readRungs('80% 0 calls a minute')).toMatchObject({
      problem: expect.stringMatching(/^Line 1: calls_per_minute is 0/),
    })
    expect(readRungs('2000% a -> b')).toMatchObject({ problem: expect.stringContaining('percent is 2000') })
  })

  it('is answered whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => readRungs(text).kind !== undefined))
  })
})
