/**
 * Who may let calls pass a budget's limit, how much, for how long, and whether a second person must agree:
 *
 *     {"approvers": ["U0ADA", "U0BEN"], "amount_max_percent": 20, "windows_s": [900, 3600], "second_person": true,
 *      "request_expires_s": 86400}
 *
 * That is the form of the wire, which is also how Postgres keeps it. A budget without a policy of its own goes by that of
 * the organisation. What is left out is as in DEFAULT_OVERRIDE_POLICY, and no second person is asked for.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showName, showValue } from '../event/show-value.ts'
import { type NanoUsd, nanoUsd, parseUsd, toUsdDecimal, zeroUsd } from '../money.ts'
import { unreachable } from '../unreachable.ts'
import { DEFAULT_OVERRIDE_POLICY, type OverridePolicy } from './override.ts'

/** Admins and approvers (core/people/rights.ts), all full members, or these people by their ids. */
export type Approvers = 'admins' | 'members' | readonly string[]

export type AmountBound =
  | { readonly kind: 'none' }
  | { readonly kind: 'usd'; readonly amount: NanoUsd }
  /** Of the limit in the running period. */
  | { readonly kind: 'percent'; readonly percent: number }

export interface BudgetOverridePolicy {
  readonly lifters: Approvers
  readonly amountMax: AmountBound
  /** Ascending, in seconds. */
  readonly windowsS: readonly number[]
  /** Whoever asks may not be the one who grants. */
  readonly secondPerson: boolean
  /** How long a request waits for its second person, in seconds. */
  readonly requestExpiresS: number
}

/** A policy at one limit: what holds for an override that is asked for now. */
export interface OverrideTerms extends Omit<BudgetOverridePolicy, 'amountMax'> {
  readonly amountMax: NanoUsd | null
}

/**
 * Who asks or decides. What makes an admin is the edge's to know: a role that lets them lift (admin or approver), or a key
 * of scope manage.
 */
export interface Approver {
  readonly id: string
  readonly isAdmin: boolean
}

export type ParsedOverridePolicy =
  | { readonly kind: 'parsed'; readonly policy: BudgetOverridePolicy }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

const APPROVERS_MAX = 50
const ID_CHARS_MAX = 128
const WINDOWS_MAX = 20
const WINDOW_S_MAX = 31 * 86_400
export const PERCENT_MAX = 1_000
const REQUEST_EXPIRES_S = 86_400
const REQUEST_EXPIRES_S_MIN = 60
const REQUEST_EXPIRES_S_MAX = 7 * 86_400

export const policyOfOrganisation = ({
  lifters,
  windowsS,
  amountMax,
}: OverridePolicy): BudgetOverridePolicy => ({
  ...{ lifters, windowsS, secondPerson: false, requestExpiresS: REQUEST_EXPIRES_S },
  amountMax: amountMax === null ? { kind: 'none' } : { kind: 'usd', amount: amountMax },
})

export const termsAt = (policy: BudgetOverridePolicy, limit: NanoUsd): OverrideTerms => ({
  ...policy,
  amountMax: amountMaxAt(policy.amountMax, limit),
})

/** Fractions of a nano-dollar are cut. */
export const percentOfLimit = (percent: number, limit: NanoUsd): NanoUsd =>
  nanoUsd((limit * BigInt(percent)) / 100n)

export function mayApprove({ lifters }: Pick<BudgetOverridePolicy, 'lifters'>, person: Approver): boolean {
  if (lifters === 'members') return true
  return lifters === 'admins' ? person.isAdmin : lifters.includes(person.id)
}

/** Whether what this person asks for is granted at once, and is no request. */
export const mayGrantAlone = (
  terms: Pick<BudgetOverridePolicy, 'lifters' | 'secondPerson'>,
  person: Approver,
): boolean => !terms.secondPerson && mayApprove(terms, person)

export function parseOverridePolicy(value: unknown): ParsedOverridePolicy {
  if (!isJsonObject(value)) return { kind: 'bad', problems: ['override_policy must be an object, or null'] }
  const problems = Object.keys(value)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `override_policy has no "${showName(name)}"; it has ${MEMBERS.join(', ')}`)
  const policy = {
    lifters: approversOf(value.approvers, problems),
    amountMax: amountBoundOf(value, problems),
    windowsS: windowsOf(value.windows_s, problems),
    secondPerson: flagOf(value.second_person, problems),
    requestExpiresS: expiresOf(value.request_expires_s, problems),
  }
  if (policy.secondPerson && Array.isArray(policy.lifters) && policy.lifters.length < 2) {
    problems.push(
      'override_policy.approvers names one person, who could never be the second; name two or more',
    )
  }
  return problems.length === 0 ? { kind: 'parsed', policy } : { kind: 'bad', problems }
}

