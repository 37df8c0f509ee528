/**
 * The local Slack workspace as a process of its own. Ends on SIGTERM and SIGINT, and when the process that
 * forked it goes away. A variable that is missing or malformed, or a busy port, is one sentence and exit code 1.
 */
import { openSandboxSlack, type SandboxOptions } from './slack/server.ts'

type Environment = Record<string, string | undefined>
type Settings = Pick<SandboxOptions, 'host' | 'port' | 'appUrl' | 'signingSecret' | 'botToken' | 'stateFile'>

function readSettings(env: Environment): { settings: Settings } | { problems: string[] } {
  const problems: string[] = []
  const required = (name: string, expected: string): string => {
    const value = env[name]
    if (value === undefined || value === '') problems.push(`${name} is missing (expected ${expected})`)
    return value ?? ''
  }
  const port = Number(env.SANDBOX_PORT)
  if (!env.SANDBOX_PORT || !Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push('SANDBOX_PORT must be a whole number from 0 to 65535')
  const appUrl = required('SANDBOX_APP_URL', 'the base URL of the app, such as http://127.0.0.1:4310')
  if (appUrl !== '' && !/^https?:\/\//.test(appUrl)) problems.push('SANDBOX_APP_URL must be an http(s) URL')
  const settings: Settings = {
    host: env.SANDBOX_HOST || '127.0.0.1',
    port,
    appUrl,
    signingSecret: required('SLACK_SIGNING_SECRET', 'the secret the app verifies requests with'),
    botToken: required('SLACK_BOT_TOKEN', 'the token the app calls the Web API with'),
    stateFile: env.SANDBOX_STATE_FILE || null,
  }
  return problems.length > 0 ? { problems } : { settings }
}

function fail(sentence: string): never {
  process.stderr.write(`sandbox: ${sentence}\n`)
  process.exit(1)
}

function explain(error: unknown, settings: Settings): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `${settings.host}:${settings.port}`
  if (code === 'EADDRINUSE') return `${place} is in use: free it, or set SANDBOX_PORT to another port`
  if (code === 'EACCES') return `${place} may not be opened: set SANDBOX_PORT to a port above 1023`
  if (code === 'host_not_loopback' && error instanceof Error) return `SANDBOX_HOST: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}

async function main(): Promise<void> {
  const read = readSettings(process.env)
  if ('problems' in read) fail(read.problems.join('; '))
  const write = (level: string) => (details: Record<string, unknown>, message: string) => {
    const err = details.err instanceof Error ? { err: details.err.message } : {}
    process.stderr.write(`${JSON.stringify({ level, part: 'sandbox', message, ...details, ...err })}\n`)
  }
  const sandbox = await openSandboxSlack({
    ...read.settings,
    now: () => new Date(),
    log: { info: write('info'), warn: write('warn') },
  }).catch((error: unknown) => fail(explain(error, read.settings)))

  let closing = false
  const close = (): void => {
    if (closing) return
    closing = true
    void sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    )
  }
  process.once('SIGTERM', close)
  process.once('SIGINT', close)
  if (process.send) {
    process.once('disconnect', close)
    process.send({ ready: true, url: sandbox.url })
  } else {
    process.stdout.write(`The local Slack workspace is at ${sandbox.url}\n`)
  }
}

await main()
