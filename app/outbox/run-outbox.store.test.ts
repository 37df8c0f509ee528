import { isNotNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { openCurrentPeriods } from '../../db/postgres/budget-periods.ts'
import { listInstallations } from '../../db/postgres/installations.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { grantOverride } from '../../db/postgres/overrides.ts'
import { outbox } from '../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, llmCosts, random, sam } from '../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

describe('what Slack is told', () => {
  it('is neither lost nor repeated while the app is down, also when it is ended and started', async () => {
    await people.setBudget('10')
    const posted = await people.card()
    await opened.stopApp()
    await opened.spend([{ cost: usd('6') }, { cost: usd('3') }])
    await opened.startApp()
    await eventually(async () => expect(await people.threadOf(posted)).toHaveLength(1))
    await opened.restart()
    await opened.spend([{ cost: usd('5') }])
    await people.cardSays(/Stopped/)
    await eventually(async () => expect(await people.threadOf(posted)).toHaveLength(2))
    expect(
      (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null),
    ).toHaveLength(1)
  })

  it('is neither lost nor repeated while Slack is down', async () => {
    await people.setBudget('10')
    const posted = await people.card()
    opened.line.cut(true)
    await opened.spend([{ cost: usd('6') }])
    await opened.spend([{ cost: usd('5') }])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    opened.line.cut(false)
    await people.cardSays(/Stopped/)
    await eventually(async () => expect(await people.threadOf(posted)).toHaveLength(2))
    const calls = (await opened.sandbox.calls()).filter(({ method }) => method === 'chat.postMessage')
    expect(calls).toHaveLength(3)
  })

  it('that cannot be posted is told to the maker once, with what to do, and waits', async () => {
    const { postgres, orgId, project } = opened.ground
    const [installation] = await listInstallations(postgres.tables)
    const slack = { installationId: installation?.id ?? '', channelId: random }
    await setMonthlyBudget(
      postgres,
      { orgId, projectId: project.id, limit: usd('10'), slack, by: alex, origin: 'cli' },
      opened.now(),
    )
    const told = await eventually(async () => {
      const messages = await opened.sandbox.messages('D0ALEX0001')
      expect(messages).toHaveLength(1)
      return messages
    })
    expect(told[0]?.text).toMatch(/support-bot.*invite @LensAI/s)
    // When it is tried again is saved after the maker was told.
    await eventually(async () =>
      expect(await postgres.tables.$count(outbox, isNotNull(outbox.lastError))).toBe(1),
    )
    await opened.sandbox.command({ userId: alex, channelId: random, text: '/invite @LensAI' })
    opened.moveOn(61_000)
    await people.cardSays(/\$0\.00\* of \$10\.00/, random)
    expect(await opened.sandbox.messages('D0ALEX0001')).toHaveLength(1)
  })

  it('has a card for every month, and the card of the old one closes', async () => {
    await people.setBudget('10')
    await people.card()
    opened.moveOn(32 * 86_400_000)
    await openCurrentPeriods(opened.ground.postgres, opened.now())
    await eventually(async () => {
      const cards = (await opened.sandbox.messages(llmCosts)).filter(({ threadTs }) => threadTs === null)
      expect(cards).toHaveLength(2)
      expect(textOf(cards[0])).toContain('This period is over')
      expect(textOf(cards[1])).toContain('Open.')
    })
  })

  it('includes the end of an override that is used up', async () => {
    await people.setBudget('10')
    const posted = await people.card()
    await opened.spend([{ cost: usd('11') }])
    await people.cardSays(/Stopped/)
    const [{ id: budgetId } = { id: '' }] = await opened.ground.postgres.tables.query.budgets.findMany()
    await grantOverride(
      opened.ground.postgres,
      {
        orgId: opened.ground.orgId,
        budgetId,
        amount: usd('2'),
        windowS: 900,
        reason: 'try',
        grantedBy: alex,
      },
      opened.now(),
    )
    await opened.spend([{ cost: usd('3') }])
    await eventually(async () => {
      const said = (await people.threadOf(posted)).at(-1)
      expect(said?.text).toMatch(/is used up.*refused again/)
      expect(said?.broadcast).toBe(true)
    })
  })

  it('shows on the Home of who looked lately, without their doing anything', async () => {
    await people.setBudget('10')
    await opened.sandbox.openHome({ userId: sam })
    await opened.spend([{ cost: usd('11') }])
    await eventually(async () => {
      expect(JSON.stringify((await opened.sandbox.home(sam))?.payload)).toContain('the limit is reached')
    })
  })
})
