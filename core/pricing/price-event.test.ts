import { describe, expect, it } from 'vitest'
import { EVENT_STATUSES } from '../event/usage-event.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { buildPriceBook } from './genai-prices.ts'
import { type Priceable, priceEvent } from './price-event.ts'

const AT = new Date('2026-11-20T12:00:00Z')
const prices = buildPriceBook()
const gpt4o = prices.ratesAt('openai', 'gpt-4o', AT)
const tokens = { ...NO_TOKENS, in: 100, out: 10 }
/** 100 x $2.50/M + 10 x $10/M */
const COST = 350_000n

const anEvent = (facts: Partial<Priceable> = {}): Priceable => ({
  tokens,
  tokensEstimated: false,
  serviceTier: null,
  status: 'ok',
  ...facts,
})

describe('an event', () => {
  it('of a known model has a computed cost and says which list and model gave it', () => {
    expect(priceEvent(anEvent(), gpt4o)).toEqual({
      cost: COST,
      costSource: 'computed',
      priceVersion: 'genai-prices@0.1.8:openai/gpt-4o',
    })
  })

  it('of an unknown model is unpriced, never free', () => {
    for (const status of EVENT_STATUSES) {
      expect(priceEvent(anEvent({ status }), null)).toEqual({
        cost: null,
        costSource: 'unpriced',
        priceVersion: null,
      })
    }
  })

  it('with a class that nobody prices is unpriced as a whole', () => {
    const embeddings = prices.ratesAt('openai', 'text-embedding-3-small', AT)
    expect(priceEvent(anEvent(), embeddings)).toMatchObject({ cost: null, costSource: 'unpriced' })
  })

  it('with tokens that the client estimated has an estimated cost', () => {
    expect(priceEvent(anEvent({ tokensEstimated: true }), gpt4o)).toMatchObject({
      cost: COST,
      costSource: 'estimated',
    })
  })

  it.each(['flex', 'batch', 'priority', 'fast', 'scale'])(
    'in the tier %s, by the rates of the standard one, is an estimate',
    (serviceTier) => {
      expect(priceEvent(anEvent({ serviceTier }), gpt4o)).toMatchObject({
        cost: COST,
        costSource: 'estimated',
      })
    },
  )

  it.each(['default', 'Standard', 'auto', 'on_demand'])('in the tier %s is computed', (serviceTier) => {
    expect(priceEvent(anEvent({ serviceTier }), gpt4o)).toMatchObject({ cost: COST, costSource: 'computed' })
  })

  it('with tokens of a class that borrows its rate is estimated, as audio on a model priced for text', () => {
    const heard = anEvent({ tokens: { ...tokens, audioIn: 100 } })
    expect(priceEvent(heard, gpt4o)).toMatchObject({ cost: COST, costSource: 'estimated' })
  })

  it('of a model that also charges for images is estimated', () => {
    const images = prices.ratesAt('openai', 'gpt-image-1', AT)
    expect(priceEvent(anEvent(), images).costSource).toBe('estimated')
  })

  it('without tokens that failed costs nothing, whatever the model', () => {
    for (const status of EVENT_STATUSES.filter((each) => each !== 'ok')) {
      const event = anEvent({ tokens: NO_TOKENS, status })
      expect(priceEvent(event, null)).toEqual({ cost: 0n, costSource: 'computed', priceVersion: null })
      expect(priceEvent(event, prices.ratesAt('perplexity', 'sonar', AT))).toMatchObject({ cost: 0n })
    }
  })

  it('without tokens that succeeded costs nothing only where tokens are what is charged', () => {
    const event = anEvent({ tokens: NO_TOKENS })
    expect(priceEvent(event, gpt4o)).toMatchObject({ cost: 0n, costSource: 'computed' })
    const byTheHour = prices.ratesAt('openai', 'whisper-1', AT)
    expect(priceEvent(event, byTheHour)).toMatchObject({ cost: null, costSource: 'unpriced' })
  })

  it('of an aborted stream with estimated nothing stays an estimate', () => {
    const event = anEvent({ tokens: NO_TOKENS, status: 'aborted', tokensEstimated: true })
    expect(priceEvent(event, gpt4o)).toMatchObject({ cost: 0n, costSource: 'estimated' })
  })
})
