/** What was granted, over uninstalls and in the several workspaces of an organisation. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installLink } from '../../core/install-link.ts'
import { findInstallation } from '../../db/postgres/installations.ts'
import { listRoleGrants, setRole } from '../../db/postgres/people.ts'
import { keyring, type OpenedApp } from '../../test/opened-app.ts'
import { textOf } from '../../test/people-in-slack.ts'
import { ACME, GRID, install, openForInstalls } from '../../test/two-workspaces.ts'
import { eventually } from '../../test/waiting.ts'

const SOUTH_COSTS = 'C0SOUTH001COSTS'
const acme = { where: ACME.teamId, user: ACME.kim }

let opened: OpenedApp
beforeAll(async () => {
  opened = await openForInstalls({ sandbox: { rateLimits: false } })
  await install(opened, acme)
  await opened.sandbox.in(ACME.teamId).changeUser(ACME.kim, { isAdmin: false })
})
afterAll(() => opened.close())

const tables = () => opened.deps.postgres.tables
const orgId = async () =>
  (await findInstallation(tables(), { teamId: ACME.teamId, enterpriseId: undefined }))?.orgId ?? ''

async function roleOf(teamId: string, userId: string, channelId: string) {
  const slack = opened.sandbox.in(teamId)
  const before = (await slack.ephemerals(userId)).length
  await slack.command({ userId, channelId, text: '/lens people' })
  return await eventually(async () => {
    const said = (await slack.ephemerals(userId)).slice(before)
    expect(said).toHaveLength(1)
    return /You are (an? \w+)/.exec(textOf(said[0]))?.[1]
  })
}

async function grant(placeId: string, userId: string, of: string) {
  const by = { id: 'U0ROOT0001', role: 'admin' } as const
  const setting = { orgId: of, placeId, userId, role: 'approver', by, origin: 'slack' } as const
  await setRole(opened.deps.postgres, setting, opened.now())
}

it('a role is kept over an uninstall, and holds again from the next installation on', async () => {
  const own = await orgId()
  expect(await roleOf(ACME.teamId, ACME.kim, ACME.costs)).toBe('a member')
  await grant(ACME.teamId, ACME.kim, own)
  expect(await roleOf(ACME.teamId, ACME.kim, ACME.costs)).toBe('an approver')
  await opened.sandbox.in(ACME.teamId).uninstall()
  await eventually(async () =>
    expect(await findInstallation(tables(), { teamId: ACME.teamId, enterpriseId: undefined })).toBeNull(),
  )
  expect(await listRoleGrants(tables(), own)).toHaveLength(1)
  await opened.sandbox.in(ACME.teamId).changeUser(ACME.kim, { isAdmin: true })
  await install(opened, acme)
  await opened.sandbox.in(ACME.teamId).changeUser(ACME.kim, { isAdmin: false })
  expect(await orgId()).toBe(own)
  expect(await roleOf(ACME.teamId, ACME.kim, ACME.costs)).toBe('an approver')
})

it('a role is of one person of one place: the same id in another workspace of the organisation is another', async () => {
  const own = await orgId()
  const join = installLink({ publicUrl: opened.url, orgId: own, now: opened.now() }, keyring)
  await install(opened, { where: GRID.south, user: GRID.ann, join })
  const south = async () => await roleOf(GRID.south, GRID.ann, SOUTH_COSTS)
  expect(await south()).toBe('a member')
  await grant(ACME.teamId, GRID.ann, own)
  expect(await south()).toBe('a member')
  // Of a workspace that is part of an enterprise, ids are those of the enterprise.
  await grant(GRID.id, GRID.ann, own)
  expect(await south()).toBe('an approver')
})

it('a role is of one organisation: it is nothing to another', async () => {
  await opened.sandbox.in(GRID.south).uninstall()
  await eventually(async () =>
    expect(await findInstallation(tables(), { teamId: GRID.south, enterpriseId: GRID.id })).toBeNull(),
  )
  expect((await install(opened, { where: GRID.id, user: GRID.root })).status).toBe(200)
  const other = (await findInstallation(tables(), { teamId: GRID.south, enterpriseId: GRID.id }))?.orgId
  expect(other).not.toBe(await orgId())
  expect(await roleOf(GRID.south, GRID.ann, SOUTH_COSTS)).toBe('a member')
})
