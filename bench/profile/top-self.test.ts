import { describe, expect, it } from 'vitest'
import { topSelf } from './top-self.ts'

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 6 },
})

describe('the top of a profile', () => {
  it('gives each function the time until the next sample, and leaves idle time out', () => {
    const profile = {
      nodes: [
        node(1, '(idle)'),
        node(2, 'parseEvent', 'file:///somewhere/core/event/parse-event.ts'),
        node(3, 'gzip'),
      ],
      samples: [2, 3, 1, 2],
      timeDeltas: [500, 3_000, 1_000, 9_000],
    }
    expect(topSelf(profile, 10)).toEqual({
      busyMs: 4,
      rows: [
        { name: 'parseEvent core/event/parse-event.ts:7', ms: 3, percent: 75 },
        { name: 'gzip', ms: 1, percent: 25 },
      ],
    })
    expect(topSelf(profile, 1).rows).toHaveLength(1)
  })
})
