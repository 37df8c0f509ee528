/**
 * A browser for page tests: the Chromium named by CHROME_PATH, one found on this machine, or the one that comes
 * in npm's `@sparticuz/chromium`, so that no step outside npm is needed.
 */
import { existsSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** No sandbox, since tests may run as root in a container; and no calls home of the browser's own. */
const flags = [
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--metrics-recording-only',
]

export async function openBrowser(): Promise<Browser> {
  return await playwright.launch({ executablePath: await chromiumPath(), headless: true, args: flags })
}

async function chromiumPath(): Promise<string> {
  const named = process.env.CHROME_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROME_PATH is ${named}, and there is no such file`)
  }
  return usualPlaces.find((path) => existsSync(path)) ?? (await chromium.executablePath())
}
