import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CHOICE, HOME_RANGES, readChoice, writeChoice } from './choice.ts'

describe('what a person chose in Home', () => {
  it('comes back whole from the view that carries it', () => {
    fc.assert(
      fc.property(
        fc.record({
          range: fc.constantFrom(...HOME_RANGES),
          projectId: fc.option(fc.string({ minLength: 1, maxLength: 60 })),
        }),
        (choice) => {
          expect(readChoice(writeChoice(choice))).toEqual(choice)
        },
      ),
    )
  })

  it('is the default for whatever else a view carries', () => {
    for (const text of [undefined, '', 'x', '{}', '[]', 'null', '["1y",7]'])
      expect(readChoice(text)).toEqual(DEFAULT_CHOICE)
  })
})
