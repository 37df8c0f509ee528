import { describe, expect, it } from 'vitest'
import { greeting } from './greeting.ts'
import type { Product } from './product.ts'

const product: Product = {
  orgId: 'org_1',
  projectName: 'my-first-project',
  apiKey: 'lens_key',
  ingestUrl: 'http://127.0.0.1:4100',
  sandboxUrl: 'http://127.0.0.1:4300',
  embedded: new Map(),
  stop: async () => undefined,
}
const start = { dir: '/home/sam/lensai/.lens', tookMs: 4_321 }

describe('the greeting of npm start', () => {
  it('tells a newcomer where to look, where to send, with which key, and the one command to try', () => {
    const lines = greeting(product, start).split('\n')
    const lineWith = (text: string) => lines.find((line) => line.includes(text)) ?? ''
    expect(lineWith('ready in 4.3 s')).toContain(start.dir)
    expect(lineWith('Slack page')).toContain('http://127.0.0.1:4300')
    expect(lineWith('Ingest')).toContain('http://127.0.0.1:4100')
    expect(lineWith('API key')).toContain('lens_key')
    expect(lines.filter((line) => line.trim().startsWith('npm run '))).toEqual([
      '  npm run replay -- --budget 5',
    ])
  })

  it('says when Slack itself is connected, and names no page then', () => {
    const text = greeting({ ...product, sandboxUrl: null }, start)
    expect(text).toContain('Slack        connected')
    expect(text).not.toContain('local stand-in')
  })
})
