import { describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { parseReplayArguments } from './arguments.ts'

const parse = (line: string) => parseReplayArguments(line === '' ? [] : line.split(' '))

describe('the arguments of a replay', () => {
  it('may all be left away', () => {
    const given = { file: null, speed: 60, budget: usd('25'), requestsMax: null, channelId: null }
    expect(parse('')).toEqual({ kind: 'replay', given })
  })

  it('are taken in any order and both forms', () => {
    const given = { file: 'a.csv', speed: 0.5, budget: usd('2.50'), requestsMax: 3000, channelId: 'C1' }
    const line = '--speed 0.5 a.csv --budget=2.50 --requests 3000 --channel=C1'
    expect(parse(line)).toEqual({ kind: 'replay', given })
  })

  it.each([
    ['--pace 3', '--pace is no option; usage: npm run replay'],
    ['a.csv b.csv', 'one file at most, not 2; usage: npm run replay'],
    ['--speed 0', '--speed must be a number above 0'],
    ['--speed fast', '--speed must be a number above 0'],
    ['--budget -1', '--budget must be an amount in USD above 0'],
    ['--budget', '--budget must be an amount in USD above 0'],
    ['--requests 0', '--requests must be a whole number from 1'],
  ])('%s is one sentence that says what was expected', (line, sentence) => {
    const parsed = parse(line)
    expect(parsed.kind === 'bad' && parsed.problem).toContain(sentence)
  })
})
