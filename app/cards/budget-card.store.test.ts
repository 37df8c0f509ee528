import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { findInstallation } from '../../db/postgres/installations.ts'
import { budgets } from '../../db/postgres/schema.ts'
import { readVerdict } from '../../db/postgres/verdicts.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, general, llmCosts, random, sam } from '../../test/opened-sandbox.ts'
import { peopleIn } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { FIELDS } from '../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

describe('a budget made in Slack', () => {
  it('has one card, posted when it is made, which follows the spend', async () => {
    expect(await people.setBudget('25')).toMatchObject({ outcome: 'closed' })
    await people.cardSays(/\$0\.00\* of \$25\.00/)
    await opened.spend([{ cost: usd('5') }])
    await people.cardSays(/\$5\.00\* of \$25\.00/)
    expect(await opened.sandbox.messages(llmCosts)).toHaveLength(1)
  })

  it('tells each crossing in the thread once, and only the stop in the channel', async () => {
    await people.setBudget('10')
    await people.card()
    await opened.spend([{ cost: usd('6') }])
    await people.cardSays(/Past 50%/)
    await opened.spend([{ cost: usd('2') }])
    await people.cardSays(/Past 75%/)
    await opened.spend([{ cost: usd('3') }])
    const posted = await people.cardSays(/Stopped.*limit is reached/)
    const thread = await eventually(async () => {
      const said = await people.threadOf(posted)
      expect(said).toHaveLength(3)
      return said
    })
    expect(
      thread.map(({ text: said, broadcast }) => [/past (\S+)|reached its limit/.exec(said)?.[0], broadcast]),
    ).toEqual([
      ['past 50%', false],
      ['past 75%', false],
      ['reached its limit', true],
    ])
    expect(await people.isAllowed()).toBe(false)
  })

  it('comes with the address where the SDK can say the stop is lifted', async () => {
    await people.setBudget('10')
    await people.card()
    await eventually(async () => {
      const { tables } = opened.ground.postgres
      const verdict = await readVerdict(tables, opened.ground.project.id, opened.now())
      expect(verdict.budgets[0]?.liftUrl).toContain(`/archives/${llmCosts}/p`)
    })
  })

  it('is refused under the field that is wrong, and nothing is saved', async () => {
    expect(await people.setBudget('-3')).toMatchObject({
      outcome: 'errors',
      errors: { [`${FIELDS.limit}:${opened.ground.project.id}`]: expect.stringContaining('above zero') },
    })
    await opened.sandbox.closeView({ userId: alex, viewId: (await opened.sandbox.modal(alex))?.id ?? '' })
    const refused = await people.setBudget('10', random)
    expect(refused).toMatchObject({
      outcome: 'errors',
      errors: {
        [`${FIELDS.channel}:${opened.ground.project.id}`]: expect.stringContaining('/invite @LensAI'),
      },
    })
    expect(await opened.sandbox.messages(llmCosts)).toEqual([])
  })

  it('moves its card with its channel, and the old card says where it went', async () => {
    await people.setBudget('10')
    await people.card()
    await people.setBudget('10', general)
    await people.cardSays(/\$0\.00\* of \$10\.00/, general)
    await people.cardSays(new RegExp(`moved to <#${general}>`))
  })

  it('lets nobody raise a limit who may not lift a stop', async () => {
    await people.setBudget('10')
    await people.card()
    expect(await people.setBudget('100', llmCosts, sam)).toMatchObject({ outcome: 'errors' })
    await people.cardSays(/\$0\.00\* of \$10\.00/)
  })

  it('lets nobody but an admin raise a limit alone where an override takes two', async () => {
    await people.setBudget('10')
    await people.card()
    const policy = { approvers: [sam, alex], second_person: true }
    await opened.ground.postgres.tables.update(budgets).set({ overridePolicy: policy })
    expect(await people.setBudget('100', llmCosts, sam)).toMatchObject({ outcome: 'errors' })
    await people.cardSays(/\$0\.00\* of \$10\.00/)
    expect(await people.setBudget('100', llmCosts, alex)).toMatchObject({ outcome: 'closed' })
    await people.cardSays(/\$0\.00\* of \$100\.00/)
  })

  it('follows the spend of a period that began long ago, and closes when that is over', async () => {
    const { postgres, orgId, project } = opened.ground
    const installation = await findInstallation(postgres.tables, {
      teamId: 'T0SANDBOX1',
      enterpriseId: undefined,
    })
    const day = (count: number) => new Date(opened.now().getTime() + count * 86_400_000)
    const slack = { installationId: installation?.id ?? '', channelId: llmCosts }
    const definition = {
      ...monthlyBudget(project.id, usd('20'), slack),
      periodRule: { kind: 'span', from: day(-100), until: day(2) } as const,
    }
    await makeBudget(postgres, { orgId, definition, by: alex, origin: 'slack' }, opened.now())
    await people.cardSays(/\$0\.00\* of \$20\.00/)
    await opened.spend([{ cost: usd('4') }])
    await people.cardSays(/\$4\.00\* of \$20\.00.*Ends/)
    opened.moveOn(3 * 86_400_000)
    await people.cardSays(/This period is over/)
  })
})
