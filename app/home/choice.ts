/**
 * What a person chose to see in Home: a project or all, and how far the charts go back. It is remembered in the view
 * itself, which Slack gives back with every press and opening; so nothing is kept for people who never come again.
 */
import { rangeOf, type SpendRange } from '../spend/range.ts'

export const HOME_RANGES = ['1d', '7d', '30d', 'mtd'] as const
export type HomeRange = (typeof HOME_RANGES)[number]

export interface HomeChoice {
  /** Null for all projects. */
  readonly projectId: string | null
  readonly range: HomeRange
}

export const DEFAULT_CHOICE: HomeChoice = { projectId: null, range: '7d' }

export const writeChoice = ({ projectId, range }: HomeChoice): string => JSON.stringify([range, projectId])

/** The default for whatever we did not write, such as the view of another version. */
export function readChoice(text: string | undefined): HomeChoice {
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    if (!Array.isArray(parsed)) return DEFAULT_CHOICE
    const [range, projectId]: unknown[] = parsed
    return {
      range: asRange(range) ?? DEFAULT_CHOICE.range,
      projectId: typeof projectId === 'string' ? projectId : null,
    }
  } catch {
    return DEFAULT_CHOICE
  }
}

export const asRange = (value: unknown): HomeRange | null => HOME_RANGES.find((one) => one === value) ?? null

/** In UTC days, as the ledger counts. */
export function rangeIn(range: HomeRange, now: Date): SpendRange {
  const asked = range === 'mtd' ? ({ kind: 'mtd' } as const) : ({ kind: 'days', days: DAYS[range] } as const)
  const read = rangeOf(asked, now, 'UTC')
  if (read.kind === 'bad') throw new Error(read.problem)
  return read.range
}

const DAYS = { '1d': 1, '7d': 7, '30d': 30 } as const
