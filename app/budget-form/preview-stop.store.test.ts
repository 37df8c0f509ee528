import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { seedEvents } from '../../test/events/seed-events.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, general } from '../../test/opened-sandbox.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../ids.ts'

let opened: OpenedApp
beforeEach(async () => {
  opened = await openApp()
})
afterEach(() => opened.close())

const text = (value: string) => ({ [FIELD_VALUE]: { type: 'plain_text_input', value } })

const modal = (what: string) =>
  eventually(async () => {
    const shown = await opened.sandbox.modal(alex)
    expect(JSON.stringify(shown?.payload ?? '')).toContain(what)
    if (!shown) throw new Error('no modal yet')
    return { id: shown.id, text: JSON.stringify(shown.payload) }
  })

/** Three calls in the month before: $6, $5, and $2 by ann. */
async function spendLastMonth(): Promise<void> {
  const clickhouse = openClickHouse(opened.clickhouseUrl)
  const now = opened.now()
  const at = (day: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, day, 12))
  const own = { orgId: opened.ground.orgId, projectId: opened.ground.project.id }
  await seedEvents(
    clickhouse,
    [
      aPricedEvent({ ...own, requestId: 'a', ts: at(2), cost: usd('6'), route: '/chat' }),
      aPricedEvent({ ...own, requestId: 'b', ts: at(3), cost: usd('5'), route: '/chat' }),
      aPricedEvent({ ...own, requestId: 'c', ts: at(4), cost: usd('2'), route: '/chat', userId: 'ann' }),
    ].map((event, index) => ({ ...event, journalId: 'j-before', journalOffset: index })),
  )
  await clickhouse.close()
}

async function previewAt(limit: string) {
  const { id } = opened.ground.project
  await opened.sandbox.command({ userId: alex, channelId: general, text: '/lens budget' })
  const form = await modal(ACTIONS.previewStop)
  await opened.sandbox.press({
    ...{ userId: alex, actionId: ACTIONS.previewStop, viewId: form.id },
    values: { [`${FIELDS.limit}:${id}`]: text(limit) },
  })
}

describe('before a stop is armed', () => {
  it('a person sees when it would have stopped calls last month, and whose', async () => {
    await spendLastMonth()
    await previewAt('10')
    const { text: said } = await modal('It would have stopped calls')
    expect(said).toContain('spent *$13.00* in 3 calls')
    expect(said).toContain('100%: all calls refused from')
    expect(said).toContain('1 call for $2.00')
    expect(said).toContain('ann')
  })

  it('or that it would have stopped nobody', async () => {
    await spendLastMonth()
    await previewAt('100')
    await modal('It would have stopped nobody')
  })

  it('and without a limit is told what is missing', async () => {
    await previewAt('a lot')
    await modal('Enter a limit first')
  })
})
