import { createHmac } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { findInstallation } from '../db/postgres/installations.ts'
import { readOverridePolicy } from '../db/postgres/overrides.ts'
import { readProjectSpend } from '../db/postgres/project-spend.ts'
import { type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, general, random, sam, signingSecret } from '../test/opened-sandbox.ts'
import { eventually } from '../test/waiting.ts'
import { installBundledFonts } from './charts/fonts.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from './ids.ts'

installBundledFonts(process.env)

let opened: OpenedApp
beforeAll(async () => {
  opened = await openApp()
  const day = 86_400_000
  await opened.spend([
    { cost: usd('8.25'), model: 'gpt-4o', ts: new Date(opened.now().getTime() - day) },
    { cost: usd('1.75'), model: 'gpt-4o-mini', route: '/chat' },
    { cost: null, model: 'mystery-1' },
  ])
})
afterAll(() => opened.close())

/** Everything that a command says to the person who typed it, from now on. */
async function ask(userId: string, channelId: string, text: string, answers = 1) {
  const before = (await opened.sandbox.ephemerals(userId)).length
  await opened.sandbox.command({ userId, channelId, text })
  return await eventually(async () => {
    const said = (await opened.sandbox.ephemerals(userId)).slice(before)
    expect(said.length).toBeGreaterThanOrEqual(answers)
    return said
  })
}

describe('/lens spend', () => {
  it('answers with the total of the ledger, and says what has no price', async () => {
    const [said] = await ask(sam, general, '/lens spend 7d')
    const now = opened.now()
    const week = {
      from: new Date(now.getTime() - 6 * 86_400_000),
      until: new Date(now.getTime() + 86_400_000),
    }
    const [ledger] = await readProjectSpend(opened.ground.postgres.tables, {
      orgId: opened.ground.orgId,
      ...week,
    })
    expect(ledger?.spent).toBe(usd('10'))
    expect(said?.text).toContain('$10.00 in the last 7 days, 3 calls.')
    expect(said?.text).toContain('1 call has no price and is not in the sum: mystery-1.')
  })

  it('adds a chart that tells its finding, where the app is no member of the channel too', async () => {
    const said = await ask(sam, random, '/lens spend 7d by model', 2)
    expect(said[0]?.text).toMatch(/gpt-4o: \$8\.25\ngpt-4o-mini: \$1\.75\nmystery-1: no price/)
    const image = said[1]?.blocks.find(({ type }) => type === 'image')
    expect(image).toMatchObject({
      alt_text: expect.stringContaining('gpt-4o is 82% of $10.00 in the last 7 days'),
    })
    const file = (await opened.sandbox.files()).at(-1)
    expect(file).toMatchObject({ mimetype: 'image/png', state: 'completed', channelIds: ['D0SAM00001'] })
    expect(file?.altText).toContain('gpt-4o $8.25')
    const picture = await fetch(`${opened.sandbox.url}/files/${file?.id}/${file?.name}`)
    if (picture.ok)
      expect((await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).width).toBe(1440)
  })

  it('says plainly that there was nothing', async () => {
    opened.moveOn(40 * 86_400_000)
    const [said] = await ask(sam, general, '/lens spend 7d by model')
    opened.moveOn(-40 * 86_400_000)
    expect(said?.text).toBe('No calls in the last 7 days.')
  })
})

describe('/lens', () => {
  it('helps, and with a wrong word names the nearest right one', async () => {
    expect((await ask(sam, general, '/lens help'))[0]?.text).toContain('/lens budget')
    expect((await ask(sam, general, '/lens spned'))[0]?.blocks[0]).toMatchObject({
      text: { text: expect.stringContaining('Did you mean `/lens spend`?') },
    })
  })

  it('lets only admins change the settings, and keeps what they set', async () => {
    expect((await ask(sam, general, '/lens settings'))[0]?.text).toContain('Only workspace admins')
    await opened.sandbox.command({ userId: alex, channelId: general, text: '/lens settings' })
    const view = await eventually(async () => {
      const modal = await opened.sandbox.modal(alex)
      if (!modal) throw new Error('no modal yet')
      return modal
    })
    const submit = (windows: string, amountMax: string) =>
      opened.sandbox.submitView({
        userId: alex,
        viewId: view.id,
        values: {
          [FIELDS.lifters]: {
            [FIELD_VALUE]: { type: 'radio_buttons', selected_option: { value: 'members' } },
          },
          [FIELDS.windows]: { [FIELD_VALUE]: { type: 'plain_text_input', value: windows } },
          [FIELDS.amountMax]: { [FIELD_VALUE]: { type: 'plain_text_input', value: amountMax } },
        },
      })
    expect((await submit('soon', '-1')).errors).toMatchObject({
      [FIELDS.windows]: expect.stringContaining('15m'),
      [FIELDS.amountMax]: expect.stringContaining('above zero'),
    })
    expect(await submit('1h, 10s', '50')).toMatchObject({ outcome: 'closed' })
    expect(await readOverridePolicy(opened.ground.postgres.tables, opened.ground.orgId)).toEqual({
      lifters: 'members',
      windowsS: [10, 3600],
      amountMax: usd('50'),
    })
  })
})

