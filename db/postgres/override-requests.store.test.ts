import { and, asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Approver } from '../../core/budget/override-policy.ts'
import { usd } from '../../core/money.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { askOverride, type OverrideAsking, revokeOverride } from './ask-override.ts'
import { ofBudget } from './budget-settings.ts'
import { readBudgets } from './budget-snapshots.ts'
import { changeBudget } from './budgets.ts'
import { decideOverrideRequest, expireRequests } from './override-requests.ts'
import { grantOverride } from './overrides.ts'
import { auditLog, outbox, overrideRequests, overrides } from './schema.ts'
import { stopBudget } from './stop-budget.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const minutesLater = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)
const ada: Approver = { id: 'ada', isAdmin: true }
const ben: Approver = { id: 'ben', isAdmin: true }
const cay: Approver = { id: 'cay', isAdmin: true }

let database: FreshDatabase
let ground: Ground
let budgetId: string
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
  budgetId = await ground.setBudget('10', NOON)
  await setPolicy({
    approvers: ['ada', 'ben', 'cay'],
    windows_s: [900],
    second_person: true,
    request_expires_s: 3600,
  })
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

const setPolicy = async (overridePolicy: unknown) => {
  const { orgId, postgres } = ground
  const change = { orgId, budgetId, change: { overridePolicy }, by: 'ada', origin: 'api' } as const
  expect(await changeBudget(postgres, change, NOON)).toMatchObject({ kind: 'changed' })
}
const ask = (facts: Partial<OverrideAsking> = {}, at = NOON) => {
  const said = { amount: usd('5'), windowS: 900, reason: 'launch', by: ada, origin: 'api' } as const
  return askOverride(ground.postgres, { orgId: ground.orgId, budgetId, ...said, ...facts }, at)
}
async function requested(facts: Partial<OverrideAsking> = {}): Promise<string> {
  const outcome = await ask(facts)
  if (outcome.kind !== 'requested') throw new Error(outcome.kind)
  return outcome.request.id
}
const decide = (requestId: string, kind: 'approve' | 'deny', by: Approver, at = NOON) => {
  const decision = kind === 'approve' ? { kind, by } : { kind, by, reason: 'not today' }
  return decideOverrideRequest(
    ground.postgres,
    { orgId: ground.orgId, requestId, decision, origin: 'api' },
    at,
  )
}
const deeds = async () => {
  const rows = await ground.postgres.tables
    .select()
    .from(auditLog)
    .orderBy(asc(auditLog.at), asc(auditLog.id))
  return rows
    .filter(({ action }) => action.startsWith('override'))
    .map(({ action, actor, origin }) => [action, actor, origin])
}
const told = async () => {
  const rows = await ground.postgres.tables
    .select({ notice: outbox.notice })
    .from(outbox)
    .orderBy(asc(outbox.id))
  return rows.flatMap(({ notice }) => {
    const { kind } = notice as { kind: string }
    return kind.startsWith('override') ? [kind] : []
  })
}
const running = () => ground.postgres.tables.select().from(overrides)

