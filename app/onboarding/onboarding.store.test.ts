import { sql } from 'drizzle-orm'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseApiKey } from '../../core/api-key.ts'
import { usd } from '../../core/money.ts'
import { findApiKey } from '../../db/postgres/api-keys.ts'
import { findInstallation } from '../../db/postgres/installations.ts'
import { listOnboardingSteps } from '../../db/postgres/onboarding-steps.ts'
import { auditLog } from '../../db/postgres/schema.ts'
import type { OpenedApp } from '../../test/opened-app.ts'
import { ACME, GLOBEX, GRID, install, openForInstalls } from '../../test/two-workspaces.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../ids.ts'

let opened: OpenedApp
const logged: string[] = []
beforeEach(async () => {
  logged.length = 0
  // Every line that the app could ever log, to look for keys in.
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  opened = await openForInstalls({ app: () => ({ log }) })
})
afterEach(() => opened.close())

const acme = { where: ACME.teamId, user: ACME.kim }
const globex = { where: GLOBEX.teamId, user: GLOBEX.lee }
const tables = () => opened.deps.postgres.tables
const directOf = (userId: string) => `D${userId.slice(1)}`

const direct = async (teamId: string, userId: string) =>
  (await opened.sandbox.in(teamId).messages(directOf(userId))).map((one) => JSON.stringify(one))
const home = async (teamId: string, userId: string) =>
  JSON.stringify((await opened.sandbox.in(teamId).home(userId))?.payload ?? null)
const modal = (teamId: string, userId: string, words: string) =>
  eventually(async () => {
    const top = await opened.sandbox.in(teamId).modal(userId)
    expect(JSON.stringify(top?.payload ?? null)).toContain(words)
    if (!top) throw new Error('no modal yet')
    return top
  })

const directSays = (words: string, teamId = ACME.teamId, userId = ACME.kim) =>
  eventually(async () => expect((await direct(teamId, userId)).at(-1)).toContain(words))
const homeSays = (words: string, teamId = ACME.teamId, userId = ACME.kim) =>
  eventually(async () => expect(await home(teamId, userId)).toContain(words))

async function pressHome(actionId: string, teamId = ACME.teamId, userId = ACME.kim) {
  const slack = opened.sandbox.in(teamId)
  const view = await slack.home(userId)
  await slack.press({ userId, actionId, viewId: view?.id ?? '' })
}

const text = (value: string) => ({ [FIELD_VALUE]: { type: 'plain_text_input', value } })

async function nameProject(name: string, teamId = ACME.teamId, userId = ACME.kim) {
  const slack = opened.sandbox.in(teamId)
  await slack.openHome({ userId })
  await homeSays('project_name', teamId, userId)
  await pressHome(ACTIONS.nameProject, teamId, userId)
  const { id } = await modal(teamId, userId, FIELDS.projectName)
  return await slack.submitView({ userId, viewId: id, values: { [FIELDS.projectName]: text(name) } })
}

const keyIn = (shown: unknown): string => /lens_[a-z0-9]{8}_[\w-]{43}/.exec(JSON.stringify(shown))?.[0] ?? ''

async function keyOf(teamId: string, userId: string): Promise<string> {
  const shown = await modal(teamId, userId, 'It is shown this once')
  return keyIn(shown.payload)
}

/** A call of the project of that key, counted by the ledger. */
async function call(key: string, cost = '0.0021') {
  const found = await findApiKey(tables(), key)
  const { orgId = '', projectId = '' } = found ?? {}
  await opened.spend([{ orgId, projectId, model: 'gpt-4o-mini', cost: usd(cost) }])
}

const stepsOf = async (teamId: string) => {
  const orgId = (await findInstallation(tables(), { teamId, enterpriseId: undefined }))?.orgId
  return (await listOnboardingSteps(tables())).filter((one) => one.orgId === orgId).map(({ step }) => step)
}

