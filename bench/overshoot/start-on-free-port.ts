/** A process that listens on a port of its own choosing: another may take a port that was free a moment ago. */
import { type Part, PartError, type PartSpec, startPart } from '../../local/part.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import type { BenchStores } from '../ingest/stores.ts'

export interface Listening {
  readonly part: Part
  readonly port: number
}

const TRIES = 5

export async function startOnFreePort(
  { logsDir, endAtExit, closeFirst }: BenchStores,
  specOn: (port: number) => PartSpec,
): Promise<Listening> {
  // What replicas warn of while one is cut off and another killed is no news here; it is in their logs.
  const tell = () => undefined
  for (let left = TRIES; ; left -= 1) {
    const port = await findFreePort()
    try {
      const part = await startPart(specOn(port), { logsDir, tell, launched: endAtExit })
      closeFirst(() => part.stop())
      return { part, port }
    } catch (error) {
      if (left === 1 || !(error instanceof PartError && /in use|cannot listen/.test(error.message)))
        throw error
    }
  }
}
