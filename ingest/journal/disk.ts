/** The effects of the journal on its files. What is not listed here is not on the way of an acknowledgement. */
import { type FileHandle, open, rename } from 'node:fs/promises'

export interface JournalDisk {
  /** Returns how many bytes were written, which may be fewer than given. */
  write(file: FileHandle, bytes: Buffer, position: number): Promise<number>
  /** Returns when the file's bytes, and the length needed to read them, are on the disk. */
  sync(file: FileHandle): Promise<void>
  truncate(file: FileHandle, bytes: number): Promise<void>
}

export const localDisk: JournalDisk = {
  write: async (file, bytes, position) => (await file.write(bytes, 0, bytes.length, position)).bytesWritten,
  sync: (file) => file.datasync(),
  truncate: (file, bytes) => file.truncate(bytes),
}

/** After any crash the file is whole or absent; the caller's `syncFolder` makes its name durable. */
export async function writeWholeFile(path: string, bytes: Buffer | string): Promise<void> {
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT'])

export const isNoSpace = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && NO_SPACE.has(error.code)
