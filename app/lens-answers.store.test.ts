/** The answers about calls and budgets beyond spend, through the local Slack: errors, forecast, compare, audit, files. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { rollUpHour } from '../db/clickhouse/rollup.ts'
import { stopWidely } from '../db/postgres/stop-budget.ts'
import { type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, general, sam } from '../test/opened-sandbox.ts'
import { eventually } from '../test/waiting.ts'
import { ACTIONS } from './ids.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const guest = 'U0GUEST001'

let opened: OpenedApp
beforeAll(async () => {
  opened = await openApp({
    sandbox: {
      extraUsers: [
        { id: guest, name: 'guest', realName: 'A Guest', isAdmin: false, isGuest: true, isBot: false },
      ],
    },
  })
  // Noon in the middle of a month, so that no answer depends on the day.
  const today = opened.now()
  const noon = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 15, 12)
  opened.moveOn(noon - today.getTime())
})
afterAll(() => opened.close())

const ago = (ms: number): Date => new Date(opened.now().getTime() - ms)

async function ask(userId: string, text: string, answers = 1) {
  const before = (await opened.sandbox.ephemerals(userId)).length
  await opened.sandbox.command({ userId, channelId: general, text })
  return await eventually(async () => {
    const said = (await opened.sandbox.ephemerals(userId)).slice(before)
    expect(said.length).toBeGreaterThanOrEqual(answers)
    return said
  })
}
const asked = async (text: string, userId = sam) => (await ask(userId, text))[0]
const textOf = async (text: string) => (await asked(text))?.text ?? ''

describe('/lens errors', () => {
  beforeAll(async () => {
    const call = { cost: usd('0.01'), ts: ago(2 * DAY_MS) }
    await opened.spend([
      ...Array.from({ length: 6 }, () => ({ ...call, model: 'gpt-4o', route: '/chat' })),
      { ...call, model: 'gpt-4o', route: '/chat', status: 'rate_limited', userId: 'u1' },
      { ...call, model: 'gpt-4o', route: '/mail', status: 'error' },
      { ...call, model: 'o1', status: 'blocked' },
      { ...call, model: 'o1' },
    ])
  })

  it('tells the share of calls that failed, how, and where, and the same once hours are rolled up', async () => {
    const said = await asked('/lens errors 7d')
    expect(said?.text).toContain('30% of 10 calls failed in the last 7 days: 3')
    expect(said?.text).toContain('gpt-4o: 2 of 8')
    expect(said?.text).toContain('o1: 1 of 2')
    expect(JSON.stringify(said?.blocks)).toContain('refused by a budget *1* (10%)')
    expect(JSON.stringify(said?.blocks)).toContain('/mail  ·  100%, 1 of 1 call')
    const hour = new Date(Math.floor(ago(2 * DAY_MS).getTime() / HOUR_MS) * HOUR_MS)
    expect((await rollUpHour(opened.deps.clickhouse, hour, opened.now())).events).toBe(10)
    expect((await asked('/lens errors 7d'))?.text).toBe(said?.text)
  })

  it('narrows what failed, and is cut by whatever calls carry', async () => {
    expect(await textOf('/lens errors 7d status:rate_limited by user')).toMatch(
      /10% of 10 calls failed .*: 1\..*u1: 1 of 1\nnone given: 0 of 9/s,
    )
    expect(await textOf('/lens errors 7d model:o1 by status')).toContain('50% of 2 calls failed')
    expect(await textOf('/lens errors today')).toBe('No calls today.')
  })
})

it('/lens errors is drawn over time by status where a chart is asked for', async () => {
  const finding = expect.stringMatching(/30% of 10 calls failed in the last 7 days.*rate_limited 1 \(10%\)/)
  const filesBefore = (await opened.sandbox.files()).length
  const own = (await ask(sam, '/lens errors 7d chart', 2))[1]
  expect(own?.text).toEqual(finding)
  expect(own?.blocks).toMatchObject([{ type: 'data_visualization' }])
  expect((await opened.sandbox.files()).length).toBe(filesBefore)

  // A workspace that has no such block gets the picture, without a word about it.
  opened.sandbox.refuseBlocks('data_visualization')
  const instead = (await ask(sam, '/lens errors 7d chart', 2))[1]
  opened.sandbox.refuseBlocks()
  expect(instead?.blocks.find(({ type }) => type === 'image')).toMatchObject({ alt_text: finding })
})

describe('/lens compare', () => {
  it('sets a time beside the one before it, and says in words which way things moved', async () => {
    await opened.spend([
      { cost: usd('4'), model: 'o1', ts: ago(9 * DAY_MS) },
      { cost: usd('3'), model: 'gpt-4o', ts: ago(8 * DAY_MS) },
      { cost: usd('9'), model: 'gpt-4o', ts: ago(DAY_MS) },
    ])
    const text = await textOf('/lens compare 7d')
    expect(text).toContain('$9.10 in the last 7 days, $2.10 more (+30%) than in the 7 days before: $7.00.')
    expect(text).toContain('gpt-4o: $6.08 more (+202%)')
    expect(text).toContain('o1: $3.98 less (−99%)')
    expect(await textOf('/lens compare 7d model:none')).toBe(
      'No calls in the last 7 days, and none in the 7 days before.',
    )
  })
})

describe('/lens forecast', () => {
  it('says that there is nothing to forecast, and when it is too early', async () => {
    expect(await textOf('/lens forecast')).toContain('There is no budget to forecast')
    await opened.ground.setBudget('5000', opened.now())
    expect(await textOf('/lens forecast')).toMatch(/support-bot: \$[\d.]+ of \$5,000\.00, at this rate/)
  })

  it('says when the limit is reached at this rate, and that it is', async () => {
    const hourly = Array.from({ length: 72 }, (_, hour) => ({
      ...{ cost: usd('0.5'), ts: ago((hour + 1) * HOUR_MS), model: 'o1', route: '/nightly' },
    }))
    await opened.spend(hourly)
    await opened.ground.setBudget('60', opened.now())
    expect(await textOf('/lens forecast')).toMatch(/at this rate 100% on [A-Z][a-z]+day \d\d:\d\d/)
    await opened.ground.setBudget('5', opened.now())
    expect(await textOf('/lens forecast')).toContain('100% is reached')
    await opened.ground.setBudget('5000', opened.now())
  })

  it.each([
    ['forecast', 'of $5,000.00'],
    ['budgets', '1 budget'],
    ['compare 7d', 'than in the 7 days before'],
    ['errors 7d', 'calls failed in the last 7 days'],
  ])('is shared with the channel, and so is /lens %s', async (words, expected) => {
    const [said] = await ask(sam, `/lens ${words}`)
    await opened.sandbox.press({
      ...{ userId: sam, actionId: ACTIONS.shareAnswer, channelId: general },
      messageTs: said?.ts ?? '',
    })
    await eventually(async () => {
      const shared = (await opened.sandbox.messages(general)).filter(({ blocks }) =>
        JSON.stringify(blocks).includes(`/lens ${words}`),
      )
      expect(shared.at(-1)?.text).toContain(expected)
    })
  })
})

describe('/lens audit', () => {
  it('tells who did what, to everybody or of one person, whose name nobody need know exactly', async () => {
    const { orgId, project, postgres } = opened.ground
    const deed = { orgId, projectId: project.id, by: alex, origin: 'slack' } as const
    await stopWidely(postgres, { ...deed, reason: 'the key <!channel> leaked' }, opened.now())
    const all = await asked('/lens audit')
    expect(all?.text).toContain(`<@${alex}> stopped every call of ${project.name}: the key`)
    expect(all?.text).not.toContain('<!channel>')
    expect(all?.text).toMatch(/made the budget .* of \$5,000\.00/)
    const alexName = (await opened.sandbox.users()).find(({ id }) => id === alex)?.name ?? ''
    const his = await textOf(`/lens audit by @${alexName}`)
    expect(his).toContain(`The last deed by <@${alex}>`)
    expect(his).not.toContain('made the budget')
    expect(await textOf('/lens audit by me')).toContain('did nothing yet')
    expect(await textOf('/lens audit by @nobody')).toContain('Nobody called `nobody` did anything')
    expect(await textOf('/lens audit 1')).toContain('The last deed')
    expect(await textOf('/lens audit 9999')).toContain('Did you mean `/lens audit 40`?')
  })
})

it('tells guests nothing', async () => {
  for (const word of ['errors', 'compare', 'forecast', 'budgets', 'audit', 'spend csv']) {
    const [said, ...more] = await ask(guest, `/lens ${word}`)
    expect([said?.text, more]).toEqual([expect.stringContaining('Guests cannot do this'), []])
  }
})

describe('/lens spend csv', () => {
  it('is a file for the person alone, exact, and safe to open', async () => {
    await opened.spend([{ cost: usd('0.000000001'), model: '=HYPERLINK("x")', ts: ago(DAY_MS) }])
    const said = await ask(sam, '/lens spend 7d by model csv', 2)
    expect(said[1]?.text).toContain('is in your messages with LensAI')
    const file = (await opened.sandbox.files()).at(-1)
    expect(file).toMatchObject({ state: 'completed', channelIds: ['D0SAM00001'] })
    const text = await eventually(async () => {
      const answer = await fetch(`${opened.sandbox.url}/files/${file?.id}/${file?.name}`)
      expect(answer.ok).toBe(true)
      return await answer.text()
    })
    expect(text.split('\r\n')[0]).toBe(
      'first_day,last_day,time_zone,model,spend_usd,calls,calls_without_price',
    )
    expect(text).toContain(`"'=HYPERLINK(""x"")",0.000000001,1,0`)
    expect(text).toContain('gpt-4o,9.080000000,9,0')
  })

  it('is of spend alone', async () => {
    expect(await textOf('/lens latency csv 7d')).toContain('Did you mean `/lens latency 7d`?')
  })
})
