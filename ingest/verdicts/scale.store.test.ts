import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { budgets, projects } from '../../db/postgres/schema.ts'
import { signalVerdicts } from '../../db/postgres/signals.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { until } from '../../test/waiting.ts'
import { keepVerdicts } from './keep-verdicts.ts'
import { knownVerdict } from './known-verdict.ts'
import { readFacts, type VerdictFacts, verdictsAt } from './verdict-facts.ts'
import { toBudgetsJson, toVerdictJson } from './verdict-json.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const now = () => NOON
const PROJECTS = 100
const WIDE_BUDGETS = 40

let database: FreshDatabase
let ground: Ground
let ids: string[]
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
  await ground.setBudget('10', NOON)
  await ground.spend([usd('6')], NOON)
  const { tables } = ground.postgres
  const [row] = await tables.select().from(budgets)
  if (!row) throw new Error('no budget')
  ids = Array.from({ length: PROJECTS }, (_, index) => `prj_${index}`)
  const owner = { orgId: ground.orgId, createdAt: NOON }
  await tables.insert(projects).values(ids.map((id) => ({ ...owner, id, name: id })))
  const own = ids.map((projectId) => ({ ...row, id: `bud_of_${projectId}`, projectId, name: projectId }))
  const wide = Array.from({ length: WIDE_BUDGETS }, (_, index) => ({ ...row, id: `bud_${index}`, name: 'w' }))
  await tables.insert(budgets).values([...own, ...wide.map((one) => ({ ...one, projectId: null }))])
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

/** The same tables, and how often they were asked. */
function counting(tx: Queryable): { readonly tx: Queryable; readonly asked: () => number } {
  let asked = 0
  const counted = new Proxy(tx, {
    get(target, name, receiver) {
      if (name === 'select' || name === 'execute' || name === 'selectDistinct') asked += 1
      const value: unknown = Reflect.get(target, name, receiver)
      return value
    },
  })
  return { tx: counted, asked: () => asked }
}

const toldOf = (facts: ReadonlyMap<string, VerdictFacts>, projectId: string) => {
  const found = facts.get(projectId)
  if (!found) throw new Error('no facts')
  const { verdict, parts } = verdictsAt(NOON)(projectId, found)
  return knownVerdict(toVerdictJson(verdict, found.readAt, parts), () => 0, parts.map(toBudgetsJson))
}

describe('the verdicts of an organisation with many projects and budgets', () => {
  it('are read by as many statements as that of one project, and say the same', async () => {
    const { tables } = ground.postgres
    const [alone, together] = [counting(tables), counting(tables)]
    const all = await readFacts(together.tx, ids, NOON)
    const one = await readFacts(alone.tx, ids.slice(0, 1), NOON)
    expect(together.asked()).toBe(alone.asked())
    expect(toldOf(all, 'prj_0').id).toBe(toldOf(one, 'prj_0').id)
    expect(toldOf(all, 'prj_0').verdict).toEqual(toldOf(one, 'prj_0').verdict)
    expect(toldOf(all, 'prj_0').id).not.toBe(toldOf(all, 'prj_1').id)
    expect(toldOf(all, 'prj_0').verdict.budgets).toHaveLength(WIDE_BUDGETS + 1)
  })

  it('look once at what covers them all', async () => {
    const all = await readFacts(ground.postgres.tables, ids, NOON)
    const verdictAt = verdictsAt(NOON)
    const wide = ids.flatMap((id) => {
      const facts = all.get(id)
      return facts ? [verdictAt(id, facts).parts[1]] : []
    })
    expect(wide).toHaveLength(PROJECTS)
    expect(new Set(wide).size).toBe(1)
  })

  it('tell a stop of all to each, by one signal', async () => {
    const keeper = keepVerdicts(
      { postgres: ground.postgres, now, log: pino({ level: 'silent' }) },
      { lookMs: 600_000 },
    )
    try {
      const allowed = new Map<string, boolean>()
      for (const id of ids) keeper.watch(id, ({ verdict }) => allowed.set(id, verdict.allowed))
      await until('all verdicts', 10_000, () => allowed.size === PROJECTS)
      expect([...allowed.values()].every(Boolean)).toBe(true)
      await ground.postgres.tables.update(budgets).set({ stoppedAt: NOON, stoppedBy: 'U1' })
      await signalVerdicts(ground.postgres.tables, [ground.orgId])
      await until('the stop of all', 10_000, () => ![...allowed.values()].some(Boolean))
    } finally {
      await keeper.close()
    }
  })
})
