import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alex, type OpenedSandbox, openForTest, refusal, sam, webClient } from '../../test/opened-sandbox.ts'
import type { Json } from './validate-shape.ts'

const back = 'https://lens.example.com/slack/oauth_redirect'
const app = { client_id: '1.2', client_secret: 'secret' }
let open: OpenedSandbox
beforeAll(async () => {
  const oauth = {
    clientId: '1.2',
    clientSecret: 'secret',
    redirectUrls: [back],
    rotation: true,
    orgDeploy: true,
  }
  open = await openForTest({ installed: false, oauth })
})
afterAll(() => open.close())

const team = 'T0SANDBOX1'
const page = (words: Record<string, string>) =>
  fetch(`${open.sandbox.url}/oauth/v2/authorize?${new URLSearchParams(words)}`)
const asked = { client_id: '1.2', scope: 'chat:write', redirect_uri: back, state: 's' }
const press = (words: Record<string, string>) =>
  fetch(`${open.sandbox.url}/oauth/v2/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ ...asked, where: team, user: alex, ...words }),
    redirect: 'manual',
  })
const codeOf = async () =>
  new URL((await press({ decision: 'allow' })).headers.get('location') ?? '').searchParams.get('code') ?? ''
const access = async (words: Record<string, string>): Promise<Json> => ({
  ...(await webClient(open.sandbox).apiCall('oauth.v2.access', { ...app, redirect_uri: back, ...words })),
})
const error = async (words: Record<string, string>) => (await refusal(access(words))).error
const refresh = (token: unknown) => ({ grant_type: 'refresh_token', refresh_token: String(token) })
const asToken = (token: unknown) => webClient(open.sandbox, String(token))

describe("Slack's page", () => {
  it('asks for what the app asks, and sends back with a code, or with the refusal', async () => {
    const shown = await (await page(asked)).text()
    expect(shown).toContain('chat:write')
    expect(shown).toContain('Allow')
    const denied = new URL((await press({ decision: 'deny' })).headers.get('location') ?? '')
    expect(Object.fromEntries(denied.searchParams)).toEqual({ state: 's', error: 'access_denied' })
  })

  it.each([
    [{ client_id: '9' }, 'client_id'],
    [{ scope: '' }, 'No scopes'],
    [{ scope: 'chat:write,admin' }, 'admin'],
    [{ redirect_uri: 'https://evil.example.com/slack/oauth_redirect' }, 'redirect_uri'],
    [{ redirect_uri: `${back}_elsewhere` }, 'redirect_uri'],
  ])('refuses %o', async (words, said) => {
    const refused = await page({ ...asked, ...words })
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain(said)
  })

  it('lets nobody install it where they are not', async () => {
    expect((await press({ decision: 'allow', user: 'U0NOBODY01' })).status).toBe(400)
    expect((await press({ decision: 'allow', where: 'T0NOWHERE1' })).status).toBe(400)
  })
})

describe('tokens', () => {
  it('come for a code once, to the app whose it is, by the way that was asked for', async () => {
    expect(await error({ code: await codeOf(), client_secret: 'wrong' })).toBe('bad_client_secret')
    expect(await error({ code: await codeOf(), client_id: '9' })).toBe('invalid_client_id')
    expect(await error({ code: await codeOf(), redirect_uri: `${back}/x` })).toBe('bad_redirect_uri')
    const code = await codeOf()
    expect(await access({ code })).toMatchObject({
      team: { id: team },
      expires_in: 43_200,
      authed_user: { id: alex },
    })
    expect(await error({ code })).toBe('invalid_code')
    const late = await codeOf()
    open.moveOn(601_000)
    expect(await error({ code: late })).toBe('invalid_code')
    expect(await error({ grant_type: 'password' })).toBe('invalid_grant_type')
  })

  it('are renewed once each; a used refresh token is refused and harms nothing', async () => {
    const first = await access({ code: await codeOf() })
    const second = await access(refresh(first.refresh_token))
    expect(await error(refresh(first.refresh_token))).toBe('invalid_refresh_token')
    expect((await asToken(second.access_token).auth.test()).ok).toBe(true)
    expect((await asToken(first.access_token).auth.test()).ok).toBe(true)
    const third = await access(refresh(second.refresh_token))
    expect((await refusal(asToken(first.access_token).auth.test())).error).toBe('token_revoked')
    open.moveOn(43_201_000)
    expect((await refusal(asToken(third.access_token).auth.test())).error).toBe('token_expired')
    expect((await access(refresh(third.refresh_token))).ok).toBe(true)
  })

  it('carry the scopes that were asked for, and no more', async () => {
    const { access_token: token } = await access({ code: await codeOf() })
    expect(await refusal(asToken(token).users.info({ user: sam }))).toMatchObject({ error: 'missing_scope' })
  })

  it('end by auth.revoke and apps.uninstall, of which the app is told', async () => {
    const one = await access({ code: await codeOf() })
    await asToken(one.access_token).auth.revoke()
    expect((await refusal(asToken(one.access_token).auth.test())).error).toBe('token_revoked')
    const other = await access({ code: await codeOf() })
    await asToken(other.access_token).apps.uninstall(app)
    expect((await refusal(asToken(other.access_token).auth.test())).error).toBe('account_inactive')
    expect(await error(refresh(other.refresh_token))).toBe('invalid_refresh_token')
    await expect
      .poll(() => open.app.received.map(({ payload }) => JSON.stringify(payload.event)).join())
      .toMatch(/tokens_revoked.*app_uninstalled/)
  })
})