export const toOverridePolicyJson = (policy: BudgetOverridePolicy): JsonObject => ({
  approvers: policy.lifters,
  ...boundJson(policy.amountMax),
  windows_s: policy.windowsS,
  second_person: policy.secondPerson,
  request_expires_s: policy.requestExpiresS,
})

const MEMBERS: readonly string[] = [
  ...['approvers', 'amount_max_usd', 'amount_max_percent', 'windows_s', 'second_person', 'request_expires_s'],
]

function boundJson(bound: AmountBound): JsonObject {
  switch (bound.kind) {
    case 'none':
      return {}
    case 'usd':
      return { amount_max_usd: toUsdDecimal(bound.amount) }
    case 'percent':
      return { amount_max_percent: bound.percent }
    default:
      return unreachable(bound)
  }
}

function amountMaxAt(bound: AmountBound, limit: NanoUsd): NanoUsd | null {
  switch (bound.kind) {
    case 'none':
      return null
    case 'usd':
      return bound.amount
    case 'percent':
      return percentOfLimit(bound.percent, limit)
    default:
      return unreachable(bound)
  }
}

function approversOf(value: unknown, problems: string[]): Approvers {
  if (value === undefined) return DEFAULT_OVERRIDE_POLICY.lifters
  if (value === 'admins' || value === 'members') return value
  const ids: readonly unknown[] = Array.isArray(value) ? value : []
  const texts = ids.filter((id): id is string => typeof id === 'string' && isPersonId(id))
  if (ids.length === 0 || ids.length > APPROVERS_MAX || texts.length !== ids.length) {
    const ways = `"admins", "members", or a list of 1 to ${APPROVERS_MAX} ids of people`
    problems.push(`override_policy.approvers is ${showValue(value)}; it must be ${ways}`)
  }
  return [...new Set(texts)].sort()
}

/** How a person is named in a policy and by a key: a Slack user's id, or another id without spaces or controls. */
export const isPersonId = (id: string): boolean =>
  id.length <= ID_CHARS_MAX && /^[^\s\p{Cc}<>]+$/u.test(id) && id !== CLOCK_AND_SPEND

/** Who does in the audit what no person does. */
const CLOCK_AND_SPEND = 'system'

function amountBoundOf(value: JsonObject, problems: string[]): AmountBound {
  const { amount_max_usd: given, amount_max_percent: percent } = value
  if (given != null && percent != null) {
    problems.push('override_policy has amount_max_usd and amount_max_percent; give one of them')
    return { kind: 'none' }
  }
  if (given != null) {
    const amount = typeof given === 'string' && /^[\d.]+$/.test(given) ? parseUsd(given) : null
    if (amount !== null && amount > zeroUsd) return { kind: 'usd', amount }
    const way = 'it must be a decimal string in USD above zero, such as "25.50"'
    problems.push(`override_policy.amount_max_usd is ${showValue(given)}; ${way}`)
  }
  if (percent != null) {
    const whole = wholeOf(percent, { from: 1, to: PERCENT_MAX })
    if (whole !== null) return { kind: 'percent', percent: whole }
    const way = `it must be a whole number from 1 to ${PERCENT_MAX}`
    problems.push(`override_policy.amount_max_percent is ${showValue(percent)}; ${way}`)
  }
  return { kind: 'none' }
}

function windowsOf(value: unknown, problems: string[]): readonly number[] {
  if (value === undefined) return DEFAULT_OVERRIDE_POLICY.windowsS
  const listed: readonly unknown[] = Array.isArray(value) ? value : []
  const windows = listed.flatMap((window) => wholeOf(window, { from: 1, to: WINDOW_S_MAX }) ?? [])
  if (listed.length === 0 || listed.length > WINDOWS_MAX || windows.length !== listed.length) {
    const way = `it must be a list of 1 to ${WINDOWS_MAX} whole numbers of seconds, each at most ${WINDOW_S_MAX}`
    problems.push(`override_policy.windows_s is ${showValue(value)}; ${way}`)
  }
  return [...new Set(windows)].sort((a, b) => a - b)
}

function flagOf(value: unknown, problems: string[]): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  problems.push(`override_policy.second_person is ${showValue(value)}; it must be true or false`)
  return false
}

function expiresOf(value: unknown, problems: string[]): number {
  if (value === undefined) return REQUEST_EXPIRES_S
  const seconds = wholeOf(value, { from: REQUEST_EXPIRES_S_MIN, to: REQUEST_EXPIRES_S_MAX })
  if (seconds !== null) return seconds
  const way = `it must be a whole number of seconds from ${REQUEST_EXPIRES_S_MIN} to ${REQUEST_EXPIRES_S_MAX}`
  problems.push(`override_policy.request_expires_s is ${showValue(value)}; ${way}`)
  return REQUEST_EXPIRES_S
}

const wholeOf = (value: unknown, { from, to }: { from: number; to: number }): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to ? value : null
