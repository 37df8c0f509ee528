/**
 * Runs the tests of the Python SDK, with its pinned test requirements, in the project's own virtual environment.
 * Arguments go to pytest. PYTHON names another Python than `python3`.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { PythonError, preparePython } from '../../local/python/environment.ts'

const SDK = fileURLToPath(new URL('../../sdk/python', import.meta.url))
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const python = await preparePython(say, process.env.PYTHON).catch((error: unknown) => {
  if (!(error instanceof PythonError)) throw error
  say(error.message)
  process.exit(1)
})

const words = ['-m', 'pytest', ...process.argv.slice(2)]
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
const pytest = spawn(python, words, { cwd: SDK, stdio: 'inherit', env })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => pytest.kill(signal))
pytest.once('error', (error) => {
  say(`pytest could not be started: ${error.message}`)
  process.exit(1)
})
pytest.once('exit', (code) => process.exit(code ?? 1))
