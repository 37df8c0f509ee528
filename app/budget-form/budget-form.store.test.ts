import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { ofOrganisation } from '../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../db/postgres/budget-snapshots.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, general, llmCosts, sam } from '../../test/opened-sandbox.ts'
import { peopleIn } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS, EVERYTHING, FIELD_VALUE, FIELDS } from '../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

const text = (value: string) => ({ [FIELD_VALUE]: { type: 'plain_text_input', value } })
const choice = (value: string) => ({
  [FIELD_VALUE]: { type: 'static_select', selected_option: { value } },
})
const channel = (value = llmCosts) => ({
  [FIELD_VALUE]: { type: 'conversations_select', selected_conversation: value },
})

/** The modal once it shows `what`. */
const modal = (what: string, userId = alex) =>
  eventually(async () => {
    const shown = await opened.sandbox.modal(userId)
    if (!shown) throw new Error('no modal yet')
    expect(JSON.stringify(shown.payload)).toContain(what)
    return shown
  })

async function openForm(userId = alex) {
  await opened.sandbox.command({ userId, channelId: general, text: '/lens budget' })
  const simple = await modal(ACTIONS.moreOptions, userId)
  await opened.sandbox.press({ userId, actionId: ACTIONS.moreOptions, viewId: simple.id })
  return await modal(FIELDS.timeZone, userId)
}

async function choosePeriod(viewId: string, unit: string, shows: string, userId = alex) {
  const held = { selected_option: { value: unit } }
  await opened.sandbox.press({ userId, actionId: FIELD_VALUE, blockId: FIELDS.period, viewId, held })
  return await modal(shows, userId)
}

const submit = (viewId: string, values: Record<string, unknown>, userId = alex) =>
  opened.sandbox.submitView({ userId, viewId, values })

const limitOf = (id: string) => `${FIELDS.limit}:${id}`
const channelOf = (id: string) => `${FIELDS.channel}:${id}`
const budgets = async () =>
  await readBudgets(opened.ground.postgres.tables, ofOrganisation(opened.ground.orgId), opened.now())

/** A budget of $10 a week for each user, for two kinds of models. */
async function makeEachUser() {
  const { id } = opened.ground.project
  const form = await openForm()
  const weekly = await choosePeriod(form.id, 'week', `${FIELDS.startsOn}:week`)
  return await submit(weekly.id, {
    [limitOf(id)]: text('10'),
    [channelOf(id)]: channel(),
    [`${FIELDS.startsOn}:week`]: choice('3'),
    [FIELDS.timeZone]: text('europe/berlin'),
    [`${FIELDS.match}:model`]: text('gpt-4o*, claude-*'),
    [FIELDS.each]: choice('user'),
    [FIELDS.rungs]: text('80% gpt-4o -> gpt-4o-mini'),
    [FIELDS.mode]: choice('strict'),
    [FIELDS.name]: text('Search'),
  })
}

