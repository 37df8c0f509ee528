import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockAlarm } from './clock-alarm.ts'

const DAY_MS = 86_400_000
const NOON = new Date('2026-11-10T12:00:00Z')
const later = (ms: number) => new Date(NOON.getTime() + ms)

beforeEach(() => {
  vi.useFakeTimers({ now: NOON })
})
afterEach(() => {
  vi.useRealTimers()
})

function anAlarm() {
  const rings: Date[] = []
  const now = () => new Date()
  return { rings, alarm: clockAlarm(now, () => rings.push(now())) }
}

describe('an alarm', () => {
  it.each([1, 1_000, DAY_MS, 24.8 * DAY_MS, 31 * DAY_MS, 200 * DAY_MS])('in %d ms rings then, once', (ms) => {
    const { rings, alarm } = anAlarm()
    alarm.set(later(ms))
    vi.advanceTimersByTime(ms - 1)
    expect(rings).toEqual([])
    vi.advanceTimersByTime(DAY_MS)
    expect(rings).toEqual([later(ms)])
  })

  it('that is set anew or cleared forgets what it was set to', () => {
    const { rings, alarm } = anAlarm()
    alarm.set(later(1_000))
    alarm.set(later(40 * DAY_MS))
    vi.advanceTimersByTime(39 * DAY_MS)
    alarm.clear()
    vi.advanceTimersByTime(39 * DAY_MS)
    expect(rings).toEqual([])
  })
})
