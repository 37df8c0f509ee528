import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd, zeroUsd } from '../../core/money.ts'
import { messageFaults } from '../../test/slack-limits.ts'
import { moversOf } from '../spend/movers.ts'
import { aStoredBudget } from './a-stored-budget.ts'
import { cardChangeWords } from './card-change.ts'
import { context } from './text.ts'

const stored = aStoredBudget()
const parts = (all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([name, cost]) => ({ name, cost: usd(cost) }))
const models = parts({ 'gpt-4o': '60', 'o4-mini': '30', 'gpt-4.1': '8', embeddings: '2' })

describe('below the chart of a card', () => {
  it('stands how the spend is beside the period before, what rose and fell most, and the dearest three models', () => {
    const then = parts({ 'gpt-4o': '35', 'o4-mini': '45' })
    const before = { spent: usd('80'), movers: moversOf(models, then, 1) }
    expect(cardChangeWords(stored, { spent: usd('100'), models, before })).toBe(
      [
        '*$20.00 more (+25%) than* October 2026 had come to by now; gpt-4o +$25.00, o4-mini −$15.00',
        'Most of it: gpt-4o $60.00 (60%), o4-mini $30.00 (30%), gpt-4.1 $8.00 (8%)',
      ].join('\n'),
    )
  })

  it('stands nothing of a period before in which nothing was spent, or of none, and nothing of no spend', () => {
    const nothing = { spent: zeroUsd, movers: moversOf(models, [], 1) }
    for (const before of [nothing, null])
      expect(cardChangeWords(stored, { spent: usd('100'), models, before })).toMatch(/^Most of it/)
    expect(cardChangeWords(stored, { spent: zeroUsd, models: [], before: null })).toBe('')
  })

  it('is within limits and mentions nobody, whatever models are called and cost', () => {
    const name = fc.oneof(fc.string({ maxLength: 400 }), fc.constantFrom('<!channel>', '*'.repeat(300)))
    const named = fc.array(
      fc.record({ name, cost: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 18n }).map(nanoUsd) }),
    )
    fc.assert(
      fc.property(named, named, fc.bigInt({ min: 1n, max: 10n ** 18n }), (now, then, sum) => {
        const spent = nanoUsd(sum)
        const words = cardChangeWords(stored, {
          spent,
          models: now,
          before: { spent, movers: moversOf(now, then, 1) },
        })
        expect(messageFaults([context(words)])).toEqual([])
        expect(words).not.toContain('<!channel>')
      }),
    )
  })
})
