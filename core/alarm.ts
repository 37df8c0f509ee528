/** A sleep that can be cut short, for loops that look by the clock and are woken when there is something to do. */
export interface Alarm {
  /** While the loop is awake it makes the next sleep short, so that no ring is lost. */
  ring(): void
  sleep(ms: number): Promise<void>
}

/** For one loop: a second sleeper would take the ring from the first. */
export function openAlarm(): Alarm {
  let rang = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      rang = true
      wake?.()
    },
    sleep: async (ms) => {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wake = null
      rang = false
    },
  }
}
