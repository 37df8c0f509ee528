import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { isObject } from './slack/validate-shape.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const good = {
  PATH: process.env.PATH,
  SANDBOX_PORT: '0',
  SANDBOX_APP_URL: 'http://127.0.0.1:9',
  SLACK_SIGNING_SECRET: 'secret',
  SLACK_BOT_TOKEN: 'xoxb-test',
}
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
  started.length = 0
})

async function outcome(env: NodeJS.ProcessEnv): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(child)
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  await once(child, 'close')
  return { code: child.exitCode, stderr }
}

async function startForked(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(main, { env: good, execArgv: ['--import', 'tsx'] })
  started.push(child)
  const [message] = await once(child, 'message')
  return { child, url: isObject(message) ? String(message.url) : '' }
}

describe('the process of the local Slack workspace', () => {
  it('tells its parent where it listens, and ends when asked to', async () => {
    const { child, url } = await startForked()
    expect((await fetch(url)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends when its parent goes away, even with a page open', async () => {
    const { child, url } = await startForked()
    const stream = await fetch(`${url}/page/changes`)
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
    await stream.body?.cancel().catch(() => {})
  })

  it('names every variable that is missing or malformed, in one sentence', async () => {
    const { code, stderr } = await outcome({
      PATH: process.env.PATH,
      SANDBOX_PORT: 'eighty',
      SANDBOX_APP_URL: 'x',
    })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    for (const name of ['SANDBOX_PORT', 'SANDBOX_APP_URL', 'SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'])
      expect(stderr).toContain(name)
  })

  it('names a busy port and the way out', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const address = blocker.address()
    const port = isObject(address) ? String(address.port) : ''
    const { code, stderr } = await outcome({ ...good, SANDBOX_PORT: port })
    blocker.close()
    expect(code).toBe(1)
    expect(stderr.trim()).toBe(
      `sandbox: 127.0.0.1:${port} is in use: free it, or set SANDBOX_PORT to another port`,
    )
  })
})
