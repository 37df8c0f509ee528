/** A builder for tests and pictures: what a card shows of a budget that nothing else is to be said of. */
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { NO_ATTENTION } from '../../db/postgres/card-attention.ts'
import type { CardFacts } from './card.ts'

export const cardFactsOf = (stored: StoredBudget, more: Partial<CardFacts> = {}): CardFacts => ({
  ...{ stored, counters: [], stops: [], lifters: 'admins', waiting: [] },
  ...{ forecast: null, attention: NO_ATTENTION, ...more },
})
