/** What an answer that can be shared is made from, and what comes of it. */

import type { NanoUsd } from '../../../core/money.ts'
import type { Reach } from '../../../core/people/reach.ts'
import type { Dearest } from '../../../db/clickhouse/queries/spend-course-of-many.ts'
import type { Message } from '../../blocks/card.ts'
import type { SpendRange } from '../../spend/range.ts'
import type { LensCommand } from './parse-lens.ts'
import { isOneOf } from './words.ts'

const OF_CALLS = ['spend', 'latency', 'errors', 'compare', 'unpriced'] as const
const OF_BUDGETS = ['budgets', 'forecast'] as const
const SHAREABLE = [...OF_CALLS, ...OF_BUDGETS]

export type CallsCommand = Extract<LensCommand, { kind: (typeof OF_CALLS)[number] }>
type BudgetsCommand = { readonly kind: (typeof OF_BUDGETS)[number] }
export type ShareableCommand = CallsCommand | BudgetsCommand

export const isShareable = (command: LensCommand): command is LensCommand & ShareableCommand =>
  isOneOf(command.kind, SHAREABLE)

/** What who asks may see, and of when: a time such as `today` is that of `at`. */
export interface Asking {
  readonly reach: Reach
  readonly timeZone: string
  readonly at: Date
}

export interface OfCalls {
  readonly command: CallsCommand
  readonly range: SpendRange
}

/** What a chart or a file can be made of. */
export interface Drawn {
  readonly range: SpendRange
  /** What the answer above it says was spent; nothing where it says something else. */
  readonly spent: NanoUsd
  /** What it is cut by, where it says so. */
  readonly dearest: Dearest | null
}

export type Composed =
  /** `drawn` is null where there is nothing to draw. */
  | { readonly kind: 'answer'; readonly message: Message; readonly drawn: Drawn | null }
  | { readonly kind: 'refused'; readonly message: Message }

export const TABLE_LINES_MAX = 45
