/** The audit trail: who did what, when, from where. Rows are only ever added, in the transaction of the deed. */
import { newId } from '../../core/ids.ts'
import type { Queryable } from './open.ts'
import { auditLog } from './schema.ts'

export interface Deed {
  readonly orgId: string
  /** A Slack user's id, an operator's name, or `system` for what the clock or the spend did. */
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
  readonly origin: 'slack' | 'ledger' | 'job' | 'cli' | 'api'
}

export async function recordDeed(tx: Queryable, deed: Deed, now: Date): Promise<void> {
  await tx.insert(auditLog).values({ ...deed, id: newId('aud', now), at: now })
}
