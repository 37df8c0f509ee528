/**
 * `npm run bench -- redaction`: how much of the labelled strings is found, by kind, and what redaction costs an event.
 * Exits with 1 when looking at a text takes more than time by its length. The last line holds both halves of the set; `held_out` is the one that says something of other strings.
 */
import { parseEvent } from '../core/event/parse-event.ts'
import type { UsageEvent } from '../core/event/usage-event.ts'
import { DETECTED_KINDS } from '../core/redact/kinds.ts'
import { labelled } from '../core/redact/labelled/labelled.ts'
import type { Labelled } from '../core/redact/labelled/read-labelled.ts'
import { precisionOf, recallOf, score, type Tally } from '../core/redact/labelled/score.ts'
import { DEFAULT_POLICY } from '../core/redact/policy.ts'
import { redactEvent } from '../core/redact/redact-event.ts'
import { RATIO_MAX, worstGrowth } from './redaction-scaling.ts'

const KEY = new Uint8Array(32).fill(7)
const ROUNDS = 100_000
const WARM_UP_ROUNDS = 30_000

export async function run(): Promise<Record<string, unknown>> {
  const { seen, heldOut } = labelled()
  const quality = { seen: qualityOf('seen', seen), held_out: qualityOf('held out', heldOut) }
  const us = Object.fromEntries(Object.entries(EVENTS).map(([name, events]) => [name, usPerEvent(events)]))
  for (const [name, cost] of Object.entries(us)) process.stdout.write(`${name.padEnd(24)} ${cost} us/event\n`)
  const { pattern, ratio } = worstGrowth()
  process.stdout.write(
    `\na text four times as long takes ${ratio.toFixed(1)} times as long, at worst, for ${JSON.stringify(pattern)}\n`,
  )
  if (ratio > RATIO_MAX) process.exitCode = 1
  return { ...quality, us_per_event: us, growth_of_4_times_the_text: round(ratio) }
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

type Fields = Readonly<Record<string, unknown>>

/** Many events of each sort, so that no string is the same one again and again. */
const EVENTS: Readonly<Record<string, readonly UsageEvent[]>> = {
  clean: eventsOf((n) => ({ metadata: { feature: 'summarise', retries: n % 4, cached: false } })),
  clean_without_metadata: eventsOf(() => ({})),
  clean_numeric_ids: eventsOf((n) => ({
    user_id: `${100_000_000 + n * 7919}`,
    route: `/v1/users/${n}/orders/${987_654_000 + n}`,
    metadata: { order_id: 1_000_000_000 + n, at: 1_764_000_000_000 + n },
  })),
  email_as_user_id: eventsOf((n) => ({ user_id: `person${n}@example.com` })),
  personal_metadata: eventsOf((n) => ({
    user_id: `person${n}@example.com`,
    metadata: { note: `call +1202555${1000 + n} or mail a${n}@example.com`, prompt: 'Summarise this.' },
  })),
  metadata_of_8_kib: eventsOf((n) => ({
    metadata: { note: `ticket ${n}: `.padEnd(8_000, 'the customer asks for a refund, order 1234567 ') },
  })),
}

/** By the way that events come: from JSON, through the parser. */
function eventsOf(given: (n: number) => Fields): readonly UsageEvent[] {
  return Array.from({ length: 500 }, (_, n) => {
    const wire = {
      request_id: `req_${n}a9c`,
      ts: '2026-11-23T02:10:00.000Z',
      provider: 'openai',
      model: 'gpt-4o',
      usage: { prompt_tokens: n, completion_tokens: 17, total_tokens: n + 17 },
      latency_ms: 250,
      user_id: `user_${n}f8a2c`,
      route: '/v1/chat/summarise',
      session_id: `0192f0c1-7a2b-7c3d-8e4f-5a6b7c8d${1000 + n}`,
      tags: { team: 'growth', feature: 'summarise', plan: 'enterprise' },
      ...given(n),
    }
    const receivedAt = new Date('2026-11-23T02:10:01.000Z')
    const parsed = parseEvent(JSON.parse(JSON.stringify(wire)), { receivedAt })
    if (parsed.kind === 'rejected') throw new Error(parsed.reason)
    return parsed.event
  })
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
