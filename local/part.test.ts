/** Parts as real processes. A part that outlives its starter, or is not started again, would show here. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunning, untilEnded } from '../test/stores/process-state.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { type Part, startPart } from './part.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SERVES = `
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
process.send({ ready: true })
`

let folder: TemporaryFolder
let said: string[]
let parts: Part[]
let starters: ChildProcess[]

beforeEach(async () => {
  folder = await temporaryFolder()
  said = []
  parts = []
  starters = []
})
afterEach(async () => {
  for (const starter of starters) starter.kill('SIGKILL')
  await Promise.all(parts.map((part) => part.stop()))
  await folder.remove()
})

async function writeEntry(text: string): Promise<string> {
  const file = path.join(folder.path, 'part.mjs')
  await writeFile(file, text)
  return path.relative(ROOT, file)
}

async function start(text: string, env: Record<string, string> = {}, stopWithinMs = 10_000): Promise<Part> {
  const spec = { name: 'ingest', entry: await writeEntry(text), env }
  const tell = (sentence: string) => said.push(sentence)
  const part = await startPart(spec, { logsDir: folder.path, tell, stopWithinMs })
  parts.push(part)
  return part
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 15_000, interval: 20 }).toBe(true)
}

describe('a part of the product', () => {
  it('is there once it says so, with the environment that it was given and no other', async () => {
    const part = await start(
      `import { writeFileSync } from 'node:fs'
       writeFileSync('${folder.path}/env.json', JSON.stringify(process.env))${SERVES}`,
      { COLOUR: 'red' },
    )
    const env = JSON.parse(await readFile(path.join(folder.path, 'env.json'), 'utf8'))
    expect(env).toMatchObject({ COLOUR: 'red' })
    expect(Object.keys(env)).not.toContain('PATH')
    expect(await isRunning(part.pid() ?? 0)).toBe(true)
    expect(said).toEqual([])
  })

  it('is started again when it is killed, as often as that is, and says so once each time', async () => {
    const part = await start(SERVES)
    for (const times of [1, 2]) {
      const killed = part.pid() ?? 0
      process.kill(killed, 'SIGKILL')
      await until(() => part.pid() !== killed)
      expect(said).toHaveLength(times)
    }
    expect(said[0]).toBe(
      `ingest ended (SIGKILL) and is started again; see ${path.join(folder.path, 'ingest.log')}`,
    )
    expect(await isRunning(part.pid() ?? 0)).toBe(true)
  })

  it('is ended by a stop, and not started again', async () => {
    const part = await start(SERVES)
    await part.stop()
    expect(await isRunning(part.pid() ?? 0)).toBe(false)
    expect(said).toEqual([])
  })

  it('is not started again when the stop comes while it is down', async () => {
    const part = await start(SERVES)
    const killed = part.pid() ?? 0
    process.kill(killed, 'SIGKILL')
    await until(() => said.length === 1)
    await part.stop()
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(part.pid()).toBe(killed)
  })

  it('is ended by force when it does not end in time', async () => {
    const deaf = SERVES.replace(/process\.on\('SIGTERM'.*/, "process.on('SIGTERM', () => {})")
    const part = await start(deaf, {}, 300)
    await part.stop()
    expect(await isRunning(part.pid() ?? 0)).toBe(false)
  })

  it('ends by itself when its starter is killed', async () => {
    const entry = await writeEntry(SERVES)
    const startPartUrl = pathToFileURL(path.join(ROOT, 'local/part.ts')).href
    const starterFile = path.join(folder.path, 'starter.mjs')
    await writeFile(
      starterFile,
      `import { startPart } from '${startPartUrl}'
       const spec = { name: 'ingest', entry: ${JSON.stringify(entry)}, env: {} }
       const part = await startPart(spec, { logsDir: '${folder.path}', tell: () => {} })
       process.stdout.write(String(part.pid()))`,
    )
    const words = ['--import', 'tsx', starterFile]
    const starter = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    starters.push(starter)
    const [pid]: unknown[] = await once(starter.stdout, 'data')
    expect(await isRunning(Number(pid))).toBe(true)
    starter.kill('SIGKILL')
    expect(await untilEnded(Number(pid), 5_000)).toBe('ended')
  })

  it('that ends at once yields one sentence with its last words, whole', async () => {
    const words = 'port 4100 is in use by another process'
    const noise = 'x'.repeat(200_000)
    const text = `process.stderr.write('${noise}\\n${words}\\n', () => process.exit(1))`
    await expect(start(text)).rejects.toMatchObject({
      code: 'part_did_not_start',
      message: `ingest could not start: ${words}`,
    })
    expect(await readFile(path.join(folder.path, 'ingest.log'), 'utf8')).toContain(words)
  })

  it('that throws yields what it threw, not its stack', async () => {
    await expect(start("throw new Error('the disk is full')")).rejects.toThrow(
      /^ingest could not start: Error: the disk is full$/,
    )
  })

  it('that ends without a word yields how it ended', async () => {
    await expect(start('process.exit(7)')).rejects.toThrow(
      /^ingest could not start: it ended with code 7 and said nothing$/,
    )
  })

  it('tells a person of the warnings in its log, and leaves the rest there', async () => {
    const lines = [
      { level: 30, msg: 'all is well' },
      { level: 40, msg: 'ClickHouse is away' },
    ]
    const text = lines.map((line) => `console.log('${JSON.stringify(line)}')`).join('\n')
    await start(`${text}${SERVES}`)
    await until(() => said.length > 0)
    expect(said).toEqual(['ingest: ClickHouse is away'])
    const log = await readFile(path.join(folder.path, 'ingest.log'), 'utf8')
    expect(log).toContain('all is well')
  })
})
