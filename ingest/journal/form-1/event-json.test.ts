import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryArchivedEvent } from '../../../test/events/archived-event.ts'
import { anEvent } from '../../../test/ingest/a-journal.ts'
import { lineOfForm1 } from '../../../test/ingest/form-1.ts'
import { fromJournalLine } from './event-json.ts'

const arbitraryEvent = arbitraryArchivedEvent.map(({ journalId, journalOffset, ...event }) => event)

describe('an event that a version before wrote', () => {
  it('is read back equal, whatever it holds', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        expect(fromJournalLine(lineOfForm1(event))).toEqual(event)
      }),
    )
  })

  it('keeps a tag named like a part of every object', () => {
    const tags = Object.fromEntries([['__proto__', 'x']])
    expect(Object.entries(fromJournalLine(lineOfForm1(anEvent(1, { tags }))).tags)).toEqual([
      ['__proto__', 'x'],
    ])
  })

  it('is refused without any one of its fields, by name', () => {
    const whole: Record<string, unknown> = JSON.parse(lineOfForm1(anEvent(1)))
    for (const name of Object.keys(whole)) {
      const { [name]: _, ...rest } = whole
      expect(() => fromJournalLine(JSON.stringify(rest))).toThrow(`event field ${name} is not`)
    }
  })

  it.each([
    ['tokens.in', { tokens: { in: '900' } }],
    ['cost', { cost: '1.5' }],
    ['cost', { cost: 15 }],
    ['status', { status: 'fine' }],
    ['ts', { ts: 9e15 }],
    ['tags', { tags: { team: 1 } }],
    ['colour', { colour: 'red' }],
  ])('is refused with a wrong or unknown field, by name: %s', (name, change) => {
    const line = JSON.stringify({ ...JSON.parse(lineOfForm1(anEvent(1))), ...change })
    expect(() => fromJournalLine(line)).toThrow(expect.objectContaining({ code: 'event_unreadable' }))
    expect(() => fromJournalLine(line)).toThrow(`event field ${name} is not`)
  })
})
