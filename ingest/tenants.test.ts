/**
 * What one organisation can learn of another: nothing. Every error is provoked with a key of organisation A while what
 * is sent names organisation B, and once more while it names what nobody has: the two answers are the same.
 */
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { DrizzleQueryError } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashApiKey, mintApiKey } from '../core/api-key.ts'
import { aBudget, aPeriod } from '../core/budget/a-budget.ts'
import { MATCH_ALL } from '../core/budget/scope.ts'
import { newId } from '../core/ids.ts'
import { usd } from '../core/money.ts'
import type { Webhook } from '../db/postgres/webhooks.ts'
import { aWireEvent } from '../test/events/wire-event.ts'
import { aKnownKey } from '../test/ingest/a-key.ts'
import { type Answer, type Called, type IngestServer, openServer } from '../test/ingest/a-server.ts'
import { NO_HOLDS } from '../test/ingest/no-holds.ts'
import { noManaging } from '../test/ingest/no-managing.ts'
import { DEPTH_MAX } from './body/parse-json.ts'
import { BODY_BYTES_MAX, ERROR_CODES, type ErrorCode } from './errors.ts'
import type { KnownApiKey } from './keys/known-keys.ts'
import type { ManageStore } from './manage/manage-store.ts'
import type { WebhookStore } from './manage/webhook-store.ts'
import type { VerdictKeeper } from './verdicts/keep-verdicts.ts'
import { knownVerdict } from './verdicts/known-verdict.ts'

const NOON = new Date('2026-11-10T12:00:00Z')

/** What there is to know of a tenant; all of them are alike in form, and in length. */
interface Tenant {
  readonly org: string
  readonly project: string
  readonly projectName: string
  readonly keyId: string
  readonly key: string
  readonly budget: string
}
const aTenant = (letter: string): Tenant => ({
  org: newId('org', NOON),
  project: newId('prj', NOON),
  projectName: `secret-project-${letter}`,
  keyId: newId('key', NOON),
  key: mintApiKey().text,
  budget: newId('bud', NOON),
})

let [a, b, nobody]: readonly [Tenant, Tenant, Tenant] = [aTenant('a'), aTenant('b'), aTenant('c')]
let keys: Map<string, KnownApiKey>
let isPostgresDown: boolean
let logged: string
/** What managing comes to: the budget of A is there, and nothing else, unless a call says otherwise. */
let managing: Partial<ManageStore>
let webhooking: Partial<WebhookStore>
let server: IngestServer

const keyOf = ({ org, project, projectName, keyId }: Tenant, changes: Partial<KnownApiKey> = {}) =>
  aKnownKey({
    ...{ id: keyId, orgId: org, projectId: project, projectName },
    ...{ scopes: ['ingest', 'verdicts', 'holds'], ...changes },
  })
const verdictFor = (project_id: string) =>
  knownVerdict({ project_id, allowed: true, as_of: NOON.toISOString(), budgets: [], stops: [] }, () => 0)
const verdicts: VerdictKeeper = {
  current: verdictFor,
  latest: async (projectId) => {
    if (isPostgresDown) throw new Error(`no rows of ${projectId} beside those of ${b.project}`)
    return verdictFor(projectId)
  },
  watch: (projectId, hear) => {
    hear(verdictFor(projectId))
    return () => undefined
  },
  status: () => ({ projects: 2, lastError: null }),
  close: () => Promise.resolve(),
}

