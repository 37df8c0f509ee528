/** The archive file, read back by a reader that shares no code with its writer but the format. */
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { arbitraryArchivedEvent, arbitraryRow } from '../../test/events/archived-event.ts'
import { eventOfRow } from '../../test/events/event-of-row.ts'
import { encodeEvents } from './encode-events.ts'

const someEvents = fc.array(arbitraryRow, { minLength: 1, maxLength: 30 })

const bufferOf = (bytes: Uint8Array): ArrayBuffer => {
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  return copy
}
const readBack = async (bytes: Uint8Array) => await parquetReadObjects({ file: bufferOf(bytes) })
describe('an archived event', () => {
  it('comes back from its file as it went in, whatever its fields hold', async () => {
    await fc.assert(
      fc.asyncProperty(someEvents, async (events) => {
        const rows = await readBack(encodeEvents(events))
        expect(rows.map(eventOfRow)).toEqual(events)
      }),
      { numRuns: 50 },
    )
  })
})

describe('an archive file', () => {
  it('is the same bytes for the same events, in whatever order their tags were told', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const turned = events.map((event) => ({
          ...event,
          tags: Object.fromEntries(Object.entries(event.tags).reverse()),
        }))
        expect(encodeEvents(turned)).toEqual(encodeEvents(events))
      }),
      { numRuns: 20 },
    )
  })

  it('is one row group, so that its rows are read in order as one block', () => {
    const [event] = fc.sample(arbitraryArchivedEvent, 1)
    const events = Array.from({ length: 3_000 }, () => event).filter((each) => each !== undefined)
    expect(parquetMetadata(bufferOf(encodeEvents(events))).row_groups).toHaveLength(1)
  })

  it('is refused rather than rounded when a count is no whole number', () => {
    const events = fc.sample(arbitraryArchivedEvent, 1).map((event) => ({ ...event, latencyMs: 1.5 }))
    expect(() => encodeEvents(events)).toThrow(RangeError)
  })
})
