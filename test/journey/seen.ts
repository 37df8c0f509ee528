/** What the driver told during a journey, kept so that it can be asked afterwards. */
import type { DriverLine } from '../../local/replay/driver-line.ts'

type Of<Type extends DriverLine['type']> = Extract<DriverLine, { type: Type }>

export interface Seen {
  readonly hear: (line: DriverLine) => void
  readonly verdicts: readonly Of<'verdict'>[]
  readonly calls: readonly Of<'call'>[]
  readonly refusals: readonly Of<'refused'>[]
  /** When each event was acknowledged, in ms since 1970. */
  readonly acknowledgedAtMs: ReadonlyMap<string, number>
  stats(): Of<'stats'> | null
}

export function watchDriver(log: (line: string) => void): Seen {
  const verdicts: Of<'verdict'>[] = []
  const calls: Of<'call'>[] = []
  const refusals: Of<'refused'>[] = []
  const acknowledgedAtMs = new Map<string, number>()
  let stats: Of<'stats'> | null = null
  const hear = (line: DriverLine) => {
    switch (line.type) {
      case 'verdict':
        if (line.allowed !== verdicts.at(-1)?.allowed)
          log(`the SDK holds: ${line.allowed ? 'allowed' : 'stopped'}`)
        verdicts.push(line)
        return
      case 'call':
        calls.push(line)
        return
      case 'acknowledged':
        for (const id of line.request_ids) acknowledgedAtMs.set(id, line.at)
        return
      case 'refused':
        log(`the SDK refused a call: ${line.message}`)
        refusals.push(line)
        return
      case 'stats':
        stats = line
        return
      case 'error':
        throw new Error(`the driver: ${line.message}`)
      case 'progress':
        return
    }
  }
  return { hear, verdicts, calls, refusals, acknowledgedAtMs, stats: () => stats }
}
