import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, sumUsd, toUsdDecimal } from '../../core/money.ts'
import { spendCsv } from './spend-csv.ts'

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('=1+1', '+49', '-x', '@SUM(A1)', '\t=1', ' =1', '\r\n=1', '"', ',', "'", '|cmd', '%0'),
)
const line = fc.record({
  name: text,
  cost: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 15n }).map(nanoUsd),
  events: fc.nat(),
  unpricedEvents: fc.nat(),
})

const fileOf = (
  lines: readonly {
    name: string
    cost: ReturnType<typeof nanoUsd>
    events: number
    unpricedEvents: number
  }[],
  more = 0n,
) =>
  spendCsv({
    ...{ when: 'today', by: 'tag:=team', timeZone: 'Asia/Kolkata', filter: { fields: {}, tags: {} } },
    ...{ from: new Date('2026-11-23T18:30:00Z'), until: new Date('2026-11-25T18:30:00Z') },
    total: {
      cost: nanoUsd(sumUsd(lines.map(({ cost }) => cost)) + more),
      events: lines.reduce((sum, { events }) => sum + events, 0),
      unpricedEvents: 0,
    },
    ...{ lines, unpriced: [], asOf: new Date('2026-11-25T12:00:00Z') },
  })

/** As RFC 4180 reads a file. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('a file of spend', () => {
  it('reads back as what was spent, exactly, with the days of the zone', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const [heading, ...rows] = rowsOf(fileOf(lines).text)
        expect(heading).toHaveLength(7)
        expect(rows.map((row) => [...row.slice(0, 3), ...row.slice(4)])).toEqual(
          lines.map(({ cost, events, unpricedEvents }) => [
            ...['2026-11-24', '2026-11-25', 'Asia/Kolkata', toUsdDecimal(cost)],
            ...[String(events), String(unpricedEvents)],
          ]),
        )
        for (const [index, row] of rows.entries()) {
          const name = lines[index]?.name ?? ''
          expect([name, `'${name}`]).toContain(row[3])
        }
      }),
    )
  })

  it('has no text that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        for (const row of rowsOf(fileOf(lines).text))
          for (const cell of row.slice(0, 4)) expect(cell).not.toMatch(/^\s*[=+\-@|%]/)
      }),
    )
    expect(fileOf([]).text).toContain('tag:=team')
  })

  it('adds up to the total: what is still on its way is a row', () => {
    expect(rowsOf(fileOf([], 7n).text)[1]?.slice(3, 5)).toEqual(['arriving', '0.000000007'])
  })
})
