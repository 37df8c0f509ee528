/** The faults by name, and what each of them takes away: two of one target are never tried at once. */
export const FAULT_KINDS = [
  'kill',
  'restart',
  'torn_tail',
  'power_cut',
  'clickhouse_killed',
  'clickhouse_cut',
  'clickhouse_slow',
  'postgres_killed',
  'postgres_cut',
  'postgres_slow',
  'objects_gone',
  'disk_full',
  'clock_step',
  'repeats',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type Target = 'replica' | 'clickhouse' | 'postgres' | 'objects' | 'disk' | 'clock' | 'load'

export const TARGETS: Readonly<Record<FaultKind, Target>> = {
  kill: 'replica',
  restart: 'replica',
  torn_tail: 'replica',
  power_cut: 'replica',
  clickhouse_killed: 'clickhouse',
  clickhouse_cut: 'clickhouse',
  clickhouse_slow: 'clickhouse',
  postgres_killed: 'postgres',
  postgres_cut: 'postgres',
  postgres_slow: 'postgres',
  objects_gone: 'objects',
  disk_full: 'disk',
  clock_step: 'clock',
  repeats: 'load',
}
