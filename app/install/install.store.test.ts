import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installLink } from '../../core/install-link.ts'
import { findInstallation, listInstallations } from '../../db/postgres/installations.ts'
import { listOrganisations } from '../../db/postgres/projects.ts'
import { keyring, type OpenedApp } from '../../test/opened-app.ts'
import {
  ACME,
  begin,
  decide,
  GLOBEX,
  GRID,
  install,
  openForInstalls,
  visit,
} from '../../test/two-workspaces.ts'

let opened: OpenedApp
beforeAll(async () => {
  opened = await openForInstalls()
})
afterAll(() => opened.close())

const acme = { where: ACME.teamId, user: ACME.kim }
const globex = { where: GLOBEX.teamId, user: GLOBEX.lee }
const tables = () => opened.deps.postgres.tables
const at = (teamId?: string, enterpriseId?: string) => findInstallation(tables(), { teamId, enterpriseId })
const said = async (teamId: string, userId: string) =>
  (await opened.sandbox.in(teamId).ephemerals(userId)).map(({ text }) => text).join('\n')

describe('an installation', () => {
  it('makes an organisation of its own, though another has its name, and answers commands', async () => {
    expect(await install(opened, acme)).toMatchObject({
      status: 200,
      text: expect.stringContaining('LensAI is in Acme'),
    })
    expect((await install(opened, globex)).status).toBe(200)
    const [one, other] = [await at(ACME.teamId), await at(GLOBEX.teamId)]
    expect(one?.orgId).not.toBe(other?.orgId)
    expect(one).toMatchObject({ installedBy: ACME.kim, teamName: 'Acme', lapsedAt: null })
    await opened.sandbox
      .in(ACME.teamId)
      .command({ userId: ACME.kim, channelId: ACME.costs, text: '/lens help' })
    await expect.poll(() => said(ACME.teamId, ACME.kim)).toContain('/lens')
    expect(await said(GLOBEX.teamId, GLOBEX.lee)).toBe('')
  })

  it('keeps its tokens where nobody reads them', async () => {
    const kept = JSON.stringify(await listInstallations(tables()))
    expect(kept).not.toMatch(/xox[be]/)
    expect(JSON.stringify(await opened.sandbox.calls())).not.toMatch(/xox[be]/)
  })

  it('joins the organisation of a link, once, and only a link of ours', async () => {
    const own = await at(ACME.teamId)
    const join = installLink({ publicUrl: opened.url, orgId: own?.orgId ?? '', now: opened.now() }, keyring)
    // A workspace that has an organisation is not moved into another.
    expect((await install(opened, { ...globex, join })).text).toContain('another organisation')
    expect((await install(opened, { where: GRID.south, user: GRID.ann, join })).status).toBe(200)
    expect((await at(GRID.south))?.orgId).toBe(own?.orgId)
    await opened.sandbox.in(GRID.south).uninstall()
    const used = await install(opened, { where: GRID.north, user: GRID.root, join })
    expect(used).toMatchObject({
      status: 400,
      text: expect.stringContaining('brought a workspace in already'),
    })
    const forged = await fetch(`${opened.url}/slack/install?join=k1~AAAA~${own?.orgId}`, {
      redirect: 'manual',
    })
    expect(forged.status).toBe(400)
  })

  it('of a whole enterprise answers in each of its workspaces, and ends for all of them', async () => {
    expect((await install(opened, { where: GRID.id, user: GRID.root })).status).toBe(200)
    const whole = await at(GRID.north, GRID.id)
    expect(whole).toMatchObject({ teamId: null, enterpriseId: GRID.id })
    const south = opened.sandbox.in(GRID.south)
    await south.command({ userId: GRID.ann, channelId: 'C0SOUTH001COSTS', text: '/lens budgets' })
    await expect.poll(() => said(GRID.south, GRID.ann)).toMatch(/budget/i)
    await opened.sandbox.in(GRID.north).uninstall()
    await expect.poll(() => at(GRID.south, GRID.id)).toBeNull()
  })

  it('that is ended by its workspace comes back as the same installation of the same organisation', async () => {
    const before = await at(GLOBEX.teamId)
    const count = (await listOrganisations(tables())).length
    await opened.sandbox.in(GLOBEX.teamId).uninstall()
    await expect.poll(() => at(GLOBEX.teamId)).toBeNull()
    expect((await install(opened, globex)).status).toBe(200)
    expect(await at(GLOBEX.teamId)).toMatchObject({ id: before?.id, orgId: before?.orgId })
    expect(await listOrganisations(tables())).toHaveLength(count)
  })

  it('stays when a person takes back a token of their own, and ends when the bot loses its own', async () => {
    const verbs = opened.sandbox.in(GLOBEX.teamId)
    await verbs.tellRevoked({ oauth: [GLOBEX.lee], bot: [] })
    await verbs.openHome({ userId: GLOBEX.lee })
    await expect.poll(() => verbs.home(GLOBEX.lee)).not.toBeNull()
    expect(await at(GLOBEX.teamId)).not.toBeNull()
    await verbs.tellRevoked({ oauth: [], bot: ['U0LENSGLOB'] })
    await expect.poll(() => at(GLOBEX.teamId)).toBeNull()
    expect(await at(ACME.teamId)).not.toBeNull()
  })
})

describe('the way back from Slack', () => {
  it('opens once, in the browser that began', async () => {
    const { way, cookie, page } = await begin(opened)
    expect(page.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/)
    const back = await decide(way, globex)
    const other = await begin(opened)
    expect(await visit(back, '')).toMatchObject({
      status: 400,
      text: expect.stringContaining('another browser'),
    })
    expect(await visit(back, other.cookie)).toMatchObject({ status: 400 })
    expect(await at(GLOBEX.teamId)).toBeNull()
    expect((await visit(back, cookie)).status).toBe(200)
    expect(await visit(back, cookie)).toMatchObject({
      status: 400,
      text: expect.stringContaining('used before'),
    })
  })

  it('is refused after ten minutes, without a state, with another one, and when the person declined', async () => {
    const count = (await listInstallations(tables())).length
    const { way, cookie } = await begin(opened)
    const back = await decide(way, globex)
    const changed = new URL(back)
    changed.searchParams.set('state', `${changed.searchParams.get('state')}A`.replace('~', '~B'))
    expect((await visit(changed.href, cookie)).text).toContain('was begun here')
    changed.searchParams.delete('state')
    expect((await visit(changed.href, cookie)).text).toContain('without saying what for')
    opened.moveOn(601_000)
    expect((await visit(back, cookie)).text).toContain('ten minutes')
    expect((await install(opened, { ...globex, decision: 'deny' })).text).toContain('not allowed')
    const wrong = await begin(opened)
    const invented = new URL(await decide(wrong.way, globex))
    invented.searchParams.set('code', 'invented')
    expect((await visit(invented.href, wrong.cookie)).text).toContain('did not accept')
    expect(await listInstallations(tables())).toHaveLength(count)
  })
})

describe('without client id and secret', () => {
  it('has no pages of installation', async () => {
    const { openApp } = await import('../../test/opened-app.ts')
    const plain = await openApp()
    expect((await fetch(`${plain.url}/slack/install`)).status).toBe(404)
    expect((await fetch(`${plain.url}/slack/oauth_redirect?code=x&state=y`)).status).toBe(404)
    await plain.close()
  })
})
