/**
 * When an organisation first came to each step. Written in the transaction of the step itself.
 * Invariant: a step is recorded once; what comes later changes nothing.
 */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { ONBOARDING_STEPS, type OnboardingStep } from '../../core/onboarding.ts'
import type { Candidate } from './admit.ts'
import type { Queryable } from './open.ts'
import { onboardingSteps } from './schema.ts'
import { signalOutbox } from './signals.ts'

/** The first call that was counted. */
export interface FirstEvent {
  /** When it was counted. */
  readonly at: Date
  readonly projectId: string | null
  readonly model: string | null
  readonly cost: NanoUsd | null
}

export interface Onboarding {
  readonly at: Readonly<Partial<Record<OnboardingStep, Date>>>
  readonly firstEvent: FirstEvent | null
  /** What was spent in the first hour; null before it was looked at. */
  readonly firstHour: NanoUsd | null
}

/** False when the step was come to before. */
export async function recordStep(
  tx: Queryable,
  { orgId, step, details = null }: { orgId: string; step: OnboardingStep; details?: unknown },
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(onboardingSteps)
    .values({ orgId, step, at: now, details })
    .onConflictDoNothing()
    .returning({ step: onboardingSteps.step })
  // Whoever waits for it in Slack is shown it at once.
  if (rows.length > 0) await signalOutbox(tx)
  return rows.length > 0
}

/** The ledger's part: of organisations that had no event yet, the first of those that are counted now. */
export async function recordFirstEvents(
  tx: Queryable,
  admitted: readonly Candidate[],
  now: Date,
): Promise<void> {
  const first = new Map<string, Candidate>()
  for (const one of admitted) {
    const { orgId, adjusts } = one.event
    if (adjusts === undefined && !first.has(orgId)) first.set(orgId, one)
  }
  if (first.size === 0) return
  const known = await tx
    .select({ orgId: onboardingSteps.orgId })
    .from(onboardingSteps)
    .where(and(eq(onboardingSteps.step, 'first_event'), inArray(onboardingSteps.orgId, [...first.keys()])))
  for (const { orgId } of known) first.delete(orgId)
  // In one order, so that two replicas never wait for each other in a circle.
  for (const [orgId, { event, facts }] of [...first].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const details = {
      project_id: event.projectId,
      model: facts().model,
      cost_nano_usd: event.cost === null ? null : event.cost.toString(),
    }
    await recordStep(tx, { orgId, step: 'first_event', details }, now)
  }
}

export async function readOnboarding(tx: Queryable, orgId: string): Promise<Onboarding> {
  const rows = await tx.select().from(onboardingSteps).where(eq(onboardingSteps.orgId, orgId))
  const at = Object.fromEntries(rows.map((row) => [row.step, row.at]))
  const first = rows.find(({ step }) => step === 'first_event')
  const proposed = rows.find(({ step }) => step === 'proposed')
  return {
    at,
    firstEvent: first
      ? {
          at: first.at,
          projectId: textIn(first.details, 'project_id'),
          model: textIn(first.details, 'model'),
          cost: moneyIn(first.details, 'cost_nano_usd'),
        }
      : null,
    firstHour: proposed ? moneyIn(proposed.details, 'hour_nano_usd') : null,
  }
}

/** For the operator: every organisation's steps, in their order. */
export async function listOnboardingSteps(
  tx: Queryable,
): Promise<{ readonly orgId: string; readonly step: OnboardingStep; readonly at: Date }[]> {
  const rows = await tx
    .select({ orgId: onboardingSteps.orgId, step: onboardingSteps.step, at: onboardingSteps.at })
    .from(onboardingSteps)
  return rows.sort((a, b) => ONBOARDING_STEPS.indexOf(a.step) - ONBOARDING_STEPS.indexOf(b.step))
}

/** Organisations whose first event is older than that, that nothing was proposed to, and that have no budget. */
export async function listUnproposed(tx: Queryable, countedBefore: Date): Promise<string[]> {
  const rows = await tx
    .select({ orgId: onboardingSteps.orgId })
    .from(onboardingSteps)
    .where(
      and(
        eq(onboardingSteps.step, 'first_event'),
        sql`${onboardingSteps.at} <= ${countedBefore.toISOString()}::timestamptz`,
        sql`not exists (select from onboarding_steps other where other.org_id = ${onboardingSteps.orgId}
          and other.step in ('proposed', 'first_budget'))`,
      ),
    )
  return rows.map(({ orgId }) => orgId)
}

function textIn(details: unknown, name: string): string | null {
  if (typeof details !== 'object' || details === null) return null
  const found = Object.entries(details).find(([key]) => key === name)?.[1]
  return typeof found === 'string' ? found : null
}

function moneyIn(details: unknown, name: string): NanoUsd | null {
  const digits = textIn(details, name)
  return digits !== null && /^\d{1,18}$/.test(digits) ? nanoUsd(BigInt(digits)) : null
}
