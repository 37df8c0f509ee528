/**
 * `npm run bench -- redaction`: how much of the labelled strings is found, by kind, and what redaction costs an event.
 * The last line holds both halves of the set; `held_out` is the one that says something of other strings.
 */
import type { UsageEvent } from '../core/event/usage-event.ts'
import { DETECTED_KINDS } from '../core/redact/kinds.ts'
import { labelled } from '../core/redact/labelled/labelled.ts'
import type { Labelled } from '../core/redact/labelled/read-labelled.ts'
import { precisionOf, recallOf, score, type Tally } from '../core/redact/labelled/score.ts'
import { DEFAULT_POLICY } from '../core/redact/policy.ts'
import { redactEvent } from '../core/redact/redact-event.ts'
import { aPricedEvent } from '../test/events/priced-event.ts'

const KEY = new Uint8Array(32).fill(7)
const ROUNDS = 60_000
const WARM_UP_ROUNDS = 20_000

export async function run(): Promise<Record<string, unknown>> {
  const { seen, heldOut } = labelled()
  const quality = { seen: qualityOf('seen', seen), held_out: qualityOf('held out', heldOut) }
  const us = Object.fromEntries(Object.entries(EVENTS).map(([name, events]) => [name, usPerEvent(events)]))
  for (const [name, cost] of Object.entries(us)) process.stdout.write(`${name.padEnd(24)} ${cost} us/event\n`)
  return { ...quality, us_per_event: us }
}

function qualityOf(name: string, strings: readonly Labelled[]): Record<string, unknown> {
  const { all, kinds, alarmed, missed } = score(strings)
  process.stdout.write(`\n${name}: ${strings.length} strings\n`)
  process.stdout.write(`${row('kind', 'found', 'missed', 'alarms', 'recall', 'precision')}\n`)
  for (const kind of DETECTED_KINDS) process.stdout.write(`${rowOf(kind, kinds[kind])}\n`)
  process.stdout.write(`${rowOf('all', all)}\n`)
  for (const text of missed) process.stdout.write(`  missed ${text}\n`)
  for (const text of alarmed) process.stdout.write(`  false  ${text}\n`)
  process.stdout.write('\n')
  const byKind = Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, ratios(kinds[kind])]))
  return { strings: strings.length, ...ratios(all), kinds: byKind }
}

const ratios = (tally: Tally) => ({ recall: round(recallOf(tally)), precision: round(precisionOf(tally)) })

const rowOf = (kind: string, tally: Tally): string =>
  row(
    kind,
    tally.found,
    tally.missed,
    tally.falseAlarms,
    recallOf(tally).toFixed(3),
    precisionOf(tally).toFixed(3),
  )

const row = (kind: string, ...cells: readonly (string | number)[]): string =>
  kind.padEnd(12) + cells.map((cell) => String(cell).padStart(10)).join('')

const round = (ratio: number): number => Math.round(ratio * 10_000) / 10_000

/** Many events of each sort, so that no string is the same one again and again. */
const EVENTS: Readonly<Record<string, readonly UsageEvent[]>> = {
  clean: eventsOf((n) => ({
    userId: `user_${n}f8a2c`,
    metadata: `{"feature":"summarise","retries":${n % 4},"cached":false}`,
  })),
  clean_without_metadata: eventsOf((n) => ({ userId: `user_${n}f8a2c` })),
  clean_numeric_ids: eventsOf((n) => ({
    userId: `${100_000_000 + n * 7919}`,
    route: `/v1/users/${n}/orders/${987_654_000 + n}`,
    metadata: `{"order_id":${1_000_000_000 + n},"at":${1_764_000_000_000 + n}}`,
  })),
  email_as_user_id: eventsOf((n) => ({ userId: `person${n}@example.com` })),
  personal_metadata: eventsOf((n) => ({
    userId: `person${n}@example.com`,
    metadata: `{"note":"call +1202555${String(1000 + (n % 9000))} or mail a${n}@example.com","prompt":"Summarise this."}`,
  })),
  metadata_of_8_kib: eventsOf((n) => ({
    metadata: JSON.stringify({
      note: `ticket ${n}: `.padEnd(8_000, 'the customer asks for a refund, order 1234567 '),
    }),
  })),
}

function eventsOf(given: (n: number) => Partial<UsageEvent>): readonly UsageEvent[] {
  return Array.from({ length: 500 }, (_, n) =>
    aPricedEvent({
      requestId: `req_${n}a9c`,
      userId: `user_${n}`,
      route: '/v1/chat/summarise',
      sessionId: `0192f0c1-7a2b-7c3d-8e4f-5a6b7c8d${String(1000 + n)}`,
      tags: { team: 'growth', feature: 'summarise', plan: 'enterprise' },
      metadata: '{}',
      rawUsage: `{"prompt_tokens":${n},"completion_tokens":17,"total_tokens":${n + 17}}`,
      ...given(n),
    }),
  )
}

function usPerEvent(events: readonly UsageEvent[]): number {
  const rounds = (events[0]?.metadata.length ?? 0) > 1_000 ? ROUNDS / 20 : ROUNDS
  redactMany(events, Math.min(rounds, WARM_UP_ROUNDS))
  const startedAt = process.cpuUsage()
  redactMany(events, rounds)
  const { user, system } = process.cpuUsage(startedAt)
  return Math.round(((user + system) / rounds) * 100) / 100
}

function redactMany(events: readonly UsageEvent[], rounds: number): void {
  for (let n = 0; n < rounds; n += 1) {
    const event = events[n % events.length]
    if (event !== undefined) redactEvent(event, DEFAULT_POLICY, KEY)
  }
}
