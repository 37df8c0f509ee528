import fc from 'fast-check'
import { expect, it } from 'vitest'
import { callFactsOf } from '../../core/event/call-facts.ts'
import { arbitraryArchivedEvent } from '../../test/events/archived-event.ts'
import { readCallFacts, readUsedTokens } from './call-facts.ts'
import { encodeRows } from './encode-rows.ts'

it('reads of any row the facts and tokens of the call that was written, so that a filter sees what was sent', () => {
  fc.assert(
    fc.property(arbitraryArchivedEvent, (event) => {
      const { bytes } = encodeRows('j1', [event])
      expect(readCallFacts(bytes)).toEqual(callFactsOf(event))
      expect(readUsedTokens(bytes)).toEqual({ in: event.tokens.in, out: event.tokens.out })
    }),
  )
})

it('reads a tag that is called like what every object has', () => {
  fc.assert(
    fc.property(arbitraryArchivedEvent, (event) => {
      const named = {
        ...event,
        tags: Object.fromEntries([
          ['__proto__', 'a'],
          ['constructor', 'b'],
          ['team', 'c'],
        ]),
      }
      const { tags } = readCallFacts(encodeRows('j1', [named]).bytes)
      expect(Object.entries(tags)).toEqual(Object.entries(named.tags))
    }),
    { numRuns: 5 },
  )
})
