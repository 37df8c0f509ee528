/** Where the time of a .cpuprofile went: each function's own, without what it called. */
export interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

export interface SelfTime {
  readonly name: string
  readonly ms: number
  /** Of the time in which the thread was not idle. */
  readonly percent: number
}

const IDLE = '(idle)'

/** The dearest first; idle time is told apart, as it costs nothing. */
export function topSelf(
  profile: Profile,
  rowsMax: number,
): { readonly busyMs: number; readonly rows: SelfTime[] } {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]))
  const spent = new Map<string, number>()
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '(unknown)'
    // A sample stands for the time until the next one.
    const ms = (profile.timeDeltas[index + 1] ?? 0) / 1000
    spent.set(name, (spent.get(name) ?? 0) + ms)
  }
  spent.delete(IDLE)
  const busyMs = [...spent.values()].reduce((sum, ms) => sum + ms, 0)
  const rows = [...spent]
    .map(([name, ms]) => ({ name, ms, percent: (100 * ms) / busyMs }))
    .sort((a, b) => b.ms - a.ms)
  return { busyMs, rows: rows.slice(0, rowsMax) }
}

/** Told by function and place; the root of the project and of its packages says nothing. */
function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  if (url === '') return functionName || '(anonymous)'
  const file = url
    .replace(/^.*\/node_modules\//, '')
    .replace(/^file:\/\/.*\/(?=(?:ingest|core|db|bench)\/)/, '')
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`
}
