import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { changeBudget } from '../../../db/postgres/budgets.ts'
import { saveOverridePolicy } from '../../../db/postgres/overrides.ts'
import { budgets } from '../../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../../test/opened-app.ts'
import { alex, sam } from '../../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../../test/people-in-slack.ts'
import { eventually } from '../../../test/waiting.ts'
import { ACTIONS, FIELDS } from '../../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

describe('the buttons of a card', () => {
  beforeEach(async () => {
    await people.setBudget('10')
    await opened.spend([{ cost: usd('11') }])
    await people.cardSays(/Stopped/)
  })

  it('let who may not lift only ask for an override, and say so beforehand', async () => {
    await people.press(ACTIONS.override, sam)
    await people.modalSays(sam, /Ask for approval.*an admin or approver/)
    expect(await people.submitOverride(sam)).toMatchObject({ outcome: 'updated' })
    await people.modalSays(sam, /Asked, not granted/)
    expect(await people.isAllowed()).toBe(false)
  })

  it('lift the stop for an admin, and say who and why in the thread', async () => {
    expect(await people.override(alex)).toMatchObject({ outcome: 'closed' })
    expect(await people.isAllowed()).toBe(true)
    const posted = await people.cardSays(/Overridden/)
    await eventually(async () => {
      expect((await people.threadOf(posted)).at(-1)?.text).toMatch(
        /U0ALEX0001.*\$10\.00 more.*the launch is today/s,
      )
    })
  })

  it('name what is wrong with an override under its field', async () => {
    const { orgId } = opened.ground
    const policy = { lifters: 'admins', windowsS: [900], amountMax: usd('5') } as const
    await saveOverridePolicy(opened.ground.postgres, { orgId, policy, by: alex }, opened.now())
    expect(await people.override(alex, '10')).toMatchObject({
      outcome: 'errors',
      errors: { [FIELDS.amount]: expect.stringContaining('$5.00') },
    })
    expect(await people.isAllowed()).toBe(false)
  })

  it('ask again who may at the moment of saving, however the modal came to be open', async () => {
    const { orgId } = opened.ground
    const policy = (lifters: 'admins' | 'members') =>
      saveOverridePolicy(
        opened.ground.postgres,
        { orgId, policy: { lifters, windowsS: [900], amountMax: null }, by: alex },
        opened.now(),
      )
    await policy('members')
    await people.press(ACTIONS.override, sam)
    await eventually(async () => expect(await opened.sandbox.modal(sam)).not.toBeNull())
    await policy('admins')
    expect(await people.submitOverride(sam)).toMatchObject({ outcome: 'updated' })
    await people.modalSays(sam, /Asked, not granted.*an admin or approver/)
    expect(await people.isAllowed()).toBe(false)
  })

  it("go by the budget's own policy: by name, and by a second person, whoever is an admin", async () => {
    const { orgId, postgres } = opened.ground
    const [row] = await postgres.tables.select({ id: budgets.id }).from(budgets)
    const setPolicy = async (overridePolicy: object) => {
      const change = { change: { overridePolicy }, by: alex, origin: 'api' } as const
      await changeBudget(postgres, { orgId, budgetId: row?.id ?? '', ...change }, opened.now())
    }
    await setPolicy({ approvers: [sam], windows_s: [900] })
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Ask for approval.*U0SAM00001/)
    await setPolicy({ approvers: [sam, alex], windows_s: [900], second_person: true })
    expect(await people.override(sam)).toMatchObject({ outcome: 'updated' })
    await people.modalSays(sam, /Asked, not granted.*U0ALEX0001/)
    expect(await people.isAllowed()).toBe(false)
  })

  it('stop at once for any member, over a running override, until someone who may resumes', async () => {
    await people.override(alex)
    await people.cardSays(/Overridden/)
    await people.press(ACTIONS.stop, sam)
    await people.cardSays(/Stopped\* by <@U0SAM00001>/)
    expect(textOf(await people.card())).not.toContain(ACTIONS.override)
    await people.press(ACTIONS.resume, sam)
    await people.lastEphemeral(sam, /Only workspace admins/)
    await people.press(ACTIONS.resume, alex)
    await people.cardSays(/limit is reached/)
  })

  it('do a thing once when pressed twice, and tell the second who was first', async () => {
    const message = await people.card()
    await Promise.all([people.press(ACTIONS.stop, alex, message), people.press(ACTIONS.stop, sam, message)])
    await people.cardSays(/Stopped\* by/)
    const said = await eventually(async () => {
      const thread = await people.threadOf(message)
      expect(thread.filter(({ text: one }) => one.includes('stopped *'))).toHaveLength(1)
      const all = [...(await opened.sandbox.ephemerals(alex)), ...(await opened.sandbox.ephemerals(sam))]
      expect(all.filter((one) => /Nothing changed/.test(one.text))).toHaveLength(1)
      return all
    })
    expect(said.length).toBeGreaterThan(0)
  })

  it('do nothing on the card of a month that is over, and say so', async () => {
    const old = await people.card()
    opened.moveOn(32 * 86_400_000)
    await people.press(ACTIONS.stop, alex, old)
    await people.lastEphemeral(alex, /which is over/)
  })

  it('show what drives the spend to the one who asked', async () => {
    await opened.spend([{ cost: usd('4'), model: 'claude-x', route: '/chat', userId: 'u7' }])
    await people.press(ACTIONS.drivers, sam)
    await people.lastEphemeral(sam, /claude-x.*\/chat.*u7/s)
  })
})
