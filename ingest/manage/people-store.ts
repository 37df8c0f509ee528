/** What the manage API reads and changes of people. */
import { listInstallations } from '../../db/postgres/installations.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import {
  type GrantedRole,
  listProjectPeople,
  listRoleGrants,
  type ProjectPeople,
  type RoleOutcome,
  type RoleSetting,
  setRole,
  setVisibility,
  type VisibilitySetting,
} from '../../db/postgres/people.ts'

export interface PeopleStore {
  roles(orgId: string): Promise<readonly GrantedRole[]>
  setRole(setting: RoleSetting): Promise<RoleOutcome>
  ofProject(orgId: string, projectId: string): Promise<ProjectPeople>
  setVisibility(setting: VisibilitySetting): Promise<'changed' | 'unchanged' | 'project_unknown'>
  /** Each workspace or enterprise where the app is; `placeId` is where ids of its people are unique. */
  places(orgId: string): Promise<readonly { readonly placeId: string; readonly teamId: string | null }[]>
}

export const peopleStoreIn = ({
  postgres,
  now,
}: {
  readonly postgres: Postgres
  readonly now: () => Date
}): PeopleStore => ({
  roles: (orgId) => listRoleGrants(postgres.tables, orgId),
  setRole: (setting) => setRole(postgres, setting, now()),
  ofProject: async (orgId, projectId) =>
    (await listProjectPeople(postgres.tables, orgId)).get(projectId) ?? {
      visibility: 'everyone',
      people: [],
    },
  setVisibility: (setting) => setVisibility(postgres, setting, now()),
  places: async (orgId) => {
    const all = (await listInstallations(postgres.tables)).filter((one) => one.orgId === orgId)
    const places = all.flatMap(({ enterpriseId, teamId }) => {
      const placeId = enterpriseId ?? teamId
      return placeId === null ? [] : [{ placeId, teamId }]
    })
    // Workspaces of one enterprise are one place.
    return places.filter(({ placeId }, index) => places.findIndex((one) => one.placeId === placeId) === index)
  },
})
