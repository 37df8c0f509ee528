/**
 * Events: delivered until acknowledged, at once, then after the delays Slack keeps (at once, 1 min, 5 min),
 * each time with the same event_id; `X-Slack-No-Retry: 1` ends it.
 */
import { type DeliverDeps, type Delivery, deliver } from './deliver.ts'
import { eventEnvelope } from './payloads.ts'
import type { Json } from './workspace.ts'

export const retryDelaysMs: readonly number[] = [0, 60_000, 300_000]

export interface Events {
  /** Resolves with the first attempt; later ones go on by themselves. */
  send: (event: Json) => Promise<Delivery>
  close: () => void
}

const retryReasons: Record<Delivery['outcome'], string> = {
  acknowledged: '',
  timed_out: 'http_timeout',
  refused: 'http_error',
  unreachable: 'connection_failed',
}

export function openEvents(deps: DeliverDeps & { retryDelaysMs: readonly number[] }): Events {
  const { context } = deps
  const timers = new Set<NodeJS.Timeout>()
  let closed = false

  async function attempt(body: string, kind: string, previous: Delivery | null): Promise<Delivery> {
    const retryNum = previous === null ? 0 : previous.retryNum + 1
    const delivery = await deliver(deps, {
      kind,
      contentType: 'application/json',
      body,
      ...(previous ? { retry: { num: retryNum, reason: retryReasons[previous.outcome] } } : {}),
    })
    const delayMs = deps.retryDelaysMs[retryNum]
    const again = delivery.outcome !== 'acknowledged' && !delivery.noRetry && delayMs !== undefined && !closed
    if (again) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        void attempt(body, kind, delivery)
      }, delayMs)
      timers.add(timer)
    }
    return delivery
  }

  return {
    async send(event) {
      const envelope = eventEnvelope(context.workspace(), event, {
        eventId: context.id('Ev'),
        eventTime: Math.floor(context.now().getTime() / 1000),
      })
      return await attempt(JSON.stringify(envelope), `event:${String(event.type)}`, null)
    },
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
