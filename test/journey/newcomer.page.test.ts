/**
 * A newcomer, from the install link to the first stop and its lifting, in a real browser, with every part of the product as
 * a process behind it. With SHOTS_DIR set, it leaves a screenshot of each step there, to be looked at.
 */
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS, FIELDS } from '../../app/ids.ts'
import { ONBOARDING_STEPS } from '../../core/onboarding.ts'
import { listOnboardingSteps } from '../../db/postgres/onboarding-steps.ts'
import { preparePython } from '../../local/python/environment.ts'
import type { WorkspaceSeed } from '../../sandbox/slack/workspace.ts'
import { openBrowser } from '../browser.ts'
import { type NewProduct, openNewProduct } from './new-product.ts'
import { type Desk, runPython, runShell } from './pasted.ts'

const KIM = 'U0KIM00001'
const TEAM = 'T0NORTHW01'
const WORKSPACE: WorkspaceSeed = {
  ...{ teamId: TEAM, teamName: 'Northwind', channels: ['general', 'llm-costs'], botUserId: 'U0LENSNORT' },
  users: [
    { id: KIM, name: 'kim', realName: 'Kim', isAdmin: true, isBot: false },
    { id: 'U0LEE00001', name: 'lee', realName: 'Lee', isAdmin: false, isBot: false },
  ],
}
const HOUR_MS = 3_600_000
const SOON = { timeout: 20_000 }

const lines: string[] = []
const complaints: string[] = []
let browser: Browser
let page: Page
let product: NewProduct
let desk: Desk

beforeAll(async () => {
  const python = await preparePython((line) => lines.push(line), process.env.PYTHON)
  product = await openNewProduct([WORKSPACE], (line) => lines.push(line))
  desk = { dir: product.dir, python, providerUrl: product.provider.url }
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 })
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => complaints.push(error.message))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.close()
})

let shots = 0
const shot = async (name: string) => {
  const { SHOTS_DIR } = process.env
  shots += 1
  if (!SHOTS_DIR) return
  const areShown = '[...document.images].every((one) => one.complete)'
  await expect.poll(() => page.evaluate(areShown), SOON).toBe(true)
  await page.mouse.move(0, 0)
  await page.waitForTimeout(400)
  await page.screenshot({ path: path.join(SHOTS_DIR, `${String(shots).padStart(2, '0')}-${name}.png`) })
}
const button = (name: string) => page.getByRole('button', { name, exact: true })
const modalSays = (words: string | RegExp) =>
  expect.poll(() => page.textContent('#modal[open]'), SOON).toMatch(words)
const mainSays = (words: string | RegExp) => expect.poll(() => page.textContent('#main'), SOON).toMatch(words)
const field = (name: string, element: string) => `#modal[open] [data-block-id^="${name}"] ${element}`
const goTo = async (link: string) => {
  await page.getByRole('link', { name: link, exact: true }).first().click()
}
const modalIsShut = () => page.waitForSelector('#modal:not([open])', { state: 'attached' })

/** The code that follows a title in the modal, up to the next title, as it is read and copied. */
async function codeBelow(title: string): Promise<string[]> {
  const found: string[] = []
  let isBelow = false
  for (const block of await page.locator('#modal[open] [data-block-id]').all()) {
    const text = (await block.textContent()) ?? ''
    const code = await block.locator('code.block').allInnerTexts()
    if (text.startsWith(title)) isBelow = true
    // A block of code alone goes on with what stands above it.
    else if (text.trim() !== code.join('').trim()) isBelow = false
    if (isBelow) found.push(...code.map((one) => one.trimEnd()))
  }
  return found
}

