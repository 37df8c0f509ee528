/**
 * An organisation's price or alias, from the form in which people write it and Postgres keeps it:
 *
 *     {"provider": "openai", "model": "gpt-4o*", "from": "2026-11-01T00:00:00Z",
 *      "usd_per_million": {"input": "2.10", "output": "8.40", "cache_read": "1.05"}, "request_fee_usd": "0.005"}
 *     {"provider": "anthropic", "model": "*", "from": "2026-11-01T00:00:00Z", "percent_of_list": "85"}
 *     {"provider": "openai", "model": "gpt-4o", "service_tier": "batch", "from": "2026-11-01T00:00:00Z",
 *      "usd_per_million": {"input": "1.00", "output": "4.00"}}
 *     {"provider": "azure", "alias": "prod-chat", "to_provider": "azure", "to_model": "gpt-4o"}
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { parseInstant } from '../event/rfc3339.ts'
import { parseUsd, zeroUsd } from '../money.ts'
import type { ModelAlias, OwnCharge, OwnPrice, OwnRates } from './own-prices.ts'
import type { RateClass } from './rates.ts'
import { canonicalTier } from './service-tiers.ts'

export type ParsedOwn<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

const WIRE_CLASSES: Readonly<Record<string, RateClass>> = {
  input: 'input',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
  reasoning: 'reasoning',
  audio_in: 'audioIn',
  audio_out: 'audioOut',
}
const NAME_CHARS_MAX = 128
const PERCENT = /^(\d{1,4})(?:\.(\d{1,2}))?$/

export function parseOwnPrice(id: string, value: unknown): ParsedOwn<OwnPrice> {
  const problems: string[] = []
  const fields = fieldsOf(value, PRICE_FIELDS, problems)
  const until =
    fields.until === undefined || fields.until === null ? null : instantOf('until', fields, problems)
  const from = instantOf('from', fields, problems)
  if (until !== null && until <= from) problems.push('until must lie after from')
  const price = {
    id,
    provider: nameOf('provider', fields, problems).toLowerCase(),
    model: nameOf('model', fields, problems),
    serviceTier: fields.service_tier == null ? null : canonicalTier(nameOf('service_tier', fields, problems)),
    from,
    until,
    charge: chargeOf(fields, problems),
  }
  return problems.length === 0 ? { kind: 'parsed', value: price } : { kind: 'bad', problems }
}

export function parseModelAlias(value: unknown): ParsedOwn<ModelAlias> {
  const problems: string[] = []
  const fields = fieldsOf(value, ALIAS_FIELDS, problems)
  const alias = {
    provider: nameOf('provider', fields, problems).toLowerCase(),
    alias: nameOf('alias', fields, problems),
    toProvider: nameOf('to_provider', fields, problems).toLowerCase(),
    toModel: nameOf('to_model', fields, problems),
  }
  return problems.length === 0 ? { kind: 'parsed', value: alias } : { kind: 'bad', problems }
}

const PRICE_FIELDS = [
  'provider',
  'model',
  'service_tier',
  'from',
  'until',
  'usd_per_million',
  'request_fee_usd',
  'percent_of_list',
]
const ALIAS_FIELDS = ['provider', 'alias', 'to_provider', 'to_model']

function fieldsOf(value: unknown, known: readonly string[], problems: string[]): JsonObject {
  if (!isJsonObject(value)) {
    problems.push('it must be an object')
    return {}
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) problems.push(`"${name.slice(0, 64)}" is unknown; it has ${known.join(', ')}`)
  }
  return value
}

function nameOf(name: string, fields: JsonObject, problems: string[]): string {
  const value = fields[name]
  if (typeof value === 'string' && value.length > 0 && value.length <= NAME_CHARS_MAX) return value
  problems.push(`${name} must be a text of 1 to ${NAME_CHARS_MAX} characters`)
  return ''
}

function instantOf(name: string, fields: JsonObject, problems: string[]): Date {
  const value = fields[name]
  const at = typeof value === 'string' ? parseInstant(value) : null
  if (at === null) problems.push(`${name} must be an RFC 3339 instant such as "2026-11-01T00:00:00Z"`)
  return at ?? new Date(0)
}

function chargeOf(fields: JsonObject, problems: string[]): OwnCharge {
  const share = fields.percent_of_list
  const isShare = share !== undefined
  if (isShare === (fields.usd_per_million !== undefined)) {
    problems.push('it must have either usd_per_million or percent_of_list')
  }
  if (!isShare) {
    return {
      kind: 'rates',
      rates: ratesOf(fields.usd_per_million, problems),
      requestFee: feeOf(fields, problems),
    }
  }
  if (fields.request_fee_usd !== undefined) problems.push('request_fee_usd goes with usd_per_million only')
  const [, whole, hundredths = ''] = (typeof share === 'string' && PERCENT.exec(share)) || []
  if (whole === undefined)
    problems.push('percent_of_list must be a percentage in a text, such as "85" or "92.5"')
  return { kind: 'share_of_list', basisPoints: Number(whole ?? 0) * 100 + Number(hundredths.padEnd(2, '0')) }
}

function ratesOf(value: unknown, problems: string[]): OwnRates {
  const rates: Partial<Record<RateClass, bigint>> = {}
  for (const [name, text] of Object.entries(isJsonObject(value) ? value : {})) {
    const rateClass = WIRE_CLASSES[name]
    const amount = typeof text === 'string' ? parseUsd(text) : null
    if (rateClass === undefined) {
      problems.push(
        `usd_per_million has no "${name.slice(0, 64)}"; it has ${Object.keys(WIRE_CLASSES).join(', ')}`,
      )
    } else if (amount === null)
      problems.push(`usd_per_million.${name} must be dollars in a text, such as "2.50"`)
    else rates[rateClass] = amount
  }
  const { input, output } = rates
  if (input === undefined || output === undefined) problems.push('usd_per_million must have input and output')
  return { ...rates, input: input ?? 0n, output: output ?? 0n }
}

function feeOf(fields: JsonObject, problems: string[]) {
  const text = fields.request_fee_usd
  if (text === undefined) return zeroUsd
  const fee = typeof text === 'string' ? parseUsd(text) : null
  if (fee === null) problems.push('request_fee_usd must be dollars in a text, such as "0.005"')
  return fee ?? zeroUsd
}
