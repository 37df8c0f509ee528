import { describe, expect, it } from 'vitest'
import { type NanoUsd, usd } from '../../core/money.ts'
import { type CallSoFar, repriceEvent } from '../../core/pricing/reprice-event.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { bookOf } from '../../test/reprice/books.ts'
import { parseRepriceArguments } from './arguments.ts'
import { openDifference } from './difference.ts'
import { reportLines } from './report.ts'

const NOW = new Date('2026-11-23T10:00:00Z')
const ORG = 'org_01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('npm run job -- reprice', () => {
  it('is about this month and calls without a price, and changes nothing, unless told otherwise', () => {
    expect(parseRepriceArguments(['--org', ORG], NOW)).toEqual({
      kind: 'run',
      apply: false,
      scope: {
        ...{ orgId: ORG, from: new Date('2026-11-01T00:00:00Z'), until: NOW },
        ...{ provider: null, model: null, unpricedOnly: true },
      },
    })
  })

  it('takes a scope', () => {
    const words = `--org ${ORG} --from 2026-10-01 --until 2026-11-01T00:00:00Z --provider openai --model new-1 --all --apply`
    expect(parseRepriceArguments(words.split(' '), NOW)).toEqual({
      kind: 'run',
      apply: true,
      scope: {
        ...{ orgId: ORG, from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-11-01T00:00:00Z') },
        ...{ provider: 'openai', model: 'new-1', unpricedOnly: false },
      },
    })
  })

  it.each([
    ['no organisation', '', /--org must be/],
    ['a name for an id', '--org acme', /--org must be/],
    ['a word it does not know', `--org ${ORG} --force`, /--force/],
    ['a time it cannot read', `--org ${ORG} --from yesterday`, /days or instants/],
    ['a day that is none', `--org ${ORG} --from 2026-13-01`, /days or instants/],
    ['a range that ends before it begins', `--org ${ORG} --until 2026-10-01`, /must lie before/],
    ['both of two opposites', `--org ${ORG} --all --only-unpriced`, /cannot both/],
  ])('with %s says what it takes', (_what, words, message) => {
    const parsed = parseRepriceArguments(words.split(' ').filter(Boolean), NOW)
    expect(parsed).toMatchObject({ kind: 'bad', problem: expect.stringMatching(message) })
    expect(parsed).toMatchObject({ problem: expect.stringContaining('usage: npm run job -- reprice') })
  })
})

describe('the difference', () => {
  const soFar = (model: string, cost: NanoUsd | null): CallSoFar => {
    const tokens = { ...NO_TOKENS, in: 1_000_000 }
    return { call: aPricedEvent({ model, cost, tokens }), cost, tokens, adjustments: 0 }
  }
  const reported = (calls: readonly CallSoFar[], rates: Readonly<Record<string, string>>) => {
    const difference = openDifference()
    for (const call of calls) difference.add(call, repriceEvent(call, bookOf(rates), NOW))
    return reportLines(difference, new Map([['prj_1', 'support-bot']])).map((line) => line.split(/ {2,}/))
  }

  it('shows each project and model that changes, exactly, and never $0 for what had no price', () => {
    const calls = [
      ...[soFar('new-1', null), soFar('new-1', null), soFar('new-1', usd('2'))],
      ...[soFar('fine', usd('5')), soFar('dear', usd('8.000000001')), soFar('obscure', null)],
    ]
    expect(reported(calls, { 'new-1': '3', fine: '5', dear: '1' })).toEqual([
      ['project', 'model', 'calls', 'before', 'after', 'difference', 'still unpriced'],
      ['support-bot', 'openai/dear', '1', '$8.000000001', '$1.000000000', '-$7.000000001'],
      [
        ...['support-bot', 'openai/new-1', '3', '$2.000000000 and 2 unpriced'],
        ...['$9.000000000', '+$7.000000000'],
      ],
      ['support-bot', 'openai/obscure', '0', '1: no price is known for the model at that time'],
      [
        ...['total', '4', '$10.000000001 and 2 unpriced', '$10.000000000', '-$0.000000001'],
        '1: no price is known for the model at that time',
      ],
    ])
  })

  it('says so when there is nothing to do', () => {
    expect(reported([soFar('fine', usd('5'))], { fine: '5' })).toEqual([
      ['Nothing to do: every call of the scope is priced as the prices say.'],
    ])
  })
})
