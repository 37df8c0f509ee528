import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { listWideStops } from '../../db/postgres/list-wide-stops.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, general, sam } from '../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS, EVERYTHING, FIELD_VALUE, FIELDS } from '../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeAll(async () => {
  opened = await openApp()
  people = peopleIn(opened)
  await people.setBudget('10')
  await people.card()
  await opened.spend([{ cost: usd('1') }])
})
afterAll(() => opened.close())

const type = (userId: string, text: string) =>
  opened.sandbox.command({ userId, channelId: general, text: `/lens ${text}` })
const stops = () => listWideStops(opened.ground.postgres.tables, opened.ground.orgId)

async function modalOf(userId: string) {
  return await eventually(async () => {
    const modal = await opened.sandbox.modal(userId)
    if (!modal) throw new Error('no modal yet')
    return modal
  })
}

describe('/lens stop', () => {
  it('is for admins, and so is what ends it', async () => {
    await type(sam, 'stop support-bot')
    await people.lastEphemeral(sam, /Only workspace admins and approvers may stop or resume/)
    await type(sam, 'resume everything')
    await people.lastEphemeral(sam, /Only workspace admins and approvers may stop or resume/)
    expect(await stops()).toEqual([])
    expect(await people.isAllowed()).toBe(true)
  })

  it('stops the project that is named at once, shows it on its cards, and says who did it and why', async () => {
    await type(alex, 'stop Support-Bot: The key leaked')
    await people.lastEphemeral(alex, /\*support-bot\* is stopped by <@U0ALEX0001> since .*: The key leaked/)
    expect(await people.isAllowed()).toBe(false)
    await people.cardSays(/is stopped by <@U0ALEX0001>/)
    await type(alex, 'stop support-bot')
    await people.lastEphemeral(alex, /nothing changed/)
    await type(alex, 'resume support-bot')
    await people.lastEphemeral(alex, /<@U0ALEX0001> resumed/)
    expect(await people.isAllowed()).toBe(true)
    await people.cardSays(/Open/)
  })

  it('stops nothing where the name is wrong', async () => {
    await type(alex, 'stop suport-bot')
    await people.lastEphemeral(alex, /Did you mean `\/lens stop support-bot`/)
    expect(await stops()).toEqual([])
  })

  it('asks before it stops everything, and Home says so with a button that ends it', async () => {
    await type(alex, 'stop everything an incident')
    const modal = await modalOf(alex)
    expect(await stops()).toEqual([])
    expect(JSON.stringify(modal.payload)).toContain('an incident')
    const answered = await opened.sandbox.submitView({ userId: alex, viewId: modal.id, values: {} })
    expect(answered).toMatchObject({ outcome: 'updated' })
    expect(JSON.stringify((await opened.sandbox.modal(alex))?.payload)).toContain('Everything is stopped')
    expect(await people.isAllowed()).toBe(false)
    await opened.sandbox.closeView({ userId: alex, viewId: modal.id })

    await opened.sandbox.openHome({ userId: sam })
    const home = await eventually(async () => {
      const shown = await opened.sandbox.home(sam)
      expect(JSON.stringify(shown?.payload)).toMatch(/Everything is stopped\* by <@U0ALEX0001>.*an incident/)
      return shown
    })
    await opened.sandbox.press({ userId: sam, actionId: ACTIONS.resumeWidely, viewId: home?.id ?? '' })
    expect(JSON.stringify((await modalOf(sam)).payload)).toContain('Only workspace admins')
    expect(await people.isAllowed()).toBe(false)

    await type(alex, 'resume')
    const list = await people.lastEphemeral(alex, /Everything is stopped/)
    const place = { channelId: list?.channelId ?? '', messageTs: list?.ts ?? '' }
    await opened.sandbox.press({ userId: alex, actionId: ACTIONS.resumeWidely, ...place })
    await people.lastEphemeral(alex, /Everything may call again/)
    expect(await people.isAllowed()).toBe(true)
  })

  it('lets what is stopped be chosen where nothing is said, and `/lens budgets` says it too', async () => {
    await type(alex, 'stop')
    const modal = await modalOf(alex)
    const chosen = { type: 'static_select', selected_option: { value: EVERYTHING } }
    const values = { [FIELDS.reach]: { [FIELD_VALUE]: chosen } }
    expect(await opened.sandbox.submitView({ userId: alex, viewId: modal.id, values })).toMatchObject({
      outcome: 'updated',
    })
    expect((await stops()).map(({ reach, by }) => [reach, by])).toEqual([['organisation', alex]])
    await opened.sandbox.closeView({ userId: alex, viewId: modal.id })
    await type(sam, 'budgets')
    const list = await people.lastEphemeral(sam, /1 budget/)
    expect(textOf(list)).toContain('Everything is stopped')
  })
})
