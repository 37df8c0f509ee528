/** The same requests as `max` sends, to a process that does nothing with them. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Load, Report } from './loads.ts'
import { runTsx } from './run-tsx.ts'
import type { Sending } from './sending.ts'

const NO_KEY = 'none'

export async function runFloor(sending: Sending, load: Load, warmUpSeconds: number): Promise<Report> {
  const child = spawn(...runTsx('bench/ingest/floor/main.ts'))
  try {
    const port = await portOf(child)
    if (warmUpSeconds > 0)
      await sending.run({ tag: 'floorwarm', load: { ...load, seconds: warmUpSeconds }, port, apiKey: NO_KEY })
    return await sending.run({ tag: 'floor', load, port, apiKey: NO_KEY })
  } finally {
    child.kill('SIGKILL')
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the floor did not start')))
    child.once('message', (message: { readonly port: number }) => resolve(message.port))
  })
}
