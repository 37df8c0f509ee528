import cron from 'node-cron'
import { describe, expect, it } from 'vitest'
import { parseJobsConfig } from './config.ts'
import { slotOf } from './job.ts'
import { parseJobArguments } from './run-job/arguments.ts'
import { dueSlot, missedSlots } from './schedule.ts'
import { spendRollup } from './spend-rollup.ts'
import { JOBS } from './table.ts'

const at = (text: string) => new Date(`2026-11-10T${text}Z`)

describe('the table of jobs', () => {
  it('has schedules that cron understands, and every name once', () => {
    expect(JOBS.filter((job) => !cron.validate(job.schedule))).toEqual([])
    expect(new Set(JOBS.map((job) => job.name)).size).toBe(JOBS.length)
  })
})

describe('slots', () => {
  it('that are due are over: the hour before the one that runs', () => {
    expect(dueSlot(spendRollup, at('12:05:00'))).toEqual(at('11:00:00'))
    expect(dueSlot(spendRollup, at('12:59:59'))).toEqual(at('11:00:00'))
  })

  it('that nobody ran are caught up, oldest first, without those that are finished', () => {
    expect(missedSlots(spendRollup, at('08:00:00'), at('12:05:00'))).toEqual([
      at('09:00:00'),
      at('10:00:00'),
      at('11:00:00'),
    ])
    expect(missedSlots(spendRollup, at('11:00:00'), at('12:05:00'))).toEqual([])
  })

  it('of a first start or of a long absence are bounded', () => {
    expect(missedSlots(spendRollup, null, at('12:05:00'))).toEqual([at('11:00:00')])
    expect(missedSlots(spendRollup, new Date('2025-01-01T00:00:00Z'), at('12:05:00'))).toHaveLength(48)
  })

  it('start where the clock says, whatever instant of them is given', () => {
    for (const job of JOBS) {
      const slot = slotOf(job, at('12:34:56'))
      expect(slot.getTime() % job.slotMs).toBe(0)
      expect(slotOf(job, new Date(slot.getTime() + job.slotMs - 1))).toEqual(slot)
    }
  })
})

describe('npm run job', () => {
  it('takes a name and the start of a slot', () => {
    expect(parseJobArguments(['spend-rollup', '2026-11-10T11:00:00Z'])).toMatchObject({
      kind: 'run',
      slot: at('11:00:00'),
    })
  })

  it.each([
    ['no arguments', [], /usage.*spend-rollup/],
    ['an unknown job', ['sleep', '2026-11-10T11:00:00Z'], /usage/],
    ['no instant', ['spend-rollup', 'yesterday'], /yesterday is not an instant/],
    [
      'an instant inside a slot',
      ['spend-rollup', '2026-11-10T11:20:00Z'],
      /11:00:00.000Z and 2026-11-10T12:00/,
    ],
  ])('with %s says what it takes', (_what, words, message) => {
    expect(parseJobArguments(words)).toMatchObject({ kind: 'bad', problem: expect.stringMatching(message) })
  })

  it('reports every missing or malformed variable at once, and no value', () => {
    expect(parseJobsConfig({ CLICKHOUSE_URL: 'secret', LOG_LEVEL: 'loud' })).toEqual({
      kind: 'bad',
      problems: [
        'DATABASE_URL is missing: it must be a URL that begins with postgres:// or postgresql://',
        'CLICKHOUSE_URL must be a URL that begins with http:// or https://',
        'LOG_LEVEL must be one of trace, debug, info, warn, error, silent',
      ],
    })
  })
})
