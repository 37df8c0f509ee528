/** What a question about spend is about, and the dimensions it can be cut by. */

/** `[from, until)` of one organisation; `projectIds: null` means all of its projects, an empty list none. */
export interface SpendScope {
  readonly orgId: string
  readonly projectIds: readonly string[] | null
  readonly from: Date
  readonly until: Date
  /** Left out, all calls. */
  readonly filter?: SpendFilter
}

export const DIMENSIONS = [
  'model',
  'user',
  'route',
  'provider',
  'key',
  'status',
  'environment',
  'project',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** A dimension, or what the calls carry under a tag's name. */
export type Cut = Dimension | { readonly tag: string }

/**
 * Which calls are meant, in the manner of a budget's scope: all that is asked for must hold, and of each list any one; a
 * `*` in a value stands for any characters, and a call without the value is in no list.
 */
export interface SpendFilter {
  readonly fields: Readonly<Partial<Record<Dimension, readonly string[]>>>
  readonly tags: Readonly<Record<string, readonly string[]>>
}

export const NO_FILTER: SpendFilter = { fields: {}, tags: {} }

const BUCKETS = ['hour', 'day'] as const
export type Bucket = (typeof BUCKETS)[number]

/** The column of both `events` and `spend_hourly`. Only these reach the SQL, whatever a caller passes. */
export const DIMENSION_COLUMNS: Readonly<Record<Dimension, string>> = {
  model: 'model',
  user: 'user_id',
  route: 'route',
  provider: 'provider',
  key: 'api_key_id',
  status: 'status',
  environment: 'environment',
  project: 'project_id',
}

/** Over a column named `hour`; days are UTC days. */
export const BUCKET_STARTS: Readonly<Record<Bucket, string>> = {
  hour: 'hour',
  day: "toStartOfDay(hour, 'UTC')",
}
