/** A process that locks the folder of its argument, says how that went, and stays until it is ended. */
import { lockFolder } from './folder-lock.ts'

const [dir = '.', stay = 'stay'] = process.argv.slice(2)
process.stdin.resume()
process.stdout.write('ready\n')
process.stdin.once('data', () => {
  void start()
})
process.stdin.once('end', () => process.exit(0))

async function start(): Promise<void> {
  const lock = await lockFolder(dir)
  process.stdout.write(lock.kind === 'locked' ? 'locked\n' : `held by ${lock.by}\n`)
  // Leaving by itself shows that the lock keeps no process alive.
  if (stay === 'leave') process.stdin.destroy()
}
