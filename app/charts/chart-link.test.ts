import fc from 'fast-check'
import Fastify from 'fastify'
import pino from 'pino'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { chartUrl, type LinkedChart, openChartLink, signChartLink } from './chart-link.ts'
import { registerChartRoute } from './chart-route.ts'
import { sparklineChart } from './sparkline-chart.ts'

const keyText = (id: string, byte: number): string => `${id}:${Buffer.alloc(32, byte).toString('base64')}`
const keyring = parseKeyring(keyText('k1', 1))
const now = new Date('2026-11-25T10:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
const linked = { orgId: 'org_1', chart: 'spend_week' }

describe('a link to a chart', () => {
  it('opens for what it was signed for, for as long as Slack keeps a view, and no longer', () => {
    const token = signChartLink(linked, keyring, now)
    expect(openChartLink(token, keyring, later(30))).toEqual(linked)
    expect(openChartLink(token, keyring, later(32))).toBeNull()
  })

  it('is the same all day, so that Home is not published anew for it', () => {
    expect(signChartLink(linked, keyring, new Date('2026-11-25T23:59:59Z'))).toBe(
      signChartLink(linked, keyring, now),
    )
  })

  it('opens after a new key came, and not once the old one is gone', () => {
    const token = signChartLink(linked, keyring, now)
    expect(openChartLink(token, parseKeyring(`${keyText('k2', 2)},${keyText('k1', 1)}`), now)).toEqual(linked)
    expect(openChartLink(token, parseKeyring(keyText('k2', 2)), now)).toBeNull()
    expect(openChartLink(token, parseKeyring(keyText('k1', 2)), now)).toBeNull()
  })

  it('opens nothing when a letter of it is another, or it is any other text', () => {
    const token = signChartLink(linked, keyring, now)
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.='), (at, letter) => {
        const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`
        expect(openChartLink(changed, keyring, now)).toEqual(changed === token ? linked : null)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => openChartLink(text, keyring, now) === null))
  })
})

/** The route over HTTP, and what it was asked to draw. */
async function openRoute() {
  const drawn: LinkedChart[] = []
  let at = now
  const server = Fastify()
  registerChartRoute(server, {
    ...{ keyring, log: pino({ level: 'silent' }), now: () => at },
    chartOf: async (one) => {
      drawn.push(one)
      if (one.chart === 'broken') throw new Error('no store')
      if (one.chart !== 'spend_week') return null
      return sparklineChart({ name: 'Spend', figure: one.orgId, note: '', values: [1, 2] })
    },
  })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  const get = async (chart: LinkedChart) => await fetch(chartUrl(url, signChartLink(chart, keyring, now)))
  return {
    drawn,
    get,
    url,
    moveTo: (date: Date) => {
      at = date
    },
  }
}

describe('the pictures of Home', () => {
  it('are served as PNG, and kept for a while only', async () => {
    const { get } = await openRoute()
    const answer = await get(linked)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(answer.headers.get('cache-control')).toBe('private, max-age=300')
    expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).format).toBe('png')
  })

  it('are drawn once for all who ask at the same time, and anew when they are old', async () => {
    const { get, drawn, moveTo } = await openRoute()
    await Promise.all([get(linked), get(linked), get(linked)])
    expect(drawn).toEqual([linked])
    moveTo(new Date(now.getTime() + 300_001))
    await get(linked)
    expect(drawn).toHaveLength(2)
  })

  it('are those of the organisation that the link was signed for', async () => {
    const { get, drawn } = await openRoute()
    const bodies = await Promise.all(
      ['org_1', 'org_2'].map(async (orgId) => await (await get({ ...linked, orgId })).arrayBuffer()),
    )
    expect(drawn.map(({ orgId }) => orgId).sort()).toEqual(['org_1', 'org_2'])
    expect(
      Buffer.from(bodies[0] ?? new ArrayBuffer(0)).equals(Buffer.from(bodies[1] ?? new ArrayBuffer(0))),
    ).toBe(false)
  })

  it('are not found alike, whatever is wrong', async () => {
    const { get, url } = await openRoute()
    const token = signChartLink(linked, keyring, now)
    const answers = await Promise.all([
      get({ ...linked, chart: 'another' }),
      get({ ...linked, chart: 'broken' }),
      ...[`${token}`, `${token}x.png`, '.png', 'a.b.png', '%00.png'].map((file) =>
        fetch(`${url}/charts/${file}`),
      ),
    ])
    const told = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]))
    expect(new Set(told.map(String))).toEqual(new Set(['404,{"error":"not_found"}']))
  })
})
