/**
 * Sends one load and measures how long each acknowledgement took, from when the request was due.
 * Invariant: a request is sent, with the same bytes, until it is acknowledged or its time is over; an answer that
 * takes less than everything ends the run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Lines, openLines } from './lines.ts'
import type { Mark, Order, Report } from './loads.ts'
import { sendInTurns, sendOnSchedule } from './pace.ts'
import { percentile } from './percentile.ts'
import { prepareRequests } from './requests.ts'

const MARK_EVERY_MS = 100
const RESEND_AFTER_MS = 100
const GIVE_UP_AFTER_MS = 60_000

/** Milliseconds since 1970, of a clock that never goes back. */
const nowMs = () => performance.timeOrigin + performance.now()

export async function sendLoad({ tag, load, port, apiKey }: Order): Promise<Report> {
  const { pace, eventsPerRequest, seconds } = load
  const requests = prepareRequests({ tag, eventsPerRequest, port, apiKey })
  const lines = openLines(port)
  const ackMs: number[] = []
  const unanswered: number[] = []
  const marks: Mark[] = []
  const counts = { onTheWay: 0, acknowledged: 0, refused: 0, resent: 0 }
  let endedAtMs = 0

  const send = async (number: number, dueAtMs: number): Promise<void> => {
    const request = requests.take(number, new Date(nowMs()))
    const isTaken = await deliver(lines, request.bytes, { allTaken: requests.allTaken, counts })
    request.giveBack()
    if (!isTaken) {
      unanswered.push(number)
      return
    }
    endedAtMs = nowMs()
    counts.acknowledged += 1
    ackMs.push(endedAtMs - dueAtMs)
  }

  const marking = setInterval(() => {
    marks.push({ atMs: nowMs(), events: (counts.acknowledged + counts.onTheWay) * eventsPerRequest })
  }, MARK_EVERY_MS)
  const cpuBefore = process.cpuUsage()
  const beganAtMs = nowMs()
  try {
    const sent =
      pace.kind === 'open'
        ? await sendOnSchedule({ ...pace, seconds }, { nowMs, sleep, send })
        : await sendInTurns({ ...pace, seconds }, { nowMs, send })
    const cpu = process.cpuUsage(cpuBefore)
    const sorted = Float64Array.from(ackMs).sort()
    const at = (percent: number) => percentile(sorted, percent)
    return {
      ...{ beganAtMs, endedAtMs, sent, unanswered, marks },
      ...{ refused: counts.refused, resent: counts.resent },
      ackMs: { p50: at(50), p95: at(95), p99: at(99), max: at(100) },
      cpuS: (cpu.user + cpu.system) / 1e6,
    }
  } finally {
    clearInterval(marking)
    lines.close()
  }
}

interface Delivery {
  readonly allTaken: string
  readonly counts: { onTheWay: number; refused: number; resent: number }
}

/** False when it was given up. */
async function deliver(lines: Lines, bytes: Buffer, { allTaken, counts }: Delivery): Promise<boolean> {
  const giveUpAtMs = nowMs() + GIVE_UP_AFTER_MS
  while (nowMs() < giveUpAtMs) {
    counts.onTheWay += 1
    const exchange = await lines.exchange(bytes)
    counts.onTheWay -= 1
    if (exchange.kind === 'broken') {
      counts.resent += 1
      await sleep(RESEND_AFTER_MS)
      continue
    }
    const { status, body, retryAfterS } = exchange
    if (status === 503 || status === 429) {
      counts.refused += 1
      await sleep(retryAfterS * 1000)
      continue
    }
    if (status !== 202 || body !== allTaken) {
      throw new Error(`good events were not all taken: ${status} ${body.slice(0, 300)}`)
    }
    return true
  }
  return false
}
