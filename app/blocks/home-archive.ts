/** What Home shows from the archive: charts, latency, and models without a price; or that it does not answer. */
import type { Latency } from '../../db/clickhouse/queries/latency.ts'
import type { HomeArchive } from './home-facts.ts'
import { type Block, calls, clip, context, escapeText, section } from './text.ts'

export function chartBlocks(archive: HomeArchive): Block[] {
  if (archive.kind === 'silent') {
    return [
      section(
        ':warning:  *Charts, latency and models without a price are missing.* The archive does not answer now. What is spent and the budgets are from the ledger, and hold. Open this page again in a minute.',
      ),
    ]
  }
  if (archive.charts === null) {
    return [
      context(
        'Charts are shown here once this app has an address that Slack can reach (`PUBLIC_APP_URL`). `/lens spend 7d by model` sends one.',
      ),
    ]
  }
  return archive.charts.map(({ altText, url }) => ({
    type: 'image',
    image_url: url,
    alt_text: clip(altText, 2000),
  }))
}

export function healthBlocks(archive: HomeArchive): Block[] {
  if (archive.kind === 'silent') return []
  const { latency, unpriced } = archive
  const speed = latency
    ? `*Latency, last 24 hours*\np50 *${seconds(latency.p50Ms)}*  ·  p95 *${seconds(latency.p95Ms)}*${ttftText(latency)}`
    : '*Latency, last 24 hours*\nNo successful call is archived yet.'
  if (unpriced.length === 0) return [section(speed)]
  const models = unpriced.map(
    ({ provider, model, unpricedEvents }) =>
      `${escapeText(clip(`${provider}/${model}`, 100))}: ${calls(unpricedEvents)}`,
  )
  return [section(speed), section(`:warning:  *Without a price, and so in no sum*\n${models.join('\n')}`)]
}

const ttftText = ({ ttftP50Ms, ttftP95Ms }: Latency): string =>
  ttftP50Ms === null || ttftP95Ms === null
    ? ''
    : `  ·  first token p50 ${seconds(ttftP50Ms)}, p95 ${seconds(ttftP95Ms)}`

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`)
