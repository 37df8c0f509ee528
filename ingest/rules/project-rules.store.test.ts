import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { redactEvent } from '../../core/redact/redact-event.ts'
import { findApiKey } from '../../db/postgres/api-keys.ts'
import { keepRedactionKey } from '../../db/postgres/projects.ts'
import { projects } from '../../db/postgres/schema.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { journaledFrom } from '../../test/ingest/journaled.ts'
import { readRules } from './project-rules.ts'
import { resealRedactionKeys } from './reseal-keys.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: IngestGround
beforeEach(async () => {
  ground = await layIngestGround({ now: () => NOON, keys: { freshMs: 0 } })
})
afterEach(() => ground.close())

async function taken(...fields: Record<string, unknown>[]) {
  const events = fields.map((given, index) =>
    aWireEvent({ ts: NOON.toISOString(), request_id: `r${performance.now()}-${index}`, ...given }),
  )
  const fromOffset = ground.journal.endOffset()
  const answer = await fetch(`${ground.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ground.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  expect(answer.status).toBe(202)
  const read = await journaledFrom(ground.journal, fromOffset)
  return read.map(({ event }) => event)
}
const setPolicy = (redaction: unknown) =>
  ground.postgres.tables.update(projects).set({ redaction }).where(eq(projects.id, ground.project.id))

describe('the rules of a project', () => {
  it('keep what is personal out of the journal, and spend per user apart, without being asked', async () => {
    const [a, b, again] = await taken(
      { user_id: 'ada@example.com', route: '/mail/ada@example.com', metadata: { to: 'ada@example.com' } },
      { user_id: 'bob@example.com' },
      { user_id: 'ada@example.com' },
    )
    expect(
      JSON.stringify([a, b, again], (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toMatch(/ada@|bob@/)
    expect(a?.userId).toMatch(/^email:h_/)
    expect([again?.userId, a?.route]).toEqual([a?.userId, '/mail/[email]'])
    expect(b?.userId).not.toBe(a?.userId)
  })

  it("are the project's own once it has set some, and the default while what it set cannot be read", async () => {
    await setPolicy({ ids: 'allow', kinds: { email: 'allow' } })
    expect((await taken({ user_id: 'ada@example.com' }))[0]?.userId).toBe('ada@example.com')
    await setPolicy({ ids: 'shred' })
    expect((await taken({ user_id: 'ada@example.com' }))[0]?.userId).toMatch(/^email:h_/)
  })

  it('hash a user alike after the sealing key was rotated and the old one thrown away', async () => {
    const [before] = await taken({ user_id: 'ada@example.com' })
    const next = `k2:${Buffer.alloc(32, 2).toString('base64')}`
    const old = `k1:${Buffer.alloc(32, 1).toString('base64')}`
    expect(await resealRedactionKeys(ground.postgres, parseKeyring(`${next},${old}`))).toBe(1)
    const deps = {
      keyring: parseKeyring(next),
      keepRedactionKey: (id: string, made: Parameters<typeof keepRedactionKey>[2]) =>
        keepRedactionKey(ground.postgres.tables, id, made),
      pricesOf: async () => aKnownKey().rules.prices,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    }
    const stored = await findApiKey(ground.postgres.tables, ground.key)
    if (!stored) throw new Error('the key is gone')
    const rules = await readRules(deps, stored)
    if (before === undefined) throw new Error('nothing was taken')
    const given = { ...before, userId: 'ada@example.com' }
    expect(redactEvent(given, rules.redaction, rules.redactionKey).event.userId).toBe(before.userId)
  })

  it('lose no event when the key of hashes does not open, and hash nothing then', async () => {
    await taken({ user_id: 'ada@example.com' })
    const errors: string[] = []
    const keep = (id: string, made: Parameters<typeof keepRedactionKey>[2]) =>
      keepRedactionKey(ground.postgres.tables, id, made)
    const stored = await findApiKey(ground.postgres.tables, ground.key)
    if (!stored) throw new Error('the key is gone')
    const rules = await readRules(
      {
        keyring: parseKeyring(`k9:${Buffer.alloc(32, 9).toString('base64')}`),
        keepRedactionKey: keep,
        pricesOf: async () => aKnownKey().rules.prices,
        log: { info: () => undefined, warn: () => undefined, error: (_, text) => errors.push(text) },
      },
      stored,
    )
    expect([rules.redaction.ids, errors.length]).toEqual(['redact', 1])
  })
})
