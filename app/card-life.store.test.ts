import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { openCurrentPeriods } from '../db/postgres/budget-periods.ts'
import { setMonthlyBudget } from '../db/postgres/budgets.ts'
import { listInstallations } from '../db/postgres/installations.ts'
import { grantOverride, saveOverridePolicy } from '../db/postgres/overrides.ts'
import { readVerdict } from '../db/postgres/verdicts.ts'
import type { Message } from '../sandbox/slack/workspace.ts'
import { eventually, type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, general, llmCosts, random, sam } from '../test/opened-sandbox.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from './ids.ts'

let opened: OpenedApp
beforeEach(async () => {
  opened = await openApp()
})
afterEach(() => opened.close())

const text = (message: Pick<Message, 'text' | 'blocks'> | undefined) =>
  `${message?.text ?? ''} ${JSON.stringify(message?.blocks ?? [])}`

const input = (value: Record<string, unknown>) => ({ [FIELD_VALUE]: value })

/** Runs `/lens budget` as a person does: opens the modal, fills it, saves. */
async function setBudget(limit: string, channelId = llmCosts, userId = alex) {
  const { sandbox, ground } = opened
  await sandbox.command({ userId, channelId: general, text: '/lens budget' })
  const view = await eventually(async () => {
    const modal = await sandbox.modal(userId)
    if (!modal) throw new Error('no modal yet')
    return modal
  })
  return await sandbox.submitView({
    userId,
    viewId: view.id,
    values: {
      [FIELDS.project]: input({ type: 'static_select', selected_option: { value: ground.project.id } }),
      [`${FIELDS.limit}:${ground.project.id}`]: input({ type: 'plain_text_input', value: limit }),
      [`${FIELDS.channel}:${ground.project.id}`]: input({
        type: 'conversations_select',
        selected_conversation: channelId,
      }),
    },
  })
}

const card = (channelId = llmCosts) =>
  eventually(async () => {
    const [first] = (await opened.sandbox.messages(channelId)).filter(({ threadTs }) => threadTs === null)
    if (!first) throw new Error('no card yet')
    return first
  })

const cardSays = (words: string | RegExp, channelId = llmCosts) =>
  eventually(async () => {
    const found = await card(channelId)
    expect(text(found)).toMatch(words)
    return found
  })

async function threadOf(message: Message): Promise<Message[]> {
  return (await opened.sandbox.thread(message.channelId, message.ts)).slice(1)
}

const press = async (actionId: string, userId = alex, on?: Message) => {
  const message = on ?? (await card())
  return await opened.sandbox.press({ userId, actionId, channelId: message.channelId, messageTs: message.ts })
}

const lastEphemeral = (userId: string, words: string | RegExp) =>
  eventually(async () => {
    const last = (await opened.sandbox.ephemerals(userId)).at(-1)
    expect(text(last)).toMatch(words)
    return last
  })

const isAllowed = async () =>
  (await readVerdict(opened.ground.postgres.tables, opened.ground.project.id, opened.now())).allowed

async function override(userId: string, amount = '10') {
  await press(ACTIONS.override, userId)
  const view = await eventually(async () => {
    const modal = await opened.sandbox.modal(userId)
    if (!modal) throw new Error('no modal yet')
    return modal
  })
  return await opened.sandbox.submitView({
    userId,
    viewId: view.id,
    values: {
      [FIELDS.amount]: input({ type: 'plain_text_input', value: amount }),
      [FIELDS.window]: input({ type: 'static_select', selected_option: { value: '900' } }),
      [FIELDS.reason]: input({ type: 'plain_text_input', value: 'the launch is today' }),
    },
  })
}

