import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { type Running, readRunning, removeRunning, saveRunning } from './running.ts'

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const running: Running = {
  pid: process.pid,
  ingestUrl: 'http://127.0.0.1:4100',
  sandboxUrl: 'http://127.0.0.1:4300',
  databaseUrl: 'postgres://lens:pw@127.0.0.1:5432/postgres',
  clickhouseUrl: 'http://lens:pw@127.0.0.1:8123/default',
  objectStoreUrl: 'file:///home/sam/.lens/objects',
  orgId: 'org_1',
}

describe('what a running product leaves word of', () => {
  it('is found by the other commands while it runs, and by none after it', async () => {
    expect(await readRunning(folder.path)).toBeNull()
    await saveRunning(folder.path, running)
    expect(await readRunning(folder.path)).toEqual(running)
    await removeRunning(folder.path)
    expect(await readRunning(folder.path)).toBeNull()
    expect(await readdir(folder.path)).toEqual([])
  })

  it('is read by its owner alone, as it holds the passwords of the stores', async () => {
    await writeFile(path.join(folder.path, 'env'), '', { mode: 0o644 })
    await saveRunning(folder.path, running)
    for (const name of ['running.json', 'env'])
      expect((await stat(path.join(folder.path, name))).mode & 0o777).toBe(0o600)
  })

  it('counts as nothing once its process was killed', async () => {
    const killed = spawn('sleep', ['60'])
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    await saveRunning(folder.path, { ...running, pid: killed.pid ?? 0 })
    expect(await readRunning(folder.path)).toBeNull()
  })

  it.each(['{"pid": 1, "ing', '', 'null', '{"pid": "1"}'])(
    'counts as nothing when its file is damaged: %s',
    async (text) => {
      await writeFile(path.join(folder.path, 'running.json'), text)
      expect(await readRunning(folder.path)).toBeNull()
    },
  )

  it('sets the variables of a shell, whatever stands in a password', async () => {
    const databaseUrl = 'postgres://lens:p\'w"$(id)`id`\\&;# %27@127.0.0.1:5432/postgres'
    await saveRunning(folder.path, { ...running, databaseUrl }, { LENS_SECRET_KEYS: 'k1:a+b/c=' })
    const script = 'set -a; . "$1/env"; set +a; env'
    const shown = execFileSync('/bin/sh', ['-c', script, 'sh', folder.path], { env: {}, encoding: 'utf8' })
    expect(shown.split('\n')).toEqual(
      expect.arrayContaining([
        `DATABASE_URL=${databaseUrl}`,
        `CLICKHOUSE_URL=${running.clickhouseUrl}`,
        `OBJECT_STORE_URL=${running.objectStoreUrl}`,
        'LENS_SECRET_KEYS=k1:a+b/c=',
      ]),
    )
  })
})
