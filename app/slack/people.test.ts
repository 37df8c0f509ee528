import { createServer } from 'node:http'
import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_OVERRIDE_POLICY } from '../../core/budget/override.ts'
import { reachOf } from '../../core/people/reach.ts'
import { ACTS } from '../../core/people/rights.ts'
import { GRANTS, type Grant, roleOf, type Standing } from '../../core/people/role.ts'
import { readProfile, refusalOf, type Viewer } from './people.ts'

const person = (standing: Standing, granted: Grant | null = null): Viewer => {
  const held = { standing, role: roleOf(standing, granted) }
  const projects = [{ projectId: 'prj_1', visibility: 'everyone', namesPerson: true }] as const
  return {
    id: 'U1',
    ...held,
    reach: reachOf('org_1', held, projects),
    sight: 'common',
    places: ['T1'],
    timeZone: 'UTC',
  }
}
const members = { ...DEFAULT_OVERRIDE_POLICY, lifters: 'members' as const }
const allowed = (who: Viewer, policy: Parameters<typeof refusalOf>[2] = DEFAULT_OVERRIDE_POLICY) =>
  ACTS.filter((act) => refusalOf(who, act, policy) === null)

describe('who may', () => {
  it('is never a bot or someone of another workspace, whatever was granted and whatever the policy', () => {
    for (const standing of ['bot', 'stranger'] as const)
      for (const granted of [null, ...GRANTS])
        for (const act of ACTS)
          for (const policy of [members, DEFAULT_OVERRIDE_POLICY, { lifters: ['U1'] }])
            expect(refusalOf(person(standing, granted), act, policy)).toMatch(/\.$/)
  })

  it('is a guest for looking at what names them, and for as much as was granted', () => {
    expect(allowed(person('guest'))).toEqual(['look'])
    expect(allowed(person('guest'), { lifters: ['U1'] })).toEqual(['look'])
    expect(allowed(person('guest', 'approver'))).toEqual(allowed(person('member', 'approver')))
    const held = { standing: 'guest', role: 'approver' } as const
    const unnamed = { ...person('guest', 'approver'), reach: reachOf('org_1', held, []) }
    expect(allowed(unnamed)).toEqual([])
  })

  it('is every member for looking and stopping, and for lifting only where the policy says so', () => {
    const every = ['look', 'attend', 'ask', 'stop', 'set_budget']
    expect(allowed(person('member'))).toEqual(every)
    expect(allowed(person('member'), members)).toEqual([...every, 'lift'])
  })

  it('is an approver for lifting and stopping, and an admin by grant as one by the workspace', () => {
    expect(ACTS.filter((act) => !allowed(person('member', 'approver')).includes(act))).toEqual([
      'configure',
      'make_keys',
      'manage_people',
    ])
    expect(allowed(person('member', 'admin'))).toEqual([...ACTS])
    expect(allowed(person('admin'))).toEqual([...ACTS])
  })

  it('is nobody but those that a policy names, whatever their role', () => {
    for (const granted of [null, ...GRANTS]) {
      expect(refusalOf(person('admin', granted), 'lift', { lifters: ['U2'] })).toMatch(/names the people/)
      expect(refusalOf(person('member', granted), 'lift', { lifters: ['U1'] })).toBeNull()
    }
  })
})

/** A stand-in for one method of Slack, as the local workspace has no guests and no strangers. */
let users: Record<string, object> = {}
const slack = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const user = users[new URLSearchParams(body).get('user') ?? '']
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(user ? { ok: true, user } : { ok: false, error: 'user_not_found' }))
  })
})
let client: WebClient
beforeAll(async () => {
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
  const address = slack.address()
  const port = typeof address === 'object' && address ? address.port : 0
  client = new WebClient('xoxb-test', {
    slackApiUrl: `http://127.0.0.1:${port}/api/`,
    retryConfig: { retries: 0 },
  })
})
afterAll(() => new Promise((resolve) => slack.close(resolve)))

describe('who someone is', () => {
  it('comes from what Slack says of them, the safe reading first', async () => {
    const here = { team_id: 'T1' }
    users = {
      admin: { ...here, is_admin: true },
      owner: { ...here, is_owner: true },
      member: here,
      guest: { ...here, is_restricted: true },
      single: { ...here, is_ultra_restricted: true, is_restricted: true },
      bot: { ...here, is_bot: true, is_admin: true },
      elsewhere: { team_id: 'T2', is_admin: true },
      stranger: { ...here, is_stranger: true, is_admin: true },
      gone: { ...here, deleted: true, is_admin: true },
    }
    const caller = { orgId: 'org_1', installationId: 'ins_1', teamId: 'T1', enterpriseId: null }
    const standings = await Promise.all(
      Object.keys(users).map(async (id) => [id, (await readProfile(client, id, caller)).standing]),
    )
    expect(Object.fromEntries(standings)).toEqual({
      admin: 'admin',
      owner: 'admin',
      member: 'member',
      guest: 'guest',
      single: 'guest',
      bot: 'bot',
      elsewhere: 'stranger',
      stranger: 'stranger',
      gone: 'stranger',
    })
  })
})
