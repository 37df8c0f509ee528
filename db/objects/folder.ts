/**
 * Objects in a folder: the embedded default.
 * Invariant: bytes reach their key by rename, after fsync, so that a crash leaves the old object or the new, never half.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { syncFolder } from '../sync-folder.ts'
import { checkKey, type ObjectEntry, type ObjectStore, UNFINISHED } from './object-store.ts'

export function openFolder(path: string): ObjectStore {
  const root = resolve(path)
  // No name in a key is `..` or holds a separator, so the joined path stays below the root.
  const pathOf = (key: string): string => join(root, ...checkKey(key).split('/'))
  return {
    put: async (key, bytes) => await putFile(root, pathOf(key), bytes),
    get: async (key) => await absentAsNull(readFile(pathOf(key))),
    list: (prefix) => listFiles(root, prefix),
    delete: async (key) => {
      const path = pathOf(key)
      await absentAsNull(rm(path))
      await absentAsNull(syncFolder(dirname(path)))
    },
    close: async () => {},
  }
}

async function putFile(root: string, path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  const first = await mkdir(folder, { recursive: true })
  const unfinished = join(folder, `${randomUUID()}${UNFINISHED}`)
  try {
    const file = await open(unfinished, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  for (const each of foldersToSync({ folder, root, first })) await syncFolder(each)
}

/**
 * A file is found after a crash only if its folder is on disk, and that one's name in its parent, up to the root, and
 * above it as far as folders were made (`first` is the topmost of those). Always the whole way: another put may have
 * made a folder on it and not come to writing it down yet.
 */
function foldersToSync(made: { folder: string; root: string; first: string | undefined }): string[] {
  const top =
    made.first !== undefined && made.first.length <= made.root.length ? dirname(made.first) : made.root
  const folders = [made.folder]
  for (let each = made.folder; each !== top; folders.push(each)) each = dirname(each)
  return folders
}

async function* listFiles(root: string, prefix: string): AsyncIterable<ObjectEntry> {
  const walk = async function* (above: string): AsyncIterable<ObjectEntry> {
    const entries = (await absentAsNull(readdir(join(root, above), { withFileTypes: true }))) ?? []
    // A folder sorts as the names in it do: with its slash.
    const names = entries
      .filter((entry) => entry.isDirectory() || (entry.isFile() && !entry.name.endsWith(UNFINISHED)))
      .map((entry) => `${above}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const name of names) {
      if (name.endsWith('/')) {
        if (name.startsWith(prefix) || prefix.startsWith(name)) yield* walk(name)
      } else if (name.startsWith(prefix)) {
        const found = await absentAsNull(stat(join(root, name)))
        if (found !== null) yield { key: name, sizeBytes: found.size }
      }
    }
  }
  yield* walk('')
}

/** What is not there, or cannot be because a name on the way is a file, is null. */
async function absentAsNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw error
  }
}
