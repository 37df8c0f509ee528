import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { listInstallations } from '../../db/postgres/installations.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { grantOverride } from '../../db/postgres/overrides.ts'
import { ensureProject } from '../../db/postgres/projects.ts'
import { outbox } from '../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, botToken, llmCosts } from '../../test/opened-sandbox.ts'
import { type Message, peopleIn, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { openSlack } from '../slack/web-client.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

const cards = async () =>
  (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null)
const onlyBudget = async () => {
  const [budget] = await opened.ground.postgres.tables.query.budgets.findMany()
  if (!budget) throw new Error('no budget')
  return budget
}
const deleteMessage = async ({ channelId, ts }: Message) => {
  await openSlack(botToken, opened.deps).chat.delete({ channel: channelId, ts })
}
const MONTH_MS = 32 * 86_400_000

describe('a notice that cannot be understood', () => {
  it('holds up no other budget, and leaves its own card once', async () => {
    const { postgres, orgId, project } = opened.ground
    const [installation] = await listInstallations(postgres.tables)
    const other = await ensureProject(postgres.tables, { orgId, name: 'search' }, opened.now())
    await opened.stopApp()
    for (const projectId of [project.id, other.id]) {
      const slack = { installationId: installation?.id ?? '', channelId: llmCosts }
      await setMonthlyBudget(
        postgres,
        { orgId, projectId, limit: usd('10'), slack, by: alex, origin: 'slack' },
        opened.now(),
      )
      if (projectId === other.id) break
      // Of a newer version, say, before this one was rolled back.
      await postgres.tables.update(outbox).set({ notice: { kind: 'of a newer version' } })
    }
    await opened.startApp()
    await eventually(async () => expect(await cards()).toHaveLength(2))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect((await cards()).map((card) => /^(\S+)/.exec(card.text)?.[1]).sort()).toEqual([
      'search',
      'support-bot',
    ])
  })
})

describe('the news of a crossing', () => {
  it('does not say that calls are refused while an override lets them pass', async () => {
    await people.setBudget('10')
    const posted = await people.card()
    await opened.spend([{ cost: usd('9.5') }])
    const { id: budgetId, orgId } = await onlyBudget()
    const asked = { orgId, budgetId, amount: usd('5'), windowS: 900, reason: 'launch', grantedBy: alex }
    await grantOverride(opened.ground.postgres, asked, opened.now())
    await opened.spend([{ cost: usd('1') }])
    await eventually(async () => {
      const said = (await people.threadOf(posted)).at(-1)
      expect(said?.text).toMatch(/reached its limit \(100%\)/)
      expect(said?.text).not.toMatch(/refused/)
      expect(said?.broadcast).toBe(false)
    })
  })

  it('of a month that is over says so, and stops nobody', async () => {
    await people.setBudget('10')
    const posted = await people.card()
    const lastMonth = opened.now()
    opened.moveOn(MONTH_MS)
    await opened.spend([{ cost: usd('11'), ts: lastMonth }])
    await eventually(async () => {
      const said = (await people.threadOf(posted)).at(-1)
      expect(said?.text).toMatch(/reached its limit.*2026 is over/)
      expect(said?.broadcast).toBe(false)
    })
    expect(await people.isAllowed()).toBe(true)
  })
})

describe('a card that a person deleted', () => {
  it('comes again while its month runs, and not when that is over', async () => {
    await people.setBudget('10')
    const first = await people.card()
    await deleteMessage(first)
    await opened.spend([{ cost: usd('6') }])
    const second = await people.cardSays(/Past 50%/)
    expect(second.ts).not.toBe(first.ts)
    await opened.stopApp()
    await deleteMessage(second)
    opened.moveOn(MONTH_MS)
    await opened.startApp()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect((await cards()).map(textOf)).toEqual([])
  })
})
