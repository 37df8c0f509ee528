/** What the modal of a budget is about, carried in the modal itself. */
import type { RecurringRule } from '../../core/period/period-rule.ts'

export const UNITS = ['day', 'week', 'month', 'quarter'] as const satisfies readonly RecurringRule['kind'][]
export type Unit = (typeof UNITS)[number]

export interface FormRef {
  /** Fields of the limit and the channel carry this in their id: the project that was shown, or the budget. */
  readonly shown: string
  /** The budget that is changed; null where one is made, or the simple form finds it by its project. */
  readonly budgetId: string | null
  /** The period whose fields are shown; null in the simple form. `kept` leaves a span as it is. */
  readonly unit: Unit | 'kept' | null
}

export const writeFormRef = ({ shown, budgetId, unit }: FormRef): string =>
  JSON.stringify([shown, budgetId, unit])

/** A modal that was opened before there was more than a simple form carries the project alone. */
export function readFormRef(text: string): FormRef {
  if (!text.startsWith('[')) return { shown: text, budgetId: null, unit: null }
  const parts: unknown = JSON.parse(text)
  const [shown, budgetId, unit]: unknown[] = Array.isArray(parts) ? parts : []
  return {
    shown: typeof shown === 'string' ? shown : '',
    budgetId: typeof budgetId === 'string' ? budgetId : null,
    unit: unit === 'kept' ? unit : readUnit(unit),
  }
}

export const readUnit = (value: unknown): Unit | null => UNITS.find((unit) => unit === value) ?? null
