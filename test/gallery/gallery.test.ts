import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { galleryCharts } from './gallery-charts.ts'
import { galleryPage } from './gallery-page.ts'

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url))

describe('the gallery of charts', () => {
  it('shows what the charts are now: `npm run gallery` makes it anew', () => {
    const entries = galleryCharts()
    expect(readFileSync(path.join(DOCS, 'gallery.md'), 'utf8')).toBe(galleryPage(entries))
    const files = readdirSync(path.join(DOCS, 'gallery')).sort()
    expect(files).toEqual(entries.map(({ name }) => `${name}.png`).sort())
  })

  it('is light to download', () => {
    const folder = path.join(DOCS, 'gallery')
    const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
    expect(bytes).toBeLessThan(2_500_000)
  })
})