describe('a budget that asks for a second person', () => {
  it('grants what a second person approves, with a row of the audit for each step', async () => {
    const id = await requested()
    expect(await running()).toEqual([])
    expect(await decide(id, 'approve', ada)).toEqual({ kind: 'refused', refusal: 'own_request' })
    expect(await decide(id, 'approve', { id: 'dan', isAdmin: true })).toMatchObject({
      refusal: 'not_an_approver',
    })
    const outcome = await decide(id, 'approve', ben, minutesLater(10))
    expect(outcome).toMatchObject({
      kind: 'granted',
      override: { amount: usd('5'), grantedBy: 'ben', until: minutesLater(25) },
    })
    expect((await running()).map(({ ceiling }) => ceiling)).toEqual([usd('15')])
    expect(new Set((await deeds()).map((deed) => deed.join()))).toEqual(
      new Set([
        'override.requested,ada,api',
        'override_request.approved,ben,api',
        'override.granted,ben,api',
      ]),
    )
    expect(await told()).toEqual(['override_requested', 'override_granted'])
  })

  it('grants once, however many approve at once', async () => {
    const id = await requested()
    const outcomes = await Promise.all(
      [ben, cay, ben, cay, ben, cay].map((who) => decide(id, 'approve', who)),
    )
    expect(outcomes.filter(({ kind }) => kind === 'granted')).toHaveLength(1)
    expect(await running()).toHaveLength(1)
    const [row] = await ground.postgres.tables.select().from(overrideRequests)
    expect((await running())[0]?.grantedBy).toBe(row?.decidedBy)
    expect((await told()).filter((kind) => kind === 'override_granted')).toHaveLength(1)
  })

  it('takes either an approval or a denial, never both', async () => {
    const id = await requested()
    const outcomes = await Promise.all([decide(id, 'approve', ben), decide(id, 'deny', cay)])
    expect(outcomes.map(({ kind }) => kind).sort()).toContain('refused')
    const [row] = await ground.postgres.tables.select().from(overrideRequests)
    expect(await running()).toHaveLength(row?.state === 'granted' ? 1 : 0)
  })

  it('denies with a reason, which is told', async () => {
    const id = await requested()
    expect(await decide(id, 'deny', ben)).toMatchObject({ kind: 'denied' })
    expect(await decide(id, 'deny', ben)).toMatchObject({ kind: 'already' })
    expect(await decide(id, 'approve', cay)).toMatchObject({ refusal: 'already_decided' })
    expect(await told()).toEqual(['override_requested', 'override_denied'])
    expect(await running()).toEqual([])
  })

  it('holds one request at a time, and another once it ran out', async () => {
    const id = await requested()
    expect(await ask({ by: ben })).toMatchObject({ kind: 'pending_already', request: { id } })
    expect(await ask({ by: ben }, minutesLater(60))).toMatchObject({ kind: 'requested' })
    expect(await told()).toEqual(['override_requested', 'override_request_expired', 'override_requested'])
  })

  it('lets a request run out once, by the clock or by the job, and tells it', async () => {
    const id = await requested()
    expect(await expireRequests(ground.postgres, minutesLater(59))).toBe(0)
    const expired = await Promise.all([1, 2, 3].map(() => expireRequests(ground.postgres, minutesLater(60))))
    expect(expired.reduce((a, b) => a + b)).toBe(1)
    expect(await decide(id, 'approve', ben, minutesLater(61))).toMatchObject({ refusal: 'already_decided' })
    expect(await told()).toEqual(['override_requested', 'override_request_expired'])
    const late = await requested({ by: ben })
    expect(await decide(late, 'approve', ada, minutesLater(200))).toMatchObject({ kind: 'expired' })
    expect(await running()).toEqual([])
  })

  it('grants nothing that the policy has come to forbid, nor while a person stops it', async () => {
    const id = await requested()
    await setPolicy({ approvers: 'admins', windows_s: [900], second_person: true, amount_max_percent: 20 })
    expect(await decide(id, 'approve', ben)).toMatchObject({ refusal: 'amount_above_policy' })
    await setPolicy({ approvers: 'admins', windows_s: [900], second_person: true })
    await stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'cay' }, NOON)
    expect(await decide(id, 'approve', ben)).toMatchObject({ refusal: 'stopped_by_person' })
    const [row] = await ground.postgres.tables.select().from(overrideRequests)
    expect([row?.state, await running()]).toEqual(['pending', []])
  })

  it('is not passed by a grant without a request', async () => {
    const grant = {
      orgId: ground.orgId,
      budgetId,
      amount: usd('5'),
      windowS: 900,
      reason: 'x',
      grantedBy: 'ada',
    }
    expect(await grantOverride(ground.postgres, grant, NOON)).toEqual({
      kind: 'refused',
      refusal: 'second_person_needed',
    })
  })

  it('refuses at once to ask for what could not be granted', async () => {
    expect(await ask({ windowS: 901 })).toMatchObject({ refusal: 'window_not_offered' })
    expect(await ask({ reason: ' ' })).toMatchObject({ refusal: 'reason_missing' })
    expect(await ask({ amount: usd('0') })).toMatchObject({ refusal: 'amount_not_positive' })
    expect(await told()).toEqual([])
  })
})

describe('a budget that does not', () => {
  beforeEach(() => setPolicy({ approvers: ['ada', 'ben'], windows_s: [900] }))

  it('grants at once to who may, by percent of the limit', async () => {
    expect(await ask({ amount: { percent: 25 } })).toMatchObject({
      kind: 'granted',
      override: { amount: usd('2.5') },
    })
    const grant = {
      orgId: ground.orgId,
      budgetId,
      amount: usd('5'),
      windowS: 900,
      reason: 'x',
      grantedBy: 'cay',
    }
    expect(await grantOverride(ground.postgres, grant, NOON)).toMatchObject({ refusal: 'not_an_approver' })
  })

  it('keeps what others ask for as a request', async () => {
    const id = await requested({ by: cay })
    expect(await decide(id, 'approve', cay)).toMatchObject({ refusal: 'not_an_approver' })
    expect(await decide(id, 'approve', ben)).toMatchObject({ kind: 'granted' })
  })

  it('takes a running override back, once, and says who did', async () => {
    await ask()
    const ref = { orgId: ground.orgId, budgetId, by: 'ben', origin: 'api' } as const
    const outcomes = await Promise.all(
      [1, 2].map(() => revokeOverride(ground.postgres, ref, minutesLater(1))),
    )
    expect(outcomes.sort()).toEqual(['done', 'none_running'])
    const [stored] = await readBudgets(
      ground.postgres.tables,
      ofBudget(ground.orgId, budgetId),
      minutesLater(1),
    )
    expect(stored?.current.override).toBeNull()
    expect(await deeds()).toContainEqual(['override.revoked', 'ben', 'api'])
  })

  it('does what is asked with one key of idempotency once, however often and at once', async () => {
    const once = { key: 'k'.repeat(64), fingerprint: 'f' }
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => ask({ once })))
    expect(outcomes.map((outcome) => outcome.kind === 'granted' && outcome.isRepeat).sort()).toEqual([
      ...[false, true, true, true],
    ])
    expect(await running()).toHaveLength(1)
    expect(await ask({ once: { ...once, fingerprint: 'g' } })).toEqual({ kind: 'key_reused' })
    expect(await ask({ once: { ...once, key: 'other' } })).toMatchObject({ kind: 'granted', isRepeat: false })
    const replaced = and(eq(overrides.budgetId, budgetId), eq(overrides.endedBy, 'replaced'))
    expect(await ground.postgres.tables.select().from(overrides).where(replaced)).toHaveLength(1)
  })

  it('takes back its own policy for that of the organisation', async () => {
    await setPolicy(null)
    expect(await ask({ by: { id: 'dan', isAdmin: true }, windowS: 3600 })).toMatchObject({ kind: 'granted' })
  })
})
