/**
 * A loop that looks whether there is something to do: by the clock, when its alarm rings, and again after what failed.
 * Invariant: one look at a time; stopping waits for the one that runs.
 */
import type { Alarm } from './alarm.ts'

export interface LookLoop {
  stop(): Promise<void>
}

export interface Looking {
  readonly alarm: Alarm
  /** A look that goes on by itself asks whether it still may. */
  readonly look: (isRunning: () => boolean) => Promise<void>
  readonly everyMs: number
  readonly afterErrorMs: number
  readonly stumbled: (error: unknown) => void
}

export function runLookLoop({ alarm, look, everyMs, afterErrorMs, stumbled }: Looking): LookLoop {
  let running = true
  const isRunning = () => running
  const ended = (async () => {
    while (running) {
      let waitMs = everyMs
      try {
        await look(isRunning)
      } catch (error) {
        stumbled(error)
        waitMs = afterErrorMs
      }
      if (running) await alarm.sleep(waitMs)
    }
  })()
  return {
    stop: async () => {
      running = false
      alarm.ring()
      await ended
    },
  }
}
