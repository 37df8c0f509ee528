/** A process that appends to the journal of its argument from many sides, printing each acknowledgement, until it is killed. */
import { anEvent } from '../../test/ingest/a-journal.ts'
import { openJournal } from './journal.ts'

const [dir = '.', run = '0'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const log = {
  warn: (_details: object, message: string) => say(`log ${message}`),
  error: (_details: object, message: string) => say(`error ${message}`),
}
const journal = await openJournal({ dir, segmentBytesMax: 100_000, bytesMax: 1_000_000_000, log })
let number = 0

async function appendForever(): Promise<void> {
  for (;;) {
    const ids = Array.from({ length: 1 + (number % 7) }, () => `${run}-${number++}`)
    const outcome = await journal.append(ids.map((requestId, index) => anEvent(index, { requestId })))
    if (outcome.kind !== 'durable') throw new Error(`not accepted: ${outcome.reason}`)
    say(`ack ${outcome.firstOffset} ${ids.join(' ')}`)
  }
}

say('open')
await Promise.all(Array.from({ length: 8 }, appendForever))
