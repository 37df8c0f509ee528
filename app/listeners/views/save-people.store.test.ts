/** Roles and who sees a project, as admins change them in Slack: over HTTP, through the local Slack. */
import { asc } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { setRole, setVisibility } from '../../../db/postgres/people.ts'
import { auditLog, projects, roleGrants } from '../../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../../test/opened-app.ts'
import { alex, general, sam } from '../../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../../test/people-in-slack.ts'
import { eventually } from '../../../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS, VIEWS } from '../../ids.ts'

const kim = 'U0KIM00001'
const gus = 'U0GUS00001'
const extraUsers = [
  { id: kim, name: 'kim', realName: 'Kim', isAdmin: false, isBot: false },
  { id: gus, name: 'gus', realName: 'Gus', isAdmin: false, isBot: false, isGuest: true },
]

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp({ sandbox: { extraUsers, rateLimits: false } })
  people = peopleIn(opened)
})
afterEach(() => opened.close())

const tables = () => opened.ground.postgres.tables
const ask = async (userId: string, text: string) => {
  const before = (await opened.sandbox.ephemerals(userId)).length
  await opened.sandbox.command({ userId, channelId: general, text })
  return await eventually(async () => {
    const found = (await opened.sandbox.ephemerals(userId)).slice(before)
    expect(found.length).toBeGreaterThan(0)
    return found
  })
}
const said = async (userId: string, text: string) => textOf((await ask(userId, text)).at(-1))
const held = (value: unknown, type: string, key: string) => ({ [FIELD_VALUE]: { type, [key]: value } })
const chosen = (value: string) => held({ value }, 'static_select', 'selected_option')

/** The form of a role, opened from what `/lens people` answers. */
async function openRole(userId: string) {
  const message = (await ask(userId, '/lens people')).at(-1)
  await people.press(ACTIONS.giveRole, userId, message)
  return await people.modalSays(userId, VIEWS.role)
}
const submitRole = async (by: string, viewId: string, whom: string, role: string) =>
  await opened.sandbox.submitView({
    ...{ userId: by, viewId },
    values: { [FIELDS.person]: held(whom, 'users_select', 'selected_user'), [FIELDS.role]: chosen(role) },
  })
const give = async (whom: string, role: string, by = alex) =>
  await submitRole(by, (await openRole(by)).id, whom, role)

async function openProject(userId: string) {
  await opened.sandbox.command({ userId, channelId: general, text: '/lens people support-bot' })
  return await people.modalSays(userId, VIEWS.projectPeople)
}
const submitProject = async (by: string, viewId: string, visibility: string, userIds: readonly string[]) =>
  await opened.sandbox.submitView({
    ...{ userId: by, viewId },
    values: {
      [FIELDS.visibility]: held({ value: visibility }, 'radio_buttons', 'selected_option'),
      [FIELDS.people]: held(userIds, 'multi_users_select', 'selected_users'),
    },
  })

const grants = async () =>
  (await tables().select().from(roleGrants)).map(({ userId, role }) => [userId, role])
const deeds = async () =>
  (await tables().select().from(auditLog).orderBy(asc(auditLog.id))).filter(({ action }) =>
    /^(role|project\.vis)/.test(action),
  )
const placeId = async () => (await tables().query.slackInstallations.findMany())[0]?.teamId ?? ''
/** As another admin does meanwhile. */
const grantNow = async (userId: string, role: 'approver' | 'admin' | 'member' | null) =>
  await setRole(
    opened.ground.postgres,
    {
      ...{ orgId: opened.ground.orgId, placeId: await placeId(), userId, role, origin: 'slack' },
      by: { id: alex, role: 'admin' },
    },
    opened.now(),
  )

