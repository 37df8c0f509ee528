/** What the benchmark says: of each kind of thing the median and the 95th percentile, for people and as one object. */
import { percentile } from '../ingest/percentile.ts'

export interface Took {
  /** What was typed, opened or sent. */
  readonly what: string
  readonly ms: number
}

export interface Spread {
  readonly p50: number
  readonly p95: number
}

export const spreadOf = (took: readonly Took[]): Spread => {
  const sorted = took.map(({ ms }) => ms).sort((a, b) => a - b)
  return { p50: Math.round(percentile(sorted, 50)), p95: Math.round(percentile(sorted, 95)) }
}

export interface Measured {
  readonly commands: readonly Took[]
  readonly homes: readonly Took[]
  readonly homePictures: readonly Took[]
  readonly charts: readonly Took[]
  readonly crossings: readonly Took[]
  readonly floor: readonly Took[]
}

export type SlackFigures = {
  readonly command_to_answer_ms: Spread
  readonly home_open_to_published_ms: Spread
  readonly chart_request_to_file_ms: Spread
  readonly crossing_to_card_ms: Spread
  /** From the opening until Slack has fetched the last picture of Home too. */
  readonly home_open_to_pictures_ms: Spread
  /** A command, answered by an app that does nothing. */
  readonly floor: { readonly command_to_answer_ms: Spread }
}

export const GOALS_P95_MS = {
  command_to_answer_ms: 500,
  home_open_to_published_ms: 700,
  chart_request_to_file_ms: 1_000,
  crossing_to_card_ms: 2_000,
} as const
type Goal = keyof typeof GOALS_P95_MS
const GOALS: readonly Goal[] = [
  'command_to_answer_ms',
  'home_open_to_published_ms',
  'chart_request_to_file_ms',
  'crossing_to_card_ms',
]

export const figuresOf = (measured: Measured): SlackFigures => ({
  command_to_answer_ms: spreadOf(measured.commands),
  home_open_to_published_ms: spreadOf(measured.homes),
  chart_request_to_file_ms: spreadOf(measured.charts),
  crossing_to_card_ms: spreadOf(measured.crossings),
  home_open_to_pictures_ms: spreadOf(measured.homePictures),
  floor: { command_to_answer_ms: spreadOf(measured.floor) },
})

/** The goals that are missed, each as a sentence. */
export const missedGoals = (figures: SlackFigures): string[] =>
  GOALS.filter((goal) => figures[goal].p95 > GOALS_P95_MS[goal]).map(
    (goal) => `${goal}: p95 is ${figures[goal].p95}, the goal ${GOALS_P95_MS[goal]}`,
  )

/** One line for each thing that was asked, the slowest first. */
export function linesOf(took: readonly Took[]): string[] {
  const kinds = [...new Set(took.map(({ what }) => what))].map((what) => {
    const those = took.filter((one) => one.what === what)
    return { what, times: those.length, ...spreadOf(those) }
  })
  return kinds
    .sort((a, b) => b.p50 - a.p50)
    .map(({ what, times, p50, p95 }) => `  ${what}: p50 ${p50} ms, p95 ${p95} ms (${times} times)`)
}
