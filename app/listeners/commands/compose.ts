/**
 * The answers that can be shared with a channel: read anew for whoever asks, as blocks alone.
 * Invariant: the same words at the same instant in the same zone are about the same time, so that what is shared is what
 * was shown.
 */
import { unreachable } from '../../../core/unreachable.ts'
import { latencyBy, latencyPercentiles } from '../../../db/clickhouse/queries/latency.ts'
import { unpricedModels } from '../../../db/clickhouse/queries/unpriced-models.ts'
import { listProjects } from '../../../db/postgres/projects.ts'
import type { Message } from '../../blocks/card.ts'
import { latencyMessage } from '../../blocks/latency.ts'
import { spendMessage } from '../../blocks/spend.ts'
import { unpricedMessage } from '../../blocks/unpriced.ts'
import type { AppDeps } from '../../deps.ts'
import { rangeOf, type SpendRange } from '../../spend/range.ts'
import { nameOf, nameOfCut, readSpend } from '../../spend/read-spend.ts'
import { say } from '../answer.ts'
import type { LensCommand } from './parse-lens.ts'

export type ShareableCommand = Extract<LensCommand, { kind: 'spend' | 'latency' | 'unpriced' }>

export const isShareable = (command: LensCommand): command is ShareableCommand =>
  command.kind === 'spend' || command.kind === 'latency' || command.kind === 'unpriced'

/** Who asks, and of when: a time such as `today` is that of `at`. */
export interface Asking {
  readonly orgId: string
  readonly timeZone: string
  readonly at: Date
}

export type Composed =
  | {
      readonly kind: 'answer'
      readonly message: Message
      readonly range: SpendRange
      readonly isEmpty: boolean
    }
  | { readonly kind: 'refused'; readonly message: Message }

const SHORT_LINES_MAX = 10
const TABLE_LINES_MAX = 45

export async function compose(deps: AppDeps, asking: Asking, command: ShareableCommand): Promise<Composed> {
  const spanned = rangeOf(command.range, asking.at, asking.timeZone)
  if (spanned.kind === 'bad') return { kind: 'refused', message: say(spanned.problem) }
  const { range } = spanned
  switch (command.kind) {
    case 'spend': {
      const isTable = command.format === 'table'
      const linesMax = isTable ? TABLE_LINES_MAX : SHORT_LINES_MAX
      const answer = await readSpend(deps, { orgId: asking.orgId, range, linesMax, ...pick(command) })
      const message = spendMessage(answer, isTable ? 'table' : 'short')
      return { kind: 'answer', message, range, isEmpty: answer.total.events === 0 }
    }
    case 'latency':
      return await composeLatency(deps, asking, { command, range })
    case 'unpriced': {
      const { from, until } = range
      const scope = { orgId: asking.orgId, projectIds: null, from, until, filter: command.filter }
      const models = await unpricedModels(deps.clickhouse, { ...scope, limit: TABLE_LINES_MAX + 1 })
      const shown = models.slice(0, TABLE_LINES_MAX)
      const message = unpricedMessage({
        models: shown,
        isCut: models.length > shown.length,
        range,
        asOf: deps.now(),
      })
      return { kind: 'answer', message, range, isEmpty: models.length === 0 }
    }
    default:
      return unreachable(command.kind)
  }
}

const pick = ({ by, filter }: ShareableCommand) => ({ by, filter })

async function composeLatency(
  deps: AppDeps,
  { orgId }: Asking,
  { command, range }: { readonly command: ShareableCommand; readonly range: SpendRange },
): Promise<Composed> {
  const by = command.by ?? 'model'
  if (by === 'user' || typeof by === 'object') {
    const text = `Latency is kept by model, route, provider, key, status, environment and project, not by ${nameOfCut(by)}. Narrow it instead, as \`/lens latency ${typeof by === 'object' ? 'tag:team=search' : 'user:u-42'}\`.`
    return { kind: 'refused', message: say(text) }
  }
  const { from, until } = range
  const scope = { orgId, projectIds: null, from, until, filter: command.filter }
  const [all, groups, projects] = await Promise.all([
    latencyPercentiles(deps.clickhouse, scope),
    latencyBy(deps.clickhouse, { ...scope, by, limit: TABLE_LINES_MAX }),
    by === 'project' ? listProjects(deps.postgres.tables, orgId) : [],
  ])
  const rename = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const lines = groups.map((group) => ({ ...group, name: nameOf({ ...group, isOther: false }, rename) }))
  const message = latencyMessage({ all, lines, by, range, filter: command.filter, asOf: deps.now() })
  return { kind: 'answer', message, range, isEmpty: all === null }
}
