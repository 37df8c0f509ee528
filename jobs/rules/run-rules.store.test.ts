import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { auditLog, ownPrices, projects } from '../../db/postgres/schema.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { journaledFrom } from '../../test/ingest/journaled.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { parseRulesArguments } from './arguments.ts'
import { runRules } from './run-rules.ts'

const NOON_MS = Date.UTC(2026, 10, 10, 12)
let elapsedMs: number
let ground: IngestGround
let folder: TemporaryFolder
const now = () => new Date(NOON_MS + elapsedMs)
beforeEach(async () => {
  elapsedMs = 0
  // Keys are remembered as long as in life: ten seconds.
  ground = await layIngestGround({ now })
  folder = await temporaryFolder()
})
afterEach(async () => {
  await ground.close()
  await folder.remove()
})

async function fileOf(value: unknown): Promise<string> {
  const file = join(folder.path, `${performance.now()}.json`)
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}
async function run(...words: string[]) {
  const asked = parseRulesArguments(words)
  if (asked.kind === 'bad') throw new Error(asked.problem)
  return await runRules(asked, { postgres: ground.postgres, now, by: 'ada@desk' })
}
async function done(...words: string[]): Promise<readonly string[]> {
  const outcome = await run(...words)
  if (outcome.kind === 'failed') throw new Error(outcome.problems.join('\n'))
  return outcome.lines
}
async function problems(...words: string[]): Promise<readonly string[]> {
  const outcome = await run(...words)
  return outcome.kind === 'failed' ? outcome.problems : []
}
const redaction = (...words: string[]) => done('redaction', '--project', 'support-bot', ...words)
const prices = (...words: string[]) => done('prices', ...words)
const deeds = () =>
  ground.postgres.tables.select({ action: auditLog.action, actor: auditLog.actor }).from(auditLog)

