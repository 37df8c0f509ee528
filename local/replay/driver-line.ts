/** What the driver says, one JSON object a line; the protocol stands in driver.py. Parsed here, once. */
export interface DriverBudget {
  readonly state: string
  readonly spent_usd: string
  readonly limit_usd: string
  readonly lift_url: string | null
}

/** What the driver tells; instants are milliseconds since 1970. */
export type DriverLine =
  | {
      readonly type: 'verdict'
      readonly at: number
      readonly allowed: boolean
      readonly budgets: readonly DriverBudget[]
    }
  | {
      readonly type: 'call'
      readonly number: number
      readonly request_id: string
      readonly begun_at: number
      readonly ended_at: number
      readonly ok: boolean
      readonly message?: string
    }
  | { readonly type: 'acknowledged'; readonly request_ids: readonly string[]; readonly at: number }
  | { readonly type: 'refused'; readonly at: number; readonly message: string }
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly refused: number }
  | {
      readonly type: 'stats'
      readonly flushed: boolean
      readonly calls_done: number
      readonly calls_failed: number
      readonly calls_refused: number
      readonly acknowledged: number
      readonly rejected: number
      readonly dropped: number
      readonly pending: number
    }
  | { readonly type: 'error'; readonly message: string }

type Kind = DriverLine['type']
type Fields<Of extends Kind> = Readonly<
  Record<
    Exclude<keyof Extract<DriverLine, { type: Of }>, 'type' | 'message'>,
    'number' | 'string' | 'boolean' | 'list'
  >
>

const FIELDS: { readonly [Of in Kind]: Fields<Of> } = {
  verdict: { at: 'number', allowed: 'boolean', budgets: 'list' },
  call: { number: 'number', request_id: 'string', begun_at: 'number', ended_at: 'number', ok: 'boolean' },
  acknowledged: { request_ids: 'list', at: 'number' },
  refused: { at: 'number' },
  progress: { done: 'number', total: 'number', refused: 'number' },
  stats: {
    flushed: 'boolean',
    calls_done: 'number',
    calls_failed: 'number',
    calls_refused: 'number',
    acknowledged: 'number',
    rejected: 'number',
    dropped: 'number',
    pending: 'number',
  },
  error: {},
}

/** Null when it is no line of the driver's, such as a warning that a package printed. */
export function parseDriverLine(text: string): DriverLine | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDriverLine(value) ? value : null
  } catch {
    return null
  }
}

function isDriverLine(value: unknown): value is DriverLine {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  const { type, ...line }: Record<string, unknown> = { ...value }
  const fields = typeof type === 'string' && Object.entries(FIELDS).find(([kind]) => kind === type)?.[1]
  if (!fields) return false
  return Object.entries(fields).every(([name, kind]) =>
    kind === 'list' ? Array.isArray(line[name]) : typeof line[name] === kind,
  )
}
