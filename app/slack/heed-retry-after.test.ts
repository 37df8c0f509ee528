import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heedRetryAfter } from './heed-retry-after.ts'

const API = 'https://slack.example/api'
const call = (method: string, token = 'xoxb-1', body = 'channel=C1&text=x') =>
  [`${API}/${method}`, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body }] as const

/** Answers 429 while `busyS` is above zero, and counts who came through. */
function aSlack() {
  let nowMs = 0
  const slack = {
    asked: [] as string[],
    busyS: 0,
    moveTo: (ms: number) => {
      nowMs = ms
    },
  }
  const heeding = heedRetryAfter(
    () => new Date(nowMs),
    async (url) => {
      slack.asked.push(String(url))
      return slack.busyS > 0
        ? new Response('', { status: 429, headers: { 'retry-after': String(slack.busyS) } })
        : Response.json({ ok: true })
    },
  )
  const statusOf = async (...called: Parameters<typeof heeding>) => (await heeding(...called)).status
  return { ...{ slack, heeding, statusOf } }
}

describe('what Slack answered 429', () => {
  it('is asked no sooner than Slack said, and then again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.array(fc.nat(700_000)), async (waitS, times) => {
        const { slack, statusOf } = aSlack()
        slack.busyS = waitS
        expect(await statusOf(...call('chat.update'))).toBe(429)
        slack.busyS = 0
        for (const atMs of [...times, waitS * 1000 - 1].filter((one) => one < waitS * 1000)) {
          slack.moveTo(atMs)
          expect(await statusOf(...call('chat.update'))).toBe(429)
        }
        expect(slack.asked).toHaveLength(1)
        slack.moveTo(waitS * 1000)
        expect(await statusOf(...call('chat.update'))).toBe(200)
      }),
    )
  })

  it('says how many seconds are left', async () => {
    const { slack, heeding } = aSlack()
    slack.busyS = 30
    await heeding(...call('chat.update'))
    slack.moveTo(10_500)
    expect((await heeding(...call('chat.update'))).headers.get('retry-after')).toBe('20')
  })

  it('holds up no other method, no other workspace, and of posts no other channel', async () => {
    const { slack, statusOf } = aSlack()
    slack.busyS = 30
    await statusOf(...call('chat.postMessage'))
    slack.busyS = 0
    expect(await statusOf(...call('chat.postMessage'))).toBe(429)
    expect(await statusOf(...call('chat.update'))).toBe(200)
    expect(await statusOf(...call('chat.postMessage', 'xoxb-2'))).toBe(200)
    expect(await statusOf(...call('chat.postMessage', 'xoxb-1', 'channel=C2&text=x'))).toBe(200)
  })

  it('is asked again when the clock is put back to before the wait began', async () => {
    const { slack, statusOf } = aSlack()
    slack.moveTo(1_000_000)
    slack.busyS = 30
    await statusOf(...call('chat.update'))
    slack.busyS = 0
    slack.moveTo(0)
    expect(await statusOf(...call('chat.update'))).toBe(200)
  })
})
