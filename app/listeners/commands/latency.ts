/** `/lens latency`: by what it is kept by, and said where it is not. */
import type { Reach } from '../../../core/people/reach.ts'
import { latencyBy } from '../../../db/clickhouse/queries/latency.ts'
import { latencyMessage } from '../../blocks/latency.ts'
import type { AppDeps } from '../../deps.ts'
import { seenCalls, seenProjects } from '../../seen/seen.ts'
import { nameOf, nameOfCut } from '../../spend/read-spend.ts'
import { say } from '../answer.ts'
import { type Composed, type OfCalls, TABLE_LINES_MAX } from './composed.ts'

export async function composeLatency(
  deps: AppDeps,
  reach: Reach,
  { command, range }: OfCalls,
): Promise<Composed> {
  const by = command.by ?? 'model'
  if (by === 'user' || typeof by === 'object') {
    const text = `Latency is kept by model, route, provider, key, status, environment and project, not by ${nameOfCut(by)}. Narrow it instead, as \`/lens latency ${typeof by === 'object' ? 'tag:team=search' : 'user:u-42'}\`.`
    return { kind: 'refused', message: say(text) }
  }
  const scope = seenCalls(reach, range, command.filter)
  const [{ overall, groups }, projects] = await Promise.all([
    latencyBy(deps.clickhouse, { ...scope, by, limit: TABLE_LINES_MAX }),
    by === 'project' ? seenProjects(deps.postgres.tables, reach) : [],
  ])
  const rename = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const lines = groups.map((group) => ({ ...group, name: nameOf({ ...group, isOther: false }, rename) }))
  const message = latencyMessage({ all: overall, lines, by, range, filter: command.filter, asOf: deps.now() })
  return { kind: 'answer', message, drawn: null }
}
