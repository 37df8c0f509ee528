import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiKeys, auditLog, organisations, projects } from '../../db/postgres/schema.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { parseKeysArguments } from './arguments.ts'
import { runKeys } from './run-keys.ts'

const NOON_MS = Date.UTC(2026, 10, 10, 12)
const MINUTE_MS = 60_000
let elapsedMs: number
let ground: IngestGround
const now = () => new Date(NOON_MS + elapsedMs)
beforeEach(async () => {
  elapsedMs = 0
  ground = await layIngestGround({ now })
})
afterEach(() => ground.close())

async function run(line: string) {
  const asked = parseKeysArguments(line.split(' '), now())
  if (asked.kind === 'bad') throw new Error(asked.problem)
  return await runKeys(asked, { postgres: ground.postgres, now, by: asked.by ?? 'ada@desk' })
}
async function done(line: string) {
  const outcome = await run(line)
  if (outcome.kind === 'failed') throw new Error(outcome.problems.join('\n'))
  return { out: outcome.lines, notes: (outcome.notes ?? []).join('\n') }
}
async function problem(line: string): Promise<string> {
  const outcome = await run(line)
  return outcome.kind === 'failed' ? outcome.problems.join('\n') : `done: ${outcome.lines.join('\n')}`
}
async function answerTo(key: string): Promise<string> {
  const response = await fetch(`${ground.url}/v1/verdicts`, { headers: { authorization: `Bearer ${key}` } })
  const body = JSON.parse(await response.text())
  return response.status === 200 ? 'ok' : body.error.code
}
const prefixOf = (key: string) => key.slice(0, 13)
const make = async (words = '') => {
  const { out } = await done(`create --project support-bot --name ci${words}`)
  return out[0] ?? ''
}