describe('the beginning, from the installation to the first budget', () => {
  it('welcomes the installer once, shows a key once, turns at the first event, proposes a budget, and is done', async () => {
    await install(opened, acme)
    await directSays('Welcome to LensAI')
    expect((await nameProject('support-bot')).outcome).toBe('pushed')
    const key = await keyOf(ACME.teamId, ACME.kim)
    expect(parseApiKey(key)).not.toBeNull()
    expect(await findApiKey(tables(), key)).toMatchObject({ projectName: 'support-bot' })
    await directSays('Waiting for your first event')
    await homeSays('Waiting for your first event')

    // Put away, the key is gone; what is beneath it waits.
    const slack = opened.sandbox.in(ACME.teamId)
    await slack.closeView({ userId: ACME.kim, viewId: (await slack.modal(ACME.kim))?.id ?? '' })
    const waiting = await modal(ACME.teamId, ACME.kim, 'Waiting for your first event')
    expect(keyIn(waiting.payload)).toBe('')

    // The words are kept by Postgres, so that another start of the app finds who waits.
    await opened.restart()
    await call(key)
    const words = /First event \d+ s ago: gpt-4o-mini, \$0\.0021/
    await eventually(async () => expect(JSON.stringify(await slack.modal(ACME.kim))).toMatch(words))
    await eventually(async () => expect(await home(ACME.teamId, ACME.kim)).toMatch(words))
    await eventually(async () => expect((await direct(ACME.teamId, ACME.kim)).at(-1)).toMatch(words))
    expect(await direct(ACME.teamId, ACME.kim)).toHaveLength(1)

    // Seconds are said only while they are fresh.
    opened.moveOn(61_000)
    await eventually(async () => expect((await direct(ACME.teamId, ACME.kim)).at(-1)).not.toMatch(/s ago/))
    await eventually(async () => expect(await home(ACME.teamId, ACME.kim)).not.toMatch(/s ago/))
    await eventually(async () => expect(JSON.stringify(await slack.modal(ACME.kim))).not.toMatch(/s ago/))

    await call(key, '0.4179')
    opened.moveOn(3_600_000)
    await directSays('Set $400 a month')
    expect((await direct(ACME.teamId, ACME.kim)).at(-1)).toContain(
      '$0.42. Times the 720 hours of 30 days that is $302.40',
    )
    const [passed = '', proposed = '', ...others] = await direct(ACME.teamId, ACME.kim)
    expect(others).toEqual([])
    // What the first message promised stands in the second, and nothing stands in both.
    expect(passed).toContain('First event')
    expect(passed).not.toMatch(/After an hour|action_id/)
    expect(proposed).not.toContain('First event')

    await slack.openHome({ userId: ACME.kim })
    await homeSays('Set $400 a month')
    await pressHome(ACTIONS.proposedBudget)
    const form = await modal(ACME.teamId, ACME.kim, '"initial_value":"400"')
    const projectId = (await findApiKey(tables(), key))?.projectId ?? ''
    await slack.submitView({
      userId: ACME.kim,
      viewId: form.id,
      values: {
        [`${FIELDS.limit}:${projectId}`]: text('400'),
        [`${FIELDS.channel}:${projectId}`]: {
          [FIELD_VALUE]: { type: 'conversations_select', selected_conversation: ACME.costs },
        },
      },
    })
    await directSays('LensAI is set up')
    expect(await direct(ACME.teamId, ACME.kim)).toHaveLength(2)
    await call(key, '250')
    await eventually(async () =>
      expect(await stepsOf(ACME.teamId)).toEqual([
        ...['installed', 'project_named', 'key_made', 'first_event'],
        ...['proposed', 'first_budget', 'first_alert'],
      ]),
    )
  }, 60_000)

  it('puts the key into no message, call, log, row or metadata', async () => {
    await install(opened, acme)
    const submitted = await nameProject('support-bot')
    const key = await keyOf(ACME.teamId, ACME.kim)
    const secret = key.slice(key.lastIndexOf('_') + 1)
    expect(submitted.outcome).toBe('pushed')
    await homeSays('Waiting for your first event')
    const slack = opened.sandbox.in(ACME.teamId)
    expect((await slack.modal(ACME.kim))?.payload.private_metadata ?? '').toBe('')
    expect(JSON.stringify(await slack.calls())).not.toContain(secret)
    expect((await direct(ACME.teamId, ACME.kim)).join()).not.toContain(secret)
    expect(logged.join('')).not.toContain(secret)
    const [dump] = await tables().execute<{ all: string }>(sql`
      select (select json_agg(t)::text from audit_log t) || (select json_agg(t)::text from api_keys t)
        || (select json_agg(t)::text from first_event_watchers t) || (select json_agg(t)::text from onboarding_steps t) as all`)
    expect(dump?.all).toContain(key.slice(0, 13))
    expect(dump?.all).not.toContain(secret)
    const deeds = (await tables().select().from(auditLog)).filter(({ actor }) => actor === ACME.kim)
    expect(deeds.map(({ action, origin }) => `${action} ${origin}`).sort()).toEqual([
      'api_key.created slack',
      'project.made slack',
    ])
  })

  it('shows one workspace nothing of another', async () => {
    await install(opened, acme)
    await install(opened, globex)
    await nameProject('only-in-acme')
    const key = await keyOf(ACME.teamId, ACME.kim)
    await opened.sandbox.in(GLOBEX.teamId).openHome({ userId: GLOBEX.lee })
    await homeSays('Name your project', GLOBEX.teamId, GLOBEX.lee)
    await call(key)
    await homeSays('First event')
    await directSays('First event')
    // Both have the same name for their own.
    expect((await nameProject('only-in-acme', GLOBEX.teamId, GLOBEX.lee)).outcome).toBe('pushed')
    await directSays('Waiting for your first event', GLOBEX.teamId, GLOBEX.lee)
    expect(await home(GLOBEX.teamId, GLOBEX.lee)).not.toContain('First event')
    expect(await stepsOf(GLOBEX.teamId)).toEqual(['installed', 'project_named', 'key_made'])
  })

  it('welcomes nobody again when the app is installed again', async () => {
    await install(opened, acme)
    await directSays('Welcome to LensAI')
    await opened.sandbox.in(ACME.teamId).uninstall()
    await eventually(async () =>
      expect(await findInstallation(tables(), { teamId: ACME.teamId, enterpriseId: undefined })).toBeNull(),
    )
    await install(opened, acme)
    await nameProject('support-bot')
    await directSays('Waiting for your first event')
    expect(await direct(ACME.teamId, ACME.kim)).toHaveLength(1)
  })
})

