import { pino } from 'pino'
import { expect, it } from 'vitest'
import { until } from '../../test/waiting.ts'
import { readInTurns } from './read-in-turns.ts'

const log = pino({ level: 'silent' })

it('reads a burst at once, however often each was asked for', async () => {
  const read: string[][] = []
  const turns = readInTurns({
    read: async (ids) => void read.push([...ids]),
    gapMs: 20,
    elapsedMs: () => performance.now(),
    deed: 'read',
    log,
  })
  for (const id of ['a', 'b', 'a', 'c', 'b']) turns.ask(id)
  await until('the reading', 2_000, () => read.flat().length >= 3)
  await turns.close()
  expect(read.flat().sort()).toEqual(['a', 'b', 'c'])
})

it('tries again what could not be read, and says why until it could', async () => {
  let refusals = 2
  const read: string[] = []
  const errors: (string | null)[] = []
  const turns = readInTurns({
    read: async (ids) => {
      errors.push(turns.lastError())
      refusals -= 1
      if (refusals >= 0) throw new Error('away')
      read.push(...ids)
    },
    gapMs: 1,
    elapsedMs: () => performance.now(),
    deed: 'read',
    log,
  })
  turns.ask('a')
  await until('the third try', 5_000, () => read.length > 0)
  await until('the recovery', 2_000, () => turns.lastError() === null)
  await turns.close()
  expect(read).toEqual(['a'])
  expect(errors).toEqual([null, 'away', 'away'])
})
