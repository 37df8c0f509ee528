/** The commands as processes: what stands on which stream, and how they exit. */
import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findApiKey } from '../../db/postgres/api-keys.ts'
import { auditLog } from '../../db/postgres/schema.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'

let database: FreshDatabase
let ground: Ground
beforeAll(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, new Date())
})
afterAll(async () => {
  await ground.postgres.close()
  await database.drop()
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(words: readonly string[], url = database.url, more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const args = ['--import', 'tsx', 'jobs/operate/main.ts', ...words]
  const env = { PATH: process.env.PATH, DATABASE_URL: url, ...more }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

describe('npm run keys', () => {
  it('prints the key as the one line of stdout, and says the rest beside it', async () => {
    const made = await run(['keys', 'create', '--project', 'support-bot', '--name', 'ci', '--by', 'ada'])
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^lens_[2-9a-z]{8}_[\w-]{43}\n$/)])
    const text = made.out.trim()
    expect(made.err).toMatch(/"ci" of support-bot may ingest, verdicts, holds and never expires/)
    expect(made.err).not.toContain(text.slice(14))
    expect(await findApiKey(ground.postgres.tables, text)).toMatchObject({ projectName: 'support-bot' })
    const [deed] = await ground.postgres.tables.select().from(auditLog)
    expect(deed).toMatchObject({ actor: 'ada', origin: 'cli', action: 'api_key.created' })
    const listed = await run(['keys', 'list'])
    expect([listed.code, listed.err]).toEqual([0, ''])
    expect(listed.out).toContain(text.slice(0, 13))
  })

  it('exits with 1 and a sentence on stderr when it cannot, and prints nothing else', async () => {
    const refused = await run(['keys', 'rotate', 'lens_zzzzzzzz'])
    expect(refused).toEqual({ code: 1, out: '', err: expect.stringContaining('there is no key') })
    const away = await run(['keys', 'list'], 'postgres://lens:hush@127.0.0.1:1/lens')
    expect(away).toEqual({ code: 1, out: '', err: expect.stringContaining('ECONNREFUSED') })
    expect(away.err).not.toContain('hush')
    const unset = await run(['rules', 'prices'], '')
    expect(unset).toEqual({ code: 1, out: '', err: expect.stringContaining('DATABASE_URL is missing') })
  })
})

describe('npm run webhooks', () => {
  const KEYS = { LENS_SECRET_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` }
  const adding = ['webhooks', 'add', '--url', 'https://hooks.example.com/', '--by', 'ada']

  it('prints the secret as the one line of stdout, and says the rest beside it', async () => {
    const made = await run(adding, database.url, KEYS)
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=\n$/)])
    expect(made.err).toMatch(/whk_\w+ at https:\/\/hooks\.example\.com\/ hears of every event/)
    expect(made.err).not.toContain(made.out.trim())
    const listed = await run(['webhooks', 'list'])
    expect([listed.code, listed.out]).toEqual([0, expect.stringContaining('https://hooks.example.com/')])
  })

  it('asks for the sealing keys where it makes a secret, and keeps loopback out unless it is allowed', async () => {
    const unset = await run(adding)
    expect(unset).toEqual({ code: 1, out: '', err: expect.stringContaining('LENS_SECRET_KEYS is missing') })
    const here = ['webhooks', 'add', '--url', 'http://127.0.0.1:9999/']
    expect(await run(here, database.url, KEYS)).toEqual({
      ...{ code: 1, out: '', err: expect.stringContaining('127.0.0.1 is no public address') },
    })
    const allowed = await run(here, database.url, { ...KEYS, WEBHOOKS_ALLOW_LOOPBACK: '1' })
    expect(allowed.code).toBe(0)
  })
})
