/**
 * Slack takes about one message a second a channel, and short bursts. This spreads ours, so that being told to wait
 * is the exception; when Slack does say Retry-After, the outbox obeys that too.
 */
export interface ChannelPacer {
  /** Takes a turn to post in the channel: how long to wait before posting. */
  turn: (channelId: string) => number
}

const BURST = 3
const EVERY_MS = 1_000

export function openChannelPacer(now: () => Date): ChannelPacer {
  const freeAtMs = new Map<string, number>()
  return {
    turn(channelId) {
      const nowMs = now().getTime()
      const earliest = Math.max(freeAtMs.get(channelId) ?? 0, nowMs - BURST * EVERY_MS) + EVERY_MS
      freeAtMs.set(channelId, earliest)
      return Math.max(0, earliest - nowMs)
    },
  }
}
