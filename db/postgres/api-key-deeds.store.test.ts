import { asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doesApiKeyWork } from '../../core/api-key-life.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { createApiKey, listApiKeys, type MadeApiKey, revokeApiKey, rotateApiKey } from './api-key-deeds.ts'
import { findApiKey, touchApiKey } from './api-keys.ts'
import { auditLog } from './schema.ts'

const NOON_MS = Date.UTC(2026, 10, 10, 12)
const HOUR_MS = 3_600_000
const at = (ms: number) => new Date(NOON_MS + ms)
const by = 'ada@desk'

let database: FreshDatabase
let ground: Ground
beforeAll(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, at(0))
})
afterAll(async () => {
  await ground.postgres.close()
  await database.drop()
})

const aNewKey = (expiresAt: Date | null = null) => ({
  orgId: ground.orgId,
  projectId: ground.project.id,
  name: 'ci',
  scopes: ['ingest', 'verdicts'] as const,
  person: null,
  expiresAt,
  requestsPerMinute: 900,
  by,
})
const make = (expiresAt: Date | null = null, now = at(0)) =>
  createApiKey(ground.postgres, aNewKey(expiresAt), now)
async function works({ text }: MadeApiKey, now: Date): Promise<boolean> {
  const stored = await findApiKey(ground.postgres.tables, text)
  return stored !== null && doesApiKeyWork(stored, now)
}
const deedsOf = (subject: string) =>
  ground.postgres.tables
    .select()
    .from(auditLog)
    .where(eq(auditLog.subject, subject))
    .orderBy(asc(auditLog.at), asc(auditLog.id))

describe('API keys', () => {
  it('work by a plain model, whatever is made, rotated and revoked when', async () => {
    const step = fc.record({
      deed: fc.constantFrom('make', 'make for a while', 'rotate', 'rotate', 'revoke'),
      which: fc.nat(),
      afterMs: fc.integer({ min: 0, max: 3 * HOUR_MS }),
      overlapMs: fc.integer({ min: 0, max: 4 * HOUR_MS }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const model: { key: MadeApiKey; endsMs: number; livesMs: number; isReplaced: boolean }[] = []
        let nowMs = 0
        for (const { deed, which, afterMs, overlapMs } of steps) {
          nowMs += afterMs
          const one = model[which % Math.max(model.length, 1)]
          if (deed.startsWith('make') || one === undefined) {
            const livesMs = deed === 'make' ? Number.POSITIVE_INFINITY : 5 * HOUR_MS
            const expiresAt = deed === 'make' ? null : at(nowMs + livesMs)
            const key = await make(expiresAt, at(nowMs))
            model.push({ key, livesMs, endsMs: nowMs + livesMs, isReplaced: false })
          } else if (deed === 'rotate') {
            const change = { keyId: one.key.id, overlapMs, by }
            const outcome = await rotateApiKey(ground.postgres, change, at(nowMs))
            expect(outcome.kind).toBe(nowMs < one.endsMs && !one.isReplaced ? 'rotated' : 'refused')
            if (outcome.kind === 'rotated') {
              const { livesMs } = one
              model.push({ key: outcome.made, livesMs, endsMs: nowMs + livesMs, isReplaced: false })
              one.endsMs = Math.min(one.endsMs, nowMs + overlapMs)
              one.isReplaced = true
            }
          } else {
            await revokeApiKey(ground.postgres, { keyId: one.key.id, by }, at(nowMs))
            // For good: also for those who ask about an instant before.
            one.endsMs = Number.NEGATIVE_INFINITY
          }
          for (const { key, endsMs } of model) {
            for (const laterMs of [0, overlapMs - 1, overlapMs, 6 * HOUR_MS]) {
              const ms = Math.max(nowMs, nowMs + laterMs)
              expect(await works(key, at(ms)), `${key.prefix} at ${ms}`).toBe(ms < endsMs)
            }
          }
        }
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('are followed by one that is alike, and the audit trail says by whom', async () => {
    const old = await make()
    const outcome = await rotateApiKey(
      ground.postgres,
      { keyId: old.id, overlapMs: HOUR_MS, by: 'bo@desk' },
      at(5),
    )
    if (outcome.kind !== 'rotated') throw new Error(outcome.why)
    const keys = await listApiKeys(ground.postgres.tables, { projectId: ground.project.id })
    const [was, is] = [old.id, outcome.made.id].map((id) => keys.find((key) => key.id === id))
    expect(was).toMatchObject({ replacedBy: is?.id, expiresAt: at(5 + HOUR_MS), createdBy: by })
    expect(is).toMatchObject({
      ...{ name: 'ci', scopes: ['ingest', 'verdicts'], requestsPerMinute: 900, expiresAt: null },
      ...{ createdBy: 'bo@desk', replacedBy: null, projectName: 'support-bot' },
    })
    expect((await deedsOf(old.id)).map(({ action, actor }) => [action, actor])).toEqual([
      ['api_key.created', by],
      ['api_key.rotated', 'bo@desk'],
    ])
    const [created] = await deedsOf(outcome.made.id)
    expect(created?.after).toMatchObject({ follows: old.prefix, prefix: outcome.made.prefix })
  })

  it('are revoked once, and told so when it is said again', async () => {
    const key = await make()
    const revoke = (now: Date) => revokeApiKey(ground.postgres, { keyId: key.id, by }, now)
    expect(await revoke(at(1))).toEqual({ kind: 'revoked' })
    expect(await revoke(at(2))).toEqual({ kind: 'already', at: at(1) })
    expect((await deedsOf(key.id)).map(({ action }) => action)).toEqual([
      'api_key.created',
      'api_key.revoked',
    ])
    expect(await revokeApiKey(ground.postgres, { keyId: 'key_none', by }, at(3))).toEqual({
      kind: 'refused',
      why: 'unknown',
    })
  })

  it('are rotated by one of those who rotate at the same time', async () => {
    const key = await make()
    // With connections that are open the five begin together.
    await Promise.all(Array.from({ length: 8 }, () => ground.postgres.tables.execute('select pg_sleep(0.1)')))
    const rotations = await Promise.all(
      Array.from({ length: 5 }, () =>
        rotateApiKey(ground.postgres, { keyId: key.id, overlapMs: HOUR_MS, by }, at(1)),
      ),
    )
    const kinds = rotations.map((each) => (each.kind === 'refused' ? each.why : each.kind))
    expect(kinds.sort()).toEqual([...Array(4).fill('replaced'), 'rotated'])
  })

  it('are found by an index of their hashes, which are unique', async () => {
    const indexes = await ground.postgres.tables.execute(
      "select indexdef from pg_indexes where tablename = 'api_keys'",
    )
    expect(JSON.stringify(indexes)).toMatch(
      /CREATE UNIQUE INDEX \w+ ON public\.api_keys USING btree \(hash\)/,
    )
  })

  it('are stored nowhere but as a hash, and remember their last use by the minute', async () => {
    const key = await make()
    const { tables } = ground.postgres
    const secret = key.text.slice(key.prefix.length + 1)
    const dumped = [await listApiKeys(tables), await tables.select().from(auditLog)]
    expect(JSON.stringify(dumped)).not.toContain(secret)
    const lastUsed = async (ms: number) => {
      await touchApiKey(tables, key.id, at(ms))
      return (await listApiKeys(tables)).find(({ id }) => id === key.id)?.lastUsedAt
    }
    expect(await lastUsed(0)).toEqual(at(0))
    expect(await lastUsed(59_000)).toEqual(at(0))
    expect(await lastUsed(61_000)).toEqual(at(61_000))
  })
})
