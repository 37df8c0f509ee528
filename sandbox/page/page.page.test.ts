import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../../test/browser.ts'
import {
  aCard,
  alex,
  aModal,
  general,
  llmCosts,
  type OpenedSandbox,
  openForTest,
  sam,
} from '../../test/opened-sandbox.ts'
import { isObject } from '../slack/validate-shape.ts'

let browser: Browser
let open: OpenedSandbox
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  open = await openForTest()
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(5000)
  complaints.length = 0
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterEach(async () => {
  await page.close()
  await open.close()
})

async function visit(query = ''): Promise<void> {
  await page.goto(`${open.sandbox.url}/${query}`)
  await page.waitForSelector('[data-ready]')
}

const post = (channel: string, text: string) =>
  open.client.apiCall('chat.postMessage', { channel, text, blocks: aCard() })

async function type(text: string): Promise<void> {
  await page.locator('[data-composer]').pressSequentially(text)
  await page.keyboard.press('Enter')
}

describe('the page', () => {
  it('takes a command, fills the modal it opens, and shows the card that comes of it, by keyboard alone', async () => {
    open.app.answerWith(async ({ payload }) => {
      if (payload.command === '/lens')
        await open.client.apiCall('views.open', { trigger_id: payload.trigger_id, view: aModal() })
      if (payload.type === 'view_submission') await post(llmCosts, 'the card')
      return {}
    })
    await visit()
    await type('/lens budget')
    await page.waitForSelector('#modal[open] [data-view-id]')
    await page.keyboard.type('250')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.locator('[data-submit-view]').press('Enter')
    await page.waitForSelector(`[data-messages="${llmCosts}"] [data-action-id="budget.override"]`)
    await page.waitForSelector('#modal:not([open])', { state: 'attached' })
    const submitted = open.app.received.find((one) => one.payload.type === 'view_submission')?.payload.view
    expect(isObject(submitted) ? submitted.state : null).toMatchObject({
      values: {
        amount: { usd: { value: '250' } },
        period: { choice: { selected_option: { value: 'month' } } },
      },
    })
    expect(complaints).toEqual([])
  })

  it('shows what is wrong beside the field, keeps what was typed, and closes at Escape', async () => {
    open.app.answerWith(async ({ payload }) => {
      if (payload.command)
        await open.client.apiCall('views.open', { trigger_id: payload.trigger_id, view: aModal() })
      return payload.type === 'view_submission'
        ? { body: { response_action: 'errors', errors: { amount: 'Above what the plan allows' } } }
        : {}
    })
    await visit()
    await type('/lens budget')
    await page.waitForSelector('#modal[open]')
    await page.click('[data-submit-view]')
    await expect.poll(() => page.textContent('[data-error-for="amount"]')).toContain('required')
    await page.fill('[data-action-id="usd"] input', '9000')
    await page.click('[data-submit-view]')
    await expect.poll(() => page.textContent('[data-error-for="amount"]')).toBe('Above what the plan allows')
    expect(await page.inputValue('[data-action-id="usd"] input')).toBe('9000')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#modal:not([open])', { state: 'attached' })
    expect(await open.sandbox.modal(alex)).toBeNull()
  })

  it('presses a button, and shows the message change in place', async () => {
    await post(llmCosts, 'card')
    const [card] = await open.sandbox.messages(llmCosts)
    open.app.answerWith(async ({ payload }) => {
      if (payload.type === 'block_actions')
        await open.client.apiCall('chat.update', { channel: llmCosts, ts: card?.ts, text: 'Lifted by Sam' })
      return {}
    })
    await visit(`?user=${sam}`)
    await page.click('[data-action-id="budget.override"]')
    await expect.poll(() => page.textContent(`[data-message-ts="${card?.ts}"]`)).toContain('Lifted by Sam')
    expect(open.app.received[0]?.payload).toMatchObject({ user: { id: sam }, channel: { id: llmCosts } })
  })

  it('asks before an act that wants to be confirmed', async () => {
    const [, , actions] = aCard()
    const confirm = {
      title: { type: 'plain_text', text: 'Sure?' },
      text: { type: 'plain_text', text: 'All calls stop' },
    }
    const button = { type: 'button', action_id: 'stop', text: { type: 'plain_text', text: 'Stop' }, confirm }
    const blocks = [{ ...actions, elements: [button] }]
    await open.client.apiCall('chat.postMessage', { channel: llmCosts, text: 'card', blocks })
    await visit()
    await page.click('[data-action-id="stop"]')
    await page.click('[data-confirm-deny]')
    expect(open.app.received).toEqual([])
    await page.click('[data-action-id="stop"]')
    await page.click('[data-confirm-go]')
    await expect.poll(() => open.app.received.length).toBe(1)
  })

  it('shows an ephemeral message to its reader alone', async () => {
    await visit()
    await open.client.apiCall('chat.postEphemeral', { channel: llmCosts, user: alex, text: 'for your eyes' })
    await page.waitForSelector('[data-ephemeral]:has-text("Only visible to you")')
    await page.selectOption('[data-user-switch]', sam)
    await page.waitForSelector(`body[data-user="${sam}"][data-ready]`)
    expect(await page.locator('[data-ephemeral]').count()).toBe(0)
  })

  it('opens a thread, and follows what is added to it', async () => {
    await post(llmCosts, 'card')
    const [card] = await open.sandbox.messages(llmCosts)
    const reply = (text: string) =>
      open.client.apiCall('chat.postMessage', { channel: llmCosts, thread_ts: card?.ts, text })
    await reply('crossed 50%')
    await visit()
    await page.click(`[data-open-thread="${card?.ts}"]`)
    await page.waitForSelector('#thread :text("crossed 50%")')
    await reply('crossed 75%')
    await page.waitForSelector('#thread :text("crossed 75%")')
    await page.click('[data-close-thread]')
    await page.waitForSelector('#thread', { state: 'hidden' })
  })

  it('shows Home when the app publishes it, and its buttons act', async () => {
    open.app.answerWith(async ({ payload }) => {
      if (payload.type === 'event_callback')
        await open.client.apiCall('views.publish', { user_id: alex, view: { type: 'home', blocks: aCard() } })
      return {}
    })
    await visit()
    await page.click('[data-home]')
    await page.click('[data-home-view] [data-action-id="budget.stop"]')
    await expect.poll(() => open.app.received.at(-1)?.payload.type).toBe('block_actions')
    expect(open.app.received.at(-1)?.payload).toMatchObject({ view: { type: 'home' } })
  })

  it('offers the commands, and invites the app to a channel', async () => {
    await visit(`?place=${general}`)
    await page.locator('[data-composer]').pressSequentially('/lens b')
    expect(await page.locator('[data-hint]').allTextContents()).toEqual([
      expect.stringContaining('/lens budget'),
    ])
    await page.keyboard.press('Tab')
    expect(await page.inputValue('[data-composer]')).toBe('/lens budget')
    await page.click('a:has-text("random")')
    await page.click('[data-invite]')
    await page.waitForSelector('#head:has-text("LensAI is in this channel")')
  })

  it('shows text as text, whatever stands in it', async () => {
    const nasty = '<img src=x onerror="document.title=1"> <script>document.title=2</script>'
    await open.client.apiCall('chat.postMessage', {
      channel: llmCosts,
      text: nasty,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: nasty } },
        { type: 'header', text: { type: 'plain_text', text: nasty } },
        { type: 'markdown', text: nasty },
      ],
    })
    await visit()
    await page.waitForSelector('article[data-message-ts]')
    expect(await page.locator('[data-messages] script, [data-messages] [onerror]').count()).toBe(0)
    expect(await page.title()).toContain('Local workspace')
  })
})
