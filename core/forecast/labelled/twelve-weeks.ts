/**
 * Twelve weeks of hourly spend, made from a seed and labelled with what is in them: what the error of the forecast is
 * stated on. Every scenario has working days, weekends and noise; the others add to `steady` what they are named for.
 */
import { nanoUsd } from '../../money.ts'
import type { Period } from '../../period.ts'
import { DAY_MS, HOUR_MS, hourOfWeekIn } from '../hour-of-week.ts'
import type { HourlySpend } from '../past-hours.ts'
import { type Seeded, seeded } from './seeded.ts'

export const SCENARIOS = ['steady', 'growth', 'launch', 'incident', 'everything'] as const
export type Scenario = (typeof SCENARIOS)[number]

export interface TwelveWeeks {
  readonly scenario: Scenario
  readonly seed: number
  readonly hours: readonly HourlySpend[]
  readonly labels: Labels
}

export interface Labels {
  /** What a weekend's hour spends of a working day's. */
  readonly weekend: number
  /** By how much each week is above the week before. */
  readonly weeklyGrowth: number
  /** From when on everything is `times` as much. */
  readonly launch: { readonly at: Date; readonly times: number } | null
  /** Spans in each hour of which `usdPerHour` so many times is spent on top. */
  readonly incidents: readonly { readonly span: Period; readonly times: number }[]
  /** What the busiest hour of a working day spends in the first week, but for the noise. */
  readonly usdPerHour: number
}

/** Its days begin and end by this clock, which goes back on 25 October. */
export const TIME_ZONE = 'Europe/Berlin'
/** Midnight to midnight, 84 days. */
export const TWELVE_WEEKS: Period = {
  from: new Date('2026-09-07T22:00:00Z'),
  until: new Date('2026-11-30T23:00:00Z'),
}

export function twelveWeeks(scenario: Scenario, seed: number): TwelveWeeks {
  const random = seeded(seed * 8 + SCENARIOS.indexOf(scenario))
  const labels = labelsOf(scenario, random)
  return { scenario, seed, labels, hours: hoursOf(labels, random) }
}

function labelsOf(scenario: Scenario, random: Seeded): Labels {
  const has = (part: Scenario): boolean => scenario === part || scenario === 'everything'
  return {
    weekend: random.between(0.15, 0.7),
    weeklyGrowth: has('growth') ? random.between(0.02, 0.12) : 0,
    launch: has('launch') ? { at: instantBetween(random, 21, 75), times: random.between(1.5, 3) } : null,
    incidents: has('incident') ? [anIncident(random, 14, 48), anIncident(random, 48, 82)] : [],
    usdPerHour: Math.exp(random.between(Math.log(0.5), Math.log(30))),
  }
}

function anIncident(random: Seeded, daysMin: number, daysMax: number): Labels['incidents'][number] {
  const from = instantBetween(random, daysMin, daysMax)
  const hours = Math.ceil(random.between(2, 24))
  return {
    span: { from, until: new Date(from.getTime() + hours * HOUR_MS) },
    times: random.between(4, 20),
  }
}

const instantBetween = (random: Seeded, daysMin: number, daysMax: number): Date =>
  new Date(TWELVE_WEEKS.from.getTime() + Math.floor(random.between(daysMin, daysMax) * 24) * HOUR_MS)

/** Each hour: the usual one of its day and time, what is labelled, the day's own noise, and the hour's. */
function hoursOf(labels: Labels, random: Seeded): HourlySpend[] {
  const { usdPerHour } = labels
  const peakHour = random.between(10, 17)
  const night = random.between(0.1, 0.6)
  const hourOfWeek = hourOfWeekIn(TIME_ZONE)
  const hours: HourlySpend[] = []
  let dayNoise = 0
  for (let atMs = TWELVE_WEEKS.from.getTime(); atMs < TWELVE_WEEKS.until.getTime(); atMs += HOUR_MS) {
    const hour = hourOfWeek(atMs)
    // A good day is often followed by another one.
    if (hour % 24 === 0) dayNoise = 0.5 * dayNoise + DAY_NOISE * random.normal()
    const ofDay = night + (1 - night) * Math.exp(-(((hour % 24) - peakHour) ** 2) / 18)
    const usual = usdPerHour * ofDay * (hour >= 5 * 24 ? labels.weekend : 1)
    const noise = Math.exp(dayNoise + HOUR_NOISE * random.normal())
    const spent = usual * timesAt(labels, atMs) * noise + usdPerHour * incidentAt(labels, atMs)
    hours.push({ from: new Date(atMs), spent: nanoUsd(BigInt(Math.round(spent * 1e9))) })
  }
  return hours
}

const DAY_NOISE = 0.1
const HOUR_NOISE = 0.4

function timesAt({ weeklyGrowth, launch }: Labels, atMs: number): number {
  const weeks = (atMs - TWELVE_WEEKS.from.getTime()) / (7 * DAY_MS)
  const launched = launch !== null && launch.at.getTime() <= atMs ? launch.times : 1
  return (1 + weeklyGrowth) ** weeks * launched
}

const incidentAt = ({ incidents }: Labels, atMs: number): number =>
  incidents
    .filter(({ span }) => span.from.getTime() <= atMs && atMs < span.until.getTime())
    .reduce((sum, { times }) => sum + times, 0)
