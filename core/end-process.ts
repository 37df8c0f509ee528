/**
 * The end of a process, once and in order: what it opened is closed, and what hangs does not keep it.
 * The process is passed in, and all that is done to it stands in `EndableProcess`.
 */
export interface EndableProcess {
  once(event: 'SIGTERM' | 'SIGINT' | 'disconnect', listener: () => void): unknown
  exit(code: number): unknown
  /** False once the channel to the starter is closed; absent where there never was one. */
  readonly connected?: boolean | undefined
}

export interface ProcessEnd {
  readonly close: () => Promise<void>
  /** Told when `close` fails; the exit code is 1 then. */
  readonly onFailure: (error: unknown) => void
}

const CLOSE_WITHIN_MS = 10_000

/** Ends the process when it is asked to and when its starter is gone; returns the way to end it from inside. */
export function endInOrder(
  process: EndableProcess,
  { close, onFailure }: ProcessEnd,
): (code: number) => void {
  let ending = false
  const end = (code: number): void => {
    if (ending) return
    ending = true
    // Whatever is not closed by then is taken up again at the next start.
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref()
    close().then(
      () => process.exit(code),
      (error: unknown) => {
        onFailure(error)
        process.exit(1)
      },
    )
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, () => end(0))
  // The starter was gone while this process was still loading, when nobody listened.
  if (process.connected === false) end(0)
  return end
}