describe('a project and a key', () => {
  it('are refused with a word under the field: no name, one that is taken in other letters, one too long', async () => {
    await install(opened, acme)
    await nameProject('Support-Bot')
    await keyOf(ACME.teamId, ACME.kim)
    for (const name of ['support-bot', '---']) {
      const refused = await nameProject(name)
      expect(refused).toMatchObject({ outcome: 'errors' })
      expect(Object.keys(refused.errors)).toEqual([FIELDS.projectName])
    }
    expect((await nameProject('  support   bot ')).outcome).toBe('pushed')
  })

  it('are made by admins and by whoever installed the app, and by nobody else', async () => {
    const south = opened.sandbox.in(GRID.south)
    await install(opened, { where: GRID.south, user: GRID.ann })
    // Ann is no admin; she installed it.
    expect((await nameProject('by-ann', GRID.south, GRID.ann)).outcome).toBe('pushed')
    await keyOf(GRID.south, GRID.ann)
    // Somebody else's installation: then she may not, and an old form does not help her.
    await south.openHome({ userId: GRID.ann })
    await homeSays(ACTIONS.newKey, GRID.south, GRID.ann)
    await pressHome(ACTIONS.newKey, GRID.south, GRID.ann)
    const { id } = await modal(GRID.south, GRID.ann, FIELDS.name)
    await tables().execute(sql`update slack_installations set installed_by = 'U0OTHER001'`)
    const before = await tables().execute(sql`select id from api_keys`)
    const refused = await south.submitView({
      userId: GRID.ann,
      viewId: id,
      values: { [FIELDS.name]: text('x1') },
    })
    expect(JSON.stringify(refused.errors)).toContain('Only workspace admins')
    await pressHome(ACTIONS.nameProject, GRID.south, GRID.ann)
    await modal(GRID.south, GRID.ann, 'Only workspace admins')
    expect(await tables().execute(sql`select id from api_keys`)).toHaveLength(before.length)
  })

  it('that was lost is replaced by another, beside which the first goes on working', async () => {
    await install(opened, acme)
    await nameProject('support-bot')
    const first = await keyOf(ACME.teamId, ACME.kim)
    await call(first)
    await homeSays('First event')
    await pressHome(ACTIONS.newKey)
    const { id } = await modal(ACME.teamId, ACME.kim, FIELDS.name)
    const slack = opened.sandbox.in(ACME.teamId)
    const made = await slack.submitView({
      userId: ACME.kim,
      viewId: id,
      values: { [FIELDS.name]: text('nightly') },
    })
    expect(made.outcome).toBe('updated')
    const second = await keyOf(ACME.teamId, ACME.kim)
    expect(second).not.toBe(first)
    for (const key of [first, second])
      expect(await findApiKey(tables(), key)).toMatchObject({ projectName: 'support-bot', revokedAt: null })
    await slack.openHome({ userId: ACME.kim })
    await pressHome(ACTIONS.revokeKey)
    const form = await modal(ACME.teamId, ACME.kim, 'This cannot be undone')
    const keyId = (await findApiKey(tables(), first))?.id ?? ''
    const held = { type: 'static_select', selected_option: { value: keyId } }
    await slack.submitView({
      userId: ACME.kim,
      viewId: form.id,
      values: { [FIELDS.key]: { [FIELD_VALUE]: held } },
    })
    await modal(ACME.teamId, ACME.kim, 'is revoked')
    expect((await findApiKey(tables(), first))?.revokedAt).not.toBeNull()
    expect((await findApiKey(tables(), second))?.revokedAt).toBeNull()
  })
})
