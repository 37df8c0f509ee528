/** When requests leave. Invariant: in an open loop each leaves when it is due, whatever became of those before it. */

export interface PaceDeps {
  readonly nowMs: () => number
  readonly sleep: (ms: number) => Promise<unknown>
  /** Sends the request of this number, due at this instant; resolves when it has been answered. */
  readonly send: (number: number, dueAtMs: number) => Promise<void>
}

/** Resolves with how many were sent, once all have been answered; rejects when a send does. */
export async function sendOnSchedule(
  { requestsPerS, seconds }: { readonly requestsPerS: number; readonly seconds: number },
  { nowMs, sleep, send }: PaceDeps,
): Promise<number> {
  const count = Math.round(requestsPerS * seconds)
  const beganAtMs = nowMs()
  const answers: Promise<void>[] = []
  let failed = false
  for (let next = 0; next < count && !failed; ) {
    const dueAtMs = beganAtMs + (next * 1000) / requestsPerS
    const earlyMs = dueAtMs - nowMs()
    if (earlyMs > 0) {
      await sleep(earlyMs)
      continue
    }
    const answer = send(next, dueAtMs)
    answer.catch(() => {
      failed = true
    })
    answers.push(answer)
    next += 1
  }
  await Promise.all(answers)
  return answers.length
}

/** As fast as answers come, on so many connections at once. */
export async function sendInTurns(
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
  { nowMs, send }: Omit<PaceDeps, 'sleep'>,
): Promise<number> {
  const untilMs = nowMs() + seconds * 1000
  let next = 0
  const turns = async () => {
    for (let atMs = nowMs(); atMs < untilMs; atMs = nowMs()) await send(next++, atMs)
  }
  await Promise.all(Array.from({ length: connections }, turns))
  return next
}
