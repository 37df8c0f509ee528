/** What a question about spend is about, and the dimensions it can be cut by. */

/** `[from, until)` of one organisation; `projectIds: null` means all of its projects, an empty list none. */
export interface SpendScope {
  readonly orgId: string
  readonly projectIds: readonly string[] | null
  readonly from: Date
  readonly until: Date
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

/** Over a column named `hour`; days are UTC days, as periods are. */
export const BUCKET_STARTS: Readonly<Record<Bucket, string>> = {
  hour: 'hour',
  day: "toStartOfDay(hour, 'UTC')",
}
