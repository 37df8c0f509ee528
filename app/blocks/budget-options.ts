/** The fields behind "More options": when a budget resets, which calls it covers, and what it does at which percent. */
import type { Budget } from '../../core/budget/budget.ts'
import { type Ladder, stopPercentOf } from '../../core/budget/ladder.ts'
import { SCOPE_FIELDS, type ScopeField } from '../../core/budget/scope.ts'
import { DAYS_OF_MONTH, type PeriodRule } from '../../core/period/period-rule.ts'
import { UNITS, type Unit } from '../budget-form/form-ref.ts'
import { RUNGS_EXAMPLE, writeRungs } from '../budget-form/rungs.ts'
import { FIELDS } from '../ids.ts'
import { scopeOf } from './budget-words.ts'
import { type Choice, choiceField, textField } from './inputs.ts'
import { type Block, context, divider, section } from './text.ts'

export interface OptionsShown {
  /** `kept` is a span, which this form leaves as it is. */
  readonly unit: Unit | 'kept'
  readonly timeZone: string
  /** The budget that is changed; null where one is made. */
  readonly standing: Budget | null
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const QUARTERS = [
  'January, April, July, October',
  'February, May, August, November',
  'March, June, September, December',
]
const PERIODS: Readonly<Record<Unit, string>> = {
  day: 'Every day',
  week: 'Every week',
  month: 'Every month',
  quarter: 'Every quarter',
}
const EACH_CHOICES: readonly Choice[] = [
  { value: 'all', text: 'All calls together' },
  { value: 'user', text: 'Each user: the whole limit for every user_id' },
  { value: 'key', text: 'Each API key: the whole limit for every key' },
]
const MODES: readonly Choice[] = [
  { value: 'cached', text: 'Cached: SDKs answer from memory, and stop within half a second' },
  { value: 'strict', text: 'Strict: each call is held for first, so the limit is not passed' },
]
export const NEVER = 'never'

export function optionBlocks({ unit, timeZone, standing }: OptionsShown): Block[] {
  return [
    divider(),
    section('*When it resets*'),
    ...periodFields({ unit, timeZone, rule: standing?.periodRule ?? null }),
    divider(),
    section('*Which calls it covers*'),
    context(
      'Leave a field empty to cover all. Commas between values; an asterisk stands for any letters, as in gpt-4o\u200b*.',
    ),
    ...SCOPE_FIELDS.filter((field) => isEditable(standing, field)).map((field) =>
      matchField(field, standing),
    ),
    ...(standing === null
      ? [choiceField({ id: FIELDS.each, label: 'Counted for', choices: EACH_CHOICES, initial: 'all' })]
      : []),
    divider(),
    section('*What it does*'),
    ...deedFields(standing),
    textField({
      id: FIELDS.name,
      label: 'Name',
      hint: 'Empty: what it covers, in words.',
      placeholder: 'Search team',
      ...(standing && scopeOf({ budget: standing }) !== null ? { initial: standing.title } : {}),
    }),
  ]
}

function periodFields({
  unit,
  timeZone,
  rule,
}: Omit<OptionsShown, 'standing'> & { readonly rule: PeriodRule | null }): Block[] {
  if (unit === 'kept') return [context('Once: it runs for a fixed time, which stays as it is.')]
  const days = DAYS_OF_MONTH.map((day) => ({ value: String(day), text: dayWords(day) }))
  const startsOn = (choices: readonly Choice[], label: string) =>
    choiceField({
      id: startField(FIELDS.startsOn, unit),
      label,
      choices,
      initial: rule?.kind === unit && 'startsOn' in rule ? String(rule.startsOn) : '1',
    })
  return [
    choiceField({
      id: FIELDS.period,
      label: 'Period',
      choices: UNITS.map((value) => ({ value, text: PERIODS[value] })),
      initial: unit,
      tells: true,
    }),
    ...(unit === 'week' ? [startsOn(numbered(WEEKDAYS), 'Begins on')] : []),
    ...(unit === 'quarter'
      ? [
          choiceField({
            id: startField(FIELDS.startsIn, unit),
            label: 'Begins in',
            choices: numbered(QUARTERS),
            initial: rule?.kind === 'quarter' ? String(rule.startsIn) : '1',
          }),
        ]
      : []),
    ...(unit === 'month' || unit === 'quarter' ? [startsOn(days, 'Begins on day')] : []),
    textField({
      id: FIELDS.timeZone,
      label: 'Time zone',
      hint: 'It resets at midnight there: UTC, or a name such as Europe/Berlin.',
      placeholder: 'UTC',
      initial: timeZone,
    }),
  ]
}

/** A week's days are not a month's: each unit has fields of its own, so that no choice is carried over. */
export const startField = (field: string, unit: Unit): string => `${field}:${unit}`
export const matchFieldOf = (field: ScopeField): string => `${FIELDS.match}:${field}`

/** A value with a comma in it, which only the API can say, would fall apart here: that field stays as it is. */
export const isEditable = (standing: Budget | null, field: ScopeField): boolean =>
  !(standing?.scope.match.fields[field] ?? []).some((value) => value.includes(','))

const MATCH_FIELDS: Readonly<Record<ScopeField, { readonly label: string; readonly placeholder: string }>> = {
  provider: { label: 'Provider', placeholder: 'openai, anthropic' },
  model: { label: 'Model', placeholder: 'gpt-4o*, claude-opus-*' },
  route: { label: 'Route', placeholder: '/chat*' },
  user: { label: 'User', placeholder: 'u-42' },
  key: { label: 'API key', placeholder: 'key_01…, as the list of keys shows it' },
  environment: { label: 'Environment', placeholder: 'production' },
}

const matchField = (field: ScopeField, standing: Budget | null): Block =>
  textField({
    id: matchFieldOf(field),
    ...MATCH_FIELDS[field],
    initial: (standing?.scope.match.fields[field] ?? []).join(', '),
  })

function deedFields(standing: Budget | null): Block[] {
  const stop = standing === null ? 100 : stopPercentOf(standing.ladder)
  const percents = [...new Set([80, 90, 100, ...(stop === null ? [] : [stop])])].sort((a, b) => a - b)
  return [
    choiceField({
      id: FIELDS.stopAt,
      label: 'Calls are refused',
      choices: [
        ...percents.map((percent) => ({ value: String(percent), text: `At ${percent}% of the limit` })),
        { value: NEVER, text: 'Never: people are told, and that is all' },
      ],
      initial: stop === null ? NEVER : String(stop),
    }),
    textField({
      id: FIELDS.rungs,
      label: 'Before that',
      hint: 'A line each: 80% gpt-4o -> gpt-4o-mini, or 90% 60 calls a minute, or 95% stop staging.',
      placeholder: RUNGS_EXAMPLE,
      multiline: true,
      initial: writeRungs(standing?.ladder ?? NO_RUNGS),
    }),
    choiceField({
      id: FIELDS.mode,
      label: 'How strictly',
      choices: MODES,
      initial: standing?.mode ?? 'cached',
    }),
  ]
}

const NO_RUNGS: Ladder = []

const numbered = (names: readonly string[]): Choice[] =>
  names.map((text, index) => ({ value: String(index + 1), text }))

const dayWords = (day: number): string =>
  day <= 28 ? String(day) : `${day}, or the last day of a shorter month`
