import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../core/envelope.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { readOrMakeSecrets, saveSecrets } from './secrets.ts'

let folder: TemporaryFolder
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = path.join(folder.path, 'secrets.json')
})
afterEach(() => folder.remove())

const modeOf = async (of: string) => (await stat(of)).mode & 0o777

describe('the secrets of an installation', () => {
  it('are made once, in the form that the parts take, and found again', async () => {
    const made = await readOrMakeSecrets(folder.path)
    expect(made.slackBotToken).toMatch(/^xoxb-/)
    expect(parseKeyring(made.secretKeys).currentKeyId).toBe('k1')
    expect(made.apiKey).toBe('')
    expect(await readOrMakeSecrets(folder.path)).toEqual(made)
  })

  it('are of no other installation', async () => {
    const other = await temporaryFolder()
    const [ours, theirs] = [await readOrMakeSecrets(folder.path), await readOrMakeSecrets(other.path)]
    await other.remove()
    for (const name of ['slackBotToken', 'slackSigningSecret', 'secretKeys'] as const)
      expect(ours[name]).not.toBe(theirs[name])
  })

  it('are read by their owner alone, also once they were saved over a file that others could read', async () => {
    const made = await readOrMakeSecrets(folder.path)
    expect(await modeOf(file)).toBe(0o600)
    await chmod(file, 0o644)
    await writeFile(`${file}.new`, 'left by a kill', { mode: 0o644 })
    await saveSecrets(folder.path, { ...made, apiKey: 'lens_x' })
    expect(await modeOf(file)).toBe(0o600)
    expect((await readOrMakeSecrets(folder.path)).apiKey).toBe('lens_x')
  })

  it('are the old ones or the new ones when a kill comes between, never a part', async () => {
    const made = await readOrMakeSecrets(folder.path)
    // Killed while writing: the text beside is not whole, and nobody reads it.
    await writeFile(`${file}.new`, '{"slackBotToken":"xoxb-ha')
    expect(await readOrMakeSecrets(folder.path)).toEqual(made)
    // Whoever reads while many are saved finds one of them, whole.
    const saved = new Set<string>([''])
    let saving = true
    const reads = (async () => {
      let count = 0
      while (saving) {
        expect(saved).toContain((await readOrMakeSecrets(folder.path)).apiKey)
        count += 1
      }
      return count
    })()
    for (let number = 0; number < 50; number += 1) {
      const apiKey = `lens_${'k'.repeat(1000)}${number}`
      saved.add(apiKey)
      await saveSecrets(folder.path, { ...made, apiKey })
    }
    saving = false
    expect(await reads).toBeGreaterThan(1)
    expect(await readdir(folder.path)).toEqual(['secrets.json'])
  })

  it.each(['', '{"slackBotToken":"xoxb-ha', 'null', '[]', '{"slackBotToken":"xoxb-hush","apiKey":3}'])(
    'are never replaced when their file is damaged (%j): one sentence names it and the way out',
    async (text) => {
      await writeFile(file, text)
      await expect(readOrMakeSecrets(folder.path)).rejects.toMatchObject({
        code: 'local_secrets_unreadable',
        message: `${file} is damaged: restore it from a backup, or remove the folder it lies in to start afresh`,
      })
      expect(await readFile(file, 'utf8')).toBe(text)
    },
  )

  it('are never replaced when their file cannot be read', async () => {
    await mkdir(file)
    await expect(readOrMakeSecrets(folder.path)).rejects.toMatchObject({
      code: 'local_secrets_unreadable',
      message: `${file} cannot be read: give this account leave to, or set LENS_DIR to another folder`,
    })
  })
})
