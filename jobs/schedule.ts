/** Puts every job on its cron schedule, after running the slots that nobody ran while no replica was up. */
import cron from 'node-cron'
import { lastFinishedSlot } from '../db/postgres/job-slots.ts'
import { type Job, type JobDeps, slotOf } from './job.ts'
import { runSlot, type SlotOutcome } from './run-slot.ts'

export interface ScheduleLog {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Schedule {
  /** Stops triggering, and resolves when the runs under way have ended. */
  stop(): Promise<void>
}

/** The slots at most that one start catches up, newest first kept. */
const CATCH_UP_SLOTS_MAX = 48

export function startSchedule(
  jobs: readonly Job[],
  replica: string,
  deps: JobDeps,
  log: ScheduleLog,
): Schedule {
  const running = new Set<Promise<void>>()
  const begin = (work: Promise<void>) => {
    running.add(work)
    // What fails is logged where it runs, so this never rejects.
    void work.finally(() => running.delete(work))
    return work
  }
  const tasks = jobs.map((job) =>
    cron.schedule(job.schedule, ({ date }) => begin(runPrevious(job, date, replica, deps, log)), {
      name: job.name,
      timezone: 'UTC',
      noOverlap: true,
      suppressMissedWarning: true,
    }),
  )
  void begin(catchUp(jobs, replica, deps, log))
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy()
      await Promise.all(running)
    },
  }
}

/** The slot that a trigger at `at` works on: the newest that is over. */
export const dueSlot = (job: Job, at: Date): Date => new Date(slotOf(job, at).getTime() - job.slotMs)

/** The slots between the last finished one and the newest that is over, oldest first. */
export function missedSlots(job: Job, lastFinished: Date | null, at: Date): Date[] {
  const newest = dueSlot(job, at).getTime()
  const oldest = Math.max(
    lastFinished ? lastFinished.getTime() + job.slotMs : newest - job.catchUpMs + job.slotMs,
    newest - (CATCH_UP_SLOTS_MAX - 1) * job.slotMs,
  )
  const slots: Date[] = []
  for (let slot = oldest; slot <= newest; slot += job.slotMs) slots.push(new Date(slot))
  return slots
}

async function catchUp(
  jobs: readonly Job[],
  replica: string,
  deps: JobDeps,
  log: ScheduleLog,
): Promise<void> {
  for (const job of jobs) {
    if (job.catchUpMs === 0) continue
    try {
      const lastFinished = await lastFinishedSlot(deps.postgres.tables, job.name)
      for (const slot of missedSlots(job, lastFinished, deps.now())) {
        report(job, slot, await runSlot(job, slot, { by: replica, again: false }, deps), log)
      }
    } catch (error) {
      log.error({ job: job.name, err: error }, 'slots could not be caught up; the next trigger tries again')
    }
  }
}

async function runPrevious(
  job: Job,
  at: Date,
  replica: string,
  deps: JobDeps,
  log: ScheduleLog,
): Promise<void> {
  const slot = dueSlot(job, at)
  try {
    report(job, slot, await runSlot(job, slot, { by: replica, again: false }, deps), log)
  } catch (error) {
    log.error(
      { job: job.name, slot, err: error },
      'a slot could not be claimed; the next trigger tries again',
    )
  }
}

function report(job: Job, slot: Date, outcome: SlotOutcome, log: ScheduleLog): void {
  if (outcome.kind === 'failed') {
    log.error({ job: job.name, slot, err: outcome.error }, 'a job failed; its slot stays open')
  } else if (outcome.kind === 'ran' && !/^0 /.test(outcome.summary)) {
    log.info({ job: job.name, slot }, outcome.summary)
  }
}
