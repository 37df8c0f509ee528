/**
 * A ladder in the form of the wire, which is also how Postgres keeps it:
 *
 *     [{"percent": 80, "action": "downgrade", "from": "gpt-4o", "to": "gpt-4o-mini"},
 *      {"percent": 90, "action": "throttle", "calls_per_minute": 60},
 *      {"percent": 95, "action": "stop", "environments": ["staging"]},
 *      {"percent": 100, "action": "stop"}]
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showName, showValue } from '../event/show-value.ts'
import { unreachable } from '../unreachable.ts'
import type { Ladder, LadderAction, Rung } from './ladder.ts'

export type ParsedLadder =
  | { readonly kind: 'parsed'; readonly ladder: Ladder }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

const RUNGS_MAX = 20
const PERCENT_MAX = 1_000
const CALLS_MAX = 1_000_000
const NAMES_MAX = 20

/** An empty ladder never stops anybody: people are told, and that is all. */
export function parseLadder(value: unknown): ParsedLadder {
  if (!Array.isArray(value) || value.length > RUNGS_MAX) {
    return { kind: 'bad', problems: [`ladder must be a list of at most ${RUNGS_MAX} rungs`] }
  }
  const problems: string[] = []
  const rungs = value.flatMap((rung: unknown, index) => rungOf(rung, `ladder[${index}]`, problems) ?? [])
  if (problems.length > 0) return { kind: 'bad', problems }
  return { kind: 'parsed', ladder: rungs.toSorted((a, b) => a.percent - b.percent) }
}

export const toLadderJson = (ladder: Ladder): Record<string, unknown>[] =>
  ladder.map(({ percent, action }) => ({ percent, ...actionJson(action) }))

function actionJson(action: LadderAction): Record<string, unknown> {
  switch (action.kind) {
    case 'downgrade':
      return { action: 'downgrade', from: action.from, to: action.to }
    case 'throttle':
      return { action: 'throttle', calls_per_minute: action.callsPerMinute }
    case 'stop':
      return {
        action: 'stop',
        ...(action.environments === null ? {} : { environments: action.environments }),
      }
    default:
      return unreachable(action)
  }
}

const MEMBERS: Readonly<Record<LadderAction['kind'], readonly string[]>> = {
  downgrade: ['percent', 'action', 'from', 'to'],
  throttle: ['percent', 'action', 'calls_per_minute'],
  stop: ['percent', 'action', 'environments'],
}
const KINDS = ['downgrade', 'throttle', 'stop'] as const

function rungOf(value: unknown, at: string, problems: string[]): Rung | null {
  if (!isJsonObject(value)) {
    problems.push(`${at} must be an object`)
    return null
  }
  const kind = KINDS.find((known) => known === value.action)
  if (kind === undefined) {
    problems.push(`${at}.action is ${showValue(value.action)}; it must be ${KINDS.join(', ')}`)
    return null
  }
  for (const name of Object.keys(value)) {
    if (!MEMBERS[kind].includes(name)) {
      problems.push(`${at} has no "${showName(name)}"; a ${kind} has ${MEMBERS[kind].join(', ')}`)
    }
  }
  const percent = wholeOf(value.percent, PERCENT_MAX, `${at}.percent`, problems)
  const action = actionOf(kind, value, at, problems)
  return action === null ? null : { percent, action }
}

function actionOf(
  kind: LadderAction['kind'],
  value: JsonObject,
  at: string,
  problems: string[],
): LadderAction | null {
  switch (kind) {
    case 'downgrade':
      return {
        kind,
        from: nameOf(value.from, `${at}.from`, problems),
        to: nameOf(value.to, `${at}.to`, problems),
      }
    case 'throttle':
      return {
        kind,
        callsPerMinute: wholeOf(value.calls_per_minute, CALLS_MAX, `${at}.calls_per_minute`, problems),
      }
    case 'stop':
      return { kind, environments: environmentsOf(value.environments, `${at}.environments`, problems) }
    default:
      return unreachable(kind)
  }
}

function environmentsOf(value: unknown, at: string, problems: string[]): readonly string[] | null {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value) || value.length === 0 || value.length > NAMES_MAX) {
    problems.push(`${at} must be a list of 1 to ${NAMES_MAX} names, or be left out to stop all`)
    return null
  }
  return value.map((name: unknown, index) => nameOf(name, `${at}[${index}]`, problems))
}

function nameOf(value: unknown, at: string, problems: string[]): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 128) return value
  problems.push(`${at} is ${showValue(value)}; it must be a text of 1 to 128 characters`)
  return ''
}

function wholeOf(value: unknown, max: number, at: string, problems: string[]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  problems.push(`${at} is ${showValue(value)}; it must be a whole number from 1 to ${max}`)
  return 1
}
