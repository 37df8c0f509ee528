/** Readers waiting for events past an offset. Each wait ends by itself: by events, its timeout, its signal or a close. */
export interface Waiters {
  wait(fromOffset: number, options: { timeoutMs: number; signal?: AbortSignal }): Promise<void>
  /** Ends the waits that `endOffset` satisfies. */
  wake(endOffset: number): void
}

export function buildWaiters(endOffset: () => number): Waiters {
  const waiting = new Set<{ fromOffset: number; end: () => void }>()
  return {
    wait: (fromOffset, { timeoutMs, signal }) => {
      if (endOffset() > fromOffset || signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const end = () => {
          waiting.delete(waiter)
          clearTimeout(timer)
          signal?.removeEventListener('abort', end)
          resolve()
        }
        const waiter = { fromOffset, end }
        const timer = setTimeout(end, timeoutMs)
        signal?.addEventListener('abort', end)
        waiting.add(waiter)
      })
    },
    wake: (endOffset) => {
      for (const waiter of [...waiting]) if (endOffset > waiter.fromOffset) waiter.end()
    },
  }
}
