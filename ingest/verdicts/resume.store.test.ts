import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { listenToVerdicts, type VerdictListener } from '../../test/ingest/verdict-listener.ts'
import { until } from '../../test/waiting.ts'

/** Real time, moved to the middle of a month. */
const startedAt = Date.now()
const now = () => new Date(Date.UTC(2026, 10, 10, 12) + Date.now() - startedAt)

let ground: IngestGround
let listeners: VerdictListener[]
beforeEach(async () => {
  listeners = []
  ground = await layIngestGround({ now, streamsPerKeyMax: 2, aliveMs: 100 })
})
afterEach(async () => {
  for (const listener of listeners) listener.close()
  await ground.close()
})

const listen = async (has?: string) => {
  const listener = await listenToVerdicts(ground.url, ground.key, has)
  listeners.push(listener)
  return listener
}
const firstOf = (listener: VerdictListener) =>
  until('the first event', 5_000, () => listener.events.find(({ name }) => name !== 'alive') ?? null)
const ask = (query = '', headers: Record<string, string> = {}) =>
  fetch(`${ground.url}/v1/verdicts${query}`, {
    headers: { authorization: `Bearer ${ground.key}`, ...headers },
  })
const idOf = (response: Response) => response.headers.get('etag')?.slice(1, -1) ?? ''
const limitOf = (limit: string) => ground.setBudget(limit, now())
const stop = (budgetId: string) =>
  stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, now())

describe('a stream that begins again', () => {
  it('repeats nothing that the client has, and says how old it is', async () => {
    await limitOf('10')
    const first = await firstOf(await listen())
    expect(first).toMatchObject({ name: 'verdict', id: expect.stringMatching(/^[\w-]{22}$/) })
    const again = await firstOf(await listen(first.id ?? ''))
    expect(again).toMatchObject({ name: 'same', id: first.id })
    expect(JSON.parse(again.data)).toEqual({ as_of: expect.any(String), age_ms: expect.any(Number) })
  })

  it('tells what was missed meanwhile, and goes on from there', async () => {
    const budgetId = await limitOf('10')
    const before = await listen()
    const { id } = await firstOf(before)
    before.close()
    await stop(budgetId)
    await until('the stop', 5_000, async () => idOf(await ask()) !== id)
    const after = await listen(id ?? '')
    const told = await firstOf(after)
    expect(told).toMatchObject({ name: 'verdict' })
    expect(told.id).not.toBe(id)
    await limitOf('20')
    await after.waitFor(({ budgets }) => budgets[0]?.stopped_by === 'person')
  })

  it('shows the same id as the plain call, whoever asks', async () => {
    await limitOf('10')
    const first = await firstOf(await listen())
    expect(idOf(await ask())).toBe(first.id)
  })
})

describe('a sign of life', () => {
  it('says as of when the verdict holds, and that goes on while nothing changes', async () => {
    const listener = await listen()
    const signs = () =>
      listener.events.filter(({ name }) => name === 'alive').map(({ data }) => JSON.parse(data))
    const first = await until('a sign', 5_000, () => signs()[0] ?? null)
    expect(first).toEqual({ as_of: expect.any(String), age_ms: expect.any(Number) })
    await until('a younger one', 8_000, () => signs().some(({ as_of }) => as_of > first.as_of))
    for (const { age_ms } of signs()) expect(age_ms).toBeLessThan(10_000)
    expect(listener.events.filter(({ name }) => name === 'verdict')).toHaveLength(1)
    expect(listener.comments()).toBeGreaterThan(0)
  }, 20_000)
})

describe('a call that waits', () => {
  it('is answered at once when the client has another verdict, or none', async () => {
    await limitOf('10')
    const none = await ask('?wait_s=25')
    expect(none.status).toBe(200)
    expect(await none.json()).toMatchObject({ allowed: true, age_ms: expect.any(Number) })
    const other = await ask('?wait_s=25&after=another')
    expect([other.status, idOf(other)]).toEqual([200, idOf(none)])
  })

  it('is answered when the verdict changes, with the new one', async () => {
    const budgetId = await limitOf('10')
    const id = idOf(await ask())
    const waiting = ask(`?wait_s=25&after=${id}`)
    await stop(budgetId)
    const answer = await waiting
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ allowed: false })
    expect(idOf(answer)).not.toBe(id)
  })

  it('is answered without a body when the time is over, as of then', async () => {
    const first = await ask()
    const answer = await ask('?wait_s=0.3', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([answer.status, await answer.text()]).toEqual([304, ''])
    expect(answer.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(Date.parse(answer.headers.get('as-of') ?? '')).toBeGreaterThanOrEqual(
      Date.parse(first.headers.get('as-of') ?? ''),
    )
    expect(Number(answer.headers.get('age-ms'))).toBeLessThan(10_000)
  })

  it('without a time to wait is answered at once', async () => {
    const id = idOf(await ask())
    expect((await ask(`?after=${id}`)).status).toBe(304)
    expect((await ask('', { 'if-none-match': `"${id}"` })).status).toBe(304)
  })

  it('is refused when it asks for what there is not', async () => {
    const refused = await ask('?wait_s=3600&after=x')
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: { code: 'request_malformed', message: expect.stringContaining('from 0 to 25') },
    })
  })

  it('is bounded for each key, ends with its client, and at once with the server', async () => {
    const id = idOf(await ask())
    const aborting = new AbortController()
    const wait = () =>
      fetch(`${ground.url}/v1/verdicts?wait_s=25&after=${id}`, {
        headers: { authorization: `Bearer ${ground.key}` },
        signal: aborting.signal,
      }).then(
        ({ status }) => status,
        () => 0,
      )
    const statuses: number[] = []
    const waiting = [wait(), wait(), wait()].map((one) => one.then((status) => statuses.push(status)))
    await until('the refusal of one', 5_000, () => statuses.length === 1)
    expect(statuses).toEqual([429])
    aborting.abort()
    await Promise.all(waiting)
    const last = await until('a free place', 5_000, async () => {
      const answer = ask(`?wait_s=25&after=${id}`)
      const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200, null))])
      return early === null ? { answer } : false
    })
    const before = Date.now()
    const stopping = ground.stopServing()
    expect((await last.answer).status).toBe(304)
    expect(Date.now() - before).toBeLessThan(1_000)
    await stopping
  })
})
