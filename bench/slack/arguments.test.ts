import { describe, expect, it } from 'vitest'
import { parseSlackArguments } from './arguments.ts'

describe('what the benchmark is told', () => {
  it('is ten million calls when nothing is said', () => {
    expect(parseSlackArguments([])).toEqual({
      kind: 'arguments',
      given: { rows: 10_000_000, rounds: 8, profileDir: null },
    })
  })

  it('may be fewer, for a quick look', () => {
    const parsed = parseSlackArguments(['--rows', '20000', '--rounds', '1', '--profile', 'x'])
    expect(parsed).toMatchObject({ given: { rows: 20_000, rounds: 1, profileDir: 'x' } })
  })

  it.each([
    ['--rows', '5'],
    ['--rows', '1e6'],
    ['--rounds', '0'],
    ['--rounds', '-3'],
    ['--speed', '2'],
    ['x'],
  ])('is refused with the way out when it is `%s %s`', (...words) => {
    const parsed = parseSlackArguments(words)
    expect(parsed.kind === 'bad' && parsed.problem).toMatch(/usage: npm run bench -- slack/)
  })
})
