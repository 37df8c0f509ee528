import { describe, expect, it } from 'vitest'
import { parseIngestConfig } from './config.ts'

const GOOD = {
  DATABASE_URL: 'postgres://lens:hush@db:5432/lens',
  CLICKHOUSE_URL: 'http://lens:hush@clickhouse:8123/lens',
  OBJECT_STORE_URL: 's3://bucket',
  JOURNAL_DIR: '/var/lib/lens/journal',
  LENS_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
}

describe('the configuration of ingest', () => {
  it('is complete with the stores and the folder of the journal', () => {
    const parsed = parseIngestConfig(GOOD)
    expect(parsed).toMatchObject({
      kind: 'config',
      config: {
        ...{ port: 4100, host: '0.0.0.0', logLevel: 'info' },
        ...{ requestsPerMinute: 60_000, trustedProxies: [], metrics: null },
      },
    })
  })

  it('reports every bad variable together, by name, with what was expected', () => {
    const parsed = parseIngestConfig({
      DATABASE_URL: 'mysql://x',
      INGEST_PORT: '99999',
      LOG_LEVEL: 'loud',
      JOURNAL_BYTES_MAX: '1k',
      REQUESTS_PER_MINUTE: '0',
      TRUSTED_PROXIES: 'everyone',
    })
    expect(parsed.kind).toBe('bad')
    const problems = parsed.kind === 'bad' ? parsed.problems : []
    const variables = problems.map((problem) => problem.split(' ')[0])
    expect(variables.sort()).toEqual([
      'CLICKHOUSE_URL',
      'DATABASE_URL',
      'INGEST_PORT',
      'JOURNAL_BYTES_MAX',
      'JOURNAL_DIR',
      'LENS_SECRET_KEYS',
      'LOG_LEVEL',
      'OBJECT_STORE_URL',
      'REQUESTS_PER_MINUTE',
      'TRUSTED_PROXIES',
    ])
    expect(problems.every((problem) => /must be|is missing/.test(problem))).toBe(true)
  })

  it('never repeats a value, which may be a password', () => {
    const parsed = parseIngestConfig({ ...GOOD, DATABASE_URL: 'hush://hush@hush', INGEST_PORT: 'hush' })
    expect(JSON.stringify(parsed)).not.toContain('hush@')
    expect(parsed.kind).toBe('bad')
  })

  it('trusts proxies by address and network, and never everyone', () => {
    const proxiesOf = (text: string) => {
      const parsed = parseIngestConfig({ ...GOOD, TRUSTED_PROXIES: text })
      return parsed.kind === 'config' ? parsed.config.trustedProxies : parsed.problems
    }
    const good = '10.1.2.3, 10.0.0.0/8,fd00::/8 ,::1,loopback'
    expect(proxiesOf(good)).toEqual(['10.1.2.3', '10.0.0.0/8', 'fd00::/8', '::1', 'loopback'])
    for (const bad of ['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/8/8', '*', 'true', '1', '10.0.0']) {
      expect(proxiesOf(bad), bad).toEqual([expect.stringContaining('TRUSTED_PROXIES must be')])
    }
  })

  it('takes the port of the platform, unless its own is set', () => {
    expect(parseIngestConfig({ ...GOOD, PORT: '8080' })).toMatchObject({ config: { port: 8080 } })
    expect(parseIngestConfig({ ...GOOD, PORT: '8080', INGEST_PORT: '0' })).toMatchObject({
      config: { port: 0 },
    })
  })

  it('serves metrics where it is told to, on this machine alone unless told otherwise', () => {
    expect(parseIngestConfig({ ...GOOD, METRICS_PORT: '9464' })).toMatchObject({
      config: { metrics: { host: '127.0.0.1', port: 9464 } },
    })
    expect(parseIngestConfig({ ...GOOD, METRICS_PORT: '9464', METRICS_HOST: '10.0.0.5' })).toMatchObject({
      config: { metrics: { host: '10.0.0.5', port: 9464 } },
    })
  })

  it.each([
    ['the port of clients', { METRICS_PORT: '4100' }],
    ['the port of clients, as the platform says it', { METRICS_PORT: '8080', PORT: '8080' }],
    ['no port', { METRICS_HOST: '0.0.0.0' }],
    ['what is no port', { METRICS_PORT: '/metrics' }],
  ])('does not serve metrics on %s', (_what, env) => {
    const parsed = parseIngestConfig({ ...GOOD, ...env })
    expect(parsed.kind === 'bad' ? parsed.problems : []).toEqual([
      expect.stringMatching(/^METRICS_PORT (?:must be|is missing)/),
    ])
  })
})
