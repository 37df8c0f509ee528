/**
 * `npm run prices`: what the installed price list says otherwise than the accepted one, of the same day.
 * `npm run prices -- accept` accepts the installed list, as of today; what changes is then seen in the diff.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { buildPriceBook, modelsOfList, PRICE_LIST } from '../../core/pricing/genai-prices.ts'
import {
  comparePrices,
  type PriceSnapshot,
  showChange,
  snapshotOf,
} from '../../core/pricing/price-snapshot.ts'

const FILE = new URL('../../core/pricing/price-snapshot.json', import.meta.url)

const words = process.argv.slice(2)
if (words.some((word) => word !== 'accept')) {
  process.stderr.write('usage: npm run prices [-- accept]\n')
  process.exit(1)
}
const accepted: PriceSnapshot = JSON.parse(readFileSync(FILE, 'utf8'))
const installed = { list: PRICE_LIST, models: await modelsOfList(), book: buildPriceBook() }
const changes = comparePrices(accepted, snapshotOf(installed, new Date(accepted.at)))
for (const change of changes) process.stdout.write(`${showChange(change)}\n`)
process.stdout.write(`${accepted.list} -> ${PRICE_LIST}: ${changes.length} changes\n`)
if (words.includes('accept')) {
  const today = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`)
  writeFileSync(FILE, `${JSON.stringify(snapshotOf(installed, today), null, 2)}\n`)
  process.stdout.write('This is accepted.\n')
}
