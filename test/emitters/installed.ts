/**
 * Installs what the emitters run on, once: npm packages into `js/node_modules`, two Python environments into
 * `python/.venv`, each pinned by a file beside it.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { preparePython } from '../../local/python/environment.ts'

declare module 'vitest' {
  interface ProvidedContext {
    emitters: { readonly instrumentedPython: string; readonly litellmPython: string }
  }
}

const JS = fileURLToPath(new URL('js', import.meta.url))
const PYTHON = fileURLToPath(new URL('python', import.meta.url))
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

export async function setup(project: TestProject): Promise<void> {
  await installPackages()
  project.provide('emitters', {
    instrumentedPython: await pythonWith('instrumented', 'requirements.txt'),
    litellmPython: await pythonWith('litellm', 'requirements-litellm.txt'),
  })
}

async function installPackages(): Promise<void> {
  const lock = await readFile(path.join(JS, 'package-lock.json'))
  const madeFrom = createHash('sha256').update(lock).digest('hex')
  const stamp = path.join(JS, 'node_modules', 'made-from')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === madeFrom) return
  say('Installing the JavaScript emitters (once; needs npm) ...')
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: JS })
  await mkdir(path.dirname(stamp), { recursive: true })
  await writeFile(stamp, madeFrom)
}

const pythonWith = (name: string, requirements: string): Promise<string> =>
  preparePython(say, process.env.PYTHON, {
    home: path.join(PYTHON, '.venv', name),
    requirements: path.join(PYTHON, requirements),
  })
