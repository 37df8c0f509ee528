/**
 * The snapshot of the workspace: read at the start, written a moment after each change and on closing.
 * Invariant: the file is replaced whole by a rename, so a crash leaves the old one or the new one.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type SandboxState, startingState } from './workspace.ts'

const writeDelayMs = 200

export interface StateFile {
  changed: () => void
  close: () => Promise<void>
}

export async function readStateFile(path: string | null): Promise<SandboxState> {
  if (path === null) return startingState()
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return startingState()
    throw error
  }
  const parsed = parseState(text)
  if (parsed === null)
    throw new Error(`${path} is no snapshot of the local Slack workspace: delete it to start afresh`)
  return parsed
}

function parseState(text: string): SandboxState | null {
  try {
    const value: unknown = JSON.parse(text)
    return isState(value) ? value : null
  } catch {
    // What is no JSON is no snapshot; the caller says so.
    return null
  }
}

/** Only this program writes the file, so its version vouches for the rest of its shape. */
function isState(value: unknown): value is SandboxState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'workspaces' in value &&
    Array.isArray(value.workspaces) &&
    value.workspaces.length > 0
  )
}

export function openStateFile(
  path: string | null,
  state: SandboxState,
  failed: (error: unknown) => void,
): StateFile {
  if (path === null) return { changed: () => {}, close: async () => {} }
  let timer: NodeJS.Timeout | null = null
  let dirty = false
  let writing: Promise<void> = Promise.resolve()

  const write = (): Promise<void> => {
    dirty = false
    const text = JSON.stringify(state)
    writing = writing.then(() => replaceFile(path, text)).catch(failed)
    return writing
  }
  return {
    changed() {
      dirty = true
      timer ??= setTimeout(() => {
        timer = null
        void write()
      }, writeDelayMs)
    },
    async close() {
      if (timer) clearTimeout(timer)
      if (dirty) await write()
      await writing
    },
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const next = `${path}.next`
  await writeFile(next, text)
  await rename(next, path)
}