beforeEach(async () => {
  ;[a, b, nobody] = [aTenant('a'), aTenant('b'), aTenant('c')]
  keys = new Map([
    [a.key, keyOf(a)],
    [b.key, keyOf(b)],
  ])
  isPostgresDown = false
  managing = {}
  webhooking = {}
  logged = ''
  const stream = {
    write: (line: string) => {
      logged += line
    },
  }
  server = await openServer(() => NOON, {
    ...{ verdicts, streamsPerKeyMax: 0, holds: { ...NO_HOLDS, read: async () => null } },
    ...{ log: pino({ level: 'trace' }, stream) },
    manage: {
      ...noManaging,
      budget: async (_reach, id) => (id === a.budget ? storedBudgetOf(a) : null),
      requests: async (_reach, { requestId }) => (requestId === a.budget ? [requestOf(a)] : []),
      make: async (making) => (await managing.make?.(making)) ?? (await noManaging.make(making)),
      change: async (changing) => (await managing.change?.(changing)) ?? (await noManaging.change(changing)),
      askOverride: async (asking) =>
        (await managing.askOverride?.(asking)) ?? (await noManaging.askOverride(asking)),
      revokeOverride: async () => 'none_running',
      decide: async (deciding) => (await managing.decide?.(deciding)) ?? (await noManaging.decide(deciding)),
      hasProject: async (_orgId, id) => id === a.project,
      previews: {
        preview: async (question) => await (managing.previews ?? noManaging.previews).preview(question),
      },
      webhooks: {
        ...noManaging.webhooks,
        find: async (_orgId, id) => (id === a.budget ? webhookOf(a) : null),
        rotate: async (rotating) =>
          (await webhooking.rotate?.(rotating)) ?? (await noManaging.webhooks.rotate(rotating)),
        replay: async (replaying) =>
          (await webhooking.replay?.(replaying)) ?? (await noManaging.webhooks.replay(replaying)),
      },
    },
    find: async (text) => {
      if (!isPostgresDown) return keys.get(text) ?? null
      const statement = 'select * from api_keys where hash = $1'
      throw new DrizzleQueryError(statement, [hashApiKey(text), b.key], new Error('refused'))
    },
  })
})
afterEach(() => server.close())

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const JSON_TYPE = { 'content-type': 'application/json' }
/** A key of A that is not like the first. */
function otherKey(changes: Partial<KnownApiKey>): string {
  const { text } = mintApiKey()
  keys.set(text, keyOf({ ...a, keyId: newId('key', NOON) }, changes))
  return text
}
const post = (body: string | Uint8Array, headers: Record<string, string> = {}, key = a.key): Called => ({
  ...{ method: 'POST', url: '/v1/events', body },
  headers: { ...bearer(key), ...JSON_TYPE, ...headers },
})
const get = (url: string, key = a.key): Called => ({ url, headers: bearer(key) })
/** A batch that names the tenant wherever a name can stand. */
const naming = ({ org, project, projectName, keyId, budget }: Tenant) =>
  JSON.stringify({
    events: [
      aWireEvent({ request_id: project, tags: { [budget]: keyId }, metadata: { org, projectName } }),
      aWireEvent({ request_id: 'other', user_id: org, route: `/${project}`, session_id: keyId }),
      aWireEvent({ project_id: project }),
      aWireEvent({ org_id: org }),
      aWireEvent({ model: 'gpt\u0000', api_key_id: keyId }),
    ],
  })
const around = (project: string) => `{"${project}":${'['.repeat(DEPTH_MAX)}${']'.repeat(DEPTH_MAX)}}`