describe('an answer', () => {
  const pressLast = async (actionId: string, channelId: string) => {
    const last = (await opened.sandbox.ephemerals(sam))
      .filter((one) => JSON.stringify(one.blocks).includes(actionId))
      .at(-1)
    return await opened.sandbox.press({ userId: sam, actionId, channelId, messageTs: last?.ts ?? '' })
  }
  const posted = async (channelId: string) =>
    (await opened.sandbox.messages(channelId)).filter(({ blocks }) =>
      JSON.stringify(blocks).includes('Shared by'),
    )

  it('is shared once, however often it is pressed, with who shared it', async () => {
    await ask(sam, general, '/lens spend 7d table model:gpt-4o*')
    await Promise.all([pressLast(ACTIONS.shareAnswer, general), pressLast(ACTIONS.shareAnswer, general)])
    await eventually(async () => expect((await posted(general)).length).toBe(1))
    await pressLast(ACTIONS.shareAnswer, general)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const [only, ...more] = await posted(general)
    expect(more).toEqual([])
    expect(only?.text).toContain('$10.00 in the last 7 days, 2 calls.')
    expect(JSON.stringify(only?.blocks)).toContain(`<@${sam}>`)
  })

  it('says the way in where the app is not in the channel', async () => {
    await ask(sam, random, '/lens latency today')
    await pressLast(ACTIONS.shareAnswer, random)
    await eventually(async () =>
      expect((await opened.sandbox.ephemerals(sam)).at(-1)?.text).toContain('/invite @LensAI'),
    )
  })

  it('runs what was meant', async () => {
    await ask(sam, general, '/lens lateny 7d by modle')
    await pressLast(ACTIONS.runSuggestion, general)
    await eventually(async () =>
      expect((await opened.sandbox.ephemerals(sam)).at(-1)?.text).toContain(
        'p50 100 ms, p95 100 ms, p99 100 ms',
      ),
    )
  })

  it('tells what has no price, which keys there are, and what cannot be asked', async () => {
    expect(JSON.stringify((await ask(sam, general, '/lens unpriced 7d'))[0]?.blocks)).toContain(
      'openai/mystery-1',
    )
    expect((await ask(sam, general, '/lens keys'))[0]?.text).toContain('no API key yet')
    expect((await ask(sam, general, '/lens spend 2999-01-01'))[0]?.text).toContain('has not begun')
    expect((await ask(sam, general, '/lens latency by user'))[0]?.text).toContain('not by user')
  })
})

describe('App Home', () => {
  it('shows the month, from the ledger, and how fast calls are', async () => {
    await opened.sandbox.openHome({ userId: sam })
    await eventually(async () => {
      const shown = JSON.stringify((await opened.sandbox.home(sam))?.payload)
      expect(shown).toContain('$10.00')
      expect(shown).toContain('p95 *100 ms*')
      expect(shown).toContain('openai/mystery-1: 1 call')
    })
  })
})

/** A request as Slack sends it, with a signature and a time of our choosing. */
async function post(body: string, { secret = signingSecret, ageS = 0 } = {}) {
  const timestamp = Math.floor(Date.now() / 1000) - ageS
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return await fetch(`${opened.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  })
}
const event = (eventId: string, inner: object) =>
  JSON.stringify({
    type: 'event_callback',
    event_id: eventId,
    team_id: 'T0SANDBOX1',
    api_app_id: 'A0LENSAI01',
    event: inner,
    authorizations: [{ team_id: 'T0SANDBOX1', is_enterprise_install: false }],
  })
const published = async () =>
  (await opened.sandbox.calls()).filter(({ method }) => method === 'views.publish').length

describe('a request of Slack', () => {
  it('is refused with a wrong or an old signature', async () => {
    const body =
      'command=%2Flens&text=help&team_id=T0SANDBOX1&user_id=U1&response_url=http%3A%2F%2F127.0.0.1%3A1'
    expect((await post(body, { secret: 'another' })).status).toBe(401)
    expect((await post(body, { ageS: 6 * 60 })).status).toBe(401)
    expect((await post('command=%2Flens&text=help&team_id=T0ELSEWHERE&user_id=U1')).status).toBe(401)
  })

  it('is acted on once, however often Slack repeats it', async () => {
    const before = await published()
    const body = event('Ev-twice', {
      type: 'app_home_opened',
      user: alex,
      tab: 'home',
      channel: 'D0ALEX0001',
      event_ts: '1.1',
    })
    await Promise.all([post(body), post(body), post(body)])
    await eventually(async () => expect(await published()).toBe(before + 1))
    expect((await post(body)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await published()).toBe(before + 1)
  })

  it('finds the stores well, or says which is not', async () => {
    expect((await fetch(`${opened.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${opened.url}/readyz`)).status).toBe(200)
  })

  it('that says the app was uninstalled destroys the token, and nothing is answered after', async () => {
    const where = { teamId: 'T0SANDBOX1', enterpriseId: undefined }
    expect(await findInstallation(opened.ground.postgres.tables, where)).not.toBeNull()
    await opened.sandbox.uninstall()
    await eventually(async () =>
      expect(await findInstallation(opened.ground.postgres.tables, where)).toBeNull(),
    )
    expect((await post('command=%2Flens&text=help&team_id=T0SANDBOX1&user_id=U1')).status).toBe(401)
  })
})
