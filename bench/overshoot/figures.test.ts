import { describe, expect, it } from 'vitest'
import { analyse } from './analyse.ts'
import { parseOvershootArguments } from './arguments.ts'
import { nameOf } from './cases.ts'
import type { Call, CaseLog } from './facts.ts'
import { figuresOf, linesOf } from './figures.ts'

const CENT = 10_000_000n
const aCall = (client: number, begunAtMs: number, cents: bigint): Call => ({
  ...{ requestId: `${client}-${begunAtMs}`, client, askedAtMs: begunAtMs, begunAtMs, holdMs: 4 },
  ...{ endedAtMs: begunAtMs + 100, ackedAtMs: begunAtMs + 200, postedAtMs: begunAtMs + 300 },
  ...{ cost: cents * CENT, worst: cents * CENT },
})
const log: CaseLog = {
  ...{ limit: 100n * CENT, clients: 2 },
  calls: [aCall(0, 0, 100n), aCall(0, 150, 10n), aCall(1, 5_000, 7n)],
  refusals: [],
  standings: [
    ...[
      { client: 0, atMs: 0, isLive: true, mayCall: true },
      { client: 0, atMs: 450, isLive: true, mayCall: false },
    ],
    { client: 1, atMs: 0, isLive: true, mayCall: true },
  ],
  cutOff: { clients: new Set([1]), atMs: 100 },
}
const of = { mode: 'cached', clients: 2, replicasLost: 2 } as const

describe('the figures of a case', () => {
  it('are those that were asked for, in dollars and milliseconds', () => {
    expect(Object.entries(figuresOf(of, log, analyse(log)))).toEqual([
      ...[
        ['mode', 'cached'],
        ['clients', 2],
        ['replicas_lost', 2],
        ['limit_usd', 1],
      ],
      ...[
        ['spent_at_stop_usd', 1.17],
        ['overshoot_usd', 0.17],
        ['overshoot_percent', 17],
      ],
      ...[
        ['in_flight_usd_at_crossing', 0.1],
        ['false_refusals', 0],
        ['stop_latency_p95_ms', 250],
      ],
      // Who never stops is said as the largest number there is.
      ['stop_latency_cut_off_p95_ms', Number.MAX_SAFE_INTEGER],
      ...[
        ['hold_p50_ms', 4],
        ['hold_p95_ms', 4],
      ],
    ])
  })

  it('are null where there is nothing to measure', () => {
    const held = {
      ...log,
      limit: 1_000n * CENT,
      cutOff: null,
      calls: log.calls.map((call) => ({ ...call, holdMs: null })),
    }
    expect(figuresOf(of, held, analyse(held))).toMatchObject({
      ...{ overshoot_usd: 0, in_flight_usd_at_crossing: null, stop_latency_p95_ms: null },
      ...{ stop_latency_cut_off_p95_ms: null, hold_p50_ms: null, hold_p95_ms: null },
    })
  })

  it('stand beside their goals, which what clients spent that were cut off does not count against', () => {
    const said = linesOf(of, log, analyse(log)).join('\n')
    expect(said).toContain('goal at most $0.65: held ($0.10 of it not by clients that were cut off)')
    expect(said).toContain('goal 500 ms')
    const strict = { ...of, mode: 'strict' } as const
    expect(linesOf(strict, log, analyse(log)).join('\n')).toContain('goal $0.00: NOT HELD')
  })
})

describe('the arguments', () => {
  const casesOf = (...words: string[]) => {
    const parsed = parseOvershootArguments(words)
    return parsed.kind === 'bad' ? parsed.problem : parsed.given.cases.map(nameOf)
  }
  it('run every case, the quick ones, or the one that is named', () => {
    expect(casesOf()).toEqual([
      ...['cached-1', 'cached-10', 'cached-100', 'strict-10', 'strict-100'],
      ...['cached-100-losses', 'strict-100-losses'],
    ])
    expect(casesOf('--quick')).toEqual(['cached-10', 'strict-100', 'strict-100-losses'])
    expect(casesOf('--quick', '--only', 'cached-1')).toEqual(['cached-1'])
    expect(casesOf('--only', 'hot-budget')).toEqual([])
  })

  it('that are not understood are answered by what there is', () => {
    expect(casesOf('--only', 'cached-7')).toMatch(/no case "cached-7"; usage: .*cached-10/)
    expect(casesOf('--slow')).toMatch(/^usage: /)
  })
})
