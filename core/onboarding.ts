/**
 * How an organisation begins: the steps, and the budget that is proposed from what its first hour cost.
 * Invariant: a proposal is never below what the first hour comes to in thirty days.
 */
import { NANOS_PER_USD, type NanoUsd, nanoUsd } from './money.ts'

/** In the order in which they are usually come to. `proposed` is ours: what the first hour suggests. */
export const ONBOARDING_STEPS = [
  'installed',
  'project_named',
  'key_made',
  'first_event',
  'proposed',
  'first_budget',
  'first_alert',
] as const
export type OnboardingStep = (typeof ONBOARDING_STEPS)[number]

export const HOURS_IN_MONTH = 720

/** What a budget is proposed from. */
export interface Proposal {
  readonly hour: NanoUsd
  /** The hour, 720 times: thirty days at that pace. */
  readonly month: NanoUsd
  /** The month, rounded up to a figure that a person would choose. */
  readonly limit: NanoUsd
}

/** Null where the hour cost nothing that is known: nothing follows from that. */
export function proposeBudget(hour: NanoUsd): Proposal | null {
  if (hour <= 0n) return null
  const month = nanoUsd(hour * BigInt(HOURS_IN_MONTH))
  return { hour, month, limit: roundUpUsd(month) }
}

/** Tenths of a power of ten; each at most half as much again as the one before. */
const HUMANE_TENTHS = [10n, 15n, 20n, 25n, 30n, 40n, 50n, 60n, 80n, 100n]
const LIMIT_MIN_USD = 5n
/** The most that an amount may be, as `parseUsd` reads it. */
const LIMIT_MAX_USD = 900_000_000n

/** The next of $5, $6, $8, $10, $15, $20, $25 ... that is no less, within what an amount may be. */
export function roundUpUsd(amount: NanoUsd): NanoUsd {
  const dollars = (amount + NANOS_PER_USD - 1n) / NANOS_PER_USD
  if (dollars <= LIMIT_MIN_USD) return nanoUsd(LIMIT_MIN_USD * NANOS_PER_USD)
  const power = 10n ** BigInt(dollars.toString().length - 1)
  const tenths = HUMANE_TENTHS.find((one) => one * power >= dollars * 10n) ?? 100n
  const rounded = (tenths * power) / 10n
  return nanoUsd((rounded > LIMIT_MAX_USD ? LIMIT_MAX_USD : rounded) * NANOS_PER_USD)
}

const PROJECT_CHARS_MAX = 60

export type ReadProjectName =
  | { readonly kind: 'read'; readonly name: string }
  | { readonly kind: 'bad'; readonly problem: string }

/** One line, without what cannot be seen. */
export function readProjectName(text: string): ReadProjectName {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (name === '') return { kind: 'bad', problem: 'Enter a name, such as support-bot.' }
  if ([...name].length > PROJECT_CHARS_MAX)
    return { kind: 'bad', problem: `Use at most ${PROJECT_CHARS_MAX} characters.` }
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) || !/[\p{L}\p{N}]/u.test(name))
    return { kind: 'bad', problem: 'Use letters and digits; spaces and signs between them are fine.' }
  return { kind: 'read', name }
}
