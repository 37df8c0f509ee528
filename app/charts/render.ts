/** A Vega-Lite drawing as SVG, and as a PNG at twice its size. No canvas, no browser, no network. */
import sharp from 'sharp'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
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
  const view = new View(parse(compile(spec, { logger: QUIET_LOGGER }).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

export const renderPng = (svg: string): Promise<Buffer> =>
  sharp(Buffer.from(svg), { density: 72 * PIXEL_RATIO })
    .png({ compressionLevel: 9, palette: true })
    .toBuffer()
