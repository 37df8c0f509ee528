import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { saveOverridePolicy } from '../../../db/postgres/overrides.ts'
import { overrides } from '../../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../../test/opened-app.ts'
import { alex, sam } from '../../../test/opened-sandbox.ts'
import { peopleIn } from '../../../test/people-in-slack.ts'
import { eventually } from '../../../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
  await people.setBudget('40')
  await opened.spend([{ cost: usd('44') }])
  await people.cardSays(/Stopped/)
})
afterEach(() => opened.close())

const type = (userId: string, value: string) => people.enter(userId, FIELDS.amount, { value })
const choose = (userId: string, value: string) =>
  people.enter(userId, FIELDS.window, { selected_option: { value } })

describe('the override modal', () => {
  it('says beforehand up to what and until when calls would pass, as it is filled in', async () => {
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Let calls pass.*Enter how much more/)
    await type(alex, '10')
    await people.modalSays(
      alex,
      /Calls pass up to \*\$54\.00\* until <!date.*, or the end of .*whichever comes first/,
    )
    await type(alex, '25%')
    await people.modalSays(alex, /up to \*\$54\.00\* \(25% of the limit is \$10\.00\) until/)
    await type(alex, 'ten')
    await people.modalSays(alex, /not an amount yet/)
    await type(alex, '0')
    await people.modalSays(alex, /above zero/)
  })

  it('keeps what was entered, and follows the window too', async () => {
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Enter how much more/)
    await type(alex, '5')
    const first = await people.modalSays(alex, /up to \*\$49\.00/)
    await choose(alex, '14400')
    const second = await eventually(async () => {
      const view = await people.modalSays(alex, /up to \*\$49\.00/)
      expect(view.hash).not.toBe(first.hash)
      return view
    })
    expect(second.values[FIELDS.amount]).toMatchObject({ [FIELD_VALUE]: { value: '5' } })
    expect(second.values[FIELDS.window]).toMatchObject({
      [FIELD_VALUE]: { selected_option: { value: '14400' } },
    })
    const until = (view: typeof first) => Number(/<!date\^(\d+)/.exec(previewIn(view))?.[1])
    expect(until(second) - until(first)).toBeGreaterThanOrEqual(14_400 - 900)
  })

  it('shows the newest of what was typed, however fast', async () => {
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Enter how much more/)
    await Promise.all(['1', '12', '123', '123.', '123.4', '123.45'].map((text) => type(alex, text)))
    await people.modalSays(alex, /up to \*\$167\.45/)
    // With an earlier answer on its way to Slack when the next key is told.
    for (const afterMs of [5, 10, 15, 20, 25, 30, 40, 50]) {
      await type(alex, '7')
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await type(alex, `1${afterMs}`)
      await people.modalSays(alex, new RegExp(`up to \\*\\$${44 + Number(`1${afterMs}`)}\\.00`))
    }
  })

  it('grants what it said, in percent of the limit too', async () => {
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Let calls pass/)
    expect(await people.submitOverride(alex, '25%')).toMatchObject({ outcome: 'closed' })
    const [override] = await opened.ground.postgres.tables.select().from(overrides)
    expect(override).toMatchObject({ amount: usd('10'), ceiling: usd('54'), grantedBy: alex })
    for (const bad of ['0%', '2.5%', 'lots']) {
      await people.press(ACTIONS.override, alex)
      await people.modalSays(alex, /Let calls pass/)
      const errors = { [FIELDS.amount]: expect.stringContaining('25% of the limit') }
      expect(await people.submitOverride(alex, bad)).toMatchObject({ outcome: 'errors', errors })
    }
  })

  it('of a request grants nothing when the policy has come to let the person alone', async () => {
    await people.press(ACTIONS.override, sam)
    await people.modalSays(sam, /Ask for approval/)
    await type(sam, '10')
    await people.modalSays(sam, /Approved now, calls would pass up to \*\$54\.00/)
    const { orgId, postgres } = opened.ground
    const policy = { lifters: 'members', windowsS: [900], amountMax: null } as const
    await saveOverridePolicy(postgres, { orgId, policy, by: alex }, opened.now())
    expect(await people.submitOverride(sam)).toMatchObject({ outcome: 'updated' })
    await people.modalSays(sam, /Nothing was asked/)
    expect(await people.isAllowed()).toBe(false)
  })
})

const previewIn = (view: { readonly payload: Record<string, unknown> }): string => {
  const blocks = Array.isArray(view.payload.blocks) ? view.payload.blocks : []
  return JSON.stringify(blocks.find((block) => block.block_id === FIELDS.preview))
}
