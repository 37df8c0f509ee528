/** What an operator's command is given, and how it ends. */
import type { Postgres } from '../../db/postgres/open.ts'

export interface Operator {
  readonly postgres: Postgres
  readonly now: () => Date
  /** Who asks, as the audit trail names them. */
  readonly by: string
}

export type Operation =
  | {
      readonly kind: 'done'
      /** What was asked for, as other programs read it too. */
      readonly lines: readonly string[]
      /** What a person should know beside it. */
      readonly notes?: readonly string[]
    }
  | { readonly kind: 'failed'; readonly problems: readonly string[] }

export const failed = (...problems: readonly string[]): Operation => ({ kind: 'failed', problems })
