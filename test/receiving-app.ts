/**
 * A small app for tests: it verifies each signature itself and answers what the test says.
 * Invariant: a request with a bad signature is answered 401 and recorded nowhere.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isObject, type Json } from '../sandbox/slack/validate-shape.ts'

export interface Received {
  headers: IncomingHttpHeaders
  rawBody: string
  /** The command's fields, the interaction's payload, or the event's envelope. */
  payload: Json
}

export interface AppAnswer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  delayMs?: number
}

export interface ReceivingApp {
  url: string
  received: Received[]
  answerWith: (answer: (received: Received) => AppAnswer | Promise<AppAnswer>) => void
  close: () => Promise<void>
}

export async function openReceivingApp(signingSecret: string): Promise<ReceivingApp> {
  const received: Received[] = []
  let answer: (received: Received) => AppAnswer | Promise<AppAnswer> = () => ({})
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const rawBody = Buffer.concat(chunks).toString('utf8')
      if (!genuine(signingSecret, request.headers, rawBody)) {
        response.writeHead(401).end()
        return
      }
      const one = { headers: request.headers, rawBody, payload: readPayload(request.headers, rawBody) }
      received.push(one)
      const { status = 200, headers = {}, body = '', delayMs = 0 } = await answer(one)
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      const json = typeof body !== 'string'
      response.writeHead(status, { ...headers, ...(json ? { 'content-type': 'application/json' } : {}) })
      response.end(json ? JSON.stringify(body) : body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answerWith(next) {
      answer = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function genuine(signingSecret: string, headers: IncomingHttpHeaders, rawBody: string): boolean {
  const timestamp = String(headers['x-slack-request-timestamp'])
  const expected = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${rawBody}`).digest('hex')}`
  const given = String(headers['x-slack-signature'])
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}

function readPayload(headers: IncomingHttpHeaders, rawBody: string): Json {
  if (headers['content-type'] === 'application/json') return parseObject(rawBody)
  const form = new URLSearchParams(rawBody)
  const payload = form.get('payload')
  return payload === null ? Object.fromEntries(form) : parseObject(payload)
}

function parseObject(text: string): Json {
  const value: unknown = JSON.parse(text)
  return isObject(value) ? value : {}
}
