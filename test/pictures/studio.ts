/** Where pictures are taken: a local Slack, and a browser that shows it. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { type CardFacts, cardMessage } from '../../app/blocks/card.ts'
import type { Block } from '../../app/blocks/text.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import type { SandboxOptions } from '../../sandbox/slack/server.ts'
import { alex, llmCosts, type OpenedSandbox, openForTest } from '../opened-sandbox.ts'

export interface Studio {
  readonly open: OpenedSandbox
  readonly page: Page
  readonly folder: string
  readonly now: Date
}

/** So high that no modal scrolls. */
export const TALL = { width: 1060, height: 1400 }

/** Opens one, and shuts it when the work is done; the folder is made when it is not there. */
export async function inStudio<T>(
  browser: Browser,
  folder: string,
  work: (studio: Studio) => Promise<T>,
  sandbox: Partial<SandboxOptions> = {},
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const open = await openForTest(sandbox)
  const page = await browser.newPage({ viewport: TALL, deviceScaleFactor: 2 })
  page.setDefaultTimeout(20_000)
  try {
    return await work({ open, page, folder, now: new Date() })
  } finally {
    await page.close()
    await open.close()
  }
}

export async function takeCard(
  studio: Studio,
  file: string,
  facts: CardFacts,
  picture: StoredPicture | null = null,
): Promise<string> {
  const { open, now } = studio
  await open.client.chat.postMessage({ channel: llmCosts, ...cardMessage(facts, now, picture) })
  return await takeLast(studio, file)
}

export async function takeHome(
  studio: Studio,
  blocks: Block[],
  file: string,
  height: number,
): Promise<string> {
  const { page, open } = studio
  await open.client.views.publish({ user_id: alex, view: { type: 'home', blocks } })
  await page.setViewportSize({ width: 1060, height })
  await page.goto(`${open.sandbox.url}/?place=home`)
  await page.waitForSelector('[data-ready]')
  await page.waitForLoadState('networkidle')
  return await take(studio, page.locator('[data-home-view]'), file)
}

export async function takeLast(studio: Studio, file: string): Promise<string> {
  const { page, open } = studio
  await page.goto(`${open.sandbox.url}/?place=${llmCosts}`)
  await page.waitForSelector('[data-ready]')
  return await take(studio, page.locator('[data-messages] [data-message-ts]').last(), file)
}

export async function take({ page, folder }: Studio, what: Locator, file: string): Promise<string> {
  await what.scrollIntoViewIfNeeded()
  await page.waitForTimeout(300)
  const clip = await what.boundingBox()
  if (clip === null) throw new Error(`${file} has nothing to show`)
  await page.screenshot({ path: path.join(folder, file), clip })
  return file
}

export async function takeModal(
  studio: Studio,
  view: object,
  file: string,
  filled?: { readonly field: string; readonly value: string },
): Promise<string> {
  const { page, open } = studio
  open.app.answerWith(async ({ payload }) => {
    if (payload.command) await open.client.apiCall('views.open', { trigger_id: payload.trigger_id, view })
    return {}
  })
  await page.goto(`${open.sandbox.url}/?place=${llmCosts}`)
  await page.waitForSelector('[data-ready]')
  await page.click('[data-composer]')
  await page.keyboard.type('/lens budget')
  await page.keyboard.press('Enter')
  const modal = page.locator('#modal[open]')
  await modal.locator('[data-view-id]').waitFor()
  if (filled) await modal.locator(`[data-block-id="${filled.field}"] input`).fill(filled.value)
  const made = await take(studio, modal, file)
  const viewId = (await open.sandbox.modal(alex))?.id ?? ''
  await open.sandbox.closeView({ userId: alex, viewId })
  return made
}
