/** Writes journals as versions before this one did: form 1, a JSON line for each event. */
import { crc32 } from 'node:zlib'
import type { PricedEvent } from '../../core/event/usage-event.ts'

/** Amounts as decimal text, instants as epoch milliseconds, every field by its name. */
export const lineOfForm1 = (event: PricedEvent | Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(event).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
    ),
    (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  )

/** One record, as the bytes of a segment. */
export function recordOfForm1(firstOffset: number, events: readonly PricedEvent[]): Buffer {
  const payload = Buffer.from(events.map((event) => `${lineOfForm1(event)}\n`).join(''))
  const header = Buffer.alloc(24)
  header.set([0xff, 0x4c, 0x4a, 1])
  header.writeUInt32LE(payload.length, 8)
  header.writeBigUInt64LE(BigInt(firstOffset), 12)
  header.writeUInt32LE(events.length, 20)
  const record = Buffer.concat([header, payload])
  record.writeUInt32LE(crc32(record.subarray(8)), 4)
  return record
}
