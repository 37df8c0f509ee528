/** Roles and who sees a project over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditLog } from '../../db/postgres/schema.ts'
import { saveAnInstallation } from '../../test/ingest/an-installation.ts'
import { fieldsOf, itemsOf, layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
  await saveAnInstallation(ground.postgres.tables, { orgId: ground.orgId, teamId: 'T1' }, NOON)
})
afterEach(() => ground.close())

describe('roles', () => {
  const give = (sent: object, key = ground.ben) => ground.post('/v1/roles', sent, key)

  it('are granted and taken back by a key that reaches everything, each once, in the name of its person', async () => {
    const sam = { user_id: 'U1SAM', role: 'approver' }
    expect((await give(sam)).body).toEqual({ ...sam, team_id: 'T1', changed: true })
    expect((await give(sam)).body.changed).toBe(false)
    expect(itemsOf(await ground.get('/v1/roles', ground.ben))).toEqual([
      { ...sam, team_id: 'T1', granted_by: 'ben', granted_at: NOON.toISOString() },
    ])
    expect((await give({ ...sam, role: 'none' })).body.changed).toBe(true)
    expect(itemsOf(await ground.get('/v1/roles', ground.ben))).toEqual([])
    expect(await ground.deeds()).toEqual(['ben role.granted', 'ben role.taken_back'])
    const [deed] = itemsOf(await ground.get('/v1/audit?action=role.granted', ground.ben))
    expect(deed).toMatchObject({
      ...{ actor: 'ben', subject: 'U1SAM', origin: 'api' },
      ...{ before: { role: null, place: 'T1' }, after: { role: 'approver', place: 'T1' } },
    })
  })

  it('are raised by nobody for themselves, and by no key of a project alone', async () => {
    expect(fieldsOf(await give({ user_id: 'ben', role: 'admin' }))).toContain('nobody raises their own role')
    expect((await give({ user_id: 'U1SAM', role: 'admin' }, ground.ada)).code).toBe('scope_missing')
    expect((await ground.get('/v1/roles', ground.reader)).code).toBe('scope_missing')
    expect(await ground.postgres.tables.select().from(auditLog)).toEqual([])
  })

  it('are of a workspace that there is, which is named where there are several', async () => {
    const sam = { user_id: 'U1SAM', role: 'member' }
    expect(fieldsOf(await give({ ...sam, team_id: 'T9' }))).toContain('T1')
    const grid = { orgId: ground.orgId, teamId: 'T2', enterpriseId: 'E1' }
    await saveAnInstallation(ground.postgres.tables, grid, NOON)
    expect(fieldsOf(await give(sam))).toContain('T1, E1')
    // In an Enterprise Grid an id is that of the enterprise.
    expect((await give({ ...sam, team_id: 'T2' })).body).toMatchObject({ team_id: 'E1', changed: true })
    expect((await give({ ...sam, team_id: 'E1' })).body).toMatchObject({ team_id: 'E1', changed: false })
  })
})

describe('who sees a project', () => {
  it('is set by a key that reaches it, and is nothing to any other', async () => {
    const url = `/v1/projects/${ground.project.id}/people`
    const before = { project_id: ground.project.id, visibility: 'everyone', people: [] }
    expect((await ground.get(url)).body).toEqual(before)
    const people = [{ user_id: 'U1SAM', team_id: 'T1' }]
    const wish = { visibility: 'named', user_ids: ['U1SAM', 'U1SAM'] }
    expect((await ground.post(url, wish)).body).toEqual({
      ...before,
      visibility: 'named',
      people,
      changed: true,
    })
    expect((await ground.post(url, wish)).body.changed).toBe(false)
    expect(itemsOf(await ground.get('/v1/audit?action=project.visibility_changed'))).toMatchObject([
      {
        ...{ actor: 'ada', subject: ground.project.id, origin: 'api' },
        before: { visibility: 'everyone', people: [] },
        after: { visibility: 'named', people: ['U1SAM'] },
      },
    ])
    const other = await ground.makeProject('other', ground.orgId)
    const foreign = await ground.makeProject('foreign')
    for (const [projectId, key] of [
      [other.projectId, ground.ada],
      [foreign.projectId, ground.ben],
      ['prj_none', ground.ben],
    ] as const) {
      expect((await ground.get(`/v1/projects/${projectId}/people`, key)).code).toBe('project_unknown')
      expect((await ground.post(`/v1/projects/${projectId}/people`, wish, key)).code).toBe('project_unknown')
    }
    expect((await ground.post(url, wish, ground.reader)).code).toBe('scope_missing')
    expect(fieldsOf(await ground.post(url, { visibility: 'some', user_ids: 'x' }))).toMatch(
      /visibility.*user_ids/,
    )
  })
})
