/**
 * Sends the requests of a round as clients do: each at its time, and again, to whichever replica, until it was
 * acknowledged. What an acknowledgement leaves out because of the replica's clock is sent again too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, PlannedRequest, Report } from './load.ts'
import type { Chance } from './seeded.ts'

export interface Sending {
  readonly urls: readonly string[]
  readonly apiKey: string
  readonly chance: Chance
  readonly acknowledged: Set<Call>
  /** How often each answer came; "none" when no whole answer did, "wrong clock" where a part was refused for its time. */
  readonly answers: Map<string, number>
  readonly signal: AbortSignal
}

const AGAIN_AFTER_MS = 150
const ANSWER_WITHIN_MS = 5_000
/** What a clock that is wrong may say of a good event. */
const CLOCK_CODES = ['ts_in_future', 'ts_too_old']

export async function sendAll(requests: readonly PlannedRequest[], sending: Sending): Promise<void> {
  const began = performance.now()
  await Promise.all(
    requests.map(async (request) => {
      await sleep(Math.max(0, request.atMs - (performance.now() - began)))
      await sendUntilTaken(request, sending)
    }),
  )
}

async function sendUntilTaken(request: PlannedRequest, sending: Sending): Promise<void> {
  const { urls, acknowledged, chance, signal } = sending
  let left = request.reports
  let replica = request.replica
  while (left.length > 0) {
    if (signal.aborted) throw new Error(`${left.length} events of a request were not taken in time`)
    const untaken = await post(urls[replica] ?? '', left, sending)
    for (const report of left) if (!untaken.includes(report)) acknowledged.add(report.call)
    if (untaken.length > 0) await sleep(AGAIN_AFTER_MS)
    if (chance.isHit(0.5)) replica = 1 - replica
    left = untaken
  }
}

/** The reports that are to be sent again. */
async function post(url: string, reports: readonly Report[], sending: Sending): Promise<readonly Report[]> {
  const [first] = reports
  if (first === undefined) return []
  const isOtlp = first.by === 'otlp'
  const events = reports.flatMap((report) => (report.by === 'sdk' ? [report.event] : []))
  const answer = await ask(
    `${url}${isOtlp ? '/v1/traces' : '/v1/events'}`,
    isOtlp ? first.body : JSON.stringify({ events }),
    sending.apiKey,
  )
  const note = (name: string) => sending.answers.set(name, (sending.answers.get(name) ?? 0) + 1)
  note(answer === null ? 'none' : String(answer.status))
  if (answer === null || answer.status >= 500) return reports
  if (answer.status !== (isOtlp ? 200 : 202))
    throw new Error(`ingest refused a good request: ${answer.status} ${answer.text}`)
  const untaken = isOtlp ? untakenSpans(answer.text, reports) : untakenEvents(answer.text, reports)
  if (untaken.length > 0) note('wrong clock')
  return untaken
}

function untakenEvents(text: string, reports: readonly Report[]): readonly Report[] {
  const { rejected }: { rejected: readonly { index: number; code: string }[] } = JSON.parse(text)
  const wrong = rejected.find(({ code }) => !CLOCK_CODES.includes(code))
  if (wrong) throw new Error(`ingest rejected a good event: ${JSON.stringify(wrong)}`)
  return rejected.flatMap(({ index }) => reports[index] ?? [])
}

/** Requests of one span. */
function untakenSpans(text: string, reports: readonly Report[]): readonly Report[] {
  const answer: { partialSuccess?: { errorMessage?: string } } = JSON.parse(text)
  const reason = answer.partialSuccess?.errorMessage
  if (reason === undefined) return []
  if (!/\bts is\b/.test(reason)) throw new Error(`ingest rejected a good span: ${reason}`)
  return reports
}

async function ask(
  url: string,
  body: string,
  apiKey: string,
): Promise<{ readonly status: number; readonly text: string } | null> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const answer = await fetch(url, { method: 'POST', headers, body, signal })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return null
  }
}