describe('a budget made in Slack', () => {
  it('has one card, posted when it is made, which follows the spend', async () => {
    expect(await setBudget('25')).toMatchObject({ outcome: 'closed' })
    await cardSays(/\$0\.00\* of \$25\.00/)
    await opened.spend([{ cost: usd('5') }])
    await cardSays(/\$5\.00\* of \$25\.00/)
    expect(await opened.sandbox.messages(llmCosts)).toHaveLength(1)
  })

  it('tells each crossing in the thread once, and only the stop in the channel', async () => {
    await setBudget('10')
    await card()
    await opened.spend([{ cost: usd('6') }])
    await cardSays(/Past 50%/)
    await opened.spend([{ cost: usd('2') }])
    await cardSays(/Past 75%/)
    await opened.spend([{ cost: usd('3') }])
    const posted = await cardSays(/Stopped.*limit is reached/)
    const thread = await eventually(async () => {
      const said = await threadOf(posted)
      expect(said).toHaveLength(3)
      return said
    })
    expect(
      thread.map(({ text: said, broadcast }) => [/past (\S+)|reached its limit/.exec(said)?.[0], broadcast]),
    ).toEqual([
      ['past 50%', false],
      ['past 75%', false],
      ['reached its limit', true],
    ])
    expect(await isAllowed()).toBe(false)
  })

  it('comes with the address where the SDK can say the stop is lifted', async () => {
    await setBudget('10')
    await card()
    await eventually(async () => {
      const { tables } = opened.ground.postgres
      const verdict = await readVerdict(tables, opened.ground.project.id, opened.now())
      expect(verdict.budgets[0]?.liftUrl).toContain(`/archives/${llmCosts}/p`)
    })
  })

  it('is refused under the field that is wrong, and nothing is saved', async () => {
    expect(await setBudget('-3')).toMatchObject({
      outcome: 'errors',
      errors: { [`${FIELDS.limit}:${opened.ground.project.id}`]: expect.stringContaining('above zero') },
    })
    await opened.sandbox.closeView({ userId: alex, viewId: (await opened.sandbox.modal(alex))?.id ?? '' })
    const refused = await setBudget('10', random)
    expect(refused).toMatchObject({
      outcome: 'errors',
      errors: {
        [`${FIELDS.channel}:${opened.ground.project.id}`]: expect.stringContaining('/invite @LensAI'),
      },
    })
    expect(await opened.sandbox.messages(llmCosts)).toEqual([])
  })

  it('moves its card with its channel, and the old card says where it went', async () => {
    await setBudget('10')
    await card()
    await setBudget('10', general)
    await cardSays(/\$0\.00\* of \$10\.00/, general)
    await cardSays(new RegExp(`moved to <#${general}>`))
  })

  it('lets nobody raise a limit who may not lift a stop', async () => {
    await setBudget('10')
    await card()
    expect(await setBudget('100', llmCosts, sam)).toMatchObject({ outcome: 'errors' })
    await cardSays(/\$0\.00\* of \$10\.00/)
  })
})

describe('the buttons of a card', () => {
  beforeEach(async () => {
    await setBudget('10')
    await opened.spend([{ cost: usd('11') }])
    await cardSays(/Stopped/)
  })

  it('refuse an override to who may not lift, and say to them alone who can', async () => {
    await press(ACTIONS.override, sam)
    await lastEphemeral(sam, /Only workspace admins/)
    expect(await opened.sandbox.modal(sam)).toBeNull()
    expect(await isAllowed()).toBe(false)
  })

  it('lift the stop for an admin, and say who and why in the thread', async () => {
    expect(await override(alex)).toMatchObject({ outcome: 'closed' })
    expect(await isAllowed()).toBe(true)
    const posted = await cardSays(/Overridden/)
    await eventually(async () => {
      expect((await threadOf(posted)).at(-1)?.text).toMatch(/U0ALEX0001.*\$10\.00 more.*the launch is today/s)
    })
  })

  it('name what is wrong with an override under its field', async () => {
    const { orgId } = opened.ground
    const policy = { lifters: 'admins', windowsS: [900], amountMax: usd('5') } as const
    await saveOverridePolicy(opened.ground.postgres, { orgId, policy, by: alex }, opened.now())
    expect(await override(alex, '10')).toMatchObject({
      outcome: 'errors',
      errors: { [FIELDS.amount]: expect.stringContaining('$5.00') },
    })
    expect(await isAllowed()).toBe(false)
  })

  it('stop at once for any member, over a running override, until someone who may resumes', async () => {
    await override(alex)
    await cardSays(/Overridden/)
    await press(ACTIONS.stop, sam)
    await cardSays(/Stopped\* by <@U0SAM00001>/)
    expect(text(await card())).not.toContain(ACTIONS.override)
    await press(ACTIONS.resume, sam)
    await lastEphemeral(sam, /Only workspace admins/)
    await press(ACTIONS.resume, alex)
    await cardSays(/limit is reached/)
  })

  it('do a thing once when pressed twice, and tell the second who was first', async () => {
    const message = await card()
    await Promise.all([press(ACTIONS.stop, alex, message), press(ACTIONS.stop, sam, message)])
    await cardSays(/Stopped\* by/)
    const said = await eventually(async () => {
      const thread = await threadOf(message)
      expect(thread.filter(({ text: one }) => one.includes('stopped *'))).toHaveLength(1)
      const all = [...(await opened.sandbox.ephemerals(alex)), ...(await opened.sandbox.ephemerals(sam))]
      expect(all.filter((one) => /Nothing changed/.test(one.text))).toHaveLength(1)
      return all
    })
    expect(said.length).toBeGreaterThan(0)
  })

  it('do nothing on the card of a month that is over, and say so', async () => {
    const old = await card()
    opened.moveOn(32 * 86_400_000)
    await press(ACTIONS.stop, alex, old)
    await lastEphemeral(alex, /which is over/)
  })

  it('show what drives the spend to the one who asked', async () => {
    await opened.spend([{ cost: usd('4'), model: 'claude-x', route: '/chat', userId: 'u7' }])
    await press(ACTIONS.drivers, sam)
    await lastEphemeral(sam, /claude-x.*\/chat.*u7/s)
  })
})

