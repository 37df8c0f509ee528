/** A process of the benchmark that is told what to do and answers each time; it ends with its starter. */

import type { Serializable } from 'node:child_process'
import { spawn } from 'node:child_process'
import { runTsx } from '../ingest/run-tsx.ts'

interface Said {
  readonly kind: string
}

export interface Child<To, From extends Said> {
  /** Resolves with the answer; rejects when it says that it failed, or ends. */
  ask<Kind extends From['kind']>(order: To, kind: Kind): Promise<Extract<From, { kind: Kind }>>
  stop(): void
}

export async function startChild<To extends Serializable, From extends Said>(
  entry: string,
  launched: (pid: number) => void,
): Promise<Child<To, From>> {
  const [program, words, options] = runTsx(entry)
  // Structured clones: a number that is none stays so.
  const child = spawn(program, words, { ...options, serialization: 'advanced' })
  if (child.pid !== undefined) launched(child.pid)
  const heard: From[] = []
  let wake: () => void = () => undefined
  let hasEnded = false
  child.on('message', (message: From) => {
    heard.push(message)
    wake()
  })
  child.once('exit', () => {
    hasEnded = true
    wake()
  })

  async function next(): Promise<From> {
    for (;;) {
      const message = heard.shift()
      if (message !== undefined) return message
      if (hasEnded) throw new Error(`${entry} ended unexpectedly`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function expect<Kind extends From['kind']>(kind: Kind): Promise<Extract<From, { kind: Kind }>> {
    const message = await next()
    if (isOf(message, kind)) return message
    throw new Error(`${entry}: ${'reason' in message ? String(message.reason) : `said ${message.kind}`}`)
  }

  await expect('started')
  return {
    ask: (order, kind) => {
      child.send(order)
      return expect(kind)
    },
    stop: () => child.kill('SIGKILL'),
  }
}

const isOf = <From extends Said, Kind extends From['kind']>(
  message: From,
  kind: Kind,
): message is Extract<From, { kind: Kind }> => message.kind === kind

/** The other side: runs each order in turn, says what came of it, ends with its starter. */
export function serveOrders<To, From extends Said>(
  run: (order: To) => Promise<From>,
): (error: unknown) => void {
  const fail = (error: unknown) => {
    process.send?.({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
  process.on('message', (order: To) => {
    run(order).then((said) => process.send?.(said), fail)
  })
  process.once('disconnect', () => process.exit(0))
  process.send?.({ kind: 'started' })
  return fail
}
