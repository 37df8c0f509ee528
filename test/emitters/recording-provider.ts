/**
 * The provider that emitters call: the sandbox's stand-in, with a record of what each answer said it used, and with
 * what the stand-in lacks: a tool call, Anthropic's messages, a refusal for having called too often.
 * Invariant: what is recorded was read from the bytes that the caller got, so it is what a bill would say.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { anthropicAnswer, toolCallAnswer } from './answers.ts'

/** A key that is answered 429. */
export const REFUSED_KEY = 'sk-refused'

export interface BilledCall {
  readonly path: string
  readonly streamed: boolean
  readonly responseId: string | null
  readonly model: string
  readonly usage: Readonly<Record<string, unknown>>
}

export interface RecordingProvider {
  readonly url: string
  /** Forgets what was recorded before, so that each emitter has a record of its own. */
  takeCalls(): readonly BilledCall[]
  close(): Promise<void>
}

export async function openRecordingProvider(standInUrl: string): Promise<RecordingProvider> {
  let calls: BilledCall[] = []
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const body = await textOf(request)
    if (request.headers.authorization === `Bearer ${REFUSED_KEY}`) return refuse(response)
    const asked: Record<string, unknown> = JSON.parse(body)
    const made = path === '/v1/messages' ? anthropicAnswer(asked) : toolCallAnswer(path, asked)
    const answer = made ?? (await forward(`${standInUrl}${path}`, request, body))
    if (answer.status === 200) calls.push({ path, streamed: asked.stream === true, ...billOf(answer.text) })
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the provider listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

async function forward(url: string, request: IncomingMessage, body: string): Promise<Answer> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: request.headers.authorization ?? '',
      'content-type': 'application/json',
    },
    body,
  })
  return {
    status: reply.status,
    type: reply.headers.get('content-type') ?? 'application/json',
    text: await reply.text(),
  }
}

type Bill = Omit<BilledCall, 'path' | 'streamed'>

/** What the answer says of itself: whole, or the last word of each frame of a stream. */
function billOf(text: string): Bill {
  const frames = text.startsWith('{')
    ? [text]
    : [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => json)
  let bill: Bill = { responseId: null, model: '', usage: {} }
  for (const frame of frames) {
    const parsed = JSON.parse(frame ?? '{}')
    const said = parsed.response ?? parsed.message ?? parsed
    bill = {
      responseId: said.id ?? bill.responseId,
      model: said.model ?? bill.model,
      usage: { ...bill.usage, ...said.usage },
    }
  }
  return bill
}

const refuse = (response: ServerResponse): void => {
  const error = { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' }
  response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
