/** A project's redaction policy as it was written; core/redact/policy.ts parses it. */
import { eq } from 'drizzle-orm'
import { canonicalJson } from '../../core/canonical-json.ts'
import type { JsonObject } from '../../core/event/field-reader.ts'
import { recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { projects } from './schema.ts'

/** Null when the project has none of its own: the default holds. */
export async function readRedactionPolicy(tx: Queryable, projectId: string): Promise<unknown> {
  const [row] = await tx
    .select({ redaction: projects.redaction })
    .from(projects)
    .where(eq(projects.id, projectId))
  return row?.redaction ?? null
}

/** Sets a policy that parses, or with null goes back to the default. Set as it is, nothing changes. */
export function setRedactionPolicy(
  postgres: Postgres,
  change: { readonly projectId: string; readonly policy: JsonObject | null; readonly by: string },
  now: Date,
): Promise<'set' | 'unchanged' | 'project_unknown'> {
  const { projectId, policy, by } = change
  return postgres.tables.transaction(async (tx) => {
    const [project] = await tx
      .select({ orgId: projects.orgId, redaction: projects.redaction })
      .from(projects)
      .where(eq(projects.id, projectId))
      .for('update')
    if (project === undefined) return 'project_unknown'
    const { orgId, redaction } = project
    if (canonicalJson(redaction) === canonicalJson(policy)) return 'unchanged'
    await tx.update(projects).set({ redaction: policy }).where(eq(projects.id, projectId))
    const [before, after] = [{ redaction }, { redaction: policy }]
    await recordDeed(
      tx,
      { orgId, actor: by, action: 'redaction.set', subject: projectId, before, after, origin: 'cli' },
      now,
    )
    return 'set'
  })
}
