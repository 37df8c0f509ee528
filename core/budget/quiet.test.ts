import { describe, expect, it } from 'vitest'
import { quietUntil } from './quiet.ts'

const period = { from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-11-01T00:00:00Z') }
const berlin = { periodRule: { kind: 'month', timeZone: 'Europe/Berlin', startsOn: 1 } } as const

describe('a snooze', () => {
  it('until tomorrow ends at 09:00 of the next day in the zone, also over a change of its clock', () => {
    // In Berlin the 24th has already begun; on the 25th summer time ends.
    const at = new Date('2026-10-23T22:30:00Z')
    expect(quietUntil('tomorrow', berlin, { period }, at)).toEqual(new Date('2026-10-25T08:00:00Z'))
  })

  it('never outlasts its period', () => {
    const at = new Date('2026-10-31T22:30:00Z')
    expect(quietUntil('1h', berlin, { period }, at)).toEqual(new Date('2026-10-31T23:30:00Z'))
    for (const choice of ['4h', 'tomorrow'] as const)
      expect(quietUntil(choice, berlin, { period }, at)).toEqual(period.until)
  })
})
