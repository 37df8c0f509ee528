import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../../test/browser.ts'
import { alex, aModal, llmCosts, type OpenedSandbox, openForTest } from '../../test/opened-sandbox.ts'
import { ACME, client, GRID, workspaces } from '../../test/two-workspaces.ts'

let browser: Browser
let open: OpenedSandbox
let page: Page
/** Where Slack sends people back: what an app would serve. */
let back = ''
const app = createServer((_request, response) => response.end('back'))

beforeAll(async () => {
  browser = await openBrowser()
  await once(app.listen(0, '127.0.0.1'), 'listening')
  const address = app.address()
  back = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/slack/oauth_redirect`
  const oauth = { ...client, redirectUrls: [back], rotation: true, orgDeploy: true }
  open = await openForTest({ installed: false, workspaces, oauth })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(5000)
})
afterAll(async () => {
  await browser.close()
  app.close()
  await open.close()
})

const ask = async () => {
  const scope = 'chat:write,commands,users:read'
  const words = new URLSearchParams({ client_id: client.clientId, scope, redirect_uri: back, state: 's' })
  await page.goto(`${open.sandbox.url}/oauth/v2/authorize?${words}`)
}
const pressed = async (keys: readonly string[]): Promise<URL> => {
  for (const key of keys) await page.keyboard.press(key)
  await page.waitForURL((url) => url.href.startsWith(back))
  return new URL(page.url())
}
const visit = async (words: Record<string, string>) => {
  await page.goto(`${open.sandbox.url}/?${new URLSearchParams(words)}`)
  await page.waitForSelector('[data-ready]')
}

describe('the page that asks whether an app may be installed', () => {
  it('says what the app may do, changes the workspace, and allows, by keyboard alone', async () => {
    await ask()
    expect(await page.textContent('h1')).toContain('permission to access the Local workspace Slack workspace')
    await page.focus('summary')
    await page.keyboard.press('Enter')
    // To the second: Acme.
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    await expect.poll(() => page.textContent('h1')).toContain('the Acme Slack workspace')
    expect(await page.locator('.consent__group li').allTextContents()).toEqual([
      'View people in the workspace users:read',
      'Send messages as @LensAI chat:write',
      'Add shortcuts and slash commands that people can use commands',
    ])
    expect(await page.locator('select[name=user] option').allTextContents()).toEqual(['Kim (admin)'])
    await page.focus('button[value=allow]')
    const { searchParams } = await pressed(['Enter'])
    expect(searchParams.get('code')).toMatch(/^[0-9a-f]{48}$/)
    expect(searchParams.get('state')).toBe('s')
  })

  it('offers all of an organisation, and takes a no', async () => {
    await ask()
    await page.click('summary')
    await page.click('a:has-text("all its workspaces")')
    await expect.poll(() => page.textContent('h1')).toContain('the Grid Slack organisation')
    await page.focus('button[value=deny]')
    expect((await pressed(['Enter'])).searchParams.get('error')).toBe('access_denied')
  })
})

describe('several workspaces', () => {
  it('are switched between at the edge of the window, and each shows its own', async () => {
    await visit({})
    const rail = page.getByRole('navigation', { name: 'Workspaces' })
    expect(await rail.getByRole('link').count()).toBe(5)
    expect(await rail.getByRole('group', { name: 'Grid, an organisation' }).getByRole('link').count()).toBe(2)
    await rail.getByRole('link', { name: 'North' }).press('Enter')
    await page.waitForSelector(`body[data-team="${GRID.north}"][data-ready]`)
    expect(await page.textContent('.side__team')).toContain('North')
    expect(await page.locator('[data-install]').getAttribute('href')).toContain('/slack/install')
    await page.fill('[data-composer]', 'only in North')
    await page.keyboard.press('Enter')
    await page.waitForSelector('article:has-text("only in North")')
    await visit({ team: ACME.teamId })
    expect(await page.locator('article').count()).toBe(0)
    // Where an installation leads to.
    await page.goto(`${open.sandbox.url}/app_redirect?app=A1&team=${GRID.id}`)
    await page.waitForSelector(`body[data-team="${GRID.north}"][data-place="home"]`)
  })
})

describe('shortcuts', () => {
  beforeEach(() => visit({ team: 'T0SANDBOX1', place: llmCosts }))

  it('are found where the app is, and nowhere else', async () => {
    expect(await page.locator('summary[aria-label="Shortcuts"]').count()).toBe(0)
  })

  it('open from the composer and from a message, by keyboard, and Escape closes what they open', async () => {
    const own = await openForTest()
    own.app.answerWith(async ({ payload }) => {
      if (payload.type === 'shortcut')
        await own.client.apiCall('views.open', { trigger_id: payload.trigger_id, view: aModal() })
      return {}
    })
    await own.client.apiCall('chat.postMessage', { channel: llmCosts, text: 'spend 7d' })
    await page.goto(`${own.sandbox.url}/`)
    await page.waitForSelector('[data-ready]')
    const shortcuts = page.locator('summary[aria-label="Shortcuts"]')
    await shortcuts.press('Enter')
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      expect.stringContaining('Spend this month'),
      expect.stringContaining('Set a budget'),
    ])
    await page.keyboard.press('Escape')
    expect(await page.getByRole('menuitem').count()).toBe(0)
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.waitForSelector('#modal[open] [data-view-id]')
    expect(own.app.received.at(-1)?.payload).toMatchObject({ callback_id: 'shortcut_budget' })
    await page.keyboard.press('Escape')
    await page.waitForSelector('#modal:not([open])', { state: 'attached' })

    await page.locator('article summary[aria-label="More actions"]').press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => own.app.received.at(-1)?.payload)
      .toMatchObject({ type: 'message_action', callback_id: 'shortcut_answer', user: { id: alex } })
    await own.close()
  })
})
