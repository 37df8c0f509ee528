import { describe, expect, it } from 'vitest'
import { parseBatch } from '../../core/event/parse-batch.ts'
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import { parseAnswer } from './lines.ts'
import { prepareRequests } from './requests.ts'

const at = new Date('2026-11-23T10:00:00.123Z')
const requests = prepareRequests({ tag: 'brief', eventsPerRequest: 100, port: 4100, apiKey: 'a-key' })
const take = (number: number) => {
  const request = requests.take(number, at)
  const [head = '', body = ''] = request.bytes.toString('latin1').split('\r\n\r\n')
  request.giveBack()
  return { head, body, batch: parseBatch(JSON.parse(body), { receivedAt: at }) }
}

describe('a prepared request', () => {
  it('is HTTP whose events are all taken, priced and of about 600 bytes', () => {
    const { head, body, batch } = take(7)
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
    if (batch.kind !== 'batch') throw new Error(batch.reason)
    expect(batch.rejected).toEqual([])
    expect(batch.events).toHaveLength(100)
    const prices = buildPriceBook()
    for (const { event } of batch.events) {
      expect(event.ts).toEqual(at)
      expect(prices.ratesAt(event.provider, event.model, at)).not.toBeNull()
    }
    expect(new Set(batch.events.map(({ event }) => event.model)).size).toBe(4)
    expect(Math.abs(body.length / 100 - 600)).toBeLessThan(100)
  })

  it('shares no identity and no response id with another, although its bytes are used again', () => {
    const seen = new Set<string>()
    for (const number of [0, 100, 101, 200, 999_999]) {
      const { batch } = take(number)
      if (batch.kind !== 'batch') throw new Error(batch.reason)
      for (const { event } of batch.events) {
        expect(event.requestId).toContain(`_${String(number).padStart(9, '0')}_`)
        seen.add(event.requestId).add(String(event.providerResponseId))
      }
    }
    expect(seen.size).toBe(5 * 100 * 2)
  })
})

describe('an answer', () => {
  it('is read once it is whole, whatever pieces it comes in', () => {
    const text = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 4\r\n\r\nbusy'
    for (let length = 0; length < text.length; length++) expect(parseAnswer(text.slice(0, length))).toBeNull()
    expect(parseAnswer(text)).toEqual({
      exchange: { kind: 'answer', status: 503, retryAfterS: 5, body: 'busy' },
      closes: false,
    })
  })
})
