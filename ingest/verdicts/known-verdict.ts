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
  readonly parts: readonly (readonly BudgetVerdictJson[])[]
  /** Of all that it says but `as_of`. */
  readonly id: string
  /** Of what decides about calls: all but the figures that move with every call. */
  readonly actsId: string
  /** How long ago its facts were read, by a clock that nobody sets. */
  readonly ageMs: () => number
  /** Its JSON on the wire for one key, which it names, with its age as it is now. */
  readonly body: (keyId: string) => string
}

/** `parts` are its budgets, in lists that many verdicts share where they cover many projects. */
export function knownVerdict(
  verdict: VerdictJson,
  ageMs: () => number,
  parts: readonly (readonly BudgetVerdictJson[])[] = [verdict.budgets],
): KnownVerdict {
  const { as_of: _, budgets: __, ...rest } = verdict
  const head = JSON.stringify(rest)
  // A part that is empty says nothing, and its absence is the same.
  const said = parts.filter(({ length }) => length > 0).map(toldOf)
  return {
    verdict,
    parts,
    // Named anew when the wire says more of what decides: who has it from a server before knows less.
    id: digest([WIRE, head, ...said.map(({ all }) => all)]),
    actsId: digest([head, ...said.map(({ acts }) => acts)]),
    ageMs,
    body: (keyId) => {
      const texts = said.map(({ text }) => text()).join(',')
      const age = Math.max(0, Math.round(ageMs()))
      return `${head.slice(0, -1)},"key_id":${JSON.stringify(keyId)},"as_of":"${verdict.as_of}","budgets":[${texts}],"age_ms":${age}}`
    },
  }
}

/** What is known of a verdict that was read again and found as it was told, but for figures that wait to be told. */
export const readAgain = (told: KnownVerdict, { verdict, ageMs }: KnownVerdict): KnownVerdict =>
  knownVerdict({ ...told.verdict, as_of: verdict.as_of }, ageMs, told.parts)

const WIRE = 'key_id'

interface ToldBudgets {
  readonly text: () => string
  readonly all: string
  readonly acts: string
}

const toldOf = remembered((budgets: readonly BudgetVerdictJson[]): ToldBudgets => {
  const texts = budgets.map((budget) => JSON.stringify(budget))
  let text: string | null = null
  return {
    text: () => {
      text ??= texts.join(',')
      return text
    },
    all: digest(texts),
    acts: digest(budgets.map(actsOf)),
  }
})

/** All of it but the figures that move with every call. */
function actsOf(budget: BudgetVerdictJson): string {
  const {
    spent_nano_usd: _,
    estimated_nano_usd: __,
    held_nano_usd: ___,
    remaining_nano_usd: ____,
    ...acts
  } = budget
  return JSON.stringify(acts)
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
