import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FolderLock, lockFolder } from './folder-lock.ts'

const CHILD = fileURLToPath(new URL('./folder-lock.test-child.ts', import.meta.url))

let dir: string
const children: ChildProcess[] = []

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'folder-lock-'))
})

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  await rm(dir, { recursive: true, force: true })
})

describe('a data folder', () => {
  it('refuses a second process and names the first', async () => {
    const first = await starter()
    expect(await first.start()).toBe('locked')
    const second = await starter()
    expect(await second.start()).toBe(`held by process ${first.child.pid}`)
  })

  it('is free at once after its process was killed', async () => {
    const first = await starter()
    await first.start()
    await kill(first.child)
    const lock = await lockFolder(dir)
    expect(lock.kind).toBe('locked')
    expect(await readdir(path.join(dir, '.lock'))).toHaveLength(1)
    await release(lock)
    expect(await readdir(path.join(dir, '.lock'))).toEqual([])
  })

  it('stays held by a process that is stopped and does not answer', async () => {
    const first = await starter()
    await first.start()
    first.child.kill('SIGSTOP')
    expect(await lockFolder(dir)).toEqual({
      kind: 'held',
      by: `process ${first.child.pid}, which does not answer`,
    })
  })

  it('lets exactly one of ten starters in, also over the leftovers of a killed process', async () => {
    const starters = await Promise.all(Array.from({ length: 10 }, () => starter()))
    const killed = await starter()
    await killed.start()
    await kill(killed.child)
    const answers = await Promise.all(starters.map((one) => one.start()))
    const winner = starters[answers.indexOf('locked')]
    expect(answers.filter((answer) => answer === 'locked')).toHaveLength(1)
    const refused = answers.filter((answer) => answer !== 'locked')
    // On a busy machine the winner may not answer in time, but it is named all the same.
    for (const answer of refused) expect(answer).toContain(`held by process ${winner?.child.pid}`)
  }, 60_000)

  it('lets exactly one in, however many starts race and leave again', async () => {
    let inside = 0
    let entries = 0
    const race = async () => {
      for (let round = 0; round < 15; round += 1) {
        const lock = await lockFolder(dir)
        if (lock.kind === 'held') continue
        inside += 1
        entries += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        inside -= 1
        await lock.release()
      }
    }
    await Promise.all(Array.from({ length: 8 }, race))
    expect(entries).toBeGreaterThan(0)
  })

  it('is one folder by whatever path, of whatever length', async () => {
    const long = path.join(dir, 'a'.repeat(120), 'b'.repeat(120))
    await mkdir(long, { recursive: true })
    await symlink(long, path.join(dir, 'short'))
    const first = await lockFolder(long)
    expect(await lockFolder(path.join(dir, 'short'))).toEqual({ kind: 'held', by: `process ${process.pid}` })
    await release(first)
    const second = await lockFolder(path.join(dir, 'short'))
    expect(second.kind).toBe('locked')
    await release(second)
  })

  it('keeps no process alive', async () => {
    const one = await starter('leave')
    const exited = once(one.child, 'exit')
    expect(await one.start()).toBe('locked')
    expect(await exited).toEqual([0, null])
  })
})

async function starter(stay = 'stay') {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dir, stay], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  return {
    child,
    start: async () => {
      child.stdin.write('go\n')
      return (await lines.next()).value
    },
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function release(lock: FolderLock): Promise<void> {
  if (lock.kind === 'locked') await lock.release()
}
