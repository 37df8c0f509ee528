/** Waits for a replica to have nothing left to do. */
import { until } from '../../waiting.ts'
import type { Replica } from './replica.ts'

const SETTLED_WITHIN_MS = 120_000

/** Both readers of its journal have passed its end. */
export async function untilRead({ name, url }: Pick<Replica, 'name' | 'url'>): Promise<void> {
  await until(`the journal of ${name} is read`, SETTLED_WITHIN_MS, async () => {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })
      .then(async (response): Promise<Partial<Progress>> => JSON.parse(await response.text()))
      .catch(() => null)
    return ready?.ready === true && ready.ledger?.lag_events === 0 && ready.archive?.lag_events === 0
  })
}

interface Progress {
  readonly ready: boolean
  readonly ledger: { readonly lag_events: number }
  readonly archive: { readonly lag_events: number }
}
