/** Reads the words of `npm run job -- reprice` as a person types them. */
import { parseArgs } from 'node:util'
import { isId } from '../../core/ids.ts'
import { monthOf } from '../../core/period.ts'
import type { RepriceScope } from '../../db/clickhouse/queries/calls-to-reprice.ts'

export type RepriceArguments =
  | { readonly kind: 'run'; readonly scope: RepriceScope; readonly apply: boolean }
  | { readonly kind: 'bad'; readonly problem: string }

export const REPRICE_USAGE =
  'usage: npm run job -- reprice --org ORG [--from TIME] [--until TIME] [--provider NAME] [--model NAME] [--all] [--apply], ' +
  'where TIME is a day such as 2026-11-23 or an instant such as 2026-11-23T01:00:00Z; without --from and --until it is this ' +
  'month (UTC), without --all only calls that have no price, and without --apply nothing is changed'

const OPTIONS = {
  org: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  provider: { type: 'string' },
  model: { type: 'string' },
  'only-unpriced': { type: 'boolean' },
  all: { type: 'boolean' },
  apply: { type: 'boolean' },
} as const

export function parseRepriceArguments(words: readonly string[], now: Date): RepriceArguments {
  const values = valuesOf(words)
  if (typeof values === 'string') return bad(values)
  const { org, all = false, apply = false } = values
  if (org === undefined || !isId('org', org)) return bad('--org must be the id of an organisation')
  if (all && values['only-unpriced']) return bad('--all and --only-unpriced cannot both be meant')
  const from = values.from === undefined ? monthOf(now).from : instantOf(values.from)
  const until = values.until === undefined ? now : instantOf(values.until)
  if (from === null || until === null) return bad('--from and --until must be days or instants')
  if (from >= until) return bad('--from must lie before --until')
  const { provider = null, model = null } = values
  return { kind: 'run', scope: { orgId: org, from, until, provider, model, unpricedOnly: !all }, apply }
}

const bad = (problem: string): RepriceArguments => ({ kind: 'bad', problem: `${problem}; ${REPRICE_USAGE}` })

/** The options, or what is wrong with them. */
function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function instantOf(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at
}