describe('a role', () => {
  it('is given and taken back by an admin, holds from the next press on, and is an audit row each time', async () => {
    expect(await said(sam, '/lens stop support-bot')).toContain('Only workspace admins and approvers')
    expect(await give(sam, 'approver')).toMatchObject({ outcome: 'updated' })
    await people.modalSays(alex, /from now on: Approver/)
    expect(await said(sam, '/lens stop support-bot it runs away')).toContain('stopped')
    expect(await people.isAllowed()).toBe(false)
    expect(await said(sam, '/lens settings')).toContain('Only workspace admins may change')
    expect(await said(sam, '/lens people')).toMatch(
      /You are an approver.*<@U0SAM00001>: approver, by <@U0ALEX0001>/s,
    )
    await give(sam, 'none')
    expect(await said(sam, '/lens resume support-bot')).toContain('Only workspace admins and approvers')
    expect(await people.isAllowed()).toBe(false)
    const place = await placeId()
    expect(await deeds()).toMatchObject([
      {
        ...{ actor: alex, action: 'role.granted', subject: sam, origin: 'slack' },
        ...{ before: { role: null, place }, after: { role: 'approver', place } },
      },
      {
        ...{ actor: alex, action: 'role.taken_back', subject: sam, origin: 'slack' },
        ...{ before: { role: 'approver', place }, after: { role: null, place } },
      },
    ])
    const audit = await said(alex, '/lens audit 40')
    expect(audit).toMatch(/<@U0ALEX0001> gave <@U0SAM00001> the role approver.*in Slack/)
    expect(audit).toMatch(/took back approver from <@U0SAM00001>/)
  })

  it('is judged when a form is submitted, and not when it was opened', async () => {
    await people.setBudget('10')
    await opened.spend([{ cost: usd('11') }])
    await people.cardSays(/Stopped/)
    await grantNow(sam, 'approver')
    await people.press(ACTIONS.override, sam)
    await people.modalSays(sam, VIEWS.override)
    await grantNow(sam, null)
    await people.submitOverride(sam)
    await people.modalSays(sam, /Asked, not granted/)
    expect(await people.isAllowed()).toBe(false)

    await grantNow(kim, 'admin')
    const role = await openRole(kim)
    await grantNow(kim, null)
    await submitRole(kim, role.id, sam, 'admin')
    await people.modalSays(kim, /Only admins may change roles/)
    await grantNow(kim, 'admin')
    const project = await openProject(kim)
    await grantNow(kim, 'approver')
    await submitProject(kim, project.id, 'named', [kim])
    await people.modalSays(kim, /Only admins may change roles/)
    expect(await grants()).toEqual([[kim, 'approver']])
    expect((await tables().select().from(projects))[0]?.visibility).toBe('everyone')
  })

  it('is raised by nobody for themselves, and takes no workspace admin their way in', async () => {
    const form = await openRole(alex)
    const refused = await submitRole(alex, form.id, alex, 'admin')
    expect(JSON.stringify(refused)).toContain('Nobody raises their own role')
    await grantNow(kim, 'admin')
    await submitRole(kim, (await openRole(kim)).id, alex, 'member')
    await people.modalSays(kim, /from now on: Member/)
    await people.press(ACTIONS.giveRole, alex, (await ask(alex, '/lens people')).at(-1))
    await give(kim, 'none')
    expect(await said(kim, '/lens people')).toContain('You are a member')
    expect(await said(alex, '/lens people')).toContain('You are an admin')
  })

  it('is given to no app, and to nobody by whoever may not', async () => {
    const form = await openRole(alex)
    const bot = (await opened.sandbox.users()).find(({ isBot }) => isBot)?.id ?? ''
    expect(JSON.stringify(await submitRole(alex, form.id, bot, 'admin'))).toContain('no apps')
    const [shown] = await ask(alex, '/lens people')
    if (!shown) throw new Error('no answer')
    const message = await people.copyOf(shown)
    const project = opened.ground.project.id
    for (const [userId, words] of [
      [sam, /Only admins may change roles/],
      [gus, /Guests cannot do this/],
    ] as const) {
      const modal = await opened.sandbox.modal(userId)
      await people.press(ACTIONS.giveRole, userId, message)
      await people.lastEphemeral(userId, words)
      const before = (await opened.sandbox.ephemerals(userId)).length
      await opened.sandbox.press({
        ...{ userId, actionId: ACTIONS.showProjectPeople },
        ...{ channelId: message.channelId, messageTs: message.ts },
        held: { type: 'static_select', selected_option: { value: project } },
      })
      await eventually(async () => expect((await opened.sandbox.ephemerals(userId)).length).toBe(before + 1))
      await people.lastEphemeral(userId, words)
      expect(await opened.sandbox.modal(userId)).toEqual(modal)
    }
    expect(await said(sam, '/lens people support-bot')).toContain('Only admins may change roles')
    expect([await grants(), await deeds()]).toEqual([[], []])
  })

  it('ends with the account, and does not come back by being kept', async () => {
    await grantNow(kim, 'admin')
    expect(await said(kim, '/lens people')).toContain('You are an admin')
    await opened.sandbox.changeUser(kim, { isDeleted: true })
    for (const text of ['/lens people', '/lens spend', '/lens stop support-bot'])
      expect(await said(kim, text)).toContain('people of the workspace')
    expect(await grants()).toEqual([[kim, 'admin']])
    // Back as a guest they have what was granted and not taken back.
    await opened.sandbox.changeUser(kim, { isDeleted: false, isGuest: true })
    await grantNow(kim, null)
    expect(await said(kim, '/lens spend')).toContain('Guests cannot do this')
  })

  it('lets a guest do what it says, in what names them and nowhere else', async () => {
    const { postgres, orgId, project } = opened.ground
    await grantNow(gus, 'approver')
    expect(await said(gus, '/lens stop support-bot')).toContain('Guests cannot do this')
    const sight = { orgId, projectId: project.id, visibility: 'everyone', placeId: await placeId() } as const
    const naming = { ...sight, userIds: [gus], by: alex, origin: 'slack' } as const
    await setVisibility(postgres, naming, opened.now())
    expect(await said(gus, '/lens stop everything')).toContain('Everything is more than the projects')
    expect(await said(gus, '/lens stop support-bot')).toContain('stopped')
    expect(await people.isAllowed()).toBe(false)
  })
})

