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

it('resolves for who waits when the reading was tried, or failed, or took too long', async () => {
  const outcomes: (() => Promise<void>)[] = [
    async () => undefined,
    async () => {
      throw new Error('away')
    },
    () => new Promise(() => undefined),
  ]
  for (const outcome of outcomes) {
    let tried = 0
    const turns = readInTurns({
      read: async () => {
        tried += 1
        await Promise.race([outcome(), new Promise((resolve) => setTimeout(resolve, 500))])
      },
      ...{ gapMs: 1, deed: 'read', log, elapsedMs: () => performance.now() },
    })
    await turns.next('a', 100)
    expect(tried).toBeGreaterThan(0)
    await turns.close()
  }
})

it('leaves twice as long as a reading took, so that bursts of slow readings leave room for all else', async () => {
  let elapsedMs = 0
  let began = 0
  const turns = readInTurns({
    read: async () => {
      began += 1
      // By its own clock a reading takes an hour, and the wait after it is not over in this test.
      elapsedMs += 3_600_000
    },
    ...{ gapMs: 1, deed: 'read', log, elapsedMs: () => elapsedMs },
  })
  turns.ask('a')
  await until('the first reading', 2_000, () => began === 1)
  turns.ask('b')
  await new Promise((resolve) => setTimeout(resolve, 100))
  await turns.close()
  expect(began).toBe(1)
})
