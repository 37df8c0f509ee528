/**
 * `npm run pictures`: makes the pictures of the README anew, from the product as it runs: made-up but seeded calls go
 * through ingest, the card and the chart come from the Slack app, and a browser takes them from the page. `-- cards
 * [FOLDER]` makes those of other budgets and of the beginning alone, which need no stores.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { installBundledFonts } from '../../app/charts/fonts.ts'
import { ACTIONS, FIELDS } from '../../app/ids.ts'
import type { Running } from '../../local/running.ts'
import { readOrMakeSecrets } from '../../local/secrets.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { openBrowser } from '../browser.ts'
import { openStack } from '../journey/stack.ts'
import { makeRunFolder } from '../stores/run-folder.ts'
import { until } from '../waiting.ts'
import { takeCards } from './cards.ts'
import { takeDigest } from './digest.ts'
import { takeWelcome } from './welcome.ts'

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url))
const HOUR_MS = 3_600_000

/** Models with how many calls an hour each has, and what a call reads and writes. */
const TRAFFIC = [
  { model: 'gpt-4o', route: '/chat', calls: 14, tokensIn: 9_000, tokensOut: 900 },
  { model: 'gpt-4.1-mini', route: '/classify', calls: 40, tokensIn: 6_000, tokensOut: 200 },
  {
    model: 'claude-sonnet-4-5',
    provider: 'anthropic',
    route: '/summarise',
    calls: 9,
    tokensIn: 11_000,
    tokensOut: 800,
  },
  {
    model: 'gemini-2.5-flash',
    provider: 'google',
    route: '/search',
    calls: 30,
    tokensIn: 8_000,
    tokensOut: 500,
  },
]

async function main([what, folder]: readonly string[]): Promise<void> {
  const browser = await openBrowser()
  // After the browser began: it keeps the fonts of the machine, and only charts are drawn with ours.
  installBundledFonts(process.env)
  try {
    const into = folder ?? IMAGES
    const made = [
      ...(await takeCards(browser, into)),
      ...(await takeWelcome(browser, into)),
      await takeDigest(browser, into),
    ]
    process.stdout.write(`made ${made.join(', ')} in ${into}\n`)
    if (what !== 'cards') await takeReadme(browser)
  } finally {
    await browser.close()
  }
}

async function takeReadme(browser: Browser): Promise<void> {
  const folder = await makeRunFolder('lens-pictures-')
  const [ingestPort, appPort, sandboxPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ]
  const log = (line: string) => process.stderr.write(`${line}\n`)
  const stack = openStack({ dir: folder.path, ingestPort, appPort, sandboxPort, slack: null, log })
  const running = await stack.start()
  try {
    const page = await browser.newPage({ viewport: { width: 1060, height: 900 }, deviceScaleFactor: 2 })
    page.setDefaultTimeout(20_000)
    await sendWeek(running, (await readOrMakeSecrets(folder.path)).apiKey)
    await page.goto(`${running.sandboxUrl}/?place=C0LLMCOSTS`)
    await page.waitForSelector('[data-ready]')
    await picture(page, running)
  } finally {
    await stack.stop()
    await folder.remove()
  }
}

async function picture(page: Page, running: Running): Promise<void> {
  const field = (name: string, element: string) => `#modal[open] [data-block-id^="${name}"] ${element}`
  await type(page, '/lens budget')
  await page.waitForSelector('#modal[open] [data-view-id]')
  await page.fill(field(FIELDS.limit, 'input'), '69')
  await page.click('[data-submit-view]')
  const card = page.locator('[data-messages] [data-message-ts]', {
    has: page.locator(`[data-action-id="${ACTIONS.override}"]`),
  })
  await until('the card stops', 30_000, async () => ((await card.textContent()) ?? '').includes('Stopped'))
  await page.waitForTimeout(1_000)
  await takePicture(page, card, 'card.png')
  await type(page, '/lens spend 7d by model')
  const chart = page.locator('[data-ephemeral]', { has: page.locator('.block--image img') }).last()
  await chart.waitFor()
  await page.waitForTimeout(1_500)
  await takePicture(page, chart, 'chart.png')
  process.stdout.write(`made card.png and chart.png in ${IMAGES}, from ${running.ingestUrl}\n`)
}

async function takePicture(page: Page, what: Locator, file: string): Promise<void> {
  // Where the pointer lies, a message shows what can be done with it.
  await page.mouse.move(0, 0)
  await what.scrollIntoViewIfNeeded()
  const clip = await what.boundingBox()
  if (clip === null) throw new Error(`${file} has nothing to show`)
  await page.screenshot({ path: path.join(IMAGES, file), clip })
}

async function type(page: Page, text: string): Promise<void> {
  // A click, as a person does: after a dialog has closed, focus by script alone leaves this browser deaf to keys.
  await page.click('[data-composer]')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** Six days of calls up to now, busier by day than by night and calmer at the weekend. */
async function sendWeek(running: Running, apiKey: string): Promise<void> {
  const now = Date.now()
  for (let hoursAgo = 6 * 24; hoursAgo >= 1; hoursAgo -= 1) {
    const at = new Date(now - hoursAgo * HOUR_MS)
    const byDay = 0.35 + 0.65 * Math.max(0, Math.sin(((at.getUTCHours() - 5) / 24) * 2 * Math.PI))
    const busy = byDay * (at.getUTCDay() % 6 === 0 ? 0.4 : 1)
    const events = TRAFFIC.flatMap(({ model, provider = 'openai', route, calls, tokensIn, tokensOut }) =>
      Array.from({ length: Math.round(calls * busy) }, (_, index) => ({
        request_id: `${model}-${hoursAgo}-${index}`,
        ts: new Date(at.getTime() + index * 30_000).toISOString(),
        provider,
        model,
        route,
        tokens_in: tokensIn + index * 37,
        tokens_out: tokensOut + index * 5,
        latency_ms: 600 + index * 40,
      })),
    )
    const response = await fetch(`${running.ingestUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    })
    const answer = await response.text()
    if (!response.ok || !answer.includes('"rejected":[]')) throw new Error(`ingest refused: ${answer}`)
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
