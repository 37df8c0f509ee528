/** An embedded store behind a link: it can be killed with all its processes and started again, cut off, or slowed. */
import type { RunningStore } from '../../../local/stores/running-store.ts'
import { breakableLink } from '../../stores/breakable-link.ts'
import { processTree, untilEnded } from '../../stores/process-state.ts'

export interface StoreServer {
  /** Stays the same over every restart. */
  readonly url: string
  cut(): Promise<void>
  mend(): Promise<void>
  slowDown(delayMs: number): void
  kill(): Promise<void>
  startAgain(): Promise<void>
  close(): Promise<void>
}

export interface StoreServerOptions {
  readonly start: () => Promise<RunningStore>
  /** What ends it at once, and all that belongs to it, when the run is interrupted. */
  readonly endingSignal: NodeJS.Signals
  readonly pids: Map<number, NodeJS.Signals>
}

const END_WITHIN_MS = 10_000

export async function openStoreServer(options: StoreServerOptions): Promise<StoreServer> {
  const { pids, endingSignal } = options
  let running = await start()
  const link = await breakableLink(running.url)

  async function start(): Promise<RunningStore> {
    const started = await options.start()
    pids.set(started.pid, endingSignal)
    return started
  }

  return {
    url: link.url,
    cut: () => link.cut(),
    mend: () => link.mend(running.url),
    slowDown: (delayMs) => link.slowDown(delayMs),
    kill: async () => {
      const tree = await processTree(running.pid)
      for (const pid of tree) killIfAlive(pid)
      await link.cut()
      for (const pid of tree) await untilEnded(pid, END_WITHIN_MS)
      pids.delete(running.pid)
    },
    startAgain: async () => {
      running = await start()
      await link.mend(running.url)
    },
    close: async () => {
      await link.close()
      await running.stop()
      pids.delete(running.pid)
    },
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with its parent.
  }
}
