import { expect, it } from 'vitest'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { withPrice } from './copy-event.ts'

const event = aPricedEvent({ userId: 'u', tags: { a: 'b' }, traceId: 't', spanId: 's', sessionId: 'x' })

it('keeps every fact of an event, and takes its owner and its price from what is given', () => {
  const { orgId, projectId, apiKeyId, cost, costSource, priceVersion, sampled, receivedAt } = event
  const facts = { orgId, projectId, apiKeyId, cost, costSource, priceVersion, sampled, receivedAt }
  expect(withPrice(event, facts)).toEqual(event)
})
