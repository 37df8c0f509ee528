/**
 * A local stand-in for OpenAI's HTTP API: real-shaped answers and usage, real refusals, a delay for each token.
 * Invariant: a call is recorded when it has passed every check and its answer begins, and never otherwise; so the
 * record is what the provider would bill.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Body, parseBody, Refused } from './body-reader.ts'
import { type Call, openCallRecord } from './call-record.ts'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import { allModels } from './models.ts'
import { bodyOf, invalid, missingKey, type Rejection, unknownRoute } from './rejection.ts'
import { type Reply, toWire } from './reply.ts'
import { responses } from './responses.ts'

const BODY_BYTES_MAX = 16 * 1024 * 1024

export interface ProviderOptions {
  readonly host?: string
  /** 0 for any free port. */
  readonly port: number
  readonly now: () => Date
  readonly delays?: { readonly firstTokenMs: number; readonly perTokenMs: number }
}

export interface ProviderStandIn {
  /** Without a trailing slash and without `/v1`. */
  readonly url: string
  calls(): readonly Call[]
  close(): Promise<void>
}

const ROUTES: Readonly<Record<string, (body: Body, now: Date) => Reply>> = {
  '/v1/chat/completions': chat,
  '/v1/responses': responses,
  '/v1/embeddings': embeddings,
}

export async function openProviderStandIn(options: ProviderOptions): Promise<ProviderStandIn> {
  const host = options.host ?? '127.0.0.1'
  const delays = options.delays ?? { firstTokenMs: 0, perTokenMs: 0 }
  const record = openCallRecord(options.now)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (request.method === 'GET' && path === '/_sandbox/calls') {
      return sendJson(response, 200, record.toWire())
    }
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) return refuse(response, missingKey)
    if (request.method === 'GET' && path === '/v1/models') return sendJson(response, 200, modelList())
    const route = request.method === 'POST' ? ROUTES[path] : undefined
    if (!route) return refuse(response, unknownRoute(request.method ?? '', path))
    const reply = route(parseBody(await readText(request)), options.now())
    const call = record.begin(reply.model)
    response.setHeader('x-request-id', call.id)
    response.setHeader('openai-processing-ms', String(delays.firstTokenMs))
    await (reply.stream ? sendStream(response, reply, delays) : sendWhole(response, reply, delays))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else if (error instanceof Refused) refuse(response, error.rejection)
      else refuse(response, { ...invalid(String(error), null), status: 500, type: 'server_error' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stand-in listens on no port')
  return {
    url: `http://${host}:${address.port}`,
    calls: record.all,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Delays = NonNullable<ProviderOptions['delays']>

async function sendWhole(response: ServerResponse, reply: Reply, delays: Delays): Promise<void> {
  const waitMs = delays.firstTokenMs + delays.perTokenMs * reply.tokens.length
  if (waitMs > 0) await wait(response, waitMs)
  if (!response.destroyed) sendJson(response, 200, reply.whole())
}

async function sendStream(response: ServerResponse, reply: Reply, delays: Delays): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
  if (delays.firstTokenMs > 0) await wait(response, delays.firstTokenMs)
  await write(response, reply.head.map(toWire).join(''))
  for (const token of reply.tokens) {
    if (response.destroyed) return
    if (delays.perTokenMs > 0) await wait(response, delays.perTokenMs)
    await write(response, token().map(toWire).join(''))
  }
  response.end(reply.tail.map(toWire).join(''))
}

/** Waits until the time is over or the client has gone. */
const wait = (response: ServerResponse, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      response.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    response.once('close', done)
  })

/** Obeys the client's pace: a stream that nobody reads must not grow in memory. */
const write = (response: ServerResponse, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed || response.write(text)) return resolve()
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.once('drain', done)
    response.once('close', done)
  })

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const piece = Buffer.from(chunk)
    bytes += piece.length
    if (bytes > BODY_BYTES_MAX) {
      throw new Refused({ ...invalid('Request body is too large.', null), status: 413 })
    }
    chunks.push(piece)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const modelList = () => ({
  object: 'list',
  data: allModels().map((model) => ({
    id: model.id,
    object: 'model',
    created: 1_700_000_000,
    owned_by: 'system',
  })),
})

const refuse = (response: ServerResponse, rejection: Rejection): void =>
  sendJson(response, rejection.status, bodyOf(rejection))

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
