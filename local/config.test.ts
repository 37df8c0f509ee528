import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLocalConfig } from './config.ts'

const CWD = path.resolve('/somewhere/lensai')
const parse = (env: Record<string, string>) => parseLocalConfig(env, CWD)
function problemsOf(env: Record<string, string>): readonly string[] {
  const parsed = parse(env)
  return parsed.kind === 'bad' ? parsed.problems : []
}

describe('the configuration of npm start', () => {
  it('needs nothing: every store and Slack run here, on ports that may as well be others', () => {
    expect(parse({})).toEqual({
      kind: 'config',
      config: {
        dir: path.join(CWD, '.lens'),
        databaseUrl: null,
        clickhouseUrl: null,
        objectStoreUrl: null,
        slack: null,
        ports: {
          ingest: { variable: 'INGEST_PORT', port: 4100, asked: false },
          app: { variable: 'APP_PORT', port: 4200, asked: false },
          sandbox: { variable: 'SANDBOX_PORT', port: 4300, asked: false },
        },
        logLevel: 'info',
        passedOn: {},
      },
    })
  })

  it('takes stores that are named by a URL, and a folder', () => {
    const env = {
      DATABASE_URL: 'postgresql://lens:hush@db:5432/lens',
      CLICKHOUSE_URL: 'https://lens:hush@clickhouse:8443/lens',
      OBJECT_STORE_URL: 's3://bucket?region=auto',
    }
    expect(parse({ ...env, LENS_DIR: '../data' })).toMatchObject({
      config: {
        dir: path.resolve(CWD, '../data'),
        databaseUrl: env.DATABASE_URL,
        clickhouseUrl: env.CLICKHOUSE_URL,
        objectStoreUrl: env.OBJECT_STORE_URL,
      },
    })
  })

  it('never keeps its data in the working folder because LENS_DIR is empty', () => {
    expect(parse({ LENS_DIR: '' })).toMatchObject({ config: { dir: path.join(CWD, '.lens') } })
  })

  it('names every bad variable at once, and none of their values', () => {
    const names = [
      'DATABASE_URL',
      'CLICKHOUSE_URL',
      'OBJECT_STORE_URL',
      'SLACK_BOT_TOKEN',
      'SLACK_API_URL',
      'INGEST_PORT',
      'APP_PORT',
      'SANDBOX_PORT',
      'LOG_LEVEL',
    ]
    const env = Object.fromEntries([...names, 'SLACK_SIGNING_SECRET'].map((name) => [name, 'hush']))
    const problems = problemsOf(env)
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(names)
    expect(problems.join()).not.toContain('hush')
  })

  it('talks to Slack only when it has both of what that takes, and says which one is missing', () => {
    const [token, secret] = [{ SLACK_BOT_TOKEN: 'xoxb-hush' }, { SLACK_SIGNING_SECRET: 'hush' }]
    expect(parse({ ...token, ...secret })).toMatchObject({
      config: {
        slack: { botToken: 'xoxb-hush', incoming: { kind: 'http', signingSecret: 'hush' }, apiUrl: null },
      },
    })
    const both =
      'to talk to Slack, set SLACK_BOT_TOKEN with SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET'
    expect(problemsOf(token)).toEqual([`SLACK_SIGNING_SECRET is missing: ${both}`])
    expect(problemsOf(secret)).toEqual([`SLACK_BOT_TOKEN is missing: ${both}`])
  })

  it('needs no signing secret for Socket Mode, but the token of a bot', () => {
    expect(parse({ SLACK_BOT_TOKEN: 'xoxb-hush', SLACK_APP_TOKEN: 'xapp-hush' })).toMatchObject({
      config: { slack: { incoming: { kind: 'socket', appToken: 'xapp-hush' } } },
    })
    expect(problemsOf({ SLACK_APP_TOKEN: 'xapp-hush' }).join()).toContain('SLACK_BOT_TOKEN is missing')
    expect(problemsOf({ SLACK_BOT_TOKEN: 'xoxb-hush', SLACK_APP_TOKEN: 'hush' }).join()).toContain(
      'SLACK_APP_TOKEN must be an app-level token',
    )
  })

  it('refuses a token that is none of a bot, such as that of a person', () => {
    expect(problemsOf({ SLACK_BOT_TOKEN: 'xoxp-hush', SLACK_SIGNING_SECRET: 'hush' })).toEqual([
      'SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-',
    ])
  })

  it('knows which ports were asked for', () => {
    expect(parse({ APP_PORT: '5200' })).toMatchObject({
      config: { ports: { app: { port: 5200, asked: true }, ingest: { port: 4100, asked: false } } },
    })
    expect(problemsOf({ INGEST_PORT: '0' })).toEqual(['INGEST_PORT must be a port from 1 to 65535'])
  })

  it('passes on what the parts need to reach the world, and nothing else', () => {
    const passed = {
      PATH: '/bin',
      HOME: '/home/sam',
      AWS_SECRET_ACCESS_KEY: 'hush',
      https_proxy: 'http://p',
      METRICS_PORT: '9464',
    }
    expect(parse({ ...passed, OPENAI_API_KEY: 'hush', NODE_OPTIONS: '--inspect' })).toMatchObject({
      config: { passedOn: passed },
    })
    expect(parse({ ...passed, NODE_OPTIONS: '--inspect' })).not.toHaveProperty('config.passedOn.NODE_OPTIONS')
  })
})
