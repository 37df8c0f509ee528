import { describe, expect, it } from 'vitest'
import { parseLens } from '../listeners/commands/parse-lens.ts'
import { EXAMPLES, GROUPS, helpMessage, SUBCOMMANDS } from './help.ts'

describe('the help', () => {
  it('names every subcommand once', () => {
    expect(GROUPS.flatMap(({ words }) => words).sort()).toEqual(Object.keys(SUBCOMMANDS).sort())
    const { text } = helpMessage('https://ingest.example.com')
    for (const word of Object.keys(SUBCOMMANDS)) expect(text.split(`\`/lens ${word}\``)).toHaveLength(2)
  })

  it('gives examples that are understood as what they begin with', () => {
    for (const example of EXAMPLES) expect(parseLens(example).kind).toBe(example.split(' ')[0])
    for (const [word, does] of Object.entries(SUBCOMMANDS)) {
      const examples = [...does.matchAll(/`([^`]+)`/g)].flatMap(([, code]) =>
        code?.startsWith(`${word} `) ? [code] : [],
      )
      for (const example of examples) expect(parseLens(example).kind).toBe(word)
    }
  })
})