describe('what Slack is told', () => {
  it('is neither lost nor repeated while the app is down, also when it is ended and started', async () => {
    await setBudget('10')
    const posted = await card()
    await opened.stopApp()
    await opened.spend([{ cost: usd('6') }, { cost: usd('3') }])
    await opened.startApp()
    await eventually(async () => expect(await threadOf(posted)).toHaveLength(1))
    await opened.restart()
    await opened.spend([{ cost: usd('5') }])
    await cardSays(/Stopped/)
    await eventually(async () => expect(await threadOf(posted)).toHaveLength(2))
    expect(
      (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null),
    ).toHaveLength(1)
  })

  it('is neither lost nor repeated while Slack is down', async () => {
    await setBudget('10')
    const posted = await card()
    opened.line.cut(true)
    await opened.spend([{ cost: usd('6') }])
    await opened.spend([{ cost: usd('5') }])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    opened.line.cut(false)
    await cardSays(/Stopped/)
    await eventually(async () => expect(await threadOf(posted)).toHaveLength(2))
    const calls = (await opened.sandbox.calls()).filter(({ method }) => method === 'chat.postMessage')
    expect(calls).toHaveLength(3)
  })

  it('that cannot be posted is told to the maker once, with what to do, and waits', async () => {
    const { postgres, orgId, project } = opened.ground
    const [installation] = await listInstallations(postgres.tables)
    const slack = { installationId: installation?.id ?? '', channelId: random }
    await setMonthlyBudget(
      postgres,
      { orgId, projectId: project.id, limit: usd('10'), slack, by: alex, origin: 'cli' },
      opened.now(),
    )
    const told = await eventually(async () => {
      const messages = await opened.sandbox.messages('D0ALEX0001')
      expect(messages).toHaveLength(1)
      return messages
    })
    expect(told[0]?.text).toMatch(/support-bot.*invite @LensAI/s)
    await opened.sandbox.command({ userId: alex, channelId: random, text: '/invite @LensAI' })
    opened.moveOn(61_000)
    await cardSays(/\$0\.00\* of \$10\.00/, random)
    expect(await opened.sandbox.messages('D0ALEX0001')).toHaveLength(1)
  })

  it('has a card for every month, and the card of the old one closes', async () => {
    await setBudget('10')
    await card()
    opened.moveOn(32 * 86_400_000)
    await openCurrentPeriods(opened.ground.postgres, opened.now())
    await eventually(async () => {
      const cards = (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null)
      expect(cards).toHaveLength(2)
      expect(text(cards[0])).toContain('This month is over')
      expect(text(cards[1])).toContain('Open.')
    })
  })

  it('includes the end of an override that is used up', async () => {
    await setBudget('10')
    const posted = await card()
    await opened.spend([{ cost: usd('11') }])
    await cardSays(/Stopped/)
    const [{ id: budgetId } = { id: '' }] = await opened.ground.postgres.tables.query.budgets.findMany()
    await grantOverride(
      opened.ground.postgres,
      {
        orgId: opened.ground.orgId,
        budgetId,
        amount: usd('2'),
        windowS: 900,
        reason: 'try',
        grantedBy: alex,
      },
      opened.now(),
    )
    await opened.spend([{ cost: usd('3') }])
    await eventually(async () => {
      const said = (await threadOf(posted)).at(-1)
      expect(said?.text).toMatch(/is used up.*refused again/)
      expect(said?.broadcast).toBe(true)
    })
  })
})
