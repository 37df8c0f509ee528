/**
 * A Vega-Lite drawing as SVG, and as a PNG at twice its size. No canvas, no browser, no network.
 * The libraries are loaded with the first drawing: they take as long to load as all the rest of the app. So the app makes
 * one as it starts, that no person waits for it.
 */
import type { TopLevelSpec } from 'vega-lite'
import { PIXEL_RATIO } from './theme.ts'

/** What Vega would say to a console goes nowhere: a spec is ours, and a test looks at what comes of it. */
const QUIET_LOGGER = {
  level: () => QUIET_LOGGER,
  error: () => QUIET_LOGGER,
  warn: () => QUIET_LOGGER,
  info: () => QUIET_LOGGER,
  debug: () => QUIET_LOGGER,
}

export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new View(parse(compile(spec, { logger: QUIET_LOGGER }).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

export async function renderPng(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return await sharp(Buffer.from(svg), { density: 72 * PIXEL_RATIO })
    // Half the time of the smallest file, for a quarter more bytes.
    .png({ compressionLevel: 6, palette: true, effort: 3 })
    .toBuffer()
}

export interface Picture {
  readonly svg: string
  readonly png: Buffer
}

export async function drawChart({ spec }: { readonly spec: TopLevelSpec }): Promise<Picture> {
  const svg = await renderSvg(spec)
  return { svg, png: await renderPng(svg) }
}

const DOT: TopLevelSpec = { data: { values: [{}] }, mark: 'point' }

/** Draws what nobody sees. */
export async function prepareToDraw(): Promise<void> {
  await drawChart({ spec: DOT })
}
