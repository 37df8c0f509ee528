import { describe, expect, it } from 'vitest'
import { newId } from '../../core/ids.ts'
import { parseJobsProcessConfig } from '../config.ts'
import { parseWebhooksArguments } from './arguments.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const WEBHOOK = newId('whk', NOON)
const DELIVERY = newId('msg', NOON)
const parse = (line: string) => parseWebhooksArguments(line.split(' ').filter(Boolean), NOON)
const ASKED = { by: null, json: false }

describe('the words of npm run webhooks', () => {
  it('add one that hears of everything, unless they say of what', () => {
    const url = 'https://hooks.example.com/'
    expect(parse(`add --url ${url}`)).toEqual({ kind: 'add', org: null, url, events: null, ...ASKED })
    expect(parse(`add --url ${url} --events budget.stopped,budget.lifted --org o --by ada --json`)).toEqual({
      ...{ kind: 'add', org: 'o', url, events: ['budget.stopped', 'budget.lifted'], by: 'ada', json: true },
    })
  })

  it('rotate with a day in which both secrets sign, or as long as they say', () => {
    expect(parse(`rotate ${WEBHOOK}`)).toMatchObject({ webhookId: WEBHOOK, overlapMs: 86_400_000 })
    expect(parse(`rotate ${WEBHOOK} --overlap 0m`)).toMatchObject({ overlapMs: 0 })
  })

  it('show deliveries, and send one again or all that failed', () => {
    expect(parse(`deliveries ${WEBHOOK} --state failed --rows 5`)).toEqual({
      ...{ kind: 'deliveries', webhookId: WEBHOOK, state: 'failed', rowsMax: 5, ...ASKED },
    })
    expect(parse(`replay ${DELIVERY}`)).toEqual({ kind: 'replay_one', deliveryId: DELIVERY, ...ASKED })
    expect(parse(`replay ${WEBHOOK} --since 24h`)).toEqual({
      ...{ kind: 'replay_failed', webhookId: WEBHOOK, since: new Date('2026-11-09T12:00:00Z'), ...ASKED },
    })
    expect(parse(`replay ${WEBHOOK} --since 2026-11-08`)).toMatchObject({
      since: new Date('2026-11-08T00:00:00Z'),
    })
  })

  it.each([
    ['', /^usage: npm run webhooks/],
    ['delete x', /^usage: npm run webhooks/],
    ['list all', /^list takes options only/],
    ['add', /^--url must say/],
    ['add https://hooks.example.com/', /^add takes options only/],
    ['rotate', /^say one WEBHOOK/],
    ['rotate https://hooks.example.com/', /^say one WEBHOOK/],
    [`rotate ${WEBHOOK} --overlap 8d`, /^--overlap must be/],
    [`disable ${DELIVERY}`, /^say one WEBHOOK/],
    [`deliveries ${WEBHOOK} --state lost`, /^--state must be one of pending, retrying, delivered, failed/],
    [`deliveries ${WEBHOOK} --rows 5000`, /^--rows must be/],
    [`replay ${WEBHOOK}`, /^--since must say/],
    [`replay ${WEBHOOK} --since soon`, /^--since must say/],
    [`replay ${DELIVERY} --since 1h`, /^say one DELIVERY/],
  ])('say what is wrong with them: %j', (line, problem) => {
    expect(parse(line)).toMatchObject({ kind: 'bad', problem: expect.stringMatching(problem) })
  })
})

describe('the settings of the jobs', () => {
  const env = {
    ...{ DATABASE_URL: 'postgres://db/lens', CLICKHOUSE_URL: 'http://clickhouse:8123/lens' },
    LENS_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  }

  it('keep webhooks on the internet unless this machine is allowed by name', () => {
    expect(parseJobsProcessConfig(env)).toMatchObject({ config: { allowLoopback: false } })
    const allowed = { ...env, WEBHOOKS_ALLOW_LOOPBACK: '1' }
    expect(parseJobsProcessConfig(allowed)).toMatchObject({ config: { allowLoopback: true } })
    expect(parseJobsProcessConfig({ ...env, WEBHOOKS_ALLOW_LOOPBACK: 'yes' })).toEqual({
      ...{ kind: 'bad', problems: ['WEBHOOKS_ALLOW_LOOPBACK must be 1, or not set'] },
    })
  })

  it('are not complete without the keys that open the webhooks of customers', () => {
    expect(parseJobsProcessConfig({ ...env, LENS_SECRET_KEYS: '' })).toMatchObject({
      problems: [expect.stringContaining('LENS_SECRET_KEYS is missing')],
    })
  })
})
