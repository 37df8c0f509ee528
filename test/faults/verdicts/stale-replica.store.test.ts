import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../stores/postgres.ts'
import { isStopped, nextSign, openVerdictStage, signsOf, type VerdictStage } from './verdict-stage.ts'

/** Clients take a verdict that is older for none. */
const STALE_MS = 10_000

let database: FreshDatabase
let stage: VerdictStage
beforeEach(async () => {
  database = await freshDatabase()
  stage = await openVerdictStage(database.url)
})
afterEach(async () => {
  await stage.close()
  await database.drop()
})

describe.each([
  ['refused', 'cut', 'mend'],
  ['lost without a word', 'silence', 'speak'],
] as const)('a replica whose way to Postgres is %s', (_kind, breaks, mends) => {
  it('goes on with its last facts and does not look fresh; another one is not touched', async () => {
    const [stale, other] = [await stage.openReplica(), await stage.openReplica()]
    const [listener, elsewhere] = [await stale.listen(), await other.listen()]
    await listener.waitFor(({ allowed }) => allowed)
    await elsewhere.waitFor(({ allowed }) => allowed)
    const { as_of } = await nextSign(listener)

    await stale.toPostgres[breaks]()
    await stage.stop()
    await elsewhere.waitFor(isStopped)
    stale.grow(STALE_MS)
    const old = await nextSign(listener, ({ age_ms }) => age_ms >= STALE_MS)
    expect(Date.parse(old.as_of) - Date.parse(as_of)).toBeLessThan(5_000)
    // Clients that know no ages hear nothing more that sounds like life.
    const comments = listener.comments()
    await sleep(500)
    expect(listener.comments()).toBe(comments)
    expect(listener.verdicts.every(({ allowed }) => allowed)).toBe(true)

    const answer = await stale.ask()
    expect(await answer.json()).toMatchObject({ allowed: true })
    expect(Number(answer.headers.get('age-ms'))).toBeGreaterThanOrEqual(STALE_MS)
    // Who comes anew is told the age with the verdict.
    const late = await stale.listen()
    expect((await late.waitFor(() => true)).age_ms).toBeGreaterThanOrEqual(STALE_MS)
    expect(signsOf(elsewhere).every(({ age_ms }) => age_ms < STALE_MS)).toBe(true)

    await stale.toPostgres[mends]()
    await listener.waitFor(isStopped)
    expect((await nextSign(listener)).age_ms).toBeLessThan(STALE_MS)
    await expect.poll(() => listener.comments()).toBeGreaterThan(comments)
  }, 60_000)
})

describe('a replica that starts while Postgres is away', () => {
  it('answers nothing, rather than that all is well', async () => {
    const replica = await stage.openReplica()
    expect((await replica.ask()).status).toBe(200)
    const fresh = await stage.openReplica()
    await fresh.toPostgres.cut()
    expect((await fresh.ask()).status).toBe(503)
    await expect(fresh.listen()).rejects.toThrow('503')
  }, 60_000)
})