const storedBudgetOf = ({ org, project, budget }: Tenant) => ({
  budget: aBudget({ id: budget, orgId: org, scope: { projectId: project, match: MATCH_ALL, each: null } }),
  current: aPeriod(),
  ...{ installationId: null, channelId: null, createdBy: 'ada', liftUrl: null, overridePolicy: null },
})
const webhookOf = ({ org, budget }: Tenant): Webhook => ({
  ...{ id: budget, orgId: org, url: 'https://example.com/', events: null, createdBy: 'ada', createdAt: NOON },
  ...{ previousUntil: null, pausedUntil: null, disabledAt: null, disabledWhy: null, archivedAt: null },
})
const requestOf = ({ org, budget }: Tenant) => ({
  ...{
    id: budget,
    orgId: org,
    budgetId: budget,
    counter: '',
    periodFrom: NOON,
    amount: usd('5'),
    windowS: 60,
  },
  ...{
    reason: 'x',
    requestedBy: 'ada',
    requestedAt: NOON,
    expiresAt: NOON,
    state: { kind: 'pending' } as const,
  },
})
/** With a key of A that manages its project. */
const manage = (method: 'POST' | 'PATCH' | 'DELETE', url: string, sent: unknown, headers = {}): Called => ({
  ...{ method, url, ...(sent === undefined ? {} : { body: JSON.stringify(sent) }) },
  headers: { ...bearer(managerKey()), ...(sent === undefined ? {} : JSON_TYPE), ...headers },
})
const managerKey = () => otherKey({ scopes: ['manage', 'organisation'], person: 'ada' })
const ofA = (path: string) => `/v1/budgets/${a.budget}${path}`
const anOverride = (said: string) => ({ amount_usd: '5', window_s: 60, reason: said })

