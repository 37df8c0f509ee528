import { describe, expect, it } from 'vitest'
import { sendInTurns, sendOnSchedule } from './pace.ts'

/** A clock that only sleeping moves. */
function aClock() {
  let atMs = 1_000
  return {
    nowMs: () => atMs,
    sleep: async (ms: number) => {
      atMs += ms
    },
  }
}

describe('an open loop', () => {
  it('sends each request when it is due, although no earlier one was answered', async () => {
    const clock = aClock()
    const sentAtMs: number[] = []
    const answers: (() => void)[] = []
    const sending = sendOnSchedule(
      { requestsPerS: 100, seconds: 0.05 },
      {
        ...clock,
        send: (_, dueAtMs) => {
          sentAtMs.push(dueAtMs)
          return new Promise((resolve) => answers.push(resolve))
        },
      },
    )
    let isOver = false
    void sending.then(() => {
      isOver = true
    })
    for (let turn = 0; turn < 100; turn++) await Promise.resolve()
    expect(sentAtMs).toEqual([1_000, 1_010, 1_020, 1_030, 1_040])
    expect(isOver).toBe(false)
    for (const answer of answers) answer()
    expect(await sending).toBe(5)
  })

  it('catches up after it was held up, and measures from when each was due', async () => {
    const clock = aClock()
    const lateMs: number[] = []
    await sendOnSchedule(
      { requestsPerS: 100, seconds: 0.05 },
      {
        nowMs: clock.nowMs,
        sleep: (ms) => clock.sleep(ms + 25),
        send: async (_, dueAtMs) => {
          lateMs.push(clock.nowMs() - dueAtMs)
        },
      },
    )
    expect(lateMs).toEqual([0, 25, 15, 5, 25])
  })

  it('ends with the failure of a request', async () => {
    const send = () => Promise.reject(new Error('good events were not all taken'))
    const sending = sendOnSchedule({ requestsPerS: 1_000, seconds: 1 }, { ...aClock(), send })
    await expect(sending).rejects.toThrow('good events were not all taken')
  })
})

describe('a closed loop', () => {
  it('has never more under way than it has connections', async () => {
    const clock = aClock()
    let [underWay, most] = [0, 0]
    const sent = await sendInTurns(
      { connections: 3, seconds: 1 },
      {
        nowMs: clock.nowMs,
        send: async () => {
          underWay += 1
          most = Math.max(most, underWay)
          await clock.sleep(100)
          underWay -= 1
        },
      },
    )
    expect(most).toBe(3)
    expect(sent).toBeGreaterThanOrEqual(10)
  })
})
