/**
 * The page's typefaces, from npm packages, so that text and emoji look the same on a machine that has none: Lato, as
 * Slack has it, and Twemoji. Emoji come last in the page's list, so their file is fetched when one stands on the page.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { isObject } from '../slack/validate-shape.ts'

export const typefaceStyles: readonly string[] = [
  'lato/400.css',
  'lato/400-italic.css',
  'lato/700.css',
  'lato/900.css',
  'twemoji/twemoji.css',
].map((style) => `/page/typefaces/${style}`)

const packages: Readonly<Record<string, string>> = { lato: '@fontsource/lato', twemoji: 'twemoji-colr-font' }
const assetName = /^(?:files\/)?[a-z0-9-]+\.(css|woff2)$/
const types: Readonly<Record<string, string>> = { css: 'text/css; charset=utf-8', woff2: 'font/woff2' }
const require = createRequire(import.meta.url)

export function registerTypefaces(server: FastifyInstance): void {
  server.get('/page/typefaces/:typeface/*', async (request, reply) => {
    const { typeface, '*': asset } = isObject(request.params) ? request.params : {}
    const packageName = packages[String(typeface)]
    const ending = assetName.exec(String(asset))?.[1]
    if (packageName === undefined || ending === undefined) return await reply.status(404).send()
    const bytes = await readFile(require.resolve(`${packageName}/${String(asset)}`))
    const cache = ending === 'css' ? 'no-cache' : 'public, max-age=86400'
    return await reply
      .type(types[ending] ?? '')
      .header('cache-control', cache)
      .send(bytes)
  })
}
