/** How much of what is labelled is found, and how much is found that is not labelled. */
import { findPersonal } from '../find-personal.ts'
import type { DetectedKind, Finding } from '../kinds.ts'
import { NO_NAME, nameFacts } from '../name-facts.ts'
import { type Labelled, nameOf } from './read-labelled.ts'

export interface Tally {
  readonly found: number
  readonly missed: number
  readonly falseAlarms: number
}

export interface Score {
  readonly all: Tally
  readonly kinds: Readonly<Record<DetectedKind, Tally>>
  /** Strings without a label in which something was found. */
  readonly alarmed: readonly string[]
  /** What was labelled and not found, or found as another kind. */
  readonly missed: readonly string[]
}

/** A finding may take in up to this many characters more at either side, such as a bracket. */
const SLACK_CHARS = 3

export function score(strings: readonly Labelled[]): Score {
  const kinds = {
    ...{ email: none(), phone: none(), card: none(), iban: none() },
    ...{ national_id: none(), ip: none(), api_key: none(), jwt: none() },
  } satisfies Record<DetectedKind, Tally>
  const alarmed: string[] = []
  const missed: string[] = []
  for (const string of strings) {
    const name = nameOf(string)
    const found = findPersonal(string.text, name === null ? NO_NAME : nameFacts(name))
    for (const expected of string.expected) {
      if (found.some((finding) => covers(finding, expected))) kinds[expected.kind].found += 1
      else {
        kinds[expected.kind].missed += 1
        missed.push(`${expected.kind} in ${string.field}: ${string.text}`)
      }
    }
    for (const finding of found) {
      if (string.expected.some((expected) => covers(finding, expected))) continue
      kinds[finding.kind].falseAlarms += 1
      alarmed.push(`${finding.kind} in ${string.field}: ${string.text}`)
    }
  }
  return { all: sum(Object.values(kinds)), kinds, alarmed, missed }
}

export const recallOf = ({ found, missed }: Tally): number => found / Math.max(1, found + missed)
export const precisionOf = ({ found, falseAlarms }: Tally): number => found / Math.max(1, found + falseAlarms)

const covers = (finding: Finding, expected: Finding): boolean =>
  finding.kind === expected.kind &&
  finding.from <= expected.from &&
  finding.until >= expected.until &&
  expected.from - finding.from <= SLACK_CHARS &&
  finding.until - expected.until <= SLACK_CHARS

const none = () => ({ found: 0, missed: 0, falseAlarms: 0 })

const sum = (tallies: readonly Tally[]): Tally => ({
  found: tallies.reduce((total, { found }) => total + found, 0),
  missed: tallies.reduce((total, { missed }) => total + missed, 0),
  falseAlarms: tallies.reduce((total, { falseAlarms }) => total + falseAlarms, 0),
})
