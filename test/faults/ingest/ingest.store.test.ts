/** The short form of `npm run faults -- ingest`: every fault that needs no root, in as few rounds as hold them all. */
import { expect, it } from 'vitest'
import { FAULT_KINDS } from './fault-kinds.ts'
import { run } from './run.ts'

it('loses and doubles no acknowledged event, whatever fails around ingest', async () => {
  const lines: string[] = []
  const words = ['--rounds', '4', '--at-once', '7', '--without', 'disk_full']
  const { figures, isClean } = await run(words, (line) => lines.push(line)).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${lines.join('\n')}`)
  })
  expect(figures, lines.join('\n')).toMatchObject({ rounds: 4, lost: 0, duplicated: 0 })
  expect(isClean, lines.join('\n')).toBe(true)
  expect(Object.keys(figures.faults).sort()).toEqual(
    FAULT_KINDS.filter((kind) => kind !== 'disk_full').sort(),
  )
  expect(figures.acknowledged).toBeGreaterThan(2_000)
}, 240_000)
