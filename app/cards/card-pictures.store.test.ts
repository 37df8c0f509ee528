import { afterEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { listNewestCards, saveShownCard } from '../../db/postgres/cards.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { llmCosts } from '../../test/opened-sandbox.ts'
import { peopleIn } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'

let opened: OpenedApp
afterEach(() => opened.close())

interface ImageBlock {
  readonly type: string
  readonly alt_text: string
  readonly image_url?: string
  readonly slack_file?: { readonly id: string }
}

const isImage = (block: object): block is ImageBlock => Reflect.get(block, 'type') === 'image'

const imageOnCard = (people: ReturnType<typeof peopleIn>) =>
  eventually(async () => {
    const blocks: unknown = (await people.card()).blocks
    const all = Array.isArray(blocks) ? blocks.filter((one) => typeof one === 'object' && one !== null) : []
    const image = all.find(isImage)
    if (!image) throw new Error('the card has no picture yet')
    return image
  })

describe('the chart of a card', () => {
  it('stands in the card by a signed link, which opens to a picture, and has another address at a crossing', async () => {
    opened = await openApp()
    const people = peopleIn(opened)
    await people.setBudget('10')
    await people.card()
    await opened.spend([{ cost: usd('2') }])
    const first = await imageOnCard(people)
    expect(first.alt_text).toContain('$2.00 of $10.00 is spent (20%)')
    const picture = await fetch(first.image_url ?? '')
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    await opened.spend([{ cost: usd('4') }])
    await people.cardSays(/Past 50%/)
    await eventually(async () => {
      const next = await imageOnCard(people)
      expect(next.alt_text).toContain('$6.00 of $10.00 is spent (60%)')
      expect(next.image_url).not.toBe(first.image_url)
    })
    expect(await opened.sandbox.messages(llmCosts)).toHaveLength(1)
  })

  it('stands above what most was spent on, and how that is beside the same days of the month before', async () => {
    opened = await openApp()
    const people = peopleIn(opened)
    const today = opened.now()
    opened.moveOn(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 10, 12) - today.getTime())
    const ago = (days: number) => new Date(opened.now().getTime() - days * 86_400_000)
    const [now, then] = [opened.now(), ago(35)]
    await opened.spend([
      { ts: then, cost: usd('1'), model: 'gpt-4o' },
      { ts: then, cost: usd('0.5'), model: 'o4-mini' },
      // Later in that month than today is in this one.
      { ts: ago(15), cost: usd('90'), model: 'gpt-4o' },
    ])
    await people.setBudget('10')
    await people.card()
    await opened.spend([
      { ts: now, cost: usd('3.1'), model: 'gpt-4o' },
      { ts: now, cost: usd('0.2'), model: 'o4-mini' },
    ])
    const card = await people.cardSays(/had come to by now/)
    const said = JSON.stringify(card.blocks)
    expect(said).toMatch(
      /\*\$1\.80 more \(\+120%\) than\* \w+ \d{4} had come to by now; gpt-4o \+\$2\.10, o4-mini −\$0\.30/,
    )
    expect(said).toContain('Most of it: gpt-4o $3.10 (93%), o4-mini $0.20 (6%)')
  })

  it('is a file in the thread, and then in the card, where the app has no address', async () => {
    opened = await openApp({ app: () => ({ publicAppUrl: null }) })
    const people = peopleIn(opened)
    await people.setBudget('10')
    await people.card()
    await opened.spend([{ cost: usd('2') }])
    const image = await imageOnCard(people)
    expect(image.slack_file?.id).toMatch(/^F/)
    expect(await people.threadOf(await people.card())).toHaveLength(1)
  })

  it('never holds up the words: without an archive the card follows the spend, and has no picture', async () => {
    opened = await openApp()
    const people = peopleIn(opened)
    await people.setBudget('10')
    await people.card()
    await opened.deps.clickhouse.command({ query: 'DROP TABLE events' })
    await opened.spend([{ cost: usd('6') }]).catch(() => undefined)
    await people.cardSays(/Past 50%/)
    const [card] = await listNewestCards(opened.ground.postgres.tables)
    expect(card?.picture).toBeNull()
  })

  it('is left out where Slack does not take it, and the words are shown', async () => {
    opened = await openApp()
    const people = peopleIn(opened)
    await people.setBudget('10')
    await people.card()
    await opened.deps.clickhouse.command({ query: 'DROP TABLE events' })
    const { tables } = opened.ground.postgres
    const card = await eventually(async () => {
      const [saved] = await listNewestCards(tables)
      if (!saved) throw new Error('the card is not saved yet')
      return saved
    })
    const source = { kind: 'file', id: 'F0MISSING1' } as const
    const picture = {
      ...{ shownAt: opened.now().toISOString(), basis: '', urgent: '' },
      altText: 'x',
      source,
    }
    await saveShownCard(tables, { ...card, picture }, opened.now())
    await opened.spend([{ cost: usd('6') }]).catch(() => undefined)
    await people.cardSays(/Past 50%/)
    await eventually(async () => expect((await listNewestCards(tables))[0]?.picture).toBeNull())
  })
})
