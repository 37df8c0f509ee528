import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { askOverride } from '../../../db/postgres/ask-override.ts'
import { changeBudget } from '../../../db/postgres/budgets.ts'
import { decideOverrideRequest, expireRequests } from '../../../db/postgres/override-requests.ts'
import { auditLog, overrideRequests, overrides } from '../../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../../test/opened-app.ts'
import { alex, sam } from '../../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../../test/people-in-slack.ts'
import { eventually } from '../../../test/waiting.ts'
import { ACTIONS } from '../../ids.ts'

const kim = 'U0KIM00001'
const gus = 'U0GUS00001'
const extraUsers = [
  { id: kim, name: 'kim', realName: 'Kim', isAdmin: true, isBot: false },
  { id: gus, name: 'gus', realName: 'Gus', isAdmin: false, isBot: false, isGuest: true },
]
const SECOND_PERSON = { approvers: [sam, alex], windows_s: [900, 3600], second_person: true }

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp({ sandbox: { extraUsers } })
  people = peopleIn(opened)
  await people.setBudget('10')
  await opened.spend([{ cost: usd('11') }])
  await people.cardSays(/Stopped/)
})
afterEach(() => opened.close())

async function setPolicy(overridePolicy: object) {
  const { orgId, postgres } = opened.ground
  const [budget] = await postgres.tables.query.budgets.findMany()
  const change = { change: { overridePolicy }, by: alex, origin: 'api' } as const
  await changeBudget(postgres, { orgId, budgetId: budget?.id ?? '', ...change }, opened.now())
}

/** The message of the request in the card's thread, once it says so. */
const requestSays = (words: RegExp) =>
  eventually(async () => {
    const thread = await people.threadOf(await people.card())
    const found = thread.find((message) => /let calls/.test(message.text) && /asks|asked/.test(message.text))
    expect(textOf(found)).toMatch(words)
    if (!found) throw new Error('no request yet')
    return found
  })
async function asked(by = sam) {
  await setPolicy(SECOND_PERSON)
  expect(await people.override(by)).toMatchObject({ outcome: 'updated' })
  await people.modalSays(by, /Asked, not granted/)
  return await requestSays(/request_approve/)
}
const requests = () => opened.ground.postgres.tables.select().from(overrideRequests)
const granted = () => opened.ground.postgres.tables.select().from(overrides)

