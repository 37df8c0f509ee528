import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openAJournal, readAll } from '../../test/ingest/a-journal.ts'

const CHILD = fileURLToPath(new URL('./journal.test-child.ts', import.meta.url))
const KILLS = 5

it('keeps everything it acknowledged, once, in order, over any number of kills', async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'journal-crash-'))
  try {
    const acknowledged = new Map<number, string>()
    for (let run = 0; run < KILLS; run += 1) {
      for (const [offset, id] of await appendUntilKilled(dir, run)) {
        expect(acknowledged.has(offset)).toBe(false)
        acknowledged.set(offset, id)
      }
      const journal = await openAJournal(dir)
      const held = await readAll(journal)
      await journal.close()
      expect(journal.lines.filter((line) => line.level === 'error')).toEqual([])
      expect(held.map((event) => event.offset)).toEqual(held.map((_, index) => index))
      expect(new Set(held.map((event) => event.requestId)).size).toBe(held.length)
      for (const [offset, id] of acknowledged) expect(held[offset]?.requestId).toBe(id)
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 120_000)

/** The acknowledgements a child printed before it was killed at a random moment, by offset. */
async function appendUntilKilled(dir: string, run: number): Promise<[number, string][]> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dir, `${run}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const acknowledged: [number, string][] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, offset, ...ids] = line.split(' ')
    if (word === 'open') setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 150)
    if (word === 'ack')
      acknowledged.push(...ids.map((id, index): [number, string] => [Number(offset) + index, id]))
    expect(word).not.toBe('error')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return acknowledged
}
