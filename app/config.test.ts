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
