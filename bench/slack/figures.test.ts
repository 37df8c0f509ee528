import { describe, expect, it } from 'vitest'
import { figuresOf, linesOf, type Measured, missedGoals, spreadOf } from './figures.ts'

const took = (what: string, ...times: number[]) => times.map((ms) => ({ what, ms }))
const none: Measured = { commands: [], homes: [], homePictures: [], charts: [], crossings: [], floor: [] }

describe('the figures', () => {
  it('are times that were measured, whatever order they came in', () => {
    expect(spreadOf(took('x', 30.4, 10.2, 20.3))).toEqual({ p50: 20, p95: 30 })
  })

  it('name each goal that is missed, and none that is met to the millisecond', () => {
    const figures = figuresOf({
      ...none,
      commands: took('/lens spend', 501),
      homes: took('Home', 700),
      charts: took('chart', 1_200),
      crossings: took('50%', 2_000),
    })
    expect(missedGoals(figures)).toEqual([
      'command_to_answer_ms: p95 is 501, the goal 500',
      'chart_request_to_file_ms: p95 is 1200, the goal 1000',
    ])
  })

  it('say for people what was slow, the slowest first', () => {
    expect(linesOf([...took('a', 1, 3), ...took('b', 9)])).toEqual([
      '  b: p50 9 ms, p95 9 ms (1 times)',
      '  a: p50 1 ms, p95 3 ms (2 times)',
    ])
  })
})
