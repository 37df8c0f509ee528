import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeRole } from './change-people.ts'
import { narrowedTo, type ProjectSight, reachOf, sees, seesAll, VISIBILITIES } from './reach.ts'
import { ACTS, type Act, rightOf } from './rights.ts'
import { GRANTS, isAtLeast, type Role, roleOf, type Standing } from './role.ts'

const standings: Standing[] = ['admin', 'member', 'guest', 'bot', 'stranger']
const roles: Role[] = ['none', 'guest', 'member', 'approver', 'admin']
const standing = fc.constantFrom(...standings)
const grant = fc.constantFrom(...GRANTS, null)
const role = fc.constantFrom(...roles)

const sights = fc.uniqueArray(
  fc.record<ProjectSight>({
    projectId: fc.string({ minLength: 1, maxLength: 8 }),
    visibility: fc.constantFrom(...VISIBILITIES),
    namesPerson: fc.boolean(),
  }),
  { selector: ({ projectId }) => projectId, maxLength: 12 },
)

describe('a role', () => {
  it('is never less than the workspace gives, and never less than was granted to a person of it', () => {
    fc.assert(
      fc.property(standing, grant, (of, granted) => {
        const held = roleOf(of, granted)
        expect(isAtLeast(held, roleOf(of, null))).toBe(true)
        if (granted !== null && of !== 'bot' && of !== 'stranger') expect(isAtLeast(held, granted)).toBe(true)
        expect([granted, roleOf(of, null)]).toContain(held)
      }),
    )
  })

  it('is nothing for whoever left the workspace, for apps and for strangers, whatever was granted', () => {
    for (const of of ['bot', 'stranger'] as const)
      for (const granted of [...GRANTS, null]) {
        expect(roleOf(of, granted)).toBe('none')
        for (const act of ACTS) expect(rightOf(roleOf(of, granted), act)).toBe('no')
      }
  })

  it('may all that a weaker one may', () => {
    const order = ['no', 'by_policy', 'yes']
    fc.assert(
      fc.property(role, role, fc.constantFrom(...ACTS), (one, other, act) => {
        fc.pre(isAtLeast(one, other))
        expect(order.indexOf(rightOf(one, act))).toBeGreaterThanOrEqual(order.indexOf(rightOf(other, act)))
      }),
    )
  })

  it('gives an approver what lifts and stops, and neither keys nor settings nor roles', () => {
    const may = (of: Role, right: string) => ACTS.filter((act) => rightOf(of, act) === right)
    const both: Act[] = ['look', 'attend', 'ask', 'stop', 'set_budget', 'lift', 'stop_widely']
    expect(may('approver', 'yes')).toEqual(both)
    expect(may('approver', 'no')).toEqual(['configure', 'make_keys', 'manage_people'])
    expect(may('guest', 'yes')).toEqual(['look'])
    expect(may('admin', 'yes')).toEqual(ACTS)
  })
})

describe('what somebody sees', () => {
  it('is every project for an admin, and for others what is for everyone or names them', () => {
    fc.assert(
      fc.property(standing, grant, sights, (of, granted, projects) => {
        const held = roleOf(of, granted)
        const reach = reachOf('org', { role: held, standing: of }, projects)
        for (const { projectId, visibility, namesPerson } of projects) {
          const open = of === 'member' && visibility === 'everyone'
          expect(sees(reach, projectId)).toBe(held === 'admin' || (held !== 'none' && (namesPerson || open)))
        }
      }),
    )
  })

  it('is the organisation as a whole only where no project of it is hidden', () => {
    fc.assert(
      fc.property(standing, grant, sights, (of, granted, projects) => {
        const reach = reachOf('org', { role: roleOf(of, granted), standing: of }, projects)
        if (seesAll(reach)) for (const { projectId } of projects) expect(sees(reach, projectId)).toBe(true)
        expect(sees(reach, null)).toBe(seesAll(reach))
      }),
    )
  })

  it('does not grow when it is narrowed to one project, seen or not', () => {
    fc.assert(
      fc.property(standing, grant, sights, fc.string({ minLength: 1 }), (of, granted, projects, id) => {
        const reach = reachOf('org', { role: roleOf(of, granted), standing: of }, projects)
        for (const asked of [id, ...projects.map(({ projectId }) => projectId)]) {
          const narrow = narrowedTo(reach, asked)
          expect(seesAll(narrow)).toBe(false)
          expect(narrow.projectIds).toEqual(sees(reach, asked) ? [asked] : [])
        }
        expect(narrowedTo(reach, null)).toBe(reach)
      }),
    )
  })
})

describe('a change of a role', () => {
  it('is for admins, and never raises who makes it', () => {
    fc.assert(
      fc.property(role, grant, grant, fc.boolean(), (held, before, after, isOwn) => {
        const personId = isOwn ? 'U1' : 'U2'
        const { kind } = changeRole({ by: { id: 'U1', role: held }, personId, before, after })
        if (held !== 'admin') {
          expect(kind).toBe('refused')
          return
        }
        if (kind === 'changed' && isOwn)
          expect(after === null || isAtLeast(before ?? 'none', after)).toBe(true)
        if (!isOwn) expect(kind).toBe(before === after ? 'unchanged' : 'changed')
      }),
    )
  })

  it('takes no workspace admin their way in, whatever is granted or taken back', () => {
    fc.assert(
      fc.property(fc.array(grant), (changes) => {
        for (const granted of [...changes, null]) expect(roleOf('admin', granted)).toBe('admin')
      }),
    )
  })
})
