/** The bytes of uploaded files: in memory, or in a folder beside the snapshot. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface FileStore {
  put: (fileId: string, bytes: Buffer) => Promise<void>
  get: (fileId: string) => Promise<Buffer | null>
}

export function openFileStore(folder: string | null): FileStore {
  const memory = new Map<string, Buffer>()
  if (folder === null)
    return {
      put: async (fileId, bytes) => void memory.set(fileId, bytes),
      get: async (fileId) => memory.get(fileId) ?? null,
    }
  return {
    async put(fileId, bytes) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, fileId), bytes)
    },
    async get(fileId) {
      return await readFile(join(folder, fileId)).catch(() => null)
    },
  }
}
