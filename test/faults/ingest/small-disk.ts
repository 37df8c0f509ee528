/**
 * A disk of its own, so small that it can be filled: memory mounted in a mount namespace that only its holder and those
 * it is lent to see. Needs root or user namespaces (Linux).
 * Invariant: it is gone with its holder, which ends when this process does, however this process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, mkdir, open, rm, truncate } from 'node:fs/promises'
import path from 'node:path'

export interface SmallDisk {
  /** The holder. */
  readonly pid: number
  /** The folder as processes inside see it. */
  readonly insidePath: string
  /** The same folder as this process reaches it. */
  readonly path: string
  /** The command, run where the disk is seen, in the folder `cwd`. */
  inside(cwd: string, command: readonly string[]): readonly [string, ...string[]]
  /** Leaves fewer than `bytesLeft` bytes. */
  fill(bytesLeft: number): Promise<void>
  free(): Promise<void>
  close(): void
}

export type SmallDiskOutcome =
  | { readonly kind: 'mounted'; readonly disk: SmallDisk }
  | { readonly kind: 'refused'; readonly reason: string }

const MOUNT = 'mount -t tmpfs -o "size=$2" tmpfs "$1" && echo mounted && exec cat'
const ENTER = 'cd "$1" && shift && exec "$@"'
const CHUNK_BYTES = 256 * 1024

export async function openSmallDisk(dir: string, bytes: number): Promise<SmallDiskOutcome> {
  await mkdir(dir, { recursive: true })
  const isRoot = process.getuid?.() === 0
  const namespaces = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount']
  const holder = spawn('unshare', [...namespaces, 'sh', '-c', MOUNT, 'sh', dir, String(bytes)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const refusal = await untilMounted(holder)
  const { pid } = holder
  if (refusal !== null || pid === undefined)
    return { kind: 'refused', reason: refusal ?? 'unshare did not start' }
  const folder = path.join(`/proc/${pid}/root`, dir)
  const filler = path.join(folder, 'filler')
  const entering = isRoot ? ['--mount'] : ['--user', '--preserve-credentials', '--mount']
  const disk: SmallDisk = {
    pid,
    insidePath: dir,
    path: folder,
    inside: (cwd, command) => [
      'nsenter',
      '--target',
      String(pid),
      ...entering,
      'sh',
      '-c',
      ENTER,
      'sh',
      cwd,
      ...command,
    ],
    fill: async (bytesLeft) => {
      const file = await open(filler, 'w')
      const written = await writeUntilFull(file)
      await file.close()
      await truncate(filler, Math.max(0, written - bytesLeft))
    },
    free: () => rm(filler, { force: true }),
    close: () => holder.stdin?.end(),
  }
  return { kind: 'mounted', disk }
}

function untilMounted(holder: ChildProcess): Promise<string | null> {
  let said = ''
  holder.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  holder.stdin?.on('error', () => undefined)
  return new Promise((resolve) => {
    holder.stdout?.once('data', () => resolve(null))
    holder.once('error', (error) => resolve(error.message))
    holder.once('close', () => resolve(said.trim() || 'unshare ended without a word'))
  })
}

async function writeUntilFull(file: FileHandle): Promise<number> {
  let written = 0
  for (let chunk = Buffer.alloc(CHUNK_BYTES); ; ) {
    try {
      written += (await file.write(chunk, 0, chunk.length, written)).bytesWritten
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      if (chunk.length <= 1024) return written
      chunk = chunk.subarray(0, chunk.length / 4)
    }
  }
}
