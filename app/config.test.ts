import { describe, expect, it } from 'vitest'
import { parseAppConfig } from './config.ts'

const good = {
  DATABASE_URL: 'postgres://lens:pw@127.0.0.1:5432/lens',
  CLICKHOUSE_URL: 'http://127.0.0.1:8123/lens',
  SLACK_SIGNING_SECRET: 'secret',
  SLACK_BOT_TOKEN: 'xoxb-1',
  LENS_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  PUBLIC_INGEST_URL: 'https://ingest.example.com/',
}

describe('the configuration', () => {
  it('is read whole from a good environment', () => {
    expect(parseAppConfig({ ...good, PORT: '80', SLACK_API_URL: 'http://127.0.0.1:4300/api' })).toMatchObject(
      {
        kind: 'config',
        config: {
          port: 80,
          slackApiUrl: 'http://127.0.0.1:4300/api/',
          ingestUrl: 'https://ingest.example.com',
          publicAppUrl: null,
        },
      },
    )
  })

  it('names every bad variable at once, and none of their values', () => {
    const secretive = Object.fromEntries(
      [...Object.keys(good), 'APP_PORT', 'SLACK_API_URL', 'LOG_LEVEL'].map((name) => [name, 'hunter2']),
    )
    const result = parseAppConfig(secretive)
    expect(result.kind).toBe('bad')
    const said = JSON.stringify(result)
    for (const name of Object.keys(secretive))
      if (name !== 'SLACK_SIGNING_SECRET') expect(said).toContain(name)
    expect(said).not.toContain('hunter2')
  })

  it('takes an app-level token in place of the signing secret, and needs no address that Slack reaches', () => {
    const { SLACK_SIGNING_SECRET: _secret, ...unsigned } = good
    expect(parseAppConfig({ ...unsigned, SLACK_APP_TOKEN: 'xapp-1' })).toMatchObject({
      kind: 'config',
      config: { incoming: { kind: 'socket', appToken: 'xapp-1' }, publicAppUrl: null },
    })
  })

  it('says what is amiss with Socket Mode, and the way out', () => {
    const { SLACK_SIGNING_SECRET: _secret, SLACK_BOT_TOKEN: _token, ...bare } = good
    const said = (more: Record<string, string>) => {
      const result = parseAppConfig({ ...bare, ...more })
      return result.kind === 'bad' ? result.problems : []
    }
    expect(said({ SLACK_APP_TOKEN: 'xoxb-1', SLACK_BOT_TOKEN: 'xoxb-1' })).toEqual([
      expect.stringContaining('connections:write under Basic Information, App-Level Tokens'),
    ])
    expect(said({ SLACK_APP_TOKEN: 'xapp-1' })).toEqual([
      expect.stringMatching(/^SLACK_BOT_TOKEN is missing: .*OAuth & Permissions/),
    ])
    const oauth = {
      SLACK_CLIENT_ID: '1',
      SLACK_CLIENT_SECRET: 'x',
      PUBLIC_APP_URL: 'https://lens.example.com',
    }
    expect(said({ SLACK_APP_TOKEN: 'xapp-1', ...oauth })).toEqual([
      expect.stringContaining('must not be set beside SLACK_CLIENT_ID'),
    ])
  })

  it('says what each missing variable must be', () => {
    const result = parseAppConfig({})
    expect(result.kind === 'bad' && result.problems.map((problem) => problem.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'CLICKHOUSE_URL',
      'SLACK_SIGNING_SECRET',
      'LENS_SECRET_KEYS',
      'PUBLIC_INGEST_URL',
    ])
  })
})
