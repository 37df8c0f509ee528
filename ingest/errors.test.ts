import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from './errors.ts'

describe('the table of error codes', () => {
  it('is the one that the documentation shows', async () => {
    const text = await readFile(new URL('../docs/api.md', import.meta.url), 'utf8')
    const rows = text.split('\n').filter((line) => /^\| \d{3} \|/.test(line))
    const documented = rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, code]) => code),
    )
    expect(documented.sort()).toEqual([...ERROR_CODES].sort())
  })
})
