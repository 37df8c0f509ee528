/** The Slack app as the process that production runs, to be killed by a test. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { keyringText, type OpenedApp } from '../../opened-app.ts'
import { botToken, signingSecret } from '../../opened-sandbox.ts'

export interface AppProcess {
  /** Resolves when it tells Slack what is in the outbox. */
  start(): Promise<void>
  /** It hears and does nothing any more, until it is killed. */
  freeze(): void
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../../app/main.ts', import.meta.url))

/** On the stores and the local Slack of an app that was opened and stopped. */
export function appProcess(opened: OpenedApp): AppProcess {
  let child: ChildProcess | null = null
  return {
    async start() {
      const { PATH = '', TMPDIR = '/tmp' } = process.env
      const started = fork(MAIN, {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: {
          ...{ PATH, TMPDIR, LOG_LEVEL: 'error' },
          DATABASE_URL: opened.databaseUrl,
          CLICKHOUSE_URL: opened.clickhouseUrl,
          APP_HOST: '127.0.0.1',
          APP_PORT: new URL(opened.url).port,
          SLACK_SIGNING_SECRET: signingSecret,
          SLACK_BOT_TOKEN: botToken,
          SLACK_API_URL: `${opened.line.url}/api`,
          LENS_SECRET_KEYS: keyringText,
          PUBLIC_INGEST_URL: 'http://127.0.0.1:4100',
        },
      })
      child = started
      await new Promise<void>((resolve, reject) => {
        started.once('message', () => resolve())
        started.once('exit', () => reject(new Error('the app ended before it was ready')))
      })
    },
    freeze: () => {
      child?.kill('SIGSTOP')
    },
    async kill() {
      if (child === null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      child = null
      await ended
    },
  }
}
