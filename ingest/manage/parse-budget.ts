/** A budget as a body of the manage API says it: whole to make one, in part to change one. */
import { BUDGET_MODES, ON_UNPRICED, ON_UNREACHABLE } from '../../core/budget/budget.ts'
import { parseOverridePolicy, toOverridePolicyJson } from '../../core/budget/override-policy.ts'
import { parseLadder } from '../../core/budget/parse-ladder.ts'
import { parseScope } from '../../core/budget/parse-scope.ts'
import { parseRollover } from '../../core/budget/rollover.ts'
import type { Each, Scope } from '../../core/budget/scope.ts'
import { isJsonObject } from '../../core/event/field-reader.ts'
import { showValue } from '../../core/event/show-value.ts'
import { zeroUsd } from '../../core/money.ts'
import { parsePeriodRule } from '../../core/period/period-rule.ts'
import type { BudgetChange } from '../../db/postgres/budget-change.ts'
import { type BudgetDefinition, monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { type Fields, readFields } from './read-fields.ts'

/** The channel of a card as it is said; which workspace that is, Postgres knows. */
export interface SaidPlace {
  readonly channelId: string
  readonly teamId: string | null
}

export interface SaidBudget {
  /** Undefined where none is said: that of the key. */
  readonly projectId: string | null | undefined
  readonly definition: Omit<BudgetDefinition, 'projectId' | 'slack'>
  readonly slack: SaidPlace | null
}

export interface SaidChange {
  readonly change: Omit<BudgetChange, 'slack'>
  /** Of the scope that is said, if one is: it must be that of the budget, as it does not change. */
  readonly each: Each | null | undefined
  readonly slack: SaidPlace | null
  readonly limitRevision: number | null
}

const NAME_CHARS_MAX = 80
const ID_CHARS_MAX = 64
const THRESHOLDS_MAX = 20
const PERCENT_MAX = 1_000

const DEFINED = [
  ...['name', 'scope', 'period_rule', 'rollover', 'limit_usd', 'thresholds_percent', 'ladder', 'mode'],
  ...['on_unreachable', 'on_unpriced', 'override_policy', 'slack'],
]
export const MAKE_FIELDS = ['project_id', ...DEFINED]
export const CHANGE_FIELDS = ['limit_revision', ...DEFINED]

/** What is left out is as in a monthly budget of the whole project that stops at 100%. */
export function parseNewBudget(body: unknown): SaidBudget {
  const fields = readFields(body, MAKE_FIELDS)
  const { projectId: _project, slack: _slack, ...defaults } = monthlyBudget(null, zeroUsd, null)
  const said = definedIn(fields)
  const limit = fields.amount('limit_usd')
  const { scope, ...rest } = said
  const projectId = fields.has('project_id') ? fields.textOrNull('project_id', ID_CHARS_MAX) : undefined
  const slack = placeOf(fields)
  return fields.finish({ projectId, definition: { ...defaults, ...rest, ...scope, limit }, slack })
}

export function parseBudgetChange(body: unknown): SaidChange {
  const fields = readFields(body, CHANGE_FIELDS)
  const { scope, ...rest } = definedIn(fields)
  const limit = fields.has('limit_usd') ? { limit: fields.amount('limit_usd') } : {}
  const match = scope === undefined ? {} : { match: scope.match }
  const each = scope?.each
  const limitRevision = fields.has('limit_revision')
    ? fields.integer('limit_revision', { from: 1, to: 2 ** 31 - 1 })
    : null
  const slack = placeOf(fields)
  return fields.finish({ change: { ...rest, ...match, ...limit }, each, slack, limitRevision })
}

type Defined = Partial<
  Omit<BudgetDefinition, 'projectId' | 'slack' | 'limit' | 'match' | 'each'> & {
    scope: Pick<Scope, 'match' | 'each'>
  }
>

function definedIn(fields: Fields): Defined {
  return {
    ...(fields.has('name') ? { name: fields.textOrNull('name', NAME_CHARS_MAX) } : {}),
    ...given(fields, 'scope', (value) => {
      const parsed = parseScope(value)
      return parsed.kind === 'bad' ? parsed : { kind: 'parsed', value: { scope: parsed.scope } }
    }),
    ...given(fields, 'period_rule', (value) => {
      const rule = parsePeriodRule(value)
      return rule.kind === 'bad' ? rule : { kind: 'parsed', value: { periodRule: rule } }
    }),
    ...given(fields, 'rollover', (value) => {
      const rollover = parseRollover(value)
      if (rollover !== 'none' && rollover.kind === 'bad') return rollover
      return { kind: 'parsed', value: { rollover } }
    }),
    ...given(fields, 'ladder', (value) => {
      const parsed = parseLadder(value)
      return parsed.kind === 'bad' ? parsed : { kind: 'parsed', value: { ladder: parsed.ladder } }
    }),
    ...given<{ overridePolicy: unknown }>(fields, 'override_policy', (value) => {
      if (value === null) return { kind: 'parsed', value: { overridePolicy: null } }
      const parsed = parseOverridePolicy(value)
      if (parsed.kind === 'bad') return parsed
      return { kind: 'parsed', value: { overridePolicy: toOverridePolicyJson(parsed.policy) } }
    }),
    ...(fields.has('thresholds_percent') ? { thresholdsPercent: thresholdsOf(fields) } : {}),
    ...(fields.has('mode') ? { mode: fields.choice('mode', BUDGET_MODES, 'cached') } : {}),
    ...(fields.has('on_unreachable')
      ? { onUnreachable: fields.choice('on_unreachable', ON_UNREACHABLE, 'allow') }
      : {}),
    ...(fields.has('on_unpriced')
      ? { onUnpriced: fields.choice('on_unpriced', ON_UNPRICED, 'estimate_high') }
      : {}),
  }
}

type Read<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

/** What is said of a field by the parser that knows it; nothing where the field is left out, or is wrong. */
function given<T extends object>(
  fields: Fields,
  name: string,
  parse: (value: unknown) => Read<T>,
): T | Record<never, never> {
  if (!fields.has(name)) return {}
  if (UNSTORABLE.test(JSON.stringify(fields.value(name)))) {
    fields.complain(name, 'holds a NUL or half a character, which cannot be stored')
    return {}
  }
  const read = parse(fields.value(name))
  if (read.kind === 'parsed') return read.value
  for (const problem of read.problems) fields.complain(name, problem)
  return {}
}

/** As JSON writes them; a backslash that is meant stands twice. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i

function thresholdsOf(fields: Fields): readonly number[] {
  const value = fields.value('thresholds_percent')
  const listed: readonly unknown[] = Array.isArray(value) ? value : []
  const percents = listed.filter(
    (percent): percent is number =>
      typeof percent === 'number' && Number.isInteger(percent) && percent >= 1 && percent <= PERCENT_MAX,
  )
  if (!Array.isArray(value) || listed.length > THRESHOLDS_MAX || percents.length !== listed.length) {
    const way = `it must be a list of at most ${THRESHOLDS_MAX} whole numbers from 1 to ${PERCENT_MAX}`
    fields.complain('thresholds_percent', `is ${showValue(value)}; ${way}`)
  }
  return [...new Set(percents)].sort((a, b) => a - b)
}

/** Null leaves the card where it is. */
function placeOf(fields: Fields): SaidPlace | null {
  if (fields.value('slack') == null) return null
  const place = fields.value('slack')
  const { channel_id: channelId, team_id: teamId = null } = isJsonObject(place) ? place : {}
  const isPlace = typeof channelId === 'string' && /^[CG][A-Z0-9]{2,20}$/.test(channelId)
  const isTeam = teamId === null || (typeof teamId === 'string' && /^T[A-Z0-9]{2,20}$/.test(teamId))
  if (isPlace && isTeam) return { channelId, teamId }
  const way = 'it must be null or {"channel_id": "C…"}, with "team_id" where there are several workspaces'
  fields.complain('slack', `is ${showValue(place)}; ${way}`)
  return null
}
