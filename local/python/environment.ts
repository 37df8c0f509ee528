/**
 * The Python that runs the SDK: found on the machine, in a virtual environment of this project's own, with pinned
 * packages and the SDK itself from its source. Made once, made again when the requirements or the Python change.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lockFolder } from '../../db/folder-lock.ts'

export class PythonError extends Error {
  readonly code = 'python_not_ready'
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SDK = path.join(ROOT, 'sdk/python')
const LOCK_LOOK_EVERY_MS = 200
const VERSION_MIN = [3, 9] as const

export interface PythonEnvironment {
  /** Where it is made, in a folder for each version of Python. */
  readonly home: string
  /** The file that pins its packages. */
  readonly requirements: string
}

const OF_THE_SDK: PythonEnvironment = {
  home: path.join(SDK, '.venv'),
  requirements: path.join(SDK, 'requirements-test.txt'),
}

/** The path of a Python that has the SDK and the provider's package; `wanted` names another than `python3`. */
export async function preparePython(
  say: (line: string) => void,
  wanted = 'python3',
  { home, requirements }: PythonEnvironment = OF_THE_SDK,
): Promise<string> {
  const version = await versionOf(wanted)
  // One for each Python, so that tests of two versions do not take turns in tearing one down.
  const venv = path.join(home, version)
  const python = path.join(venv, 'bin', 'python')
  const made = createHash('sha256')
    .update(`${version}\n${await readFile(requirements, 'utf8')}`)
    .digest('hex')
  const stamp = path.join(venv, 'made-from')
  const isMade = async () => (await readFile(stamp, 'utf8').catch(() => '')) === made
  if (await isMade()) return python
  const unlock = await waitForLock(home)
  try {
    if (!(await isMade())) await make({ wanted, version, venv, python, stamp, made, requirements }, say)
    return python
  } finally {
    await unlock()
  }
}

/** One maker at a time: a replay and a test run may both find nothing made. */
async function waitForLock(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true })
  for (;;) {
    const lock = await lockFolder(dir)
    if (lock.kind === 'locked') return lock.release
    await sleep(LOCK_LOOK_EVERY_MS)
  }
}

interface Venv {
  readonly wanted: string
  readonly version: string
  readonly venv: string
  readonly python: string
  readonly stamp: string
  readonly made: string
  readonly requirements: string
}

async function make(
  { wanted, version, venv, python, stamp, made, requirements }: Venv,
  say: (line: string) => void,
): Promise<void> {
  say(`Preparing Python ${version} with ${path.basename(requirements)} (once; needs PyPI) ...`)
  await rm(venv, { recursive: true, force: true })
  await mkdir(venv, { recursive: true })
  await makeVenv(wanted, venv)
  const pip = await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    requirements,
    '-e',
    SDK,
  ])
  if (pip.code !== 0)
    throw new PythonError(`pip could not install ${path.basename(requirements)}: ${lastLine(pip.output)}`)
  await writeFile(stamp, made)
}

async function versionOf(python: string): Promise<string> {
  const { code, output } = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
  const version = output.trim()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (code !== 0 || major !== VERSION_MIN[0] || minor < VERSION_MIN[1]) {
    const found = code === 0 ? `is Python ${version}` : 'could not be run'
    throw new PythonError(
      `Python ${VERSION_MIN.join('.')} or newer is needed and ${python} ${found}: install it, or set PYTHON to its path`,
    )
  }
  return version
}

async function makeVenv(python: string, venv: string): Promise<void> {
  const { code, output } = await run(python, ['-m', 'venv', venv])
  if (code === 0) return
  const why = /ensurepip|No module named venv/.test(output)
    ? 'Python lacks its venv and pip modules: install them (on Debian and Ubuntu: apt-get install python3-venv)'
    : `python -m venv failed: ${lastLine(output)}`
  await rm(venv, { recursive: true, force: true })
  throw new PythonError(why)
}

function run(command: string, words: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? ''
