/** Every job there is: the one table of names and schedules. */

import type { Job } from './job.ts'
import { overrideExpiry } from './override-expiry.ts'
import { periodRollover } from './period-rollover.ts'
import { purge } from './purge.ts'
import { spendForecast } from './spend-forecast.ts'
import { spendRollup } from './spend-rollup.ts'

export const JOBS: readonly Job[] = [spendRollup, overrideExpiry, periodRollover, spendForecast, purge]

export const jobNamed = (name: string): Job | undefined => JOBS.find((job) => job.name === name)
