/** What the measurements share: to ask once and see how long the answer takes, and to wait until Slack hears nothing. */
import type { Took } from './figures.ts'
import type { Answered, SlackWire } from './slack-wire.ts'

export const ANSWER_WITHIN_MS = 60_000
const QUIET_MS = 2_500
const QUIET_WITHIN_MS = 120_000

export interface Asking {
  readonly what: string
  readonly isAnswer: (answered: Answered) => boolean
  readonly act: () => Promise<unknown>
}

/** From the moment that Slack begins to send until it has written its own answer to what the app says. */
export async function timed(wire: SlackWire, { what, isAnswer, act }: Asking): Promise<Took> {
  const answered = wire.next(isAnswer, { what, withinMs: ANSWER_WITHIN_MS })
  const beganMs = performance.now()
  const [{ atMs, status }] = await Promise.all([answered, act()])
  if (status !== 200) throw new Error(`${what}: Slack answered ${status}`)
  return { what, ms: atMs - beganMs }
}

/** Until the app has said nothing for a while: what it still has to say would be taken for an answer. */
export async function untilQuiet(wire: SlackWire): Promise<void> {
  const lateMs = performance.now() + QUIET_WITHIN_MS
  for (;;) {
    const heard = wire.next(() => true, { what: 'silence', withinMs: QUIET_MS })
    if (await heard.then(() => false).catch(() => true)) return
    if (performance.now() > lateMs) throw new Error(`Slack was not left alone for ${QUIET_WITHIN_MS} ms`)
  }
}
