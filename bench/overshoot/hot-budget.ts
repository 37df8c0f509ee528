/** How many holds one budget grants a second, and how long a hold takes at a rate that is asked for. */
import { usd } from '../../core/money.ts'
import type { BenchStores } from '../ingest/stores.ts'
import { startChild } from './child.ts'
import { makeProject } from './make-project.ts'
import type { FromHolders, HoldLoad } from './orders.ts'

export interface HotBudgetFigures {
  readonly holds_per_s: number
  readonly hold_p95_ms: number
}

/** Never reached: granting is measured, not refusing. */
const LIMIT = usd('10000000')
const CONNECTIONS = 32
const WARM_UP_S = 0.5
export const HOLDS_PER_S = 500

export async function measureHotBudget(
  stores: BenchStores,
  { port, seconds }: { readonly port: number; readonly seconds: number },
): Promise<HotBudgetFigures> {
  const { apiKey } = await makeProject(stores.postgres, { name: 'hot-budget', limit: LIMIT })
  const holders = await startChild<HoldLoad, FromHolders>('bench/overshoot/holders/main.ts', stores.endAtExit)
  const hold = (tag: string, pace: HoldLoad['pace'], forSeconds = seconds) =>
    holders.ask({ kind: 'hold', port, apiKey, tag, pace, seconds: forSeconds }, 'held')
  try {
    await hold('warm', { kind: 'closed', connections: CONNECTIONS }, WARM_UP_S)
    const most = await hold('most', { kind: 'closed', connections: CONNECTIONS })
    const steady = await hold('steady', { kind: 'open', requestsPerS: HOLDS_PER_S })
    return {
      holds_per_s: Math.round((most.holds / most.tookMs) * 1000),
      hold_p95_ms: Number(steady.p95Ms.toFixed(2)),
    }
  } finally {
    holders.stop()
  }
}

/** Whether this server knows strict mode at all; asked with a key that it does not know. */
export async function knowsHolds(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/holds`, { method: 'POST', body: '{}' })
  await response.body?.cancel()
  return response.status !== 404
}
