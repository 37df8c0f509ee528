/** What a person pastes into a terminal, run as it stands on the page, with the provider's address and key as they have them. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

export interface Desk {
  readonly dir: string
  /** Of the Python that has the SDK. */
  readonly python: string
  readonly providerUrl: string
}

export interface Pasted {
  readonly code: number
  readonly output: string
}

const RUN_WITHIN_MS = 60_000

/** The lines for the shell, then those of a Python program, in a file. */
export async function runPython(desk: Desk, shell: string, program: string): Promise<Pasted> {
  await writeFile(path.join(desk.dir, 'app.py'), program)
  return await runShell(desk, `${shell}\npython app.py\n`)
}

export async function runShell({ dir, python, providerUrl }: Desk, script: string): Promise<Pasted> {
  const env = {
    PATH: `${path.dirname(python)}:${process.env.PATH ?? ''}`,
    HOME: process.env.HOME ?? '/',
    OPENAI_API_KEY: 'sk-of-the-newcomer',
    OPENAI_BASE_URL: `${providerUrl}/v1`,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  try {
    // Without the files that a machine keeps for its shells: those may put another Python first.
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script], {
      ...{ cwd: dir, env, timeout: RUN_WITHIN_MS },
    })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') throw error
    const said = (name: string) => String(Object.entries(error).find(([key]) => key === name)?.[1] ?? '')
    return { code: error.code, output: said('stdout') + said('stderr') }
  }
}
