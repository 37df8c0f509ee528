/** A timer for an instant that may be weeks away: setTimeout alone fires at once beyond 24.8 days. */
export interface ClockAlarm {
  set(at: Date | null): void
  clear(): void
}

const STEP_MS_MAX = 2 ** 31 - 1

export function clockAlarm(now: () => Date, ring: () => void): ClockAlarm {
  let timer: NodeJS.Timeout | undefined
  const wait = (at: Date): void => {
    const leftMs = at.getTime() - now().getTime()
    timer = setTimeout(
      () => (at.getTime() > now().getTime() ? wait(at) : ring()),
      Math.min(Math.max(leftMs, 0), STEP_MS_MAX),
    )
    timer.unref()
  }
  const clear = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    set: (at) => {
      clear()
      if (at) wait(at)
    },
    clear,
  }
}