/** Calls of gpt-4o at $2.50 and $10.00 a million tokens: $1.00 each. */
async function spendDollars(key: string, count: number, name: string): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    ...{
      request_id: `${name}-${index}`,
      ts: product.now().toISOString(),
      provider: 'openai',
      model: 'gpt-4o',
    },
    ...{ route: index % 3 === 0 ? '/summarise' : '/chat', tokens_in: 200_000, tokens_out: 50_000 },
    latency_ms: 840,
  }))
  const response = await fetch(`${product.ingestUrl}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  expect(await response.json()).toEqual({ accepted: count, rejected: [] })
}

const stepsSoFar = async () => {
  const steps = await listOnboardingSteps(product.postgres.tables)
  return steps.map(({ step }) => step)
}

describe('a newcomer', () => {
  let key = ''
  let shell = ''
  let python = ''
  let curl = ''

  it('installs the app: Slack asks, and they are back in Slack, where it welcomes them', async () => {
    await page.goto(product.installUrl)
    await expect.poll(() => page.textContent('h1')).toContain('LensAI is requesting permission')
    await page.click('summary:has-text("Local workspace")')
    await goTo('Northwind')
    await expect.poll(() => page.textContent('h1')).toContain('Northwind')
    await shot('consent')
    await button('Allow').click()
    await expect.poll(() => page.textContent('h1')).toBe('LensAI is in Northwind')
    await shot('installed')
    await goTo('Open LensAI in Slack')
    await page.waitForSelector('[data-ready]')
    await mainSays('Welcome to LensAI')
    expect(await page.title()).toContain('Northwind')
    await shot('home-welcome')
    await goTo('Messages')
    await mainSays(/Welcome to LensAI.*Name your project/s)
    await shot('message-welcome')
    expect(await stepsSoFar()).toEqual(['installed'])
  }, 40_000)

  it('names a project, and gets a key once, with lines to paste', async () => {
    await button('Name your project').click()
    await page.waitForSelector(field(FIELDS.projectName, 'input'))
    await page.keyboard.type('---')
    await page.keyboard.press('Enter')
    await modalSays('Use letters and digits')
    await shot('project-refused')
    await page.fill(field(FIELDS.projectName, 'input'), 'support-bot')
    await shot('project-named')
    await page.keyboard.press('Enter')
    await modalSays('shown this once')
    await page.keyboard.press('Enter')
    await modalSays('shown this once')
    key = (await codeBelow('It is shown this once'))[0] ?? ''
    expect(key).toMatch(/^lens_[a-z0-9]{8}_[\w-]{43}$/)
    await shot('key')
    shell = (await codeBelow('In your shell'))[0] ?? ''
    python = (await codeBelow('Python')).at(-1) ?? ''
    curl = (await codeBelow('curl')).at(-1) ?? ''
    for (const title of ['Node', 'OpenTelemetry']) expect((await codeBelow(title)).length).toBeGreaterThan(0)
    expect(shell).toContain(key)
    await page.locator('#modal [data-block-id]').last().scrollIntoViewIfNeeded()
    await shot('key-snippets')
    await page.keyboard.press('Escape')
    await modalSays('Waiting for your first event')
    expect(await page.content()).not.toContain(key)
    await shot('waiting')
    expect(await stepsSoFar()).toEqual(['installed', 'project_named', 'key_made'])
  }, 40_000)

  it('runs what stands there for Python, and sees the first event come by itself', async () => {
    const ran = await runPython(desk, shell, python)
    expect(ran).toEqual({ code: 0, output: '' })
    await modalSays(/First event \d+ s ago: gpt-4o-mini-\S+, \$0\.0000\d+/)
    await shot('first-event')
    await page.keyboard.press('Escape')
    await modalIsShut()
    await mainSays(/First event .*gpt-4o-mini/)
    await shot('message-first-event')
    await goTo('Home')
    await mainSays(/First event .*gpt-4o-mini/)
    await shot('home-first-event')
    const byHand = await runShell(desk, `${shell}\n${curl}\n`)
    expect(byHand.code).toBe(0)
    expect(byHand.output).toContain('{"accepted":1,"rejected":[]}')
    expect(product.provider.calls()).toHaveLength(1)
  }, 60_000)

  it('is proposed a budget after an hour, and sets it', async () => {
    await goTo('Messages')
    await product.moveOn(HOUR_MS)
    await mainSays(/A first budget for support-bot/)
    await shot('message-proposal')
    await goTo('Home')
    await mainSays(/A first budget for support-bot/)
    await shot('home-proposal')
    await page.getByRole('button', { name: /^Set \$\d+ a month/ }).click()
    await page.waitForSelector(field(FIELDS.limit, 'input'))
    expect(await page.inputValue(field(FIELDS.limit, 'input'))).toBe('5')
    await page.selectOption(field(FIELDS.channel, 'select'), { label: '#llm-costs' })
    await shot('budget-form')
    await page.click('[data-submit-view]')
    await modalIsShut()
    await goTo('Messages')
    await mainSays('LensAI is set up')
    await shot('message-set-up')
    await page.getByRole('link', { name: 'llm-costs' }).click()
    await mainSays('$5.00')
    await shot('card-open')
  }, 60_000)

  it('is warned, and at the limit the calls are refused', async () => {
    await spendDollars(key, 4, 'first')
    await mainSays(/\$4\.00 of \$5\.00/)
    await shot('card-warned')
    await spendDollars(key, 2, 'second')
    await mainSays('Stopped')
    await shot('card-stopped')
    const made = product.provider.calls().length
    const ran = await runPython(desk, shell, python)
    expect(ran.code).toBe(1)
    expect(ran.output).toContain('BudgetExceeded')
    expect(ran.output).toContain('support-bot')
    expect(product.provider.calls()).toHaveLength(made)
  }, 60_000)

  it('lifts the stop from the card, and the calls pass again', async () => {
    await page.locator(`[data-messages] [data-action-id="${ACTIONS.override}"]`).click()
    await page.waitForSelector(field(FIELDS.amount, 'input'))
    await page.fill(field(FIELDS.amount, 'input'), 'some')
    await page.click('[data-submit-view]')
    await page.waitForSelector('#modal [role=alert]')
    await shot('override-refused')
    await page.fill(field(FIELDS.amount, 'input'), '5')
    await page.fill(field(FIELDS.reason, ':is(input, textarea)'), 'The launch is today')
    await page.waitForTimeout(600)
    await shot('override')
    await page.click('[data-submit-view]')
    await modalIsShut()
    await mainSays(/Overridden.*Calls pass/s)
    await shot('card-overridden')
    const made = product.provider.calls().length
    expect(await runPython(desk, shell, python)).toEqual({ code: 0, output: '' })
    expect(product.provider.calls()).toHaveLength(made + 1)
    await page.locator('[data-open-thread]').first().click()
    await expect.poll(() => page.textContent('#thread'), SOON).toContain('The launch is today')
    await shot('thread')
    await page.getByRole('link', { name: 'LensAI', exact: true }).click()
    await mainSays(/\$6\.00/)
    await page.waitForTimeout(1_000)
    await shot('home-full')
  }, 60_000)

  it('leaves when it came to each step', async () => {
    const steps = await listOnboardingSteps(product.postgres.tables)
    expect(steps.map(({ step }) => step)).toEqual([...ONBOARDING_STEPS])
    const times = steps.map(({ at }) => at.getTime())
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(complaints).toEqual([])
  })
})
