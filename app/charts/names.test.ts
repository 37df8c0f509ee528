import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnNames, fitted, fittedApart } from './names.ts'
import { canWrite, textWidth } from './typeface.ts'

const aText = fc.string({ unit: 'binary', maxLength: 80 })

describe('a name in a picture', () => {
  it('holds no letter that the typeface lacks, and never looks like another', () => {
    fc.assert(
      fc.property(fc.array(fc.option(aText), { maxLength: 12 }), (names) => {
        const drawn = drawnNames(names)
        for (const { text } of drawn) expect([...text].every(canWrite), text).toBe(true)
      }),
    )
    const [first, second] = drawnNames(['客服', '翻訳'])
    expect(first).toEqual({ text: '…', lacks: true })
    expect(second?.text).toBe('… (2)')
  })

  it('is written whole where the typeface can: Latin, Greek, Cyrillic, and wide forms of plain letters', () => {
    const names = ['naïve-Ł', 'Ελληνικά', 'поддержка', 'Tiếng Việt', 'ＧＰＴ']
    expect(drawnNames(names).map(({ text }) => text)).toEqual([...names.slice(0, 4), 'GPT'])
    expect(drawnNames(names).some(({ lacks }) => lacks)).toBe(false)
  })

  it('is cut to its room, in the middle or at the end', () => {
    fc.assert(
      fc.property(
        aText,
        fc.integer({ min: 20, max: 300 }),
        fc.constantFrom('middle' as const, 'end' as const),
        (text, widthPx, cut) => {
          expect(textWidth(fitted(text, { widthPx, fontSize: 13, cut }), 13)).toBeLessThanOrEqual(widthPx)
        },
      ),
    )
    const room = { widthPx: 120, fontSize: 13 }
    expect(fitted('us.anthropic.claude-sonnet-4-5', room)).toMatch(/^us\.anth.*….*-4-5$/)
    expect(fitted('us.anthropic.claude-sonnet-4-5', { ...room, cut: 'end' })).toMatch(/^us\.anthropic.*…$/)
  })

  it('shows what tells it from the others, where all would be cut alike', () => {
    const room = { widthPx: 120, fontSize: 13 }
    const names = ['us.anthropic.claude-sonnet-4-5-profile', 'us.anthropic.claude-haiku-4-5-profile']
    expect(fittedApart(names.map((text) => ({ text, room })))).toEqual([
      expect.stringMatching(/^…sonnet/),
      expect.stringMatching(/^…haiku/),
    ])
  })
})
