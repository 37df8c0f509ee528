import { describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { parseKeysArguments } from './arguments.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const parse = (line: string) => parseKeysArguments(line.split(' ').filter(Boolean), NOON)
const problemOf = (line: string): string => {
  const parsed = parse(line)
  return parsed.kind === 'bad' ? (parsed.problem.split('\nusage:')[0] ?? '') : `no problem: ${parsed.kind}`
}

describe('the words of npm run keys', () => {
  it('make a key that sends and reads, and never expires, unless they say otherwise', () => {
    expect(parse('create --project chat --name ci')).toEqual({
      kind: 'create',
      ...{ org: null, project: 'chat', name: 'ci', isNewProject: false, by: null, json: false },
      ...{ scopes: ['ingest', 'verdicts', 'holds'], person: null, expiresAt: null, requestsPerMinute: null },
    })
    const said =
      '--scopes read,manage,organisation --person U0ADA --expires 90d --requests-per-minute 600 --org o --new-project --by ada --json'
    expect(parse(`create --project chat --name ci ${said}`)).toMatchObject({
      ...{ scopes: ['read', 'manage', 'organisation'], person: 'U0ADA', requestsPerMinute: 600 },
      expiresAt: new Date('2027-02-08T12:00:00Z'),
      ...{ org: 'o', isNewProject: true, by: 'ada', json: true },
    })
    expect(parse('create --project chat --name ci --expires 2027-01-31')).toMatchObject({
      expiresAt: new Date('2027-01-31T00:00:00Z'),
    })
  })

  it('rotate with a day in which both keys work, or as long as they say', () => {
    expect(parse('rotate lens_k3v9x2mq')).toMatchObject({ key: 'lens_k3v9x2mq', overlapMs: 86_400_000 })
    expect(parse('rotate lens_k3v9x2mq --overlap 0m')).toMatchObject({ overlapMs: 0 })
    expect(parse('rotate lens_k3v9x2mq --overlap 30d').kind).toBe('rotate')
  })

  it.each([
    ['', /^usage: npm run keys/],
    ['remove lens_k3v9x2mq', /^usage: npm run keys/],
    ['create --name ci', /--project must say/],
    ['create --project chat', /--name must say/],
    [
      'create --project chat --name ci --scopes ingest,admin',
      /--scopes must be some of ingest,verdicts,holds/,
    ],
    ['create --project chat --name ci --scopes ,', /--scopes must be/],
    ['create --project chat --name ci --expires soon', /--expires must be a time to come/],
    ['create --project chat --name ci --expires 0d', /--expires must be a time to come/],
    ['create --project chat --name ci --expires 2026-11-09', /--expires must be a time to come/],
    ['create --project chat --name ci --expires 2027-02-30', /--expires must be a time to come/],
    ['create --project chat --name ci --requests-per-minute 0', /--requests-per-minute must be/],
    ['create --project chat --name ci --limit 5', /Unknown option '--limit'/],
    ['create --project chat --name ci --scopes manage', /--person must say in whose name/],
    ['create --project chat --name ci --scopes manage --person system', /--person must be the id/],
    ['create --project chat --name ci --scopes read --person U0ADA', /--person is for a key of scope manage/],
    ['create --project chat --name ci --scopes ingest,organisation', /organisation widens read and manage/],
    ['rotate', /say one KEY/],
    ['rotate a b', /say one KEY/],
    ['rotate a --overlap 31d', /--overlap must be/],
    ['rotate a --overlap 24', /--overlap must be/],
    ['revoke', /say one KEY/],
    ['list keys', /list takes options only/],
  ])('say what is wrong with them: %j', (line, problem) => {
    expect(problemOf(line)).toMatch(problem)
    expect(parse(line)).toMatchObject({ problem: expect.stringContaining('npm run keys -- VERB') })
  })

  it('never repeat a whole key that was typed where its prefix is meant', () => {
    const { text, prefix } = mintApiKey()
    expect(problemOf(`revoke ${text}`)).toBe(
      `that is a whole key, which should be typed nowhere; say ${prefix}`,
    )
    expect(JSON.stringify(parse(`rotate ${text}`))).not.toContain(text.slice(prefix.length + 1))
  })
})
