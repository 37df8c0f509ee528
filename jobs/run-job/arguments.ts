/** Reads `NAME SLOT` as a person types them. */
import { type Job, slotOf } from '../job.ts'
import { JOBS, jobNamed } from '../table.ts'

export type JobArguments =
  | { readonly kind: 'run'; readonly job: Job; readonly slot: Date }
  | { readonly kind: 'bad'; readonly problem: string }

export function parseJobArguments([name = '', slotText = '', ...rest]: readonly string[]): JobArguments {
  const names = JOBS.map((job) => job.name).join(', ')
  const usage = `usage: npm run job -- NAME SLOT, where NAME is one of ${names} and SLOT is an instant such as 2026-11-23T01:00:00Z; or npm run job -- reprice --org ORG [--apply]`
  const job = jobNamed(name)
  if (!job || rest.length > 0) return { kind: 'bad', problem: usage }
  const slot = new Date(slotText)
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(slotText) || Number.isNaN(slot.getTime())) {
    return { kind: 'bad', problem: `${slotText || 'SLOT'} is not an instant; ${usage}` }
  }
  if (slotOf(job, slot).getTime() !== slot.getTime()) {
    const [from, next] = [slotOf(job, slot), new Date(slotOf(job, slot).getTime() + job.slotMs)]
    return {
      kind: 'bad',
      problem: `slots of ${name} start at ${from.toISOString()} and ${next.toISOString()}, not between`,
    }
  }
  return { kind: 'run', job, slot }
}
