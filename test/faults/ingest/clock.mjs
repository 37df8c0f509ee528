/**
 * Loaded before ingest, in each of its threads: its clock differs from the machine's by the milliseconds in the file
 * that FAULTS_CLOCK_FILE names. Timers do not follow, as with a clock that is set.
 */
import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 20

const file = process.env.FAULTS_CLOCK_FILE ?? ''
const RealDate = Date
const realNow = Date.now.bind(Date)
let stepMs = 0
const look = () => {
  try {
    stepMs = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    stepMs = 0
  }
}
look()
setInterval(look, LOOK_EVERY_MS).unref()

const now = () => realNow() + stepMs
RealDate.now = now
/** Every instance is a real Date, so that nothing can tell but by what it says. */
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : new target(...given)),
  apply: () => new RealDate(now()).toString(),
})