describe('the options of the budget form', () => {
  it('make a budget as they say, with a card that shows its counters and lets one of them pass', async () => {
    expect(await makeEachUser()).toMatchObject({ outcome: 'closed' })
    expect((await budgets())[0]?.budget).toMatchObject({
      title: 'Search',
      scope: {
        projectId: opened.ground.project.id,
        match: { fields: { model: ['gpt-4o*', 'claude-*'] }, tags: {} },
        each: 'user',
      },
      periodRule: { kind: 'week', timeZone: 'Europe/Berlin', startsOn: 3 },
      mode: 'strict',
      limit: usd('10'),
      thresholdsPercent: [50, 75, 80, 90, 100],
    })
    await people.cardSays(/Search · week of .*No user has spent anything yet/s)
    await opened.spend([
      { cost: usd('11'), model: 'gpt-4o', userId: 'u1' },
      { cost: usd('2'), model: 'claude-x', userId: 'u2' },
      { cost: usd('50'), model: 'other', userId: 'u3' },
    ])
    const posted = await people.cardSays(/\*2 users\*, each with \$10\.00 .* \*1 stopped\*/)
    await eventually(async () =>
      expect((await people.threadOf(posted)).at(-1)).toMatchObject({
        broadcast: false,
        text: expect.stringMatching(/user u1 of \*Search\* reached its limit/),
      }),
    )
    const place = { channelId: posted.channelId, messageTs: posted.ts }
    const menu = JSON.stringify(posted.blocks).match(/"value":"(bud_[^"]*user:u1)"/)?.[1] ?? ''
    const held = { selected_option: { value: menu } }
    await opened.sandbox.press({ userId: alex, actionId: ACTIONS.overrideCounter, held, ...place })
    await modal('user u1 of *Search*')
    expect(await people.submitOverride(alex)).toMatchObject({ outcome: 'closed' })
    await people.cardSays(/none stopped.*user u1.*Overridden/s)
  })

  it('name what is wrong under each field, and save nothing', async () => {
    const { id } = opened.ground.project
    const form = await openForm()
    const refused = await submit(form.id, {
      [limitOf(id)]: text('10'),
      [channelOf(id)]: channel(),
      [FIELDS.timeZone]: text('Berlin time'),
      [FIELDS.rungs]: text('slow down'),
      [`${FIELDS.match}:model`]: text('x'.repeat(300)),
    })
    expect(refused).toMatchObject({
      outcome: 'errors',
      errors: {
        [FIELDS.timeZone]: expect.stringContaining('Europe/Berlin'),
        [FIELDS.rungs]: expect.stringContaining('Line 1'),
        [`${FIELDS.match}:model`]: expect.stringContaining('256'),
      },
    })
    expect(await budgets()).toEqual([])
  })

  it('keep what was entered while the period is chosen', async () => {
    const { id } = opened.ground.project
    const form = await openForm()
    const entered = { [limitOf(id)]: text('12.5'), [channelOf(id)]: channel() }
    expect(await submit(form.id, { ...entered, [FIELDS.rungs]: text('slow') })).toMatchObject({
      outcome: 'errors',
    })
    await choosePeriod(form.id, 'day', 'null,\\"day\\"]')
    const quarter = await choosePeriod(form.id, 'quarter', `${FIELDS.startsIn}:quarter`)
    expect(await submit(quarter.id, { [FIELDS.rungs]: text('') })).toMatchObject({ outcome: 'closed' })
    expect((await budgets())[0]?.budget.limit).toBe(usd('12.5'))
    expect((await budgets())[0]?.budget.periodRule).toEqual({
      ...{ kind: 'quarter', timeZone: 'UTC', startsIn: 1, startsOn: 1 },
    })
  })

  it('change the budget that covers the same calls in the same period, and make no second', async () => {
    await makeEachUser()
    await makeEachUser()
    expect((await budgets()).filter(({ current }) => current.counter === '')).toHaveLength(1)
  })
})

describe('a budget in the list', () => {
  const change = async (userId: string) => {
    await opened.sandbox.command({ userId, channelId: general, text: '/lens budgets' })
    const list = await people.lastEphemeral(userId, /Change/)
    const place = { channelId: list?.channelId ?? '', messageTs: list?.ts ?? '' }
    await opened.sandbox.press({ userId, actionId: ACTIONS.changeBudget, ...place })
    return await modal('Change a budget', userId)
  }

  it('is changed as a whole by who may let calls pass, and by nobody else', async () => {
    await people.setBudget('10')
    const { id } = (await budgets())[0]?.budget ?? { id: '' }
    const loosened = { [FIELDS.stopAt]: choice('never'), [FIELDS.rungs]: text('90% 60 calls a minute') }
    const ofSam = await change(sam)
    expect(await submit(ofSam.id, loosened, sam)).toMatchObject({
      outcome: 'errors',
      errors: { [limitOf(id)]: expect.stringContaining('Only workspace admins') },
    })
    await opened.sandbox.closeView({ userId: sam, viewId: ofSam.id })
    const lowered = await change(sam)
    expect(await submit(lowered.id, { [limitOf(id)]: text('8') }, sam)).toMatchObject({ outcome: 'closed' })
    expect(await submit((await change(alex)).id, loosened)).toMatchObject({ outcome: 'closed' })
    await opened.spend([{ cost: usd('8') }])
    await people.cardSays(/\$8\.00\* of \$8\.00.*never stops them.*at most 60 calls a minute/s)
    expect(await people.isAllowed()).toBe(true)
  })
})

describe('the whole organisation', () => {
  it('is chosen in the simple form, has one budget however often that is saved, and stops every project', async () => {
    for (const limit of ['20', '5']) {
      await opened.sandbox.command({ userId: alex, channelId: general, text: '/lens budget' })
      const form = await modal(ACTIONS.moreOptions)
      const held = { selected_option: { value: EVERYTHING } }
      const place = { actionId: FIELD_VALUE, blockId: FIELDS.project, viewId: form.id }
      await opened.sandbox.press({ userId: alex, ...place, held })
      await modal(limitOf(EVERYTHING))
      const values = { [limitOf(EVERYTHING)]: text(limit), [channelOf(EVERYTHING)]: channel() }
      expect(await submit(form.id, values)).toMatchObject({ outcome: 'closed' })
    }
    expect((await budgets()).map(({ budget }) => [budget.scope.projectId, budget.limit])).toEqual([
      [null, usd('5')],
    ])
    await opened.spend([{ cost: usd('5') }])
    await people.cardSays(/The whole organisation.*Stopped/s)
    expect(await people.isAllowed()).toBe(false)
  })
})
