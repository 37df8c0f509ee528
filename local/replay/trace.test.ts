import { describe, expect, it } from 'vitest'
import { generateTrace } from './generated-trace.ts'
import { parseTrace, TraceError } from './trace.ts'

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens\n'

describe('a trace', () => {
  it('is read in the order of its times, counted from its first request', () => {
    const text = `${HEADER}2023-11-16 18:15:50.9951690,396,109\n2023-11-16 18:15:46.6805900,374,44\n`
    expect(parseTrace(text)).toEqual([
      { atMs: 0, contextTokens: 374, generatedTokens: 44 },
      { atMs: 4315, contextTokens: 396, generatedTokens: 109 },
    ])
  })

  it.each([
    ['a wrong header', 'time,in,out\n1,2,3', /line 1/],
    ['no requests', HEADER, /no request/],
    ['a negative count', `${HEADER}2023-11-16 18:15:46,-1,44`, /line 2/],
    ['a missing field', `${HEADER}2023-11-16 18:15:46,1`, /line 2/],
    ['no time', `${HEADER}soon,1,2`, /line 2/],
  ])('with %s is refused with the line that is wrong', (_what, text, message) => {
    expect(() => parseTrace(text)).toThrow(TraceError)
    expect(() => parseTrace(text)).toThrow(message)
  })
})

describe('a generated trace', () => {
  it('is the same for the same seed and another for another', () => {
    const trace = generateTrace({ seed: 7, count: 100 })
    expect(generateTrace({ seed: 7, count: 100 })).toEqual(trace)
    expect(generateTrace({ seed: 8, count: 100 })).not.toEqual(trace)
  })

  it('has the shape of the trace that it is drawn after', () => {
    const trace = generateTrace({ seed: 1, count: 20_000 })
    const mean = (pick: (row: (typeof trace)[number]) => number) =>
      trace.reduce((sum, row) => sum + pick(row), 0) / trace.length
    // Means of the Azure trace: 1,155 context and 211 generated tokens, 181 ms between requests.
    expect(mean((row) => row.contextTokens)).toBeGreaterThan(1_155 * 0.93)
    expect(mean((row) => row.contextTokens)).toBeLessThan(1_155 * 1.07)
    expect(mean((row) => row.generatedTokens)).toBeGreaterThan(211 * 0.93)
    expect(mean((row) => row.generatedTokens)).toBeLessThan(211 * 1.07)
    expect((trace.at(-1)?.atMs ?? 0) / trace.length).toBeGreaterThan(181 * 0.9)
    expect((trace.at(-1)?.atMs ?? 0) / trace.length).toBeLessThan(181 * 1.1)
    expect(trace.every((row) => row.contextTokens >= 2 && row.generatedTokens >= 7)).toBe(true)
  })
})
