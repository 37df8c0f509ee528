/** Where pictures are taken: a local Slack, and a browser that shows it. */
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { type CardFacts, cardMessage } from '../../app/blocks/card.ts'
import type { Block } from '../../app/blocks/text.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import { alex, llmCosts, type OpenedSandbox } from '../opened-sandbox.ts'

export interface Studio {
  readonly open: OpenedSandbox
  readonly page: Page
  readonly folder: string
  readonly now: Date
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
