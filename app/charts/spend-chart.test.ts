import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addUsd, type NanoUsd, nanoUsd, usd, zeroUsd } from '../../core/money.ts'
import { installBundledFonts } from './fonts.ts'
import { renderPng, renderSvg } from './render.ts'
import { altTextOf, findingOf, spendChartSpec } from './spend-chart.ts'
import { spendOverTimeOf } from './spend-series.ts'
import { CHART_HEIGHT, CHART_WIDTH, PIXEL_RATIO } from './theme.ts'

installBundledFonts(process.env)

const from = new Date('2026-11-17T00:00:00Z')
const week = { from, until: new Date('2026-11-24T00:00:00Z'), bucket: 'day' as const }
const point = (value: string | null, day: number, cost: NanoUsd, isOther = false) => ({
  value,
  isOther,
  cost,
  at: new Date(from.getTime() + day * 86_400_000),
})
const chartOf = (points: Parameters<typeof spendOverTimeOf>[0]) => ({
  data: spendOverTimeOf(points, week),
  when: 'in the last 7 days',
  by: 'model',
})

describe('a spend chart', () => {
  it('sums to what it was given, to the nano-dollar', () => {
    const anyPoint = fc.record({
      model: fc.constantFrom('a', 'b', 'c', null),
      day: fc.nat({ max: 6 }),
      cost: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    })
    fc.assert(
      fc.property(fc.array(anyPoint, { maxLength: 40 }), (given) => {
        const points = given.map(({ model, day, cost }) => point(model, day, nanoUsd(cost)))
        const { total, series } = spendOverTimeOf(points, week)
        expect(total).toBe(points.reduce((sum, { cost }) => addUsd(sum, cost), zeroUsd))
        for (const one of series) expect(one.amounts.reduce(addUsd, zeroUsd)).toBe(one.total)
      }),
    )
  })

  it('is the same drawing for the same data', async () => {
    const points = [point('gpt-4o', 1, usd('3')), point('other', 2, usd('1'), true)]
    expect(await renderSvg(spendChartSpec(chartOf(points)))).toBe(
      await renderSvg(spendChartSpec(chartOf([...points].reverse()))),
    )
  })

  it('says its finding in the title and every figure in the alt text', () => {
    const chart = chartOf([point('gpt-4o', 0, usd('8')), point('gpt-4o-mini', 3, usd('2'))])
    expect(findingOf(chart)).toBe('gpt-4o is 80% of $10.00 in the last 7 days')
    expect(altTextOf(chart)).toBe(
      'gpt-4o is 80% of $10.00 in the last 7 days. By model: gpt-4o $8.00, gpt-4o-mini $2.00.',
    )
  })

  it('keeps its alt text within what Slack takes, however many and long the names', () => {
    const points = Array.from({ length: 30 }, (_, index) => point(`${'m'.repeat(100)}${index}`, 0, usd('1')))
    expect(altTextOf(chartOf(points)).length).toBeLessThanOrEqual(1000)
  })

  it('draws nothing, one point and odd names without harm', async () => {
    const svgs = await Promise.all(
      [
        [],
        [point('gpt-4o', 6, usd('0.000000001'))],
        [point('<&"\\\u0000', 0, usd('1')), point(null, 0, usd('1'))],
      ].map((points) => renderSvg(spendChartSpec(chartOf(points)))),
    )
    expect(svgs[0]).toContain('No spend in the last 7 days')
    for (const svg of svgs) {
      const { width, height } = await sharp(await renderPng(svg)).metadata()
      expect([width, height]).toEqual([CHART_WIDTH * PIXEL_RATIO, CHART_HEIGHT * PIXEL_RATIO])
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  it('has its text on a machine without fonts', () => {
    const program = [
      "import { installBundledFonts } from './app/charts/fonts.ts'",
      'installBundledFonts(process.env)',
      "import sharp from 'sharp'",
      'const open = \'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="25" font-family="Inter">\'',
      "const svg = (words) => Buffer.from(open + words + '</text></svg>')",
      'const inkOf = async (words) => (await sharp(svg(words)).trim().toBuffer({ resolveWithObject: true })).info.width',
      // The boxes that stand for missing letters are all of one width.
      "Promise.all([inkOf('iiii'), inkOf('WWWW')]).then(([i, w]) => console.log(w > 2 * i ? 'letters' : 'boxes'))",
    ].join('\n')
    // A machine whose fontconfig knows no font at all: what the program does not bring, it does not have.
    const bare = mkdtempSync(join(tmpdir(), 'lensai-no-fonts-'))
    onTestFinished(() => rmSync(bare, { recursive: true }))
    writeFileSync(join(bare, 'fonts.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>')
    const env = { PATH: process.env.PATH ?? '', FONTCONFIG_FILE: join(bare, 'fonts.conf') }
    const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      env,
      encoding: 'utf8',
    })
    expect(said.trim()).toBe('letters')
  })
})
