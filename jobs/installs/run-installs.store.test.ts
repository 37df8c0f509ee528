import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { readInstallLink } from '../../core/install-link.ts'
import { createApiKey } from '../../db/postgres/api-key-deeds.ts'
import { saveInstallation } from '../../db/postgres/installations.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { parseInstallsArguments, runLink, runList } from './run-installs.ts'
import { runSteps } from './run-steps.ts'

const keyring = parseKeyring(`k1:${Buffer.alloc(32, 3).toString('base64')}`)
const now = new Date('2026-11-25T12:00:00Z')
let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: Ground
beforeAll(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, now)
})
afterAll(async () => {
  await ground.postgres.close()
  await database.drop()
})

describe('npm run installs', () => {
  it('makes a link into the organisation that is named, and into no other', async () => {
    const operator = { postgres: ground.postgres, now: () => now, by: 'ops' }
    const making = { publicUrl: 'https://lens.example.com', keyring }
    const made = await runLink({ kind: 'link', org: null }, operator, making)
    const line = made.kind === 'done' ? (made.lines[0] ?? '') : ''
    const join = new URL(line).searchParams.get('join') ?? ''
    expect(readInstallLink(join, { keyring, now })).toMatchObject({ note: { says: ground.orgId } })
    expect(await runLink({ kind: 'link', org: 'nobody' }, operator, making)).toMatchObject({ kind: 'failed' })
  })

  it('lists where the app is, without a token', async () => {
    const sealed = { keyId: 'k1', nonce: 'n', ciphertext: 'the-sealed-token' }
    const place = {
      teamId: 'T1',
      enterpriseId: null,
      teamName: 'Acme',
      botId: 'B1',
      botUserId: 'U1',
      installedBy: null,
    }
    const tokens = { botToken: sealed, refreshToken: sealed, tokenExpiresAt: now }
    await saveInstallation(ground.postgres.tables, { ...place, ...tokens, orgId: ground.orgId }, now)
    const listed = await runList({ postgres: ground.postgres, now: () => now, by: 'ops' })
    const text = listed.kind === 'done' ? listed.lines.join('\n') : ''
    expect(text).toContain('T1  Acme')
    expect(text).toContain('token until 2026-11-25T12:00:00.000Z')
    expect(text).not.toContain('the-sealed-token')
  })

  it('tells when an organisation came to each step, and how long after it was installed', async () => {
    const { postgres, orgId, project } = ground
    const key = {
      name: 'first',
      scopes: ['ingest'],
      person: null,
      expiresAt: null,
      requestsPerMinute: null,
    } as const
    const later = new Date(now.getTime() + 95_000)
    for (const at of [later, new Date(later.getTime() + 1_000)])
      await createApiKey(postgres, { ...key, orgId, projectId: project.id, by: 'ops' }, at)
    const told = await runSteps({ postgres, now: () => now, by: 'ops' })
    const lines = told.kind === 'done' ? told.lines : []
    expect(lines.map((line) => line.replace(/^.*?\)\s+/, ''))).toEqual([
      'installed      2026-11-25T12:00:00.000Z',
      'project_named  2026-11-25T12:00:00.000Z  +0s',
      'key_made       2026-11-25T12:01:35.000Z  +95s',
    ])
  })

  it('says how it is used when it is not understood', () => {
    for (const words of [[], ['make'], ['list', 'x'], ['link', '--nope']]) {
      expect(parseInstallsArguments(words)).toMatchObject({
        kind: 'bad',
        problem: expect.stringContaining('usage'),
      })
    }
  })
})
