/** What must hold of every journey, whatever the machine: counts and money; never a time. */
import type { JourneyFigures } from './figures.ts'

export function brokenPromises(figures: JourneyFigures): string[] {
  const broken: string[] = []
  const { expected, ...spend } = figures.spend_nano_usd
  const equal = (name: string, value: unknown, wanted: unknown) => {
    if (JSON.stringify(value) !== JSON.stringify(wanted)) broken.push(`${name} is ${value}, not ${wanted}`)
  }
  equal('events_sent', figures.events_sent, figures.calls_made)
  equal('events_acknowledged', figures.events_acknowledged, figures.calls_made)
  equal('events_in_ledger', figures.events_in_ledger, figures.calls_made)
  equal('events_in_clickhouse', figures.events_in_clickhouse, figures.calls_made)
  equal('events_in_parquet', figures.events_in_parquet, figures.calls_made)
  for (const [store, amount] of Object.entries(spend)) equal(`spend in ${store}`, amount, expected)
  equal('alerts', figures.alerts, [50, 75, 90, 100])
  equal('cards_posted', figures.cards_posted, 1)
  equal('override_ended_by', figures.override_ended_by, 'expired')
  equal('calls_after_stop', figures.calls_after_stop, 0)
  if (BigInt(expected) < BigInt(figures.limit_nano_usd)) broken.push('the budget was never reached')
  return broken
}