let sent = 0
async function taken(fields: Readonly<Record<string, unknown>>) {
  sent += 1
  const event = aWireEvent({ ts: new Date(NOON_MS).toISOString(), request_id: `r${sent}`, ...fields })
  const fromOffset = ground.journal.endOffset()
  const answer = await fetch(`${ground.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ground.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  })
  expect(answer.status).toBe(202)
  const [read] = await journaledFrom(ground.journal, fromOffset)
  return read?.event
}

describe("a project's redaction policy", () => {
  const userOf = async () => (await taken({ user_id: 'ada@example.com' }))?.userId

  it('is shown, previewed, set, and works at ingest within ten seconds', async () => {
    expect(await userOf()).toMatch(/^email:h_/)
    expect(JSON.parse((await redaction()).join(''))).toMatchObject({ ids: 'hash', text: 'drop' })
    const file = await fileOf({ ids: 'allow', kinds: { email: 'allow' }, fields: { customer: 'drop' } })
    const preview = await redaction('--set', file)
    expect(preview.map((line) => line.replace(/ +/g, ' '))).toEqual([
      'kinds.email redact -> allow',
      'ids hash -> allow',
      'fields.customer as what it holds -> drop',
      'Nothing was changed. --apply changes it.',
    ])
    elapsedMs = 10_000
    expect([await userOf(), await deeds()]).toEqual([expect.stringMatching(/^email:h_/), []])
    expect((await redaction('--set', file, '--apply')).at(-1)).toMatch(/This is applied/)
    elapsedMs = 20_000
    expect(await userOf()).toBe('ada@example.com')
    // What is shown can be set again, and is then what holds.
    const again = await fileOf((await redaction()).join(''))
    expect((await redaction('--set', again, '--apply')).join()).toMatch(/nothing to change/)
    await redaction('--unset', '--apply')
    elapsedMs = 30_000
    expect(await userOf()).toMatch(/^email:h_/)
    const [stored] = await ground.postgres.tables.select({ redaction: projects.redaction }).from(projects)
    expect(stored).toEqual({ redaction: null })
    expect(await deeds()).toEqual(Array(2).fill({ action: 'redaction.set', actor: 'ada@desk' }))
  })

  it('that is wrong is refused with all that is wrong, and nothing is set', async () => {
    const file = await fileOf({ ids: 'shred', kinds: { mail: 'hash' }, colour: 1 })
    const told = await problems('redaction', '--project', 'support-bot', '--set', file, '--apply')
    expect(told).toEqual([
      expect.stringMatching(/^"colour" is no part of a policy/),
      expect.stringMatching(/^kinds has no "mail"/),
      expect.stringMatching(/^ids must be one of/),
    ])
    expect(await deeds()).toEqual([])
    for (const text of ['{', '[]']) {
      const bad = await fileOf(text)
      expect((await problems('redaction', '--project', 'support-bot', '--set', bad)).join()).toContain(bad)
    }
    expect((await problems('redaction', '--project', 'chat')).join()).toMatch(/there are support-bot/)
  })
})

describe("an organisation's own prices", () => {
  const costOf = async () =>
    (await taken({ provider: 'azure', model: 'prod-chat', tokens_in: 1_000_000, tokens_out: 0 }))?.cost
  const alias = { provider: 'azure', alias: 'prod-chat', to_provider: 'azure', to_model: 'gpt-4o' }
  const price = {
    ...{ provider: 'azure', model: 'gpt-4o', from: '2026-11-01T00:00:00Z' },
    usd_per_million: { input: '2.1', output: '8' },
  }

  it('are shown, previewed, replaced as a whole, and hold at ingest within ten seconds', async () => {
    expect(await costOf()).toBeNull()
    expect(JSON.parse((await prices()).join(''))).toEqual({ prices: [], aliases: [] })
    const both = await fileOf({ prices: [price], aliases: [alias] })
    expect(await prices('--set', both)).toEqual([
      `+ price ${JSON.stringify(price)}`,
      `+ alias ${JSON.stringify(alias)}`,
      '0 stay as they are.',
      'Nothing was changed. --apply changes it.',
    ])
    elapsedMs = 10_000
    expect(await costOf()).toBeNull()
    await prices('--set', both, '--apply')
    elapsedMs = 20_000
    expect(await costOf()).toBe(usd('2.1'))
    const idOfPrice = async () => {
      const rows = await ground.postgres.tables.select().from(ownPrices)
      return rows.filter(({ archivedAt }) => archivedAt === null).map(({ id }) => id)
    }
    const before = await idOfPrice()
    // As it is shown, whatever the order of the members: the same, and the same rows.
    const shown = await fileOf((await prices()).join(''))
    expect((await prices('--set', shown, '--apply')).join()).toMatch(/nothing to change/)
    const other = { provider: 'openai', model: '*', from: '2026-11-01T00:00:00Z', percent_of_list: '85' }
    await prices('--set', await fileOf({ prices: [other, price], aliases: [alias] }), '--apply')
    expect(await idOfPrice()).toEqual(expect.arrayContaining(before))
    const cheaper = { ...price, usd_per_million: { input: '1', output: '8' } }
    const changed = await prices('--set', await fileOf({ prices: [cheaper], aliases: [alias] }), '--apply')
    expect(changed.map((line) => line[0])).toEqual(['-', '-', '+', '1', 'T'])
    elapsedMs = 30_000
    expect(await costOf()).toBe(usd('1'))
    await prices('--set', await fileOf({}), '--apply')
    elapsedMs = 40_000
    expect(await costOf()).toBeNull()
    expect(await deeds()).toEqual(Array(4).fill({ action: 'own_pricing.replaced', actor: 'ada@desk' }))
  })

  it('that are wrong are refused with all that is wrong, by their places', async () => {
    const file = await fileOf({
      prices: [price, { ...price, model: '', percent_of_list: '85' }, 7, { ...price }],
      aliases: [alias, { ...alias, to_model: 'gpt-4o-mini' }, { provider: 'azure' }],
      discounts: [],
    })
    const told = await problems('prices', '--set', file, '--apply')
    for (const expected of [
      /^"discounts" is unknown/,
      /^prices\[1\]: model must be/,
      /^prices\[1\]: it must have either/,
      /^prices\[2\]: it must be an object/,
      /^prices\[3\]: it names the same as prices\[0\]/,
      /^aliases\[1\]: it names the same as aliases\[0\]/,
      /^aliases\[2\]: alias must be/,
    ]) {
      expect(told).toContainEqual(expect.stringMatching(expected))
    }
    expect(await ground.postgres.tables.select().from(ownPrices)).toEqual([])
    expect(await deeds()).toEqual([])
  })

  it('set twice at the same time end as one of the two sheets', async () => {
    const sheets = [1, 2, 3].map((input) => ({
      prices: [{ ...price, usd_per_million: { input: String(input), output: '8' } }],
      aliases: [],
    }))
    await Promise.all(Array.from({ length: 8 }, () => ground.postgres.tables.execute('select pg_sleep(0.1)')))
    const files = await Promise.all(sheets.map(fileOf))
    await Promise.all(files.map((file) => prices('--set', file, '--apply')))
    const held = JSON.parse((await prices()).join(''))
    expect(sheets).toContainEqual(held)
  })
})

describe('the words of npm run rules', () => {
  it.each([
    ['', /^usage/],
    ['budgets', /^usage/],
    ['redaction', /--project is missing/],
    ['redaction --project p --apply', /--apply goes with --set or --unset/],
    ['redaction --project p --set f --unset', /cannot both be meant/],
    ['prices --apply', /--apply goes with --set/],
    ['prices --project p', /Unknown option '--project'/],
  ])('say what is wrong with them: %j', (line, problem) => {
    const parsed = parseRulesArguments(line.split(' ').filter(Boolean))
    expect(parsed).toMatchObject({ kind: 'bad', problem: expect.stringMatching(problem) })
  })

  it('take prices of the only organisation, unless there are several', async () => {
    expect(await prices('--org', 'Test organisation')).toEqual(await prices())
    expect((await problems('prices', '--org', 'x')).join()).toMatch(
      /there is no organisation "x"; there are Test/,
    )
  })
})
