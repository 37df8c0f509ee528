/** The process that sends, as the harness sees it. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { FromSender, Order, Report } from './loads.ts'
import { runTsx } from './run-tsx.ts'

export interface Sending {
  readonly pid: number
  /** Rejects when the run failed. */
  run(order: Order): Promise<Report>
  stop(): void
}

export async function startSending(): Promise<Sending> {
  const child = spawn(...runTsx('bench/ingest/sender/main.ts'))
  const ready = await nextMessage(child)
  if (ready.kind !== 'ready') throw new Error('the process that sends did not start')
  return {
    pid: child.pid ?? 0,
    run: async (order) => {
      const said = nextMessage(child)
      child.send(order)
      const message = await said
      if (message.kind === 'done') return message.report
      throw new Error(message.kind === 'failed' ? message.reason : 'the process that sends began anew')
    },
    stop: () => child.kill('SIGKILL'),
  }
}

function nextMessage(child: ChildProcess): Promise<FromSender> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new Error('the process that sends ended unexpectedly'))
    child.once('exit', onEnd)
    child.once('message', (message: FromSender) => {
      child.off('exit', onEnd)
      resolve(message)
    })
  })
}
