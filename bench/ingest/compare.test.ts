import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acknowledgedEvents, addUp, compareCount, compareRequests, type HeldOfRequest } from './compare.ts'

const aRun = { requests: 4, eventsPerRequest: 10, unanswered: [] as number[] }
const whole = (requests: number): Map<number, HeldOfRequest> =>
  new Map(Array.from({ length: requests }, (_, number) => [number, { rows: 10, events: 10 }]))

describe('the comparison, event by event', () => {
  it('finds nothing in a store that holds each event once', () => {
    expect(compareRequests(aRun, whole(4))).toEqual({ lost: 0, duplicated: 0 })
  })

  it('finds every event that a store lacks, and every row too many, wherever they are', () => {
    const changes = fc.array(fc.record({ lacks: fc.nat(10), doubles: fc.nat(5) }), {
      minLength: 4,
      maxLength: 4,
    })
    fc.assert(
      fc.property(changes, (requests) => {
        const held = new Map(
          requests.map(({ lacks, doubles }, number) => [
            number,
            { rows: 10 - lacks + doubles, events: 10 - lacks },
          ]),
        )
        const sum = (of: 'lacks' | 'doubles') => requests.reduce((all, each) => all + each[of], 0)
        expect(compareRequests(aRun, held)).toEqual({ lost: sum('lacks'), duplicated: sum('doubles') })
      }),
    )
  })

  it('is not misled by a loss and a doubling that add up to nothing', () => {
    const held = whole(4).set(2, { rows: 10, events: 9 })
    expect(compareRequests(aRun, held)).toEqual({ lost: 1, duplicated: 1 })
  })

  it('finds a request that is not there at all, and one that was never sent', () => {
    const held = whole(4)
    held.delete(3)
    expect(compareRequests(aRun, held.set(9, { rows: 10, events: 10 }))).toEqual({ lost: 10, duplicated: 10 })
  })

  it('demands nothing of a request that was never acknowledged, held or not', () => {
    const run = { ...aRun, unanswered: [3] }
    expect(acknowledgedEvents(run)).toBe(30)
    expect(compareRequests(run, whole(3))).toEqual({ lost: 0, duplicated: 0 })
    expect(compareRequests(run, whole(4))).toEqual({ lost: 0, duplicated: 0 })
  })
})

describe('the comparison by number', () => {
  it('finds what lacks and what is too much, beyond what may be there', () => {
    const run = { ...aRun, unanswered: [3] }
    expect([29, 30, 40, 41].map((held) => compareCount(run, held))).toEqual([
      { lost: 1, duplicated: 0 },
      { lost: 0, duplicated: 0 },
      { lost: 0, duplicated: 0 },
      { lost: 0, duplicated: 1 },
    ])
  })
})

it('hides the loss of one store behind no other', () => {
  const lossOf = (lost: number) => ({ lost, duplicated: 1 })
  expect(addUp([lossOf(2), lossOf(0), lossOf(3)])).toEqual({ lost: 5, duplicated: 3 })
})
