import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryRow } from '../../test/events/archived-event.ts'
import { decodeRow } from '../../test/events/decode-row.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { encodeRows, placeRow, UnwritableEvent } from './encode-rows.ts'
import { EVENT_COLUMNS, ROW_COLUMNS } from './event-columns.ts'
import { placedRows } from './placed-rows.ts'
import { readHead } from './row-head.ts'

const someEvents = fc.array(arbitraryRow, { minLength: 1, maxLength: 20 })

describe('a row', () => {
  it('is read back as the event that it was written from, whatever its fields hold', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        expect(placedRows(events).map(decodeRow)).toEqual(events)
      }),
    )
  })

  it('says at its front what is counted, without the rest', () => {
    fc.assert(
      fc.property(arbitraryRow, (event) => {
        const [row = Buffer.alloc(0)] = placedRows([event])
        const head = readHead(row)
        expect(event).toMatchObject(head)
        expect(Object.keys(head)).toHaveLength(9)
      }),
    )
  })

  it('is as long as is said of it, so that rows are told apart in what they are together', () => {
    fc.assert(
      fc.property(someEvents, (given) => {
        const events = given.map((event) => ({ ...event, journalId: 'j' }))
        const { bytes, lengths } = encodeRows('j', events)
        let at = 0
        const rows = [...lengths].map((length, index) => {
          placeRow(bytes, at, events[index]?.journalOffset ?? 0)
          at += length
          return bytes.subarray(at - length, at)
        })
        expect(at).toBe(bytes.length)
        expect(rows.map(decodeRow)).toEqual(events)
      }),
    )
  })

  it('is the same bytes for the same event, in whatever order its tags were told', () => {
    const bytesOf = (tags: Record<string, string>) => encodeRows('j', [aPricedEvent({ tags })]).bytes
    expect(bytesOf({ team: 'a', app: 'b' })).toEqual(bytesOf({ app: 'b', team: 'a' }))
  })

  it.each(['', 'a'.repeat(127), 'a'.repeat(128), 'é'.repeat(64), 'é'.repeat(100), '🦆'.repeat(9_000)])(
    'holds texts of any length in bytes, below and above what its length takes',
    (text) => {
      const [event] = placedRows([{ ...aPricedEvent({ route: text }), journalId: 'j', journalOffset: 1 }])
      expect(decodeRow(event ?? Buffer.alloc(0)).route).toBe(text)
    },
  )

  it.each([
    { latencyMs: 1.5 },
    { latencyMs: Number.POSITIVE_INFINITY },
    { ts: new Date(Number.NaN) },
    { attempt: 2 ** 60 },
  ])('is refused, by the name of the field, rather than rounded: %o', (change) => {
    const [name = ''] = Object.keys(change)
    expect(() => encodeRows('j', [aPricedEvent(change)])).toThrow(UnwritableEvent)
    expect(() => encodeRows('j', [aPricedEvent(change)])).toThrow(`event field ${name} is`)
  })
})

it('has every column of the archive once', () => {
  expect([...ROW_COLUMNS].sort()).toEqual([...EVENT_COLUMNS].sort())
})
