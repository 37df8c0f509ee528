/** What LiteLLM's own callback sends of calls that a provider served, against the bill. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrder, ofBill, ofEvent } from './billed-calls.ts'
import { type EmittersGround, layEmittersGround, SECRET } from './emitters-ground.ts'

let ground: EmittersGround
beforeAll(async () => {
  ground = await layEmittersGround()
})
afterAll(() => ground.close())

describe('the calls that are billed are the calls that are counted, each once, whatever the log format', () => {
  it.each(['json_array', 'ndjson', 'single'])('%s', async (log_format) => {
    const { billed, journaled, counted } = await ground.emit({
      script: 'python/emit_litellm.py',
      path: '/v1/litellm',
      settings: { log_format },
    })
    expect(billed).toHaveLength(6)
    const fromCache = counted.filter(({ tags }) => tags.cache_hit === 'true')
    const answered = counted.filter((event) => event.status === 'ok' && !fromCache.includes(event))
    expect(inOrder(answered.map(ofEvent))).toEqual(inOrder(billed.map(ofBill)))
    expect(answered.every(({ cost, reportedCost }) => cost !== null && cost === reportedCost)).toBe(true)
    expect(fromCache.map(({ cost, tokens }) => [cost, tokens.in, tokens.out])).toEqual([[0n, 0, 0]])
    expect(counted.filter(({ status }) => status === 'rate_limited')).toHaveLength(1)
    // Whose they were is told too.
    expect(answered.filter(({ userId }) => userId === 'u-7').map(({ tags }) => tags)).toEqual([
      { team: 'growth' },
    ])
    expect(counted).toHaveLength(8)
    expect(journaled).toHaveLength(8)
  })

  it('no word of a prompt or an answer is in the journal', async () => {
    const text = await ground.journalText()
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain('w1 w2')
  })
})
