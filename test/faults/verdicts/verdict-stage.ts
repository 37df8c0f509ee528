/** A project with a budget, a key that reads its verdicts, and replicas that answer it. */
import { mintApiKey } from '../../../core/api-key.ts'
import { saveApiKey } from '../../../db/postgres/api-keys.ts'
import { resumeBudget, stopBudget } from '../../../db/postgres/stop-budget.ts'
import type { HeardVerdict, VerdictListener } from '../../ingest/verdict-listener.ts'
import { type Ground, layGround } from '../../stores/ground.ts'
import { until } from '../../waiting.ts'
import { openVerdictReplica, type VerdictReplica, type VerdictReplicaOptions } from './verdict-replica.ts'

export interface VerdictStage {
  readonly ground: Ground
  readonly budgetId: string
  now(): Date
  openReplica(verdicts?: VerdictReplicaOptions['verdicts'], databaseUrl?: string): Promise<VerdictReplica>
  /** By a person, who reaches Postgres whatever the replicas do. */
  stop(): Promise<void>
  resume(): Promise<void>
  close(): Promise<void>
}

export async function openVerdictStage(databaseUrl: string): Promise<VerdictStage> {
  const startedAtMs = Date.now()
  // Real time, moved to the middle of a month, so that no run of this meets the end of one.
  const now = () => new Date(Date.UTC(2026, 10, 10, 12) + Date.now() - startedAtMs)
  const ground = await layGround(databaseUrl, now())
  const { postgres, orgId, project } = ground
  const minted = mintApiKey()
  const owner = { orgId, projectId: project.id, name: 'test' }
  await saveApiKey(postgres.tables, { ...owner, minted, scopes: ['verdicts'] }, now())
  const budgetId = await ground.setBudget('10', now())
  const replicas: VerdictReplica[] = []
  return {
    ...{ ground, budgetId, now },
    openReplica: async (verdicts, by = databaseUrl) => {
      const replica = await openVerdictReplica({
        ...{ databaseUrl: by, key: minted.text, now },
        ...(verdicts === undefined ? {} : { verdicts }),
      })
      replicas.push(replica)
      return replica
    },
    stop: async () => {
      await stopBudget(postgres, { orgId, budgetId, by: 'U1' }, now())
    },
    resume: async () => {
      await resumeBudget(postgres, { orgId, budgetId, by: 'U1' }, now())
    },
    close: async () => {
      await Promise.all(replicas.map((replica) => replica.close()))
      await postgres.close()
    },
  }
}

export interface SignOfLife {
  readonly as_of: string
  readonly age_ms: number
}

export const signsOf = ({ events }: VerdictListener): SignOfLife[] =>
  events.filter(({ name }) => name === 'alive').map(({ data }) => JSON.parse(data))

/** The next sign of life that fits, of those that come from now on. */
export function nextSign(
  listener: VerdictListener,
  fits: (sign: SignOfLife) => boolean = () => true,
): Promise<SignOfLife> {
  const before = signsOf(listener).length
  return until('a sign of life that fits', 20_000, () => signsOf(listener).slice(before).find(fits) ?? null)
}

export const isStopped = ({ allowed }: HeardVerdict): boolean => !allowed
