/** A process that only asks for holds of one budget: as fast as they are answered, or on a schedule. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openLines } from '../../ingest/lines.ts'
import { sendInTurns, sendOnSchedule } from '../../ingest/pace.ts'
import { percentile } from '../../ingest/percentile.ts'
import { serveOrders } from '../child.ts'
import { holdBody, readAnswer } from '../client/holds.ts'
import { MODEL, PROVIDER } from '../client/provider.ts'
import { nowMs } from '../clock.ts'
import type { FromHolders, HoldLoad } from '../orders.ts'

const SIZE = { provider: PROVIDER, model: MODEL, tokensIn: 1_000, tokensMax: 512 }

serveOrders<HoldLoad, FromHolders>(async ({ port, apiKey, tag, pace, seconds }) => {
  const lines = openLines(port)
  const took: number[] = []
  const send = async (number: number, dueAtMs: number): Promise<void> => {
    const exchange = await lines.exchange(requestOf({ port, apiKey, requestId: `${tag}_${number}` }))
    if (exchange.kind === 'broken') throw new Error(`a connection broke: ${exchange.reason}`)
    const { status, body } = exchange
    const answer = status === 200 ? readAnswer(JSON.parse(body), 0) : null
    if (answer?.kind !== 'granted') throw new Error(`a hold was not granted: ${status} ${body.slice(0, 300)}`)
    took.push(nowMs() - dueAtMs)
  }
  const beganAtMs = nowMs()
  try {
    const holds =
      pace.kind === 'open'
        ? await sendOnSchedule({ ...pace, seconds }, { nowMs, sleep, send })
        : await sendInTurns({ ...pace, seconds }, { nowMs, send })
    const p95Ms = percentile(Float64Array.from(took).sort(), 95)
    return { kind: 'held', holds, tookMs: nowMs() - beganAtMs, p95Ms }
  } finally {
    lines.close()
  }
})

function requestOf(to: {
  readonly port: number
  readonly apiKey: string
  readonly requestId: string
}): Buffer {
  const body = holdBody({ ...SIZE, requestId: to.requestId })
  const head = [
    'POST /v1/holds HTTP/1.1',
    `host: 127.0.0.1:${to.port}`,
    `authorization: Bearer ${to.apiKey}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
