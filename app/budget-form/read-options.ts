/** Reads what was entered behind "More options", or says under which field what is wrong. */

import type { Budget } from '../../core/budget/budget.ts'
import { BUDGET_MODES, type BudgetMode } from '../../core/budget/budget.ts'
import type { Ladder } from '../../core/budget/ladder.ts'
import { parseScope, toScopeJson } from '../../core/budget/parse-scope.ts'
import { EACH, type Each, type Match, SCOPE_FIELDS } from '../../core/budget/scope.ts'
import { type PeriodRule, parsePeriodRule } from '../../core/period/period-rule.ts'
import { isEditable, matchFieldOf, NEVER, startField } from '../blocks/budget-options.ts'
import { FIELDS } from '../ids.ts'
import type { Unit } from './form-ref.ts'
import { readRungs } from './rungs.ts'

export interface Options {
  /** Null keeps the one that stands. */
  readonly periodRule: PeriodRule | null
  readonly match: Match
  readonly each: Each | null
  readonly ladder: Ladder
  readonly mode: BudgetMode
  readonly name: string | null
}

export type ReadOptions =
  | { readonly kind: 'read'; readonly options: Options }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

type FieldReader = (field: string) => string

const NAME_CHARS_MAX = 100

export function readOptions(
  field: FieldReader,
  { unit, standing }: { readonly unit: Unit | 'kept'; readonly standing: Budget | null },
): ReadOptions {
  const errors: Record<string, string> = {}
  const periodRule = unit === 'kept' ? null : readPeriod(field, unit, errors)
  const match = readMatch(field, standing, errors)
  const ladder = readLadder(field, errors)
  const name = field(FIELDS.name).trim()
  if (name.length > NAME_CHARS_MAX) errors[FIELDS.name] = `Use at most ${NAME_CHARS_MAX} characters.`
  if (Object.keys(errors).length > 0) return { kind: 'bad', errors }
  const each = standing?.scope.each ?? EACH.find((one) => one === field(FIELDS.each)) ?? null
  const mode = BUDGET_MODES.find((one) => one === field(FIELDS.mode)) ?? 'cached'
  return {
    kind: 'read',
    options: { periodRule, match, each, ladder, mode, name: name === '' ? null : name },
  }
}

function readPeriod(field: FieldReader, unit: Unit, errors: Record<string, string>): PeriodRule | null {
  const start = (of: string) => Number(field(startField(of, unit)) || '1')
  const zone = field(FIELDS.timeZone).trim()
  const rule = parsePeriodRule({
    unit,
    time_zone: zone === '' ? 'UTC' : zone,
    ...(unit === 'day' ? {} : { starts_on: start(FIELDS.startsOn) }),
    ...(unit === 'quarter' ? { starts_in: start(FIELDS.startsIn) } : {}),
  })
  if (rule.kind !== 'bad') return rule
  const isZone = rule.problems.some((problem) => problem.startsWith('time_zone'))
  const where = isZone ? FIELDS.timeZone : FIELDS.period
  errors[where] = isZone
    ? 'Enter UTC, or the name of a zone such as Europe/Berlin or America/New_York.'
    : rule.problems.join('; ')
  return null
}

/** Tags, and what cannot be edited here, stay as they are. */
function readMatch(field: FieldReader, standing: Budget | null, errors: Record<string, string>): Match {
  const fields: Record<string, readonly string[]> = {}
  for (const one of SCOPE_FIELDS) {
    const kept = standing?.scope.match.fields[one]
    const entered = isEditable(standing, one) ? valuesOf(field(matchFieldOf(one))) : kept
    if (entered !== undefined && entered.length > 0) fields[one] = entered
    const parsed = parseScope(one in fields ? { [one]: fields[one] } : {})
    if (parsed.kind === 'bad') errors[matchFieldOf(one)] = `${parsed.problems.join('; ')}.`
  }
  const match: Match = { fields, tags: standing?.scope.match.tags ?? {} }
  // Read back as it will be kept, so that what is compared with what stands has the same form.
  const whole = parseScope(toScopeJson({ match, each: null }))
  return whole.kind === 'parsed' ? whole.scope.match : match
}

const valuesOf = (text: string): string[] => text.split(',').flatMap((value) => value.trim() || [])

function readLadder(field: FieldReader, errors: Record<string, string>): Ladder {
  const read = readRungs(field(FIELDS.rungs))
  if (read.kind === 'bad') {
    errors[FIELDS.rungs] = read.problem
    return []
  }
  const stopAt = field(FIELDS.stopAt)
  if (stopAt === NEVER) return read.rungs
  const stop = { percent: Number(stopAt || '100'), action: { kind: 'stop', environments: null } } as const
  return [...read.rungs, stop].sort((a, b) => a.percent - b.percent)
}