describe('a request for an override', () => {
  it('stands in the thread with its buttons, and on the card, while nothing passes', async () => {
    const message = await asked()
    expect(textOf(message)).toMatch(
      /U0SAM00001.*\$10\.00 more.*the launch is today.*Waits for <@U0ALEX0001> until/s,
    )
    await people.cardSays(/Approval asked\* by <@U0SAM00001>: \$10\.00 more for 15 minutes; waiting until/)
    expect(await people.isAllowed()).toBe(false)
    await people.press(ACTIONS.override, sam)
    await people.lastEphemeral(sam, /already asked/)
  })

  it('is granted by a second person, and then locks with who and when', async () => {
    const message = await asked()
    await people.press(ACTIONS.approveRequest, alex, message)
    const locked = await requestSays(/Approved by <@U0ALEX0001>, <!date/)
    expect(locked.ts).toBe(message.ts)
    expect(textOf(locked)).not.toMatch(/request_(approve|deny|take_back)/)
    expect(await people.isAllowed()).toBe(true)
    expect(textOf(await people.cardSays(/Overridden/))).not.toContain('Approval asked')
    const deeds = await opened.ground.postgres.tables
      .select()
      .from(auditLog)
      .where(eq(auditLog.origin, 'slack'))
    const override = deeds.filter(({ action }) => action.startsWith('override'))
    expect(override.map(({ action, actor }) => [action, actor]).sort()).toEqual([
      ['override.granted', alex],
      ['override.requested', sam],
      ['override_request.approved', alex],
    ])
  })

  it('is decided by nobody who may not: who asked, an admin who is not named, a guest', async () => {
    const message = await asked()
    await people.press(ACTIONS.approveRequest, sam, message)
    await people.lastEphemeral(sam, /You asked for this yourself.*U0ALEX0001/)
    for (const action of [ACTIONS.approveRequest, ACTIONS.denyRequest]) {
      await people.press(action, kim, message)
      await people.lastEphemeral(kim, /You may not decide on this.*U0ALEX0001/)
      await people.press(action, gus, message)
      await people.lastEphemeral(gus, /Guests cannot do this/)
    }
    await people.press(ACTIONS.takeBackRequest, alex, message)
    const told = await people.lastEphemeral(alex, /Only <@U0SAM00001>, who asked/)
    expect(told?.threadTs).toBe(message.threadTs)
    for (const person of [alex, kim, gus]) expect(await opened.sandbox.modal(person)).toBeNull()
    expect(await requests()).toMatchObject([{ state: 'pending' }])
    expect(await people.isAllowed()).toBe(false)
  })

  it('is granted once by several who approve at once, each twice', async () => {
    const message = await asked()
    await setPolicy({ ...SECOND_PERSON, approvers: [sam, alex, kim] })
    const approve = (person: string) => people.press(ACTIONS.approveRequest, person, message)
    await Promise.all([approve(alex), approve(kim), approve(alex), approve(kim)])
    await requestSays(/Approved by/)
    await eventually(async () => {
      const said = [...(await opened.sandbox.ephemerals(alex)), ...(await opened.sandbox.ephemerals(kim))]
      expect(said.filter(({ text }) => /Approved by .* Nothing changed/.test(text))).toHaveLength(3)
    })
    expect(await granted()).toHaveLength(1)
    await eventually(async () => {
      const thread = await people.threadOf(await people.card())
      expect(thread.filter(({ text }) => text.includes('pass again: '))).toHaveLength(1)
    })
  })

  it('is denied with a reason, which the thread tells, and presses that come later change nothing', async () => {
    const message = await asked()
    await people.press(ACTIONS.denyRequest, alex, message)
    expect(await people.submitReason(alex, 'use the batch queue')).toMatchObject({ outcome: 'closed' })
    const locked = await requestSays(/Denied by <@U0ALEX0001>, <!date.*: use the batch queue/)
    expect(textOf(locked)).not.toMatch(/request_(approve|deny|take_back)/)
    await people.press(ACTIONS.approveRequest, alex, await people.copyOf(message))
    await people.lastEphemeral(alex, /Denied by <@U0ALEX0001>.*Nothing changed/)
    expect(await granted()).toEqual([])
  })

  it('is taken back by who asked, with a reason, from either button', async () => {
    const message = await asked()
    await people.press(ACTIONS.denyRequest, sam, message)
    await people.modalSays(sam, /"Take back"/)
    expect(await people.submitReason(sam, 'it finished')).toMatchObject({ outcome: 'closed' })
    await requestSays(/Taken back by <@U0SAM00001>, <!date.*: it finished/)
    await people.press(ACTIONS.approveRequest, alex, await people.copyOf(message))
    await people.lastEphemeral(alex, /Taken back by .*Nothing changed/)
    expect(await granted()).toEqual([])
  })

  it('says so in the form when it was decided while somebody wrote why not', async () => {
    const message = await asked()
    await people.press(ACTIONS.takeBackRequest, sam, message)
    await people.modalSays(sam, /"Take back"/)
    await people.press(ACTIONS.approveRequest, alex, message)
    await requestSays(/Approved by/)
    expect(await people.submitReason(sam, 'not needed')).toMatchObject({ outcome: 'updated' })
    await people.modalSays(sam, /Approved by <@U0ALEX0001>.*Nothing changed/)
    expect(await requests()).toMatchObject([{ state: 'granted' }])
  })

  it('can be decided no more once its time is over, and locks when that is told', async () => {
    const message = await asked()
    opened.moveOn(25 * 3_600_000)
    await people.press(ACTIONS.approveRequest, alex, message)
    await people.lastEphemeral(alex, /Expired .*nobody decided.*Nothing changed/)
    const locked = await requestSays(/Expired <!date/)
    expect(textOf(locked)).not.toContain('request_approve')
    expect(await expireRequests(opened.ground.postgres, opened.now())).toBe(0)
    expect(await granted()).toEqual([])
  })

  it('of another period or another organisation cannot be decided here', async () => {
    const message = await asked()
    const { tables } = opened.ground.postgres
    await tables.update(overrideRequests).set({ orgId: 'org_other' })
    for (const action of [ACTIONS.approveRequest, ACTIONS.denyRequest]) {
      await people.press(action, alex, message)
      await people.lastEphemeral(alex, /no longer exists/)
    }
    // As after the budget got another rule of periods.
    const from = new Date('2020-01-01T00:00:00Z')
    await tables.update(overrideRequests).set({ orgId: opened.ground.orgId, from })
    await people.press(ACTIONS.approveRequest, alex, message)
    await people.lastEphemeral(alex, /Expired .*Nothing changed/)
    expect(await granted()).toEqual([])
  })

  it('stays open when a person stopped the budget meanwhile, and says what is to be done first', async () => {
    const message = await asked()
    await people.press(ACTIONS.stop, sam)
    await people.cardSays(/Stopped\* by/)
    await people.press(ACTIONS.approveRequest, alex, message)
    await people.lastEphemeral(alex, /press \*Resume\*/)
    expect(await requests()).toMatchObject([{ state: 'pending' }])
  })

  it('locks once, also when Slack is down while it is decided by API', async () => {
    const message = await asked()
    const [request] = await requests()
    opened.line.cut(true)
    const decision = { kind: 'deny', by: { id: alex, isAdmin: true }, reason: 'no' } as const
    const deciding = { requestId: request?.id ?? '', decision, origin: 'api' } as const
    const { orgId, postgres } = opened.ground
    await decideOverrideRequest(postgres, { orgId, ...deciding }, opened.now())
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    opened.line.cut(false)
    await requestSays(/Denied by/)
    await eventually(async () => {
      const thread = await people.threadOf(await people.card())
      expect(thread.at(-1)?.text).toMatch(/denied <@U0SAM00001>/)
    })
    await opened.restart()
    await opened.spend([{ cost: usd('1') }])
    await people.cardSays(/\$12\.00/)
    const updates = (await opened.sandbox.calls()).filter(
      ({ method, args }) => method === 'chat.update' && args.ts === message.ts,
    )
    expect(updates).toHaveLength(1)
  })

  it('that was decided before Slack heard of it is posted as it ended, without buttons', async () => {
    await setPolicy(SECOND_PERSON)
    await people.press(ACTIONS.override, sam)
    await people.modalSays(sam, /Ask for approval/)
    await opened.stopApp()
    const { orgId, postgres } = opened.ground
    const [budget] = await postgres.tables.query.budgets.findMany()
    const asking = { orgId, budgetId: budget?.id ?? '', amount: { percent: 50 }, windowS: 900, reason: 'now' }
    const by = { id: sam, isAdmin: false }
    const outcome = await askOverride(postgres, { ...asking, by, origin: 'api' }, opened.now())
    if (outcome.kind !== 'requested') throw new Error(outcome.kind)
    const decision = { kind: 'approve', by: { id: alex, isAdmin: true } } as const
    const deciding = { orgId, requestId: outcome.request.id, decision, origin: 'api' } as const
    await decideOverrideRequest(postgres, deciding, opened.now())
    await opened.startApp()
    const message = await requestSays(/\$5\.00 more.*Approved by/)
    expect(textOf(message)).not.toContain('request_approve')
  })
})
