import { describe, expect, it } from 'vitest'
import { aBudget, anOverride, aPeriod } from '../budget/a-budget.ts'
import { explain } from '../budget/explain.ts'
import type { BudgetWithCard } from '../budget/verdict.ts'
import { usd } from '../money.ts'
import { demandOf, type HoldAsk, tooLarge } from './decide-hold.ts'

const NOON = new Date('2026-11-20T12:30:00.000Z')
const FACTS = {
  ...{ projectId: 'prj_1', provider: 'openai', model: 'gpt-4o', route: null, userId: null },
  ...{ apiKeyId: 'key_1', environment: 'staging', tags: {} },
}
const asking = (amount: string): HoldAsk => ({
  facts: FACTS,
  wanted: { kind: 'known', amount: usd(amount), priceVersion: 'v1' },
})
const strict = (
  facts: Parameters<typeof aBudget>[0],
  period: Parameters<typeof aPeriod>[0] = {},
): BudgetWithCard => ({
  budget: aBudget({ mode: 'strict', ...facts }),
  current: aPeriod(period),
  liftUrl: 'https://example.slack.com/c',
})

/** Why the call is refused, and by which budget; or what is held of which. */
function answerTo(ask: HoldAsk, ...covering: BudgetWithCard[]): string {
  const demand = demandOf(ask, covering, [], NOON)
  const block = demand.kind === 'refused' ? demand.block : tooLarge(demand.parts, ask.wanted)
  if (block !== null) return `${block.reason} by ${block.view?.budget.id}`
  return demand.kind === 'asked' ? demand.parts.map(({ view }) => `held by ${view.budget.id}`).join(', ') : ''
}

describe('a call that several budgets cover', () => {
  it('is held by each that asks, and refused by the strictest', () => {
    const roomy = strict({ id: 'roomy', limit: usd('100') })
    const tight = strict({ id: 'tight', limit: usd('2') })
    const cached = strict({ id: 'cached', mode: 'cached' })
    expect(answerTo(asking('1'), roomy, cached, tight)).toBe('held by roomy, held by tight')
    expect(answerTo(asking('3'), roomy, tight)).toBe('hold_too_large by tight')
    const stopped = strict({ id: 'stopped', limit: usd('5') }, { spent: usd('5') })
    expect(answerTo(asking('3'), tight, stopped)).toBe('limit by stopped')
    const manualStop = { at: NOON, by: 'U1' }
    expect(answerTo(asking('3'), tight, stopped, strict({ id: 'person', manualStop }))).toBe(
      'person by person',
    )
  })

  it('counts what is held beside what is spent, up to the cent of the stop or of an override', () => {
    const current = { spent: usd('60'), held: usd('30') }
    expect(answerTo(asking('10'), strict({}, current))).toBe('held by bud_1')
    expect(answerTo(asking('10.000000001'), strict({}, current))).toBe('hold_too_large by bud_1')
    const override = anOverride({ ceiling: usd('110') })
    expect(answerTo(asking('20'), strict({}, { ...current, override }))).toBe('held by bud_1')
    expect(answerTo(asking('20.01'), strict({}, { ...current, override }))).toBe('hold_too_large by bud_1')
  })

  it('is refused in an environment that is stopped, and by no budget that never stops', () => {
    const stop = { kind: 'stop', environments: ['stag*'] } as const
    const ladder = [{ percent: 50, action: stop }]
    expect(answerTo(asking('1'), strict({ ladder }, { spent: usd('50') }))).toBe('environment by bud_1')
    const elsewhere = [{ percent: 50, action: { ...stop, environments: ['dev'] } }]
    expect(answerTo(asking('500'), strict({ ladder: elsewhere }))).toBe('held by bud_1')
  })
})

describe('why a call is refused', () => {
  const sentence = (block: Parameters<typeof explain>[0]) => explain(block).message
  const blockOf = (covering: BudgetWithCard) => {
    const demand = demandOf(asking('1'), [covering], [], NOON)
    if (demand.kind !== 'refused') throw new Error('not refused')
    return demand.block
  }

  it('names the budget, its figures, when it resets, who lifts it and where', () => {
    const scope = { ...aBudget().scope, each: 'user' } as const
    const limit = strict({ scope }, { counter: 'user:u1', spent: usd('100.2'), held: usd('3') })
    expect(sentence(blockOf(limit))).toBe(
      'The budget "support-bot" (user u1, November 2026) has reached its stop, with $100.20 spent and $3.00 held of $100.00 by the prices of genai-prices@0.1.8; it resets on Tue 1 Dec 2026, 00:00 UTC, and an admin can lift the stop at https://example.slack.com/c.',
    )
    const manualStop = { at: NOON, by: 'U1' }
    expect(sentence(blockOf(strict({ manualStop })))).toContain('was stopped by U1')
    expect(explain(blockOf(strict({ manualStop })))).toMatchObject({
      ...{
        reason: 'person',
        since: NOON.toISOString(),
        available_usd: '0.000000000',
        wanted_usd: '1.000000000',
      },
    })
  })

  it('says apart what calls without a price are taken to cost, and by which prices it counts', () => {
    const scope = { ...aBudget().scope, each: 'key' } as const
    const facts = {
      counter: 'key:key_1',
      ownerName: 'nightly (lens_ab12…)',
      spent: usd('60'),
      estimated: usd('40'),
    }
    const block = blockOf(strict({ scope }, facts))
    expect(explain({ ...block, priceVersion: null })).toMatchObject({
      ...{ reason: 'limit', spent_usd: '60.000000000', estimated_usd: '40.000000000' },
      price_version: 'genai-prices@0.1.8',
    })
    expect(sentence(block)).toContain(
      '(key nightly (lens_ab12…), November 2026) has reached its stop, with $60.00 spent, about $40.00 for calls without a price and $0.00 held of $100.00',
    )
  })

  it('refuses a model without a price in cached mode too, to whoever asks', () => {
    const cached = strict({ mode: 'cached', onUnpriced: 'deny' })
    const wanted = { kind: 'unpriced', amount: usd('1'), priceVersion: 'high' } as const
    const demand = demandOf({ ...asking('1'), wanted }, [cached], [], NOON)
    expect(demand).toMatchObject({ kind: 'refused', block: { reason: 'unpriced' } })
    expect(demandOf(asking('1'), [cached], [], NOON)).toMatchObject({ kind: 'asked' })
  })

  it('says of a stop of everything who made it, and why', () => {
    const stop = { reach: 'organisation', at: NOON, by: 'U1', reason: 'an incident' } as const
    const demand = demandOf(asking('1'), [strict({})], [stop], NOON)
    if (demand.kind !== 'refused') throw new Error('not refused')
    expect(explain(demand.block)).toMatchObject({
      ...{ reason: 'wide_stop', budget_id: null, since: NOON.toISOString(), resets_at: null },
      message: 'All calls of the organisation were stopped by U1: an incident.',
    })
  })
})