describe('who sees a project', () => {
  it('is set by an admin in its form, and is an audit row with before and after', async () => {
    await opened.spend([{ cost: usd('7') }])
    expect(await said(sam, '/lens spend')).toContain('$7.00')
    const form = await openProject(alex)
    expect(await submitProject(alex, form.id, 'named', [gus])).toMatchObject({ outcome: 'updated' })
    await people.modalSays(alex, /only admins and the people it names see/)
    expect(await said(sam, '/lens spend')).not.toContain('$7.00')
    expect(await said(gus, '/lens spend')).toContain('$7.00')
    const again = await openProject(alex)
    expect(JSON.stringify(again.payload)).toContain(gus)
    await submitProject(alex, again.id, 'everyone', [])
    await people.modalSays(alex, /every full member sees/)
    expect(await said(sam, '/lens spend')).toContain('$7.00')
    expect(await said(gus, '/lens spend')).toContain('Guests cannot do this')
    const subject = opened.ground.project.id
    expect(await deeds()).toMatchObject([
      {
        ...{ actor: alex, action: 'project.visibility_changed', subject, origin: 'slack' },
        before: { visibility: 'everyone', people: [] },
        after: { visibility: 'named', people: [gus] },
      },
      { before: { visibility: 'named', people: [gus] }, after: { visibility: 'everyone', people: [] } },
    ])
    expect(await said(alex, '/lens audit 40')).toContain('seen by named people only')
  })

  it('is asked again when the form of its budget is submitted', async () => {
    const { postgres, orgId, project } = opened.ground
    await people.setBudget('20')
    await opened.sandbox.command({ userId: sam, channelId: general, text: '/lens budget' })
    const form = await people.modalSays(sam, VIEWS.budget)
    const sight = { orgId, projectId: project.id, visibility: 'named', placeId: await placeId() } as const
    await setVisibility(postgres, { ...sight, userIds: [], by: alex, origin: 'slack' }, opened.now())
    const answer = await opened.sandbox.submitView({
      ...{ userId: sam, viewId: form.id },
      values: { [`${FIELDS.limit}:${project.id}`]: held('5', 'plain_text_input', 'value') },
    })
    expect(JSON.stringify(answer)).toContain('This project no longer exists')
    expect((await tables().query.budgets.findMany()).map(({ limit }) => limit)).toEqual([usd('20')])
  })
})
