/**
 * `npm run prices`: what the installed price list changes for the models of core/pricing/listed-rates.json.
 * `npm run prices -- --accept` writes the new rates down, and with `--jumps` even those that changed by over 30%.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { utcDay } from '../../core/period.ts'
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import {
  isJump,
  type ListedRates,
  listRates,
  rateChanges,
  sayChanges,
} from '../../core/pricing/listed-rates.ts'
import { PRICE_LIST } from '../../core/pricing/price-list.ts'
import { isListedRates } from './is-listed-rates.ts'

const FILE = new URL('../../core/pricing/listed-rates.json', import.meta.url)

function main(args: readonly string[]): number {
  const unknown = args.filter((arg) => arg !== '--accept' && arg !== '--jumps')
  if (unknown.length > 0)
    return refuse(`unknown: ${unknown.join(' ')}; it is npm run prices [-- --accept [--jumps]]`)
  const before: unknown = JSON.parse(readFileSync(FILE, 'utf8'))
  if (!isListedRates(before)) {
    return refuse('core/pricing/listed-rates.json has not the form of ListedRates; take it from git again')
  }
  // At noon, so that a price by the hour of the day is the same one whenever this runs.
  const at = new Date(`${utcDay(new Date())}T12:00:00Z`)
  const rates = listRates(buildPriceBook(), Object.keys(before.rates), at)
  const changes = rateChanges(before.rates, rates)
  const jumps = changes.filter(isJump)
  say(`${before.list} of ${before.at} -> ${PRICE_LIST} of ${at.toISOString()}`)
  for (const line of sayChanges(changes)) say(line)
  say(
    `${changes.length} rates changed, ${jumps.length} of them came, went or moved by over 30%; ${Object.keys(rates).length} models`,
  )
  if (!args.includes('--accept')) return 0
  if (jumps.length > 0 && !args.includes('--jumps')) {
    return refuse(
      "not accepted: look each jump up on its provider's page, then npm run prices -- --accept --jumps",
    )
  }
  const accepted: ListedRates = { list: PRICE_LIST, at: at.toISOString(), rates }
  writeFileSync(FILE, `${JSON.stringify(accepted, null, 2)}\n`)
  say('accepted: core/pricing/listed-rates.json')
  return 0
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`)
  return 1
}

process.exitCode = main(process.argv.slice(2))
