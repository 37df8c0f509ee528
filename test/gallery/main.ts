/** `npm run gallery`: draws every chart with made-up data to docs/gallery, and the page that shows them. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installBundledFonts } from '../../app/charts/fonts.ts'
import { drawChart } from '../../app/charts/render.ts'
import { galleryCharts } from './gallery-charts.ts'
import { galleryPage } from './gallery-page.ts'

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url))

async function main(): Promise<void> {
  installBundledFonts(process.env)
  const folder = path.join(DOCS, 'gallery')
  await mkdir(folder, { recursive: true })
  for (const file of await readdir(folder)) if (file.endsWith('.png')) await rm(path.join(folder, file))
  const entries = galleryCharts()
  let bytes = 0
  for (const { name, chart } of entries) {
    const { png } = await drawChart(chart)
    bytes += png.length
    await writeFile(path.join(folder, `${name}.png`), png)
  }
  await writeFile(path.join(DOCS, 'gallery.md'), galleryPage(entries))
  process.stdout.write(`made ${entries.length} charts of ${Math.round(bytes / 1024)} KB in all\n`)
}

await main()
