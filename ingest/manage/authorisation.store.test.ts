/**
 * Who may call what: every call of the manage API with every kind of key, on its own project, on another of the same
 * organisation, and on another organisation's. What lies beyond a key is answered as what nobody has.
 */

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ApiKeyScope } from '../../core/api-key.ts'
import { usd } from '../../core/money.ts'
import { askOverride } from '../../db/postgres/ask-override.ts'
import { monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { auditLog } from '../../db/postgres/schema.ts'
import { resumeBudget, stopBudget } from '../../db/postgres/stop-budget.ts'
import { listDeliveries } from '../../db/postgres/webhook-deliveries.ts'
import { addWebhook } from '../../db/postgres/webhooks.ts'
import { aKeyring } from '../../test/ingest/a-key.ts'
import { saveAnInstallation } from '../../test/ingest/an-installation.ts'
import { layManageGround, type ManageGround } from '../../test/ingest/manage-ground.ts'

const NOON = new Date('2026-11-10T12:00:00Z')

interface Place {
  readonly orgId: string
  readonly projectId: string
  readonly budgetId: string
  readonly requestId: string
  readonly webhookId: string
  readonly deliveryId: string
}
let ground: ManageGround
let own: Place
let sibling: Place
let foreign: Place
beforeEach(async () => {
  ground = await layManageGround(() => NOON)
  await saveAnInstallation(ground.postgres.tables, { orgId: ground.orgId, teamId: 'T1' }, NOON)
  own = await furnish({ orgId: ground.orgId, projectId: ground.project.id })
  sibling = await furnish(await ground.makeProject('secret-sibling', ground.orgId))
  foreign = await furnish(await ground.makeProject('secret-foreign'))
})
afterEach(() => ground.close())

/** A budget, and a request for an override of it that waits. */
async function furnish({ orgId, projectId }: { orgId: string; projectId: string }): Promise<Place> {
  const overridePolicy = { approvers: 'members', windows_s: [900], second_person: true }
  const definition = { ...monthlyBudget(projectId, usd('10'), null), overridePolicy }
  const made = await makeBudget(ground.postgres, { orgId, definition, by: 'cay', origin: 'api' }, NOON)
  if (made.kind !== 'made') throw new Error(made.refusal)
  const { budgetId } = made
  const asking = { orgId, budgetId, amount: usd('5'), windowS: 900, reason: 'launch', origin: 'api' } as const
  const asked = await askOverride(ground.postgres, { ...asking, by: { id: 'cay', isAdmin: false } }, NOON)
  if (asked.kind !== 'requested') throw new Error(asked.kind)
  const webhook = await furnishWebhook(orgId, budgetId)
  return { orgId, projectId, budgetId, requestId: asked.request.id, ...webhook }
}

/** A webhook of the organisation, and what it was told. */
async function furnishWebhook(orgId: string, budgetId: string) {
  const endpoint = { url: 'https://hooks.example.com/', events: ['budget.stopped' as const] }
  const adding = { orgId, endpoint, by: 'cay', origin: 'cli' } as const
  const added = await addWebhook(ground.postgres, adding, aKeyring(), NOON)
  if (added.kind !== 'added') throw new Error(added.kind)
  const webhookId = added.webhook.id
  const said = { orgId, budgetId, by: 'cay' }
  await stopBudget(ground.postgres, said, NOON)
  await resumeBudget(ground.postgres, said, NOON)
  const [told] = await listDeliveries(ground.postgres.tables, { orgId, webhookId, rowsMax: 1 })
  if (!told) throw new Error('nothing was told')
  return { webhookId, deliveryId: told.id }
}

type Need = 'read' | 'manage' | 'read everything' | 'everything'
/** Each call, what it needs, and what it answers where it is allowed; in an order in which each finds what it needs. */
const CALLS: readonly (readonly [
  Need,
  string,
  (at: Place) => string,
  ((at: Place) => unknown) | null,
  number,
])[] = [
  ['read', 'GET', () => '/v1/budgets', null, 200],
  ['read', 'GET', ({ budgetId }) => `/v1/budgets/${budgetId}`, null, 200],
  ['read', 'GET', ({ budgetId }) => `/v1/budgets/${budgetId}/periods`, null, 200],
  ['read', 'GET', () => '/v1/override-requests', null, 200],
  ['read', 'GET', () => '/v1/audit', null, 200],
  [
    'manage',
    'POST',
    () => '/v1/budgets',
    ({ projectId }) => ({ project_id: projectId, limit_usd: '5' }),
    201,
  ],
  [
    'manage',
    'PATCH',
    ({ budgetId }) => `/v1/budgets/${budgetId}`,
    () => ({ limit_revision: 1, name: 'x' }),
    200,
  ],
  ['manage', 'POST', ({ requestId }) => `/v1/override-requests/${requestId}/approve`, null, 200],
  ['manage', 'DELETE', ({ budgetId }) => `/v1/budgets/${budgetId}/overrides/current`, null, 204],
  [
    ...(['manage', 'POST', ({ budgetId }: Place) => `/v1/budgets/${budgetId}/overrides`] as const),
    () => ({ amount_usd: '1', window_s: 900, reason: 'more' }),
    202,
  ],
  [
    'manage',
    'POST',
    ({ requestId }) => `/v1/override-requests/${requestId}/deny`,
    () => ({ reason: 'no' }),
    409,
  ],
  ['manage', 'POST', ({ budgetId }) => `/v1/budgets/${budgetId}/stop`, null, 200],
  ['manage', 'POST', ({ budgetId }) => `/v1/budgets/${budgetId}/resume`, null, 200],
  ['manage', 'POST', ({ projectId }) => `/v1/projects/${projectId}/stop`, () => ({ reason: 'leak' }), 200],
  ['manage', 'POST', ({ projectId }) => `/v1/projects/${projectId}/resume`, null, 200],
  ['manage', 'DELETE', ({ budgetId }) => `/v1/budgets/${budgetId}`, null, 204],
  ['everything', 'POST', () => '/v1/stop', () => ({ reason: 'leak' }), 200],
  ['everything', 'POST', () => '/v1/resume', null, 200],
  ['read', 'GET', ({ projectId }) => `/v1/projects/${projectId}/people`, null, 200],
  [
    'manage',
    'POST',
    ({ projectId }) => `/v1/projects/${projectId}/people`,
    () => ({ visibility: 'named', user_ids: ['U1SAM'] }),
    200,
  ],
  ['read everything', 'GET', () => '/v1/roles', null, 200],
  ['everything', 'POST', () => '/v1/roles', () => ({ user_id: 'U1SAM', role: 'approver' }), 200],
  ['read', 'POST', () => '/v1/budgets/preview', previewOf, 503],
  ['read everything', 'GET', () => '/v1/webhooks', null, 200],
  ['read everything', 'GET', ({ webhookId }) => `/v1/webhooks/${webhookId}`, null, 200],
  ['read everything', 'GET', ({ webhookId }) => `/v1/webhooks/${webhookId}/deliveries`, null, 200],
  ['everything', 'POST', () => '/v1/webhooks', () => ({ url: 'https://hooks.example.com/' }), 201],
  ['everything', 'PATCH', ({ webhookId }) => `/v1/webhooks/${webhookId}`, () => ({ events: null }), 200],
  ['everything', 'POST', ({ webhookId }) => `/v1/webhooks/${webhookId}/rotate`, null, 200],
  ['everything', 'POST', ({ webhookId }) => `/v1/webhooks/${webhookId}/replay`, replayOf, 200],
  ['everything', 'DELETE', ({ webhookId }) => `/v1/webhooks/${webhookId}`, null, 204],
]
function previewOf({ projectId }: Place) {
  return { project_id: projectId, limit_usd: '5' }
}
function replayOf({ deliveryId }: Place) {
  return { delivery_id: deliveryId }
}
const NOBODYS: Place = {
  ...{ orgId: 'org_nobody', projectId: 'prj_nobody' },
  ...{ budgetId: 'bud_nobody', requestId: 'req_nobody' },
  ...{ webhookId: 'whk_nobody', deliveryId: 'msg_nobody' },
}

type Kind = readonly [
  name: string,
  scopes: readonly ApiKeyScope[],
  person: string | null,
  may: readonly Need[],
  isWide: boolean,
]
const KEYS: readonly Kind[] = [
  ['a key that meters', ['ingest', 'verdicts', 'holds'], null, [], false],
  ['a key that meters and reaches everything', ['ingest', 'organisation'], null, [], true],
  ['a key that reads', ['read'], null, ['read'], false],
  ['a key that reads everything', ['read', 'organisation'], null, ['read', 'read everything'], true],
  ['a key that manages', ['manage'], 'ada', ['read', 'manage'], false],
  [
    'a key that manages everything',
    ['manage', 'organisation'],
    'ada',
    ['read', 'manage', 'read everything', 'everything'],
    true,
  ],
  ['a key that manages and names nobody', ['manage'], null, ['read'], false],
]

it('every call that manages is in the table', () => {
  const manages = (route: string) =>
    /^(GET|POST|PATCH|DELETE) \/v1\/(budgets|override|projects|stop|resume|audit|webhooks|roles)/.test(route)
  const template = (url: string) => url.replace(/(bud|req|prj|whk)_\w+/, '{id}')
  const inTable = CALLS.map(([, method, urlOf]) => `${method} ${template(urlOf(NOBODYS))}`)
  expect([...new Set(inTable)].sort()).toEqual(ground.described.routes.filter(manages).toSorted())
})

it.each(KEYS)(
  '%s may do what its scopes say, on what it reaches',
  async (_name, scopes, person, may, isWide) => {
    const key = await ground.makeKey({ scopes, person })
    for (const [place, isReached] of [
      [own, true],
      [sibling, isWide],
      [foreign, false],
    ] as const) {
      for (const [need, method, urlOf, bodyOf, status] of CALLS) {
        const call = (at: Place) => ground.call(key, method, urlOf(at), bodyOf?.(at))
        const answer = await call(place)
        const isNamed =
          JSON.stringify([urlOf(place), bodyOf?.(place)]) !==
          JSON.stringify([urlOf(NOBODYS), bodyOf?.(NOBODYS)])
        const where = `${method} ${urlOf(NOBODYS)}`
        if (!may.includes(need)) {
          const isPersonMissing = scopes.includes('manage') && !need.startsWith('read') && person === null
          expect([where, answer.code]).toEqual([where, isPersonMissing ? 'person_missing' : 'scope_missing'])
        } else if (isReached || !isNamed) {
          expect([where, answer.status]).toEqual([where, status])
        } else {
          const unknown = await call(NOBODYS)
          expect([where, answer.status]).toEqual([where, unknown.status])
          expect(answer.body).toEqual(unknown.body)
          expect(answer.status).toBe(404)
        }
      }
    }
  },
)

it.each([
  ['manage', false],
  ['manage', true],
  ['read', false],
  ['read', true],
] as const)(
  'a key of scope %s (of the whole organisation: %s) is told nothing of others',
  async (scope, isWide) => {
    const key = await ground.makeKey({ scopes: isWide ? [scope, 'organisation'] : [scope], person: 'ada' })
    const secrets = [
      ...[foreign, ...(isWide ? [] : [sibling])].flatMap(({ projectId, budgetId, requestId }) => [
        ...[projectId, budgetId, requestId],
      ]),
      ...[foreign, ...(isWide ? [] : [own])].flatMap(({ webhookId, deliveryId }) => [webhookId, deliveryId]),
    ]
    const lists = [
      '/v1/budgets',
      '/v1/override-requests',
      '/v1/audit',
      `/v1/audit?subject=${foreign.budgetId}`,
      `/v1/override-requests?budget_id=${foreign.budgetId}`,
    ]
    const ofWebhooks = ['/v1/webhooks', `/v1/webhooks/${own.webhookId}/deliveries`]
    for (const url of [
      ...lists,
      ...ofWebhooks,
      `/v1/budgets/${own.budgetId}`,
      `/v1/budgets/${own.budgetId}/periods`,
    ]) {
      const text = JSON.stringify((await ground.call(key, 'GET', url)).body)
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).not.toContain('secret-foreign')
      if (lists.slice(0, 3).includes(url)) expect(text).toContain(own.budgetId)
      if (isWide && lists.slice(0, 3).includes(url)) expect(text).toContain(sibling.budgetId)
    }
  },
)

it('what a key may not do leaves no trace on others', async () => {
  const key = await ground.makeKey({ scopes: ['manage'], person: 'ada' })
  for (const place of [sibling, foreign]) {
    for (const [, method, urlOf, bodyOf] of CALLS)
      await ground.call(key, method, urlOf(place), bodyOf?.(place))
  }
  const deeds = await ground.postgres.tables.select().from(auditLog).where(eq(auditLog.actor, 'ada'))
  expect(deeds).toEqual([])
})

it('a key of idempotency finds nothing of another project of the same person', async () => {
  const [here, there] = await Promise.all(
    [own, sibling].map(({ projectId }) => ground.makeKey({ scopes: ['manage'], person: 'ada', projectId })),
  )
  const make = (key = '') =>
    ground.call(key, 'POST', '/v1/budgets', { limit_usd: '7' }, { 'idempotency-key': 'k' })
  const made = [await make(there), await make(here)]
  expect(made.map(({ status, body }) => [status, body.project_id])).toEqual([
    [201, sibling.projectId],
    [201, own.projectId],
  ])
})
