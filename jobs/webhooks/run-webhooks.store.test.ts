import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { webhookDeliveries } from '../../db/postgres/schema.ts'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { parseWebhooksArguments } from './arguments.ts'
import { runWebhooks } from './run-webhooks.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const KEYRING = parseKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`)
const URL = 'https://hooks.example.com/lensai?token=hush'

let database: FreshDatabase
let ground: Ground
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

async function run(line: string) {
  const asked = parseWebhooksArguments(line.split(' '), NOON)
  if (asked.kind === 'bad') throw new Error(asked.problem)
  const sealing = { keyring: KEYRING, allowLoopback: false }
  return await runWebhooks(asked, { postgres: ground.postgres, now: () => NOON, by: 'ada@desk', sealing })
}
async function done(line: string) {
  const outcome = await run(line)
  if (outcome.kind === 'failed') throw new Error(outcome.problems.join('\n'))
  return { out: outcome.lines, notes: (outcome.notes ?? []).join('\n') }
}
async function problem(line: string): Promise<string> {
  const outcome = await run(line)
  return outcome.kind === 'failed' ? outcome.problems.join('\n') : `done: ${outcome.lines.join('\n')}`
}
async function add(words = '') {
  const { out, notes } = await done(`add --url ${URL}${words}`)
  const [id = ''] = /whk_\w+/.exec(notes) ?? []
  return { id, secret: out[0] ?? '', out, notes }
}

describe('an operator', () => {
  it('adds a webhook, and sees its secret once and alone', async () => {
    const { id, secret, out, notes } = await add(' --events budget.stopped')
    expect([out.length, secret]).toEqual([1, expect.stringMatching(/^whsec_/)])
    expect(notes).toContain(
      `${id} at https://hooks.example.com/lensai?… hears of budget.stopped of Test organisation.`,
    )
    const elsewhere = JSON.stringify([
      notes,
      await done('list'),
      await done('list --json'),
      await done(`deliveries ${id}`),
    ])
    expect(elsewhere).not.toContain(secret)
    expect(elsewhere).not.toContain('hush')
    const listed = await done('list')
    expect(listed.out[1]).toMatch(
      new RegExp(`^${id} +https://hooks\\.example\\.com/lensai\\?… +budget\\.stopped .* live$`),
    )
    expect(JSON.parse((await done(`add --url ${URL} --json`)).out.join(''))).toMatchObject({
      ...{ id: expect.stringMatching(/^whk_/), secret: expect.stringMatching(/^whsec_/), events: 'all' },
    })
  })

  it('is refused what leads into private networks, and is told every reason', async () => {
    expect(await problem('add --url http://10.0.0.1:22/ --events budget.gone')).toMatch(
      /https:\/\/[\s\S]*port must be[\s\S]*10\.0\.0\.1 is no public address[\s\S]*no event "budget\.gone"/,
    )
    expect((await done('list')).out).toEqual(['There are no webhooks.'])
  })

  it('rotates the secret, and is told how to end a leaked one at once', async () => {
    const { id, secret } = await add()
    const rotated = await done(`rotate ${id} --overlap 2h`)
    expect(rotated.out[0]).not.toBe(secret)
    expect(rotated.notes).toMatch(/Both secrets sign until 2026-11-10 14:00:00Z/)
    expect((await done('list')).out[1]).toMatch(/live, two secrets until 2026-11-10 14:00:00Z$/)
    expect(await problem(`rotate ${id}`)).toMatch(/two secrets sign until .* already: .*--overlap 0m/)
    expect((await done(`rotate ${id} --overlap 0m`)).notes).toMatch(/The secret before signs no more/)
  })

  it('sees the deliveries, disables, enables, replays and removes', async () => {
    const { id } = await add()
    const budgetId = await ground.setBudget('10', NOON)
    await stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
    const [delivery] = await ground.postgres.tables.select().from(webhookDeliveries)
    expect((await done(`deliveries ${id}`)).out[1]?.split(/ {2,}/)).toEqual([
      ...[
        delivery?.id,
        '2026-11-10 12:00:00Z',
        'budget.stopped',
        budgetId,
        'pending',
        '0',
        '2026-11-10 12:00:00Z',
      ],
    ])
    expect((await done(`disable ${id}`)).out[0]).toMatch(/is disabled/)
    expect((await done(`disable ${id}`)).out[0]).toMatch(/nothing was changed/)
    expect(await problem(`replay ${delivery?.id}`)).toMatch(/its webhook is disabled: .* enable/)
    expect((await done(`deliveries ${id} --state failed`)).out[1]).toMatch(
      /failed .* the webhook was disabled$/,
    )
    await done(`enable ${id}`)
    expect((await done(`replay ${id} --since 1h`)).out).toEqual(['1 to be sent again, from now on.'])
    const [shown] = JSON.parse((await done(`deliveries ${id} --json`)).out.join('\n'))
    expect(shown).toMatchObject({ id: delivery?.id, state: 'pending', body: { type: 'budget.stopped' } })
    expect((await done(`remove ${id}`)).out[0]).toMatch(/is removed, for good/)
    expect(await problem(`replay ${delivery?.id}`)).toMatch(/its webhook was removed/)
    expect(await done('list')).toMatchObject({ notes: '1 more were removed: --all shows them.' })
    expect(await problem(`rotate ${id}`)).toMatch(/was removed: add another one/)
  })

  it('is told when there is no such webhook or delivery', async () => {
    const [webhook, delivery] = ['whk_01JDAXAZ400000000000000000', 'msg_01JDAXAZ400000000000000000']
    for (const line of [`rotate ${webhook}`, `disable ${webhook}`, `deliveries ${webhook}`]) {
      expect(await problem(line)).toMatch(/there is no webhook whk_.*: npm run webhooks -- list shows them/)
    }
    expect(await problem(`replay ${delivery}`)).toMatch(/there is no msg_/)
    expect(await problem(`replay ${webhook} --since 1h`)).toMatch(/there is no whk_/)
  })
})
