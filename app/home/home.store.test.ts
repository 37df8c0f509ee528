import { afterEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { usd } from '../../core/money.ts'
import { saveApiKey, touchApiKey } from '../../db/postgres/api-keys.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex } from '../../test/opened-sandbox.ts'
import { peopleIn } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS } from '../ids.ts'
import { readChoice } from './choice.ts'

let opened: OpenedApp
afterEach(() => opened.close())

const home = async () => await opened.sandbox.home(alex)
const homeSays = (words: string | RegExp) =>
  eventually(async () => {
    const view = await home()
    const said = JSON.stringify(view?.payload.blocks)
    expect(said).toMatch(words)
    return said
  })
const open = () => opened.sandbox.openHome({ userId: alex })
const choose = async (actionId: string, value: string, text: string) =>
  await opened.sandbox.press({
    ...{ userId: alex, viewId: (await home())?.id ?? '', actionId },
    held: { type: 'static_select', selected_option: { text: { type: 'plain_text', text }, value } },
  })

describe('App Home', () => {
  it('shows the month against its budget, the days, charts that open, keys and what was changed', async () => {
    opened = await openApp()
    const { postgres, orgId, project } = opened.ground
    const key = { orgId, projectId: project.id, name: 'production', scopes: ['ingest'] }
    const { id } = await saveApiKey(postgres.tables, { ...key, minted: mintApiKey() }, opened.now())
    await touchApiKey(postgres.tables, id, opened.now())
    const people = peopleIn(opened)
    await people.setBudget('20')
    await people.card()
    await opened.spend([{ cost: usd('5'), model: 'gpt-4o' }])
    await open()
    const said = await homeSays(/gpt-4o/)
    expect(said).toContain(': $5.00"')
    expect(said).toMatch(/\*Today\* \(UTC\)\\n\$5\.00/)
    expect(said).toContain('*production*')
    expect(said).toContain('1 key reported in the last hour')
    expect(said).toMatch(/Budget made \*[^*]+\*/)
    const urls = [...said.matchAll(/"image_url":"([^"]+)"/g)].map(([, url]) => url ?? '')
    expect(urls).toHaveLength(3)
    const pictures = await Promise.all(urls.map((url) => fetch(url)))
    expect(pictures.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('remembers what a person chose, in the view and at the next opening', async () => {
    opened = await openApp()
    const { project } = opened.ground
    await opened.spend([{ cost: usd('5') }])
    await open()
    await homeSays(/in the last 7 days/)
    await choose(ACTIONS.homeRange, '30d', 'Charts of 30 days')
    await homeSays(/in the last 30 days/)
    await choose(ACTIONS.homeProject, project.id, project.name)
    const chosen = { range: '30d', projectId: project.id }
    await eventually(async () =>
      expect(readChoice(String((await home())?.payload.private_metadata))).toEqual(chosen),
    )
    await opened.restart()
    await open()
    await eventually(async () =>
      expect(readChoice(String((await home())?.payload.private_metadata))).toEqual(chosen),
    )
  })

  it('shows what the ledger knows while the archive is silent', async () => {
    opened = await openApp()
    await opened.spend([{ cost: usd('5') }])
    await opened.deps.clickhouse.command({ query: 'DROP TABLE events' })
    await opened.deps.clickhouse.command({ query: 'DROP TABLE spend_hourly' }).catch(() => undefined)
    await open()
    const said = await homeSays(/The archive does not answer now/)
    expect(said).toContain(': $5.00"')
    expect(said).not.toContain('image_url')
  })

  it('says why there are no charts where Slack cannot reach the app', async () => {
    opened = await openApp({ app: () => ({ publicAppUrl: null }) })
    await opened.spend([{ cost: usd('5') }])
    await open()
    expect(await homeSays(/PUBLIC_APP_URL/)).not.toContain('image_url')
  })

  it('shows itself anew when a budget changes its state', async () => {
    opened = await openApp()
    const people = peopleIn(opened)
    await people.setBudget('10')
    await people.card()
    await open()
    await homeSays(/Open/)
    await opened.spend([{ cost: usd('11') }])
    await homeSays(/Stopped: the limit is reached/)
  })
})
