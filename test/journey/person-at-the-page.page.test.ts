/**
 * A newcomer at the page of the local Slack, in a real browser, with the whole product behind it. With SHOTS_DIR set,
 * it leaves a screenshot of each step there, to be looked at.
 */
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS, FIELDS } from '../../app/ids.ts'
import type { Running } from '../../local/running.ts'
import { readOrMakeSecrets } from '../../local/secrets.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { openBrowser } from '../browser.ts'
import { makeRunFolder } from '../stores/run-folder.ts'
import { openStack, type Stack } from './stack.ts'

const lines: string[] = []
let browser: Browser
let page: Page
let stack: Stack
let folder: Awaited<ReturnType<typeof makeRunFolder>>
let running: Running

beforeAll(async () => {
  folder = await makeRunFolder('lens-page-')
  stack = openStack({
    dir: folder.path,
    ingestPort: await findFreePort(),
    appPort: await findFreePort(),
    sandboxPort: await findFreePort(),
    slack: null,
    log: (line) => lines.push(line),
  })
  running = await stack.start()
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 })
  page.setDefaultTimeout(15_000)
}, 90_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  await folder?.remove()
})

const shot = async (name: string) => {
  if (process.env.SHOTS_DIR) await page.screenshot({ path: path.join(process.env.SHOTS_DIR, `${name}.png`) })
}
const type = async (text: string) => {
  await page.locator('[data-composer]').pressSequentially(text)
  await page.keyboard.press('Enter')
}
const field = (name: string, element: string) => `#modal[open] [data-block-id^="${name}"] ${element}`
const button = (action: string) => `[data-messages] [data-action-id="${action}"]`
const card = () => page.textContent('[data-messages]')

/** Calls of a known cost, over plain HTTP: gpt-4o at $2.50 and $10.00 a million tokens, $1.00 each. */
async function spendDollars(count: number, name: string): Promise<void> {
  const { apiKey } = await readOrMakeSecrets(folder.path)
  const event = { ts: new Date().toISOString(), provider: 'openai', model: 'gpt-4o', latency_ms: 840 }
  const events = Array.from({ length: count }, (_, index) => ({
    ...event,
    request_id: `${name}-${index}`,
    route: index % 3 === 0 ? '/summarise' : '/chat',
    tokens_in: 200_000,
    tokens_out: 50_000,
  }))
  const response = await fetch(`${running.ingestUrl}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  expect(await response.json()).toEqual({ accepted: count, rejected: [] })
}

describe('a person at the page', () => {
  it('sets a budget, sees it stop the calls, lifts the stop, and sees the card follow', async () => {
    await page.goto(`${running.sandboxUrl}/?place=C0LLMCOSTS`)
    await page.waitForSelector('[data-ready]')
    await type('/lens budget')
    await page.waitForSelector('#modal[open] [data-view-id]')
    await page.fill(field(FIELDS.limit, 'input'), '10')
    await shot('1-budget-modal')
    await page.click('[data-submit-view]')

    await page.waitForSelector(button(ACTIONS.override))
    await expect.poll(card).toContain('of $10.00')
    await spendDollars(6, 'first')
    await expect.poll(card, { timeout: 15_000 }).toContain('$6.00 of $10.00')
    await shot('2-warned')
    await spendDollars(5, 'second')
    await expect.poll(card, { timeout: 15_000 }).toContain('Stopped')
    await shot('3-stopped')

    await page.click(button(ACTIONS.override))
    await page.waitForSelector('#modal[open] [data-view-id]')
    await page.fill(field(FIELDS.amount, 'input'), '5')
    await page.fill(field(FIELDS.reason, 'input, #modal[open] textarea'), 'The demo must go on')
    await shot('4-override-modal')
    await page.click('[data-submit-view]')
    await page.waitForSelector('#modal:not([open])', { state: 'attached' })
    await expect.poll(card, { timeout: 15_000 }).toMatch(/Override|Overridden/)
    await expect.poll(card, { timeout: 15_000 }).not.toContain('Calls are refused until')
    await shot('5-overridden')

    await page.click('[data-open-thread] >> nth=0')
    await expect.poll(() => page.textContent('#thread')).toContain('The demo must go on')
    await shot('6-thread')
  }, 120_000)

  it('asks what was spent and gets figures and a chart', async () => {
    await type('/lens spend 7d by model')
    await page.waitForSelector('[data-ephemeral] img', { timeout: 20_000 })
    await expect.poll(() => page.textContent('[data-ephemeral] >> nth=-1')).toContain('gpt-4o')
    const alt = await page.getAttribute(
      '[data-ephemeral] img[src*="file"], [data-ephemeral] .block img',
      'alt',
    )
    expect(alt).toContain('$11')
    await page.waitForTimeout(500)
    await shot('7-spend-chart')
    await page.click('[data-home]')
    await expect.poll(() => page.textContent('#main'), { timeout: 15_000 }).toContain('$11.00')
    await shot('8-home')
  }, 60_000)
})
