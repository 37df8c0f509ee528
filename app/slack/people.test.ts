import { createServer } from 'node:http'
import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_OVERRIDE_POLICY } from '../../core/budget/override.ts'
import { type Act, type Person, readPerson, refusalOf } from './people.ts'

const ACTS: Act[] = ['look', 'stop', 'set_budget', 'lift', 'stop_widely', 'configure', 'make_keys']
const person = (standing: Person['standing']): Person => ({ id: 'U1', standing })
const members = { ...DEFAULT_OVERRIDE_POLICY, lifters: 'members' as const }

describe('who may', () => {
  it('is never a bot, a guest or someone of another workspace, whatever the policy', () => {
    for (const standing of ['bot', 'guest', 'stranger'] as const) {
      for (const act of ACTS) {
        expect(refusalOf(person(standing), act, members)).toMatch(/\.$/)
        expect(refusalOf(person(standing), act, DEFAULT_OVERRIDE_POLICY)).toMatch(/\.$/)
      }
    }
  })

  it('is every member for looking and stopping, and for lifting only where the policy says so', () => {
    const allowed = (policy: typeof members | typeof DEFAULT_OVERRIDE_POLICY) =>
      ACTS.filter((act) => refusalOf(person('member'), act, policy) === null)
    expect(allowed(DEFAULT_OVERRIDE_POLICY)).toEqual(['look', 'stop', 'set_budget'])
    expect(allowed(members)).toEqual(['look', 'stop', 'set_budget', 'lift'])
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
      Object.keys(users).map(async (id) => [id, (await readPerson(client, id, caller)).standing]),
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
