/** Holds in the form of the wire, by docs/api.md. */

import type { Explanation } from '../../core/budget/explain.ts'
import type { Wanted } from '../../core/hold/wanted.ts'
import { toUsdDecimal } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { HoldAnswer } from '../../db/postgres/grant-holds.ts'
import type { StoredHold } from '../../db/postgres/hold-rows.ts'

export type HoldAnswerJson =
  | {
      readonly hold_id: string | null
      readonly granted: true
      readonly amount_usd: string
      readonly price_version: string | null
      readonly expires_at: string | null
      readonly counted_until: string | null
    }
  | { readonly granted: false; readonly refused_by: Explanation }

export function toAnswerJson(answer: HoldAnswer, wanted: Wanted): HoldAnswerJson {
  switch (answer.kind) {
    case 'refused':
      return { granted: false, refused_by: answer.explanation }
    case 'free':
      return {
        ...{ hold_id: null, granted: true, amount_usd: toUsdDecimal(wanted.amount) },
        ...{ price_version: wanted.priceVersion, expires_at: null, counted_until: null },
      }
    case 'granted': {
      const { id, amount, priceVersion, expiresAt, countedUntil } = answer.hold
      return {
        ...{ hold_id: id, granted: true, amount_usd: toUsdDecimal(amount), price_version: priceVersion },
        ...{ expires_at: expiresAt.toISOString(), counted_until: countedUntil.toISOString() },
      }
    }
    default:
      return unreachable(answer)
  }
}

export const toHoldJson = (hold: StoredHold) => ({
  hold_id: hold.id,
  request_id: hold.requestId,
  attempt: hold.attempt,
  state: hold.state,
  amount_usd: toUsdDecimal(hold.amount),
  price_version: hold.priceVersion,
  created_at: hold.createdAt.toISOString(),
  expires_at: hold.expiresAt.toISOString(),
  counted_until: hold.countedUntil.toISOString(),
  ended_at: hold.endedAt?.toISOString() ?? null,
  settled_usd: hold.settled === null ? null : toUsdDecimal(hold.settled),
  over: hold.isOver,
})
