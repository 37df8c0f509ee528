import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestSpans } from '../../core/digest/digest-spans.ts'
import type { Mover } from '../../core/digest/movers.ts'
import { nanoUsd, subtractUsd, usd } from '../../core/money.ts'
import { messageFaults, viewFaults } from '../../test/slack-limits.ts'
import { aStoredBudget } from './a-stored-budget.ts'
import { type DigestFacts, digestMessage, findingOf } from './digest.ts'
import { digestModal } from './digest-modal.ts'

const now = new Date('2026-11-25T09:00:00Z')
const rule = { cadence: { kind: 'daily' }, hour: 9, timeZone: 'Europe/Berlin' } as const
const none = { cost: usd('0'), events: 0, unpricedEvents: 0 }
const sum = (cost: string) => ({ ...none, cost: usd(cost), events: 1200 })
const facts = (more: Partial<DigestFacts> = {}): DigestFacts => ({
  ...{
    spans: digestSpans(rule, '2026-11-25'),
    told: sum('812'),
    before: sum('944'),
    monthSpent: usd('9000'),
  },
  ...{
    errors: 12,
    models: [],
    routes: [],
    unpriced: [],
    isUnpricedCut: false,
    budgets: [],
    reaches: new Map(),
  },
  ...{ rule, nextAt: now, asOf: now },
  ...more,
})
const said = (more: Partial<DigestFacts>) => JSON.stringify(digestMessage(facts(more)))

const amount = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(nanoUsd)
const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 400 }),
  fc.constantFrom('<!channel>', '&'.repeat(400), '*_~`'),
)
const mover: fc.Arbitrary<Mover> = fc
  .record({ name: words, now: amount, before: amount })
  .map((one) => ({ ...one, delta: subtractUsd(one.now, one.before) }))

describe('a digest', () => {
  it('begins with what was spent and how that compares', () => {
    expect(findingOf(facts())).toBe('$812.00 yesterday, 14% less than the Tuesday before.')
    expect(findingOf(facts({ told: sum('944') }))).toMatch(/the same as/)
    expect(findingOf(facts({ before: none }))).toMatch(/no calls the Tuesday before to compare/)
    expect(findingOf(facts({ before: sum('2') }))).toMatch(/406 times as much/)
    expect(findingOf(facts({ told: none }))).toBe(
      'Nothing was spent yesterday, after $944.00 the Tuesday before.',
    )
  })

  it('is one line on a quiet day', () => {
    expect(digestMessage(facts({ told: none, before: none })).blocks).toHaveLength(2)
  })

  it('shows budgets from three quarters on, those that are stopped and those forecast to be, and no others', () => {
    const budget = (title: string, spent: string) =>
      aStoredBudget({ id: `bud_${title}`, title, limit: usd('100') }, { spent: usd(spent) })
    const budgets = [
      budget('low', '74.99'),
      budget('near', '75'),
      budget('full', '101'),
      budget('rising', '9'),
    ]
    const text = said({ budgets, reaches: new Map([['bud_rising', new Date('2026-11-28T09:00:00Z')]]) })
    expect(text).not.toContain('*low*')
    expect(text).toMatch(/3 budgets need a look.*\*full\*.*\*near\*.*\*rising\*.*forecast to reach/)
  })

  it('is within the limits of Slack and mentions nobody, whatever the names and the sums', () => {
    fc.assert(
      fc.property(
        fc.array(mover, { maxLength: 3 }),
        words,
        amount,
        amount,
        (movers, title, spent, before) => {
          const model = { provider: title, model: title, unpricedEvents: 9, tokensIn: 1, tokensOut: 1 }
          const budgets = Array.from({ length: 40 }, () =>
            aStoredBudget({ title, projectName: title }, { spent }),
          )
          const message = digestMessage(
            facts({
              ...{
                models: movers,
                routes: movers,
                unpriced: Array.from({ length: 5 }, () => model),
                budgets,
              },
              ...{
                isUnpricedCut: true,
                told: { ...sum('1'), cost: spent },
                before: { ...sum('1'), cost: before },
              },
            }),
            { url: 'https://lens.example.com/charts/x.png', altText: 'gpt-4o '.repeat(700) },
          )
          expect(messageFaults(message.blocks)).toEqual([])
          expect(JSON.stringify(message)).not.toContain('<!channel>')
        },
      ),
      { numRuns: 50 },
    )
    const digest = { id: 'dig_1', orgId: 'o', installationId: 'i', setBy: 'U1', setAt: now, warnedOf: null }
    const digests = Array.from({ length: 60 }, () => ({ ...digest, channelId: 'C0LLMCOSTS', rule }))
    expect(viewFaults(digestModal(digests, 'Europe/Berlin'))).toEqual([])
  })
})
