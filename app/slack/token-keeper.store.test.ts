import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Installation, listInstallations } from '../../db/postgres/installations.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import type { OpenedApp } from '../../test/opened-app.ts'
import { ACME, GLOBEX, install, openForInstalls } from '../../test/two-workspaces.ts'
import { openTokenKeeper } from './token-keeper.ts'
import { openSlack } from './web-client.ts'

let opened: OpenedApp
let movedMs = 0
beforeAll(async () => {
  // One clock for both ends, as tokens run out on Slack's side too.
  opened = await openForInstalls({ sandbox: { now: () => new Date(Date.now() + movedMs) } })
  await install(opened, { where: ACME.teamId, user: ACME.kim })
})
afterAll(() => opened.close())

const HOUR_MS = 3_600_000
const moveOn = (ms: number) => {
  movedMs += ms
  opened.moveOn(ms)
}
const readAcme = async (): Promise<Installation> => {
  const found = (await listInstallations(opened.deps.postgres.tables)).find(
    ({ teamId }) => teamId === ACME.teamId,
  )
  if (!found) throw new Error('Acme has not installed the app')
  return found
}
const refreshes = async () =>
  (await opened.sandbox.calls()).filter(({ args }) => args.grant_type === 'refresh_token').length
const works = async (token: string) =>
  (await openSlack(token, opened.deps).auth.test()).team_id === ACME.teamId

describe('a token that runs out', () => {
  it('is renewed once, however many need it at a time, in however many processes', async () => {
    const before = await refreshes()
    const early = openTokenKeeper(opened.deps)
    await early(await readAcme())
    expect(await refreshes()).toBe(before)
    moveOn(13 * HOUR_MS)
    const stale = await readAcme()
    // Four keepers, each with a pool of its own, are four processes as Postgres and Slack see them.
    const pools = [1, 2, 3, 4].map(() => openPostgres(opened.databaseUrl))
    const keepers = pools.map((postgres) => openTokenKeeper({ ...opened.deps, postgres }))
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => keepers[n % 4]?.(stale)))
    expect(new Set(tokens).size).toBe(1)
    expect(await refreshes()).toBe(before + 1)
    expect(await works(tokens[0] ?? '')).toBe(true)
    await Promise.all(pools.map((pool) => pool.close()))
  })

  it('is renewed for what has no request of a person behind it, and for requests', async () => {
    const before = await refreshes()
    moveOn(11 * HOUR_MS)
    await opened.sandbox.in(ACME.teamId).openHome({ userId: ACME.kim })
    await expect.poll(() => opened.sandbox.in(ACME.teamId).home(ACME.kim)).not.toBeNull()
    expect(await refreshes()).toBe(before + 1)
  })

  it('is used as it is while Slack cannot be asked, and renewed afterwards', async () => {
    moveOn(11 * HOUR_MS)
    const keeper = openTokenKeeper({ ...opened.deps, slackApiUrl: 'http://127.0.0.1:9/api/' })
    expect(await works(await keeper(await readAcme()))).toBe(true)
    const before = await refreshes()
    await openTokenKeeper(opened.deps)(await readAcme())
    expect(await refreshes()).toBe(before + 1)
  })

  it('is kept by the process that has it until Postgres takes it', async () => {
    moveOn(11 * HOUR_MS)
    const stale = await readAcme()
    const before = await refreshes()
    let broken = true
    const { postgres } = opened.deps
    const tables = new Proxy(postgres.tables, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver)
        if (name !== 'transaction' || typeof value !== 'function' || !broken) return value
        return async (act: Parameters<typeof target.transaction>[0]) => {
          broken = false
          await target.transaction(async (tx) => {
            await act(tx)
            throw new Error('the connection went before the commit')
          })
        }
      },
    })
    const keeper = openTokenKeeper({ ...opened.deps, postgres: { ...postgres, tables } })
    const token = await keeper(stale)
    expect(await refreshes()).toBe(before + 1)
    expect(await works(token)).toBe(true)
    expect(await openTokenKeeper(opened.deps)(await readAcme())).toBe(token)
    expect(await refreshes()).toBe(before + 1)
  })

  it('that Slack will not renew is noted once; the app says so to who asks, and lives again when installed again', async () => {
    opened.sandbox.spoilRefreshTokens()
    moveOn(13 * HOUR_MS)
    const verbs = opened.sandbox.in(ACME.teamId)
    const ask = () => verbs.command({ userId: ACME.kim, channelId: ACME.costs, text: '/lens budgets' })
    const before = await refreshes()
    await ask()
    const said = async () => (await verbs.ephemerals(ACME.kim)).map(({ text }) => text).join('\n')
    await expect.poll(said).toContain('Install it again')
    await ask()
    expect(await refreshes()).toBe(before + 1)
    const lapsed = await readAcme()
    expect(lapsed.lapsedAt).not.toBeNull()
    expect((await install(opened, { where: ACME.teamId, user: ACME.kim })).status).toBe(200)
    expect(await readAcme()).toMatchObject({ id: lapsed.id, orgId: lapsed.orgId, lapsedAt: null })
    expect(await works(await openTokenKeeper(opened.deps)(await readAcme()))).toBe(true)
  })

  it('of one workspace sees nothing of another', async () => {
    await install(opened, { where: GLOBEX.teamId, user: GLOBEX.lee })
    const slack = openSlack(await openTokenKeeper(opened.deps)(await readAcme()), opened.deps)
    await expect(slack.chat.postMessage({ channel: GLOBEX.costs, text: 'x' })).rejects.toThrow(
      'channel_not_found',
    )
    await expect(slack.users.info({ user: GLOBEX.lee })).rejects.toThrow('user_not_found')
  })
})
