/**
 * The price book of each organisation: its own prices over the list. Built anew only when what it set has changed, so
 * that what a book remembers of its models is not thrown away with every look at a key.
 */
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import { layeredPriceBook } from '../../core/pricing/own-prices.ts'
import type { PriceBook } from '../../core/pricing/rates.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { readOwnPricing } from '../../db/postgres/own-pricing.ts'
import type { Log } from '../log.ts'

interface Kept {
  /** The ids of what the book was made of; a price is never changed, only added or archived. */
  readonly ids: string
  readonly book: PriceBook
}

const ORGS_MAX = 10_000

export function keepBooks(tx: Queryable, log: Log): (orgId: string) => Promise<PriceBook> {
  const list = buildPriceBook()
  const books = new Map<string, Kept>()
  return async (orgId) => {
    const pricing = await readOwnPricing(tx, orgId)
    const kept = books.get(orgId)
    if (kept?.ids === pricing.ids) return kept.book
    if (pricing.problems.length > 0) {
      log.error(
        { orgId, problems: pricing.problems },
        'own prices cannot be read; without them the list holds',
      )
    }
    const book = layeredPriceBook(list, pricing)
    if (books.size >= ORGS_MAX) books.clear()
    books.set(orgId, { ids: pricing.ids, book })
    return book
  }
}
