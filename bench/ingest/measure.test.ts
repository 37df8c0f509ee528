import { describe, expect, it } from 'vitest'
import { lagsOf } from './lag.ts'
import { percentile } from './percentile.ts'

describe('a percentile', () => {
  it('is a value that was measured, with so many at or below it', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100])
    expect([50, 95].map((percent) => percentile([1, 2, 3], percent))).toEqual([2, 3])
    expect(percentile([7], 1)).toBe(7)
    expect(percentile([], 50)).toBeNaN()
  })
})

describe('a lag', () => {
  it('lasts from the mark until the store was first seen to hold as much', () => {
    const marks = [
      { atMs: 100, events: 10 },
      { atMs: 200, events: 30 },
    ]
    const seen = [
      { atMs: 90, events: 0 },
      { atMs: 140, events: 10 },
      { atMs: 190, events: 20 },
      { atMs: 500, events: 40 },
    ]
    expect(lagsOf(marks, seen, 40)).toEqual([40, 300])
  })

  it('is none where the store was there before, and has no end where it never came', () => {
    const marks = [
      { atMs: 100, events: 10 },
      { atMs: 200, events: 30 },
    ]
    expect(lagsOf(marks, [{ atMs: 50, events: 10 }], 40)).toEqual([0, Number.POSITIVE_INFINITY])
  })

  it('waits for no more than was acknowledged in the end', () => {
    expect(lagsOf([{ atMs: 100, events: 30 }], [{ atMs: 130, events: 20 }], 20)).toEqual([30])
  })
})
