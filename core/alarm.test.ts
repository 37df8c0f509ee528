import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openAlarm } from './alarm.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function sleptMs(alarm: ReturnType<typeof openAlarm>, ms: number, ringAfterMs: number | null) {
  const from = Date.now()
  let until = Number.POSITIVE_INFINITY
  const sleeping = alarm.sleep(ms).then(() => {
    until = Date.now()
  })
  if (ringAfterMs !== null) setTimeout(alarm.ring, ringAfterMs)
  await vi.advanceTimersByTimeAsync(ms)
  await sleeping
  return until - from
}

it('sleeps its time, and no longer than until it is rung', async () => {
  const alarm = openAlarm()
  expect(await sleptMs(alarm, 100, null)).toBe(100)
  expect(await sleptMs(alarm, 100, 30)).toBe(30)
  expect(await sleptMs(alarm, 100, null)).toBe(100)
})

it('loses no ring that came while nobody slept, and heeds it once', async () => {
  const alarm = openAlarm()
  alarm.ring()
  alarm.ring()
  expect(await sleptMs(alarm, 100, null)).toBe(0)
  expect(await sleptMs(alarm, 100, null)).toBe(100)
})
