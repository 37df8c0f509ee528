/**
 * Loaded before ingest, in each of its threads: notes how much of each file was synced, in the file that
 * FAULTS_SYNCED_FILE names, so that a power cut can take everything else away. A kill alone takes nothing that was
 * written: the kernel keeps it.
 */
import { appendFileSync } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** As on a disk that has much to do: time enough for a cut between a write and its sync. */
const SYNC_MS_MAX = 30

const file = process.env.FAULTS_SYNCED_FILE ?? ''

const handle = await open(fileURLToPath(import.meta.url))
const prototype = Object.getPrototypeOf(handle)
await handle.close()

for (const way of ['sync', 'datasync']) {
  const sync = prototype[way]
  prototype[way] = async function noted() {
    // What is written while it syncs may or may not be part of it.
    const { size } = await this.stat()
    await sleep(Math.random() * SYNC_MS_MAX)
    await sync.call(this)
    const name = path.basename(await readlink(`/proc/self/fd/${this.fd}`))
    appendFileSync(file, `${name} ${size}\n`)
  }
}
