/**
 * `npm run bench -- intake`: what each step of taking an event costs a processor, without network, disk or stores: in
 * microseconds of processor time an event, in one thread. The least of several rounds, as other work only adds.
 */

import { claimOf, identityOf } from '../core/event/identity.ts'
import { parseBatch } from '../core/event/parse-batch.ts'
import { encodeRows } from '../db/event-rows/encode-rows.ts'
import { readHead } from '../db/event-rows/row-head.ts'
import { priceEvents } from '../ingest/price-events.ts'
import { aKnownKey } from '../test/ingest/a-key.ts'
import { aCall, INSTANT_MARK, NUMBER_MARK } from './ingest/calls.ts'

const BATCHES = 100
const BATCH_EVENTS = 100
const ROUNDS = 15

interface Step {
  readonly name: string
  readonly run: () => unknown
}

export async function run(): Promise<Record<string, number>> {
  const key = aKnownKey()
  const receivedAt = new Date()
  const bodies = Array.from({ length: BATCHES }, (_, batch) => bodyOf(batch, receivedAt))
  const parsed = bodies.map((body): unknown => JSON.parse(body.toString()))
  const taken = parsed.map((body) => eventsOf(body, receivedAt))
  const priced = taken.map((events) => priceEvents({ key, events, receivedAt }))
  const rows = priced.flatMap((events) => events.map((event) => encodeRows('journal', [event]).bytes))
  const heads = rows.map(readHead)
  const steps: readonly Step[] = [
    { name: 'json', run: () => bodies.map((body): unknown => JSON.parse(body.toString())) },
    { name: 'parse', run: () => parsed.map((body) => eventsOf(body, receivedAt)) },
    { name: 'redact_and_price', run: () => taken.map((events) => priceEvents({ key, events, receivedAt })) },
    { name: 'encode', run: () => priced.map((events) => encodeRows('journal', events)) },
    { name: 'read_head', run: () => rows.map(readHead) },
    { name: 'identity_and_claim', run: () => heads.map((head) => [identityOf(head), claimOf(head)]) },
  ]
  const figures = Object.fromEntries(steps.map(({ name, run: step }) => [`${name}_us`, leastOf(step)]))
  for (const [name, us] of Object.entries(figures)) process.stdout.write(`${name.padEnd(24)} ${us}\n`)
  return figures
}

function leastOf(step: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    step()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / (BATCHES * BATCH_EVENTS)
  })
  return Math.round(Math.min(...times) * 100) / 100
}

function bodyOf(batch: number, at: Date): Buffer {
  const events = Array.from({ length: BATCH_EVENTS }, (_, index) =>
    aCall(batch * BATCH_EVENTS + index, { tag: 'intake', index }),
  )
  const number = String(batch).padStart(NUMBER_MARK.length, '0')
  const text = JSON.stringify({ events }).replaceAll(NUMBER_MARK, number)
  return Buffer.from(text.replaceAll(INSTANT_MARK, at.toISOString()))
}

function eventsOf(body: unknown, receivedAt: Date) {
  const batch = parseBatch(body, { receivedAt })
  if (batch.kind === 'refused' || batch.rejected.length > 0) throw new Error('the batch is not taken whole')
  return batch.events.map(({ event }) => event)
}
