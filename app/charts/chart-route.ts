/**
 * `GET /charts/TOKEN.png`: the pictures of Home, for Slack's image proxy. Whatever is wrong is a 404 alike, so that the
 * answer tells nothing. Pictures are kept a while: a Home that many open at once is drawn once.
 */
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Keyring } from '../../core/envelope.ts'
import type { Chart } from './chart.ts'
import { type LinkedChart, openChartLink } from './chart-link.ts'
import { drawChart } from './render.ts'

export interface ChartRouteDeps {
  readonly keyring: Keyring
  readonly log: Logger
  readonly now: () => Date
  /** Null for a chart that there is none of. */
  readonly chartOf: (linked: LinkedChart) => Promise<Chart | null>
}

interface Kept {
  readonly png: Promise<Buffer | null>
  readonly untilMs: number
}

const KEPT_MAX = 200
const FRESH_S = 300

export function registerChartRoute(server: FastifyInstance, deps: ChartRouteDeps): void {
  const kept = new Map<string, Kept>()
  server.get<{ Params: { file: string } }>('/charts/:file', async ({ params: { file } }, reply) => {
    const token = file.endsWith('.png') ? file.slice(0, -4) : ''
    const linked = openChartLink(token, deps.keyring, deps.now())
    const png = linked === null ? null : await pictureOf(linked, kept, deps)
    if (png === null)
      return await reply.code(404).header('cache-control', 'no-store').send({ error: 'not_found' })
    return await reply
      .header('content-type', 'image/png')
      .header('cache-control', `private, max-age=${FRESH_S}`)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .send(png)
  })
}

/** One drawing for all who ask meanwhile; one that failed is not kept. */
async function pictureOf(
  linked: LinkedChart,
  kept: Map<string, Kept>,
  deps: ChartRouteDeps,
): Promise<Buffer | null> {
  const key = JSON.stringify([linked.orgId, linked.chart])
  const nowMs = deps.now().getTime()
  const known = kept.get(key)
  if (known && known.untilMs > nowMs) return await known.png
  const png = drawn(linked, deps)
  kept.delete(key)
  kept.set(key, { png, untilMs: nowMs + FRESH_S * 1000 })
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  const picture = await png
  if (picture === null && kept.get(key)?.png === png) kept.delete(key)
  return picture
}

async function drawn(linked: LinkedChart, { chartOf, log }: ChartRouteDeps): Promise<Buffer | null> {
  try {
    const chart = await chartOf(linked)
    return chart === null ? null : (await drawChart(chart)).png
  } catch (error) {
    log.error({ err: error, chart: linked.chart, orgId: linked.orgId }, 'a chart could not be drawn')
    return null
  }
}
