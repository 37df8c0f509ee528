/**
 * A verdict as clients are told it: its JSON, a name for what it says, and how old it is.
 * Invariant: two verdicts have the same id exactly when a client learns nothing from one that the other did not say,
 * whichever replica made them and whenever.
 */
import { createHash } from 'node:crypto'
import { remembered } from './remembered.ts'
import type { BudgetVerdictJson, VerdictJson } from './verdict-json.ts'

export interface KnownVerdict {
  readonly verdict: VerdictJson
  /** Of all that it says but `as_of`. */
  readonly id: string
  /** Of what decides about calls: all but the figures that move with every call. */
  readonly actsId: string
  /** How long ago its facts were read, by a clock that nobody sets. */
  readonly ageMs: () => number
  /** Its JSON on the wire, with its age as it is now. */
  readonly body: () => string
}

export function knownVerdict(verdict: VerdictJson, ageMs: () => number): KnownVerdict {
  const { as_of: _, budgets, ...rest } = verdict
  const head = JSON.stringify(rest)
  const said = budgets.map(toldOf)
  let opening: string | null = null
  return {
    verdict,
    id: digest([head, ...said.map(({ all }) => all)]),
    actsId: digest([head, ...said.map(({ acts }) => acts)]),
    ageMs,
    body: () => {
      opening ??= openingOf(verdict)
      return `${opening}"age_ms":${Math.max(0, Math.round(ageMs()))}}`
    },
  }
}

/** What is known of a verdict that was read again and found as it was told, but for figures that wait to be told. */
export const readAgain = (told: KnownVerdict, { verdict, ageMs }: KnownVerdict): KnownVerdict =>
  knownVerdict({ ...told.verdict, as_of: verdict.as_of }, ageMs)

interface ToldBudget {
  readonly text: string
  readonly all: string
  readonly acts: string
}

const toldOf = remembered((budget: BudgetVerdictJson): ToldBudget => {
  const { spent_nano_usd: _, held_nano_usd: __, remaining_nano_usd: ___, ...acts } = budget
  const text = JSON.stringify(budget)
  return { text, all: digest([text]), acts: digest([JSON.stringify(acts)]) }
})

/** The JSON without its end, put together from the texts of its budgets. */
function openingOf({ budgets, ...rest }: VerdictJson): string {
  const texts = budgets.map((budget) => toldOf(budget).text)
  return `${JSON.stringify(rest).slice(0, -1)},"budgets":[${texts.join(',')}],`
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