/** One call for each code, by what it names; some have to prepare it. */
const CALLS: Readonly<Partial<Record<ErrorCode, (named: Tenant) => Called | Promise<Called>>>> = {
  body_not_json: ({ project }) => post(`{"events": ${project}`),
  body_not_gzip: ({ project }) => post(project, { 'content-encoding': 'gzip' }),
  body_not_batch: ({ project }) => post(JSON.stringify({ [project]: [] })),
  body_not_hold: ({ project }) => ({ ...post(JSON.stringify({ [project]: 1 })), url: '/v1/holds' }),
  body_not_otlp: ({ project }) => ({ ...post(`{"resourceSpans":"${project}"}`), url: '/v1/traces' }),
  body_too_deep: ({ project }) => post(around(project)),
  request_malformed: ({ project }) => get(`/v1/verdicts/${project}/%zz`),
  key_missing: ({ project }) => ({ url: '/v1/verdicts', headers: { 'x-project-id': project } }),
  // The prefix of a key that there is, with another secret.
  key_unknown: ({ key }) => get('/v1/verdicts', `${key.slice(0, 13)}_${mintApiKey().text.slice(14)}`),
  key_revoked: ({ project }) =>
    get(`/v1/verdicts?project_id=${project}`, otherKey({ revokedAt: new Date(0) })),
  key_expired: ({ project }) =>
    get(`/v1/verdicts?project_id=${project}`, otherKey({ expiresAt: new Date(0) })),
  scope_missing: ({ project }) => get(`/v1/verdicts?project_id=${project}`, otherKey({ scopes: ['ingest'] })),
  person_missing: ({ project }) => ({
    ...{ method: 'POST', url: `/v1/projects/${project}/resume` },
    headers: bearer(otherKey({ scopes: ['manage'] })),
  }),
  fields_invalid: ({ project }) => manage('POST', '/v1/budgets', { limit_usd: project, [project]: project }),
  idempotency_key_invalid: ({ project }) =>
    manage('POST', '/v1/budgets', { limit_usd: '5' }, { 'idempotency-key': `${project} ` }),
  not_an_approver: ({ project }) => {
    managing = { decide: async () => ({ kind: 'refused', refusal: 'not_an_approver' }) }
    return manage('POST', `/v1/override-requests/${a.budget}/deny`, { reason: project })
  },
  own_request: () => {
    managing = { decide: async () => ({ kind: 'refused', refusal: 'own_request' }) }
    return manage('POST', `/v1/override-requests/${a.budget}/approve`, {})
  },
  budget_unknown: ({ budget }) => manage('POST', `/v1/budgets/${budget}/stop`, {}),
  project_unknown: ({ project }) => manage('POST', `/v1/projects/${project}/stop`, { reason: 'x' }),
  request_unknown: ({ budget }) => manage('POST', `/v1/override-requests/${budget}/approve`, {}),
  override_unknown: ({ project }) =>
    manage('DELETE', ofA('/overrides/current'), undefined, { 'x-project': project }),
  webhook_unknown: ({ budget }) => get(`/v1/webhooks/${budget}`, managerKey()),
  delivery_unknown: ({ budget }) =>
    manage('POST', `/v1/webhooks/${a.budget}/replay`, { delivery_id: budget }),
  webhooks_too_many: ({ project }) =>
    manage('POST', '/v1/webhooks', { url: `https://example.com/${project}` }),
  webhook_disabled: ({ budget }) => {
    webhooking = { replay: async () => ({ kind: 'refused', why: 'webhook_disabled' }) }
    return manage('POST', `/v1/webhooks/${a.budget}/replay`, { delivery_id: budget })
  },
  secrets_overlapping: ({ project }) => {
    webhooking = { rotate: async () => ({ kind: 'refused', why: 'overlapping' }) }
    return manage('POST', `/v1/webhooks/${a.budget}/rotate`, {}, { 'idempotency-key': project })
  },
  preview_running: ({ project }) => {
    managing = { previews: { preview: async () => ({ kind: 'busy' }) } }
    return manage('POST', '/v1/budgets/preview', { limit_usd: '5', name: project }, { 'x-project': project })
  },
  budgets_too_many: ({ project }) => {
    managing = { make: async () => ({ kind: 'refused', refusal: 'budgets_too_many' }) }
    return manage('POST', '/v1/budgets', { limit_usd: '5', name: project })
  },
  override_refused: ({ project }) => {
    managing = { askOverride: async () => ({ kind: 'refused', refusal: 'window_not_offered' }) }
    return manage('POST', ofA('/overrides'), anOverride(project))
  },
  request_pending: ({ project }) => {
    managing = { askOverride: async () => ({ kind: 'pending_already', request: requestOf(a) }) }
    return manage('POST', ofA('/overrides'), anOverride(project))
  },
  request_decided: ({ project }) => {
    managing = { decide: async () => ({ kind: 'refused', refusal: 'already_decided' }) }
    return manage('POST', `/v1/override-requests/${a.budget}/deny`, { reason: project })
  },
  budget_changed: ({ project }) => {
    managing = { change: async () => ({ kind: 'refused', refusal: 'changed_meanwhile' }) }
    return manage('PATCH', ofA(''), { name: project }, { 'if-match': `"${project}"` })
  },
  idempotency_key_reused: ({ project }) => {
    managing = { make: async () => ({ kind: 'refused', refusal: 'key_reused' }) }
    return manage('POST', '/v1/budgets', { limit_usd: '5' }, { 'idempotency-key': project })
  },
  precondition_missing: ({ project }) => manage('PATCH', ofA(''), { name: project }),
  route_unknown: ({ project }) => get(`/v1/projects/${project}`),
  hold_unknown: ({ budget }) => get(`/v1/holds/${budget.replace('bud', 'hld')}`),
  body_too_large: ({ project }) => post(project.padEnd(BODY_BYTES_MAX + 1)),
  content_type_unsupported: ({ project }) => post(project, { 'content-type': `text/${project}` }),
  encoding_unsupported: ({ project }) => post(project, { 'content-encoding': project }),
  rate_limited: async (named) => {
    const key = otherKey({ requestsPerMinute: 1 })
    await server.call(post('{}', {}, key))
    return post(naming(named), {}, key)
  },
  keys_refused_too_often: async ({ key }) => {
    const from = `198.51.100.${key === b.key ? 1 : 2}`
    const guess = () => ({ ...get('/v1/verdicts', `${key.slice(0, -1)}*`), from })
    for (let call = 0; call < 600; call++) await server.call(guess())
    return guess()
  },
  streams_too_many: ({ project }) => get(`/v1/verdicts/stream?project_id=${project}`),
  internal: (named) => {
    server.appendWith(() => Promise.reject(new Error(`the disk of ${b.org} failed`)))
    return post(naming(named))
  },
  journal_full: (named) => {
    server.appendWith(async () => ({ kind: 'full', reason: 'bytes_max' }))
    return post(naming(named))
  },
  unavailable: ({ project }) => {
    isPostgresDown = true
    return get(`/v1/verdicts?project_id=${project}`, mintApiKey().text)
  },
}
/** Of these the answer is made before there is a request, from the table alone: limits.test.ts shows them. */
const WITHOUT_REQUEST: readonly ErrorCode[] = ['headers_too_large', 'request_timeout']

