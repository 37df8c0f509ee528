import { expect, it } from 'vitest'
import { parseDriverLine } from './driver-line.ts'

it('hears every line of the driver as it was said', () => {
  const lines = [
    { type: 'verdict', at: 1, allowed: true, budgets: [] },
    { type: 'acknowledged', request_ids: ['r1'], at: 2 },
    { type: 'refused', at: 3, message: 'stopped' },
    { type: 'progress', done: 1, total: 2, refused: 0 },
    { type: 'error', message: 'no request' },
  ]
  for (const line of lines) expect(parseDriverLine(JSON.stringify(line))).toEqual(line)
})

it.each([
  'DeprecationWarning: use something else',
  'null',
  '[]',
  '{"type":"toString"}',
  '{"type":"progress","done":1}',
  '{"type":"acknowledged","request_ids":"r1","at":2}',
])('takes nothing else for one: %s', (text) => {
  expect(parseDriverLine(text)).toBeNull()
})
