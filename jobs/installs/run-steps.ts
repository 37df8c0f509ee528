/** `npm run installs -- steps`: when each organisation came to each step, and how long after it was installed. */
import { listOnboardingSteps } from '../../db/postgres/onboarding-steps.ts'
import { listOrganisations } from '../../db/postgres/projects.ts'
import type { Operation, Operator } from '../operate/operation.ts'

export async function runSteps({ postgres }: Operator): Promise<Operation> {
  const [steps, organisations] = await Promise.all([
    listOnboardingSteps(postgres.tables),
    listOrganisations(postgres.tables),
  ])
  const lines = organisations.flatMap(({ id, name }) => {
    const own = steps.filter(({ orgId }) => orgId === id)
    const installedAt = own.find(({ step }) => step === 'installed')?.at ?? null
    return own.map(({ step, at }) => {
      const after = installedAt === null || step === 'installed' ? '' : `+${spanOf(installedAt, at)}`
      return [`${name} (${id})`, step.padEnd(13), at.toISOString(), after].join('  ').trimEnd()
    })
  })
  const notes = lines.length === 0 ? ['No organisation has come to any step yet.'] : []
  return { kind: 'done', lines, notes }
}

/** `95s`, `12m`, `30h`, `5d`; what came before, as a project that the command line made, is 0s. */
function spanOf(from: Date, until: Date): string {
  const seconds = Math.max(0, Math.round((until.getTime() - from.getTime()) / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 2 * 3_600) return `${Math.round(seconds / 60)}m`
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3_600)}h` : `${Math.round(seconds / 86_400)}d`
}
