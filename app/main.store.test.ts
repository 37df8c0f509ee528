import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { listInstallations } from '../db/postgres/installations.ts'
import { setMonthlyBudget } from '../db/postgres/monthly-budget.ts'
import { outbox } from '../db/postgres/schema.ts'
import { keyringText, type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, botToken, general, llmCosts, sam, signingSecret } from '../test/opened-sandbox.ts'
import { eventually } from '../test/waiting.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const children = new Set<ChildProcess>()

interface Started {
  readonly child: ChildProcess
  readonly ready: Promise<{ url: string }>
  readonly ended: Promise<{ code: number | null; stderr: string; stdout: string }>
}

/** The process as it runs in production, told of everything by its environment alone. */
function start(env: Record<string, string>): Started {
  const child = fork(main, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH ?? '', TMPDIR: process.env.TMPDIR ?? '/tmp', ...env },
  })
  children.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk)
  })
  return {
    child,
    ready: new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as { url: string }))
      child.once('exit', () => reject(new Error(`ended before it was ready: ${stderr}${stdout}`)))
    }),
    // Not 'close': that never comes when it was the parent that closed the channel.
    ended: Promise.all([once(child, 'exit'), drained(child.stdout), drained(child.stderr)]).then(
      ([[code]]) => {
        children.delete(child)
        return { code: typeof code === 'number' ? code : null, stderr, stdout }
      },
    ),
  }
}

const drained = (stream: Readable | null) => (stream ? once(stream, 'end') : undefined)

let opened: OpenedApp
beforeEach(async () => {
  opened = await openApp()
  await opened.stopApp()
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await opened.close()
})

const goodEnv = () => ({
  DATABASE_URL: opened.databaseUrl,
  CLICKHOUSE_URL: opened.clickhouseUrl,
  APP_HOST: '127.0.0.1',
  APP_PORT: new URL(opened.url).port,
  SLACK_SIGNING_SECRET: signingSecret,
  SLACK_BOT_TOKEN: botToken,
  SLACK_API_URL: `${opened.line.url}/api`,
  LENS_SECRET_KEYS: keyringText,
  PUBLIC_INGEST_URL: 'http://127.0.0.1:4100',
})

describe('the Slack app as a process', () => {
  it('names every bad variable in one go and ends with an error', async () => {
    const { ready, ended } = start({ APP_PORT: 'eighty' })
    await expect(ready).rejects.toThrow()
    const { code, stderr } = await ended
    expect(code).toBe(1)
    for (const name of [
      'DATABASE_URL',
      'CLICKHOUSE_URL',
      'APP_PORT',
      'SLACK_SIGNING_SECRET',
      'LENS_SECRET_KEYS',
    ])
      expect(stderr).toContain(name)
  })

  it('starts while Slack is down, answers once Slack is back, and ends in order when asked to', async () => {
    opened.line.cut(true)
    const { child, ready, ended } = start(goodEnv())
    const { url } = await ready
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    opened.line.cut(false)
    await eventually(async () => {
      await opened.sandbox.command({ userId: sam, channelId: general, text: '/lens help' })
      expect((await opened.sandbox.ephemerals(sam)).some(({ text }) => text.includes('/lens spend'))).toBe(
        true,
      )
    })
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain(botToken)
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ part: 'app' })
  })

  it('loses and repeats nothing over a kill', async () => {
    const first = start(goodEnv())
    await first.ready
    const { postgres, orgId, project } = opened.ground
    const [installation] = await listInstallations(postgres.tables)
    const slack = { installationId: installation?.id ?? '', channelId: llmCosts }
    const setting = {
      orgId,
      projectId: project.id,
      limit: usd('10'),
      slack,
      by: alex,
      origin: 'slack',
    } as const
    await setMonthlyBudget(postgres, setting, opened.now())
    await eventually(async () => expect(await opened.sandbox.messages(llmCosts)).toHaveLength(1))
    await opened.spend([{ cost: usd('6') }])
    const [card] = await opened.sandbox.messages(llmCosts)
    const thread = async () => (await opened.sandbox.thread(llmCosts, card?.ts ?? '')).slice(1)
    await eventually(async () => expect(await thread()).toHaveLength(1))
    // Only a kill between Slack's answer and our commit may repeat a post, and this one is after both.
    await eventually(async () =>
      expect(await postgres.tables.$count(outbox, isNull(outbox.deliveredAt))).toBe(0),
    )
    first.child.kill('SIGKILL')
    await first.ended
    await opened.spend([{ cost: usd('5') }])
    await start(goodEnv()).ready
    await eventually(async () => expect(await thread()).toHaveLength(2))
    const cards = (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null)
    expect(cards).toHaveLength(1)
  })

  it('needs no signing secret in Socket Mode, and ends in order when asked to', async () => {
    await opened.close()
    const appToken = 'xapp-1-of-the-tests'
    opened = await openApp({
      sandbox: { socketMode: { appTokens: [{ token: appToken, scopes: ['connections:write'] }] } },
    })
    await opened.stopApp()
    const { SLACK_SIGNING_SECRET: _unused, ...env } = goodEnv()
    const { child, ready, ended } = start({ ...env, SLACK_APP_TOKEN: appToken })
    await ready
    expect(
      await opened.sandbox.command({ userId: sam, channelId: general, text: '/lens help' }),
    ).toMatchObject({ delivery: { outcome: 'acknowledged' } })
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(opened.sandbox.sockets?.count()).toBe(0)
    expect(stdout).not.toContain(appToken)
  })

  it('says the way out and ends when Slack does not take its app-level token', async () => {
    const { SLACK_SIGNING_SECRET: _unused, ...env } = goodEnv()
    const { ready, ended } = start({ ...env, SLACK_APP_TOKEN: 'xapp-1-wrong' })
    await expect(ready).rejects.toThrow()
    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(stderr).toContain('make a token with the scope connections:write under Basic Information')
    expect(stderr).not.toContain('xapp-1-wrong')
  })

  it('ends when its starter is gone', async () => {
    const { child, ready, ended } = start(goodEnv())
    await ready
    child.disconnect()
    expect((await ended).code).toBe(0)
  })
})
