/**
 * Loaded into a process by NODE_OPTIONS: each of its threads records where its time goes and writes that, when it
 * ends, to BENCH_PROFILE_DIR as a .cpuprofile, which Chrome's developer tools and speedscope open.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import path from 'node:path'
import { threadId } from 'node:worker_threads'

const dir = process.env.BENCH_PROFILE_DIR
if (dir) {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 500 })
  session.post('Profiler.start')
  process.once('exit', () => {
    session.post('Profiler.stop', (error, { profile } = {}) => {
      if (error || !profile) return
      mkdirSync(dir, { recursive: true })
      const name = `${process.pid}-thread-${threadId}.cpuprofile`
      writeFileSync(path.join(dir, name), JSON.stringify(profile))
    })
  })
}
