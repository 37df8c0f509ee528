import { describe, expect, it } from 'vitest'
import { BATCH_EVENTS_MAX, parseBatch } from './parse-batch.ts'

const context = { receivedAt: new Date('2026-11-23T02:10:00.000Z') }

const wire = (requestId: string, facts: Record<string, unknown> = {}) => ({
  request_id: requestId,
  ts: '2026-11-23T02:09:58.120Z',
  provider: 'openai',
  model: 'gpt-4o',
  tokens_in: 100,
  tokens_out: 10,
  latency_ms: 800,
  ...facts,
})

const parsed = (events: readonly unknown[]) => {
  const batch = parseBatch({ events }, context)
  if (batch.kind === 'refused') throw new Error(batch.reason)
  return {
    taken: batch.events.map(({ index, event }) => [index, event.requestId, event.attempt]),
    rejected: batch.rejected.map(({ index, code }) => [index, code]),
  }
}

describe('a batch', () => {
  it('is taken but for what cannot be counted, which is named by its index', () => {
    expect(parsed([wire('a'), wire('b', { tokens_in: -1 }), 7, wire('c')])).toEqual({
      taken: [
        [0, 'a', 1],
        [3, 'c', 1],
      ],
      rejected: [
        [1, 'tokens_negative'],
        [2, 'event_not_object'],
      ],
    })
  })

  it('counts one identity once: the first that can be counted wins', () => {
    expect(
      parsed([
        wire('a', { latency_ms: -1 }),
        wire('a'),
        wire('a', { tokens_in: 9 }),
        wire('a', { attempt: 2 }),
      ]),
    ).toEqual({
      taken: [
        [1, 'a', 1],
        [3, 'a', 2],
      ],
      rejected: [
        [0, 'field_invalid'],
        [2, 'duplicate_in_batch'],
      ],
    })
  })

  it('is taken at its greatest size', () => {
    const events = Array.from({ length: BATCH_EVENTS_MAX }, (_, index) => wire(`r${index}`))
    expect(parsed(events).taken).toHaveLength(BATCH_EVENTS_MAX)
  })

  it.each([
    [null, 'the body is null; it must be {"events": [...]}'],
    [[], 'the body is a list; it must be {"events": [...]}'],
    [{}, 'events is undefined; it must be a list of events'],
    [{ events: {} }, 'events is an object; it must be a list of events'],
    [{ events: [] }, 'events holds 0 events; it must hold 1 to 1000'],
    [{ events: Array(1001).fill(1) }, 'events holds 1001 events; it must hold 1 to 1000'],
    [{ events: [1], extra: 1 }, 'the body has "extra"; it must be {"events": [...]} and nothing else'],
  ])('is refused whole when it is no batch', (body, reason) => {
    expect(parseBatch(body, context)).toEqual({ kind: 'refused', code: 'body_not_batch', reason })
  })
})
