/**
 * The rates of much used models as somebody last looked at them (listed-rates.json), and what another version of the
 * price list makes of them. A test holds the installed list to them, so that no upgrade changes costs unseen.
 */
import { type NanoUsd, nanoUsd, toUsdDecimal, usd } from '../money.ts'
import { type PriceBook, RATE_CLASSES, type RateCard, type Rates } from './rates.ts'

export interface ListedRates {
  /** The version of the list, such as `genai-prices@0.1.8`. */
  readonly list: string
  /** The instant that the rates hold for, in RFC 3339. */
  readonly at: string
  /** By `provider/model`; null where the list knows no price. */
  readonly rates: Readonly<Record<string, ModelRates | null>>
}

/** Dollars per million tokens by class (`input`, `input above 200000`); `requestFee` is dollars per request. */
export type ModelRates = Readonly<Record<string, string>>

export interface RateChange {
  /** Such as `openai/gpt-4o`. */
  readonly model: string
  readonly rate: string
  /** Null: there was none. */
  readonly before: string | null
  readonly after: string | null
}

/** A change by more than this, either way, is one that people look at before it is accepted. */
const JUMP_PERCENT = 30n

export function listRates(book: PriceBook, models: readonly string[], at: Date): ListedRates['rates'] {
  return Object.fromEntries(
    models.map((name) => {
      const slash = name.indexOf('/')
      const rates = book.ratesAt(name.slice(0, slash), name.slice(slash + 1), at)
      return [name, rates && ratesInDollars(rates)]
    }),
  )
}

/** In the order of `before`; models that only `after` has come last. */
export function rateChanges(before: ListedRates['rates'], after: ListedRates['rates']): RateChange[] {
  return [...namesOf(before, after)].flatMap((model) => {
    const [was, is] = [before[model] ?? {}, after[model] ?? {}]
    return [...namesOf(was, is)].flatMap((rate) => {
      const change = { model, rate, before: was[rate] ?? null, after: is[rate] ?? null }
      return change.before === change.after ? [] : [change]
    })
  })
}

/** A rate that came or went is a jump: what used it is priced by another one, or by none. */
export function isJump({ before, after }: RateChange): boolean {
  if (before === null || after === null) return true
  const [was, is] = [usd(before), usd(after)]
  return (was > is ? was - is : is - was) * 100n > JUMP_PERCENT * was
}

/** One line a change, jumps first and marked. */
export function sayChanges(changes: readonly RateChange[]): string[] {
  const jumps = changes.filter(isJump)
  const steps = changes.filter((change) => !isJump(change))
  return [...jumps.map((change) => `JUMP ${sayChange(change)}`), ...steps.map(sayChange)]
}

function sayChange({ model, rate, before, after }: RateChange): string {
  if (before === null) return `${model} ${rate}: none -> $${after}`
  if (after === null) return `${model} ${rate}: $${before} -> none`
  return `${model} ${rate}: $${before} -> $${after}${saidPercent(usd(before), usd(after))}`
}

/** Whole percent, cut and not rounded, so that a step of 30.5% is not said to be one of 31%. */
function saidPercent(before: NanoUsd, after: NanoUsd): string {
  if (before === 0n) return ''
  const percent = ((after - before) * 100n) / before
  return percent > 0n ? ` (+${percent}%)` : ` (${percent}%)`
}

function ratesInDollars({ base, tiers, requestFee, borrowed }: Rates): ModelRates {
  const rates: Record<string, string> = {}
  const add = (card: RateCard, suffix: string): void => {
    for (const name of RATE_CLASSES) {
      const rate = card[name]
      // A borrowed rate says nothing of its own, and reasoning is billed as output nearly everywhere.
      if (rate === null || borrowed.has(name)) continue
      if (name === 'reasoning' && rate === card.output) continue
      rates[`${name}${suffix}`] = dollars(nanoUsd(rate))
    }
  }
  add(base, '')
  for (const { inputAbove, card } of tiers) add(card, ` above ${inputAbove}`)
  if (requestFee > 0n) rates.requestFee = dollars(requestFee)
  return rates
}

const dollars = (amount: NanoUsd): string => toUsdDecimal(amount).replace(/\.?0+$/, '')

const namesOf = (...objects: readonly object[]): ReadonlySet<string> =>
  new Set(objects.flatMap((object) => Object.keys(object)))