/** Headers that tell the time, or a number of the call, are compared by name. */
function seen({ status, headers, bytes }: Answer, named: Tenant): string {
  const differing = ['date', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after', 'x-request-id']
  const alike = Object.entries(headers).map(([name, value]) =>
    differing.includes(name) ? [name] : [name, value],
  )
  const text = JSON.stringify({ status, alike, body: bytes.toString('latin1') })
  const facts = Object.entries(named)
  return facts.reduce((masked, [name, value]) => masked.replaceAll(value, `<${name}>`), text)
}
const codeOf = ({ bytes }: Answer) => JSON.parse(bytes.toString()).error?.code

/** What of B an answer tells that the call did not say itself. */
function toldOf(tenant: Tenant, { headers, bytes }: Answer, called: Called): string[] {
  const said = JSON.stringify([called.url, called.headers, String(called.body ?? '')])
  const told = JSON.stringify([headers, bytes.toString('latin1')])
  const facts = [...Object.values(tenant), tenant.key.slice(0, 13), hashApiKey(tenant.key)]
  return facts.filter((fact) => told.includes(fact) && !said.includes(fact))
}

describe('an error', () => {
  it('of every code is provoked here', () => {
    expect([...Object.keys(CALLS), ...WITHOUT_REQUEST].sort()).toEqual([...ERROR_CODES].sort())
  })

  it.each(Object.entries(CALLS))(
    '%s is the same for what another organisation has and for what nobody has',
    async (code, callOf) => {
      // Both are known here, so that only what is asked for can make a difference.
      expect((await server.call(get('/v1/verdicts', b.key))).status).toBe(200)
      expect((await server.call(get('/v1/verdicts'))).status).toBe(200)
      const called = await callOf(b)
      const answer = await server.call(called)
      expect(codeOf(answer)).toBe(code)
      const other = await server.call(await callOf(nobody))
      expect(seen(answer, b)).toBe(seen(other, nobody))
      expect(toldOf(b, answer, called)).toEqual([])
    },
  )
})

describe('what is no error', () => {
  it.each<[string, (named: Tenant) => Called]>([
    ['events', (named) => post(naming(named))],
    ['compressed events', (named) => post(gzipSync(naming(named)), { 'content-encoding': 'gzip' })],
    ['spans', ({ project }) => ({ ...post(`{"resourceSpans":[{"${project}":1}]}`), url: '/v1/traces' })],
    ['payloads', ({ project }) => ({ ...post(`[{"id":"${project}"}]`), url: '/v1/litellm' })],
    ['metrics', ({ project }) => ({ ...post(project), url: '/v1/metrics' })],
    ['logs', ({ project }) => ({ ...post(project), url: '/v1/logs' })],
    ['a verdict', ({ project }) => get(`/v1/verdicts?project_id=${project}&org_id=${b.org}`)],
    ['health', ({ project }) => get(`/healthz?project_id=${project}`)],
    ['readiness', ({ project }) => get(`/readyz?project_id=${project}`)],
  ])('is the same, and of the own project alone: %s', async (_name, callOf) => {
    await server.call(get('/v1/verdicts', b.key))
    const called = callOf(b)
    const answer = await server.call(called)
    expect(answer.status).toBeLessThan(300)
    expect(seen(answer, b)).toBe(seen(await server.call(callOf(nobody)), nobody))
    expect(toldOf(b, answer, called)).toEqual([])
    for (const event of await server.taken())
      expect([event.orgId, event.projectId]).toEqual([a.org, a.project])
  })
})

describe('a key that is nearly one', () => {
  const near: Readonly<Record<string, (key: string) => string>> = {
    'with another secret': (key) => `${key.slice(0, 14)}${mintApiKey().text.slice(14)}`,
    'with the secret of another': (key) => `${a.key.slice(0, 14)}${key.slice(14)}`,
    'cut off': (key) => key.slice(0, -1),
    'with one letter more': (key) => `${key}A`,
    'in capitals': (key) => key.toUpperCase(),
    'in small letters': (key) => key.toLowerCase().replace(/.$/, 'x'),
    'without its name': (key) => `lens_${key.slice(14)}`,
    'by its prefix': (key) => key.slice(0, 13),
    'by its hash': (key) => hashApiKey(key),
    'by its id': () => b.keyId,
  }
  const ROUTES: readonly [Called['method'], string][] = [
    ['POST', '/v1/events'],
    ['POST', '/v1/traces'],
    ['POST', '/v1/litellm'],
    ['POST', '/v1/metrics'],
    ['POST', '/v1/logs'],
    ['GET', '/v1/verdicts'],
    ['GET', '/v1/verdicts/stream'],
    ['GET', '/v1/budgets'],
    ['POST', '/v1/budgets'],
    ['PATCH', '/v1/budgets/bud_1'],
    ['DELETE', '/v1/budgets/bud_1'],
    ['GET', '/v1/budgets/bud_1/periods'],
    ['POST', '/v1/budgets/bud_1/overrides'],
    ['GET', '/v1/override-requests'],
    ['POST', '/v1/override-requests/req_1/approve'],
    ['POST', '/v1/projects/prj_1/stop'],
    ['POST', '/v1/stop'],
    ['GET', '/v1/audit'],
  ]

  it.each(Object.entries(near))('is as unknown as one that nobody made: %s', async (_name, alter) => {
    await server.call(get('/v1/verdicts', b.key))
    for (const [method = 'GET', url] of ROUTES) {
      const of = (key: string): Called => ({ method, url, headers: { ...bearer(key), ...JSON_TYPE } })
      const called = of(alter(b.key))
      const answer = await server.call(called)
      const unknown = await server.call(of(mintApiKey().text))
      expect(codeOf(answer)).toBe('key_unknown')
      expect(seen(answer, b)).toBe(seen(unknown, nobody))
      expect(toldOf(b, answer, called)).toEqual([])
    }
  })
})

describe('the log', () => {
  it('holds no key and no Authorization header, at any level and whatever goes wrong', async () => {
    const sent = [a.key, b.key]
    for (const callOf of Object.values(CALLS)) {
      const called = await callOf(b)
      await server.call(called)
      const key = /Bearer (\S+)/.exec(String(called.headers?.authorization))?.[1]
      if (key !== undefined) sent.push(key)
      server.appendWith(undefined)
    }
    await sayBroken(await server.listen())
    expect(logged).toContain('a call failed')
    expect(logged).toContain('cannot look up API keys')
    expect(logged).not.toMatch(/authorization|bearer/i)
    for (const key of sent) {
      expect(logged).not.toContain(key)
      expect(logged).not.toContain(key.slice(14))
      // As a Buffer is written in JSON.
      expect(logged).not.toContain([...Buffer.from(key)].join())
    }
    expect(logged).not.toContain(hashApiKey(b.key))
  })

  /** HTTP that breaks off after its headers: the bytes hold a key, and an error of Node's holds the bytes. */
  function sayBroken(url: string): Promise<void> {
    const { hostname, port } = new URL(url)
    const head = `POST /v1/events HTTP/1.1\r\nhost: x\r\nAuthorization: Bearer ${a.key}\r\n`
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`${head}bad header\r\n\r\n`))
      socket.resume().once('close', () => resolve())
      socket.once('error', reject)
    })
  }
})