describe('an operator', () => {
  it('makes a key that works at once, and sees it once', async () => {
    const { out, notes } = await done('create --project support-bot --name ci --expires 1h')
    const [key = '', ...others] = out
    expect([others, await answerTo(key)]).toEqual([[], 'ok'])
    expect(notes).toContain(
      `${prefixOf(key)} "ci" of support-bot may ingest, verdicts, holds and expires 2026-11-10 13:00Z`,
    )
    const secret = key.slice(14)
    const elsewhere = [notes, await done('list --all --json'), await done('list')]
    expect(JSON.stringify(elsewhere)).not.toContain(secret)
    elapsedMs = 60 * MINUTE_MS
    expect(await answerTo(key)).toBe('key_expired')
  })

  it('rotates a key: both work through the overlap, and then the new one alone', async () => {
    const old = await make()
    expect(await answerTo(old)).toBe('ok')
    const { out, notes } = await done(`rotate ${prefixOf(old)} --overlap 30m`)
    const made = out[0] ?? ''
    expect(notes).toContain(`${prefixOf(made)} follows ${prefixOf(old)}, which works until 2026-11-10 12:30Z`)
    for (elapsedMs = 0; elapsedMs < 30 * MINUTE_MS; elapsedMs += 10 * MINUTE_MS - 1) {
      expect([await answerTo(old), await answerTo(made)]).toEqual(['ok', 'ok'])
    }
    elapsedMs = 30 * MINUTE_MS
    expect([await answerTo(old), await answerTo(made)]).toEqual(['key_expired', 'ok'])
    expect(await problem(`rotate ${prefixOf(old)}`)).toMatch(/expired 2026-11-10 12:30Z: create another one/)
  })

  it('rotates a key once, and is told why not again', async () => {
    const old = await make()
    await done(`rotate ${prefixOf(old)}`)
    expect(await problem(`rotate ${prefixOf(old)}`)).toMatch(
      /was rotated already: rotate the key that follows it/,
    )
    const other = await make()
    await done(`revoke ${prefixOf(other)}`)
    expect(await problem(`rotate ${prefixOf(other)}`)).toMatch(/is revoked: create another one/)
    expect(await problem('rotate lens_zzzzzzzz')).toMatch(
      /there is no key "lens_zzzzzzzz": npm run keys -- list/,
    )
  })

  it('revokes a key for good: every replica refuses it within ten seconds', async () => {
    const key = await make()
    expect(await answerTo(key)).toBe('ok')
    const { out } = await done(`revoke ${prefixOf(key)} --by bo`)
    expect(out).toEqual([`${prefixOf(key)} is revoked, for good.`])
    elapsedMs = 10_000
    expect(await answerTo(key)).toBe('key_revoked')
    const again = await done(`revoke ${prefixOf(key)}`)
    expect(again.out).toEqual([
      `${prefixOf(key)} was revoked 2026-11-10 12:00Z already; nothing was changed.`,
    ])
    const deeds = await ground.postgres.tables
      .select({ actor: auditLog.actor })
      .from(auditLog)
      .where(eq(auditLog.action, 'api_key.revoked'))
    expect(deeds).toEqual([{ actor: 'bo' }])
  })

  it('sees which keys there are, and what became of them', async () => {
    const [first, second] = [await make(' --requests-per-minute 600'), await make(' --scopes read')]
    await answerTo(first)
    const { out } = await done(`rotate ${prefixOf(first)} --overlap 1h`)
    await done(`revoke ${prefixOf(second)}`)
    const listed = await done('list --project support-bot')
    const lineOf = (key: string, lines = listed.out) => lines.find((line) => line.startsWith(prefixOf(key)))
    expect(listed.out[0]).toMatch(/^prefix +name +project +scopes +a minute +last used +expires +state$/)
    expect(lineOf(first)?.split(/ {2,}/)).toEqual([
      ...[prefixOf(first), 'ci', 'support-bot', 'ingest,verdicts,holds', '600', '2026-11-10 12:00Z'],
      ...['2026-11-10 13:00Z', `live, followed by ${prefixOf(out[0] ?? '')}`],
    ])
    expect(lineOf(out[0] ?? '')).toMatch(/ 600 +never +never +live$/)
    expect(lineOf(second)).toBeUndefined()
    expect(listed.notes).toBe('1 more are expired or revoked: --all shows them.')
    expect(lineOf(second, (await done('list --all')).out)).toMatch(/revoked 2026-11-10 12:00Z$/)
    const json = JSON.parse((await done('list --all --json')).out.join('\n'))
    expect(json.find((key: { prefix: string }) => key.prefix === prefixOf(second))).toMatchObject({
      ...{ state: 'revoked', scopes: ['read'], project: 'support-bot', created_by: 'ada@desk' },
    })
  })

  it('gets a key as JSON for another program', async () => {
    const { out } = await done('create --project support-bot --name ci --json')
    const { key, prefix } = JSON.parse(out.join(''))
    expect([prefixOf(key), await answerTo(key)]).toEqual([prefix, 'ok'])
  })

  it('is told which projects and organisations there are, and makes a project only when asked', async () => {
    const { tables } = ground.postgres
    expect(await problem('create --project chat --name ci')).toMatch(
      /there is no project "chat"; there are support-bot \(prj_\w+\); --new-project makes it/,
    )
    expect(await problem('list --org Nobody')).toMatch(
      /there is no organisation "Nobody"; there are Test organisation \(org_/,
    )
    expect(await problem('create --project support-bot --new-project --name ci')).toMatch(/already/)
    expect((await done('create --project chat --new-project --name ci')).notes).toContain('of chat may')
    const other = { id: 'org_2', name: 'Other', createdAt: now() }
    await tables.insert(organisations).values(other)
    await tables.insert(projects).values({ id: 'prj_2', orgId: 'org_2', name: 'chat', createdAt: now() })
    expect(await problem('create --project chat --name ci')).toMatch(
      /several organisations have a project "chat"/,
    )
    expect((await done('create --project chat --org Other --name ci')).notes).toContain('of chat may')
    expect(await problem('create --project brand-new --new-project --name ci')).toMatch(
      /several organisations/,
    )
  })

  it('says which key is meant when chance made two prefixes alike', async () => {
    const [one, two] = [await make(), await make()]
    const prefix = prefixOf(one)
    await ground.postgres.tables
      .update(apiKeys)
      .set({ prefix })
      .where(eq(apiKeys.prefix, prefixOf(two)))
    const told = await problem(`revoke ${prefix}`)
    expect(told).toMatch(/several keys begin with/)
    const [id] = /key_\w+/.exec(told) ?? []
    expect((await done(`revoke ${id}`)).out[0]).toMatch(/is revoked/)
  })
})
