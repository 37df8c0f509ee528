/**
 * Writes a file that only its owner can read.
 * Invariant: who reads it, even after a kill, finds the old text or the new one, whole.
 */
import { open, rename, rm } from 'node:fs/promises'

export async function writePrivateFile(file: string, text: string): Promise<void> {
  const beside = `${file}.new`
  // What a killed writer left may have another mode.
  await rm(beside, { force: true })
  const handle = await open(beside, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
}
