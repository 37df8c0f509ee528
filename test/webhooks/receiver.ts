/** A receiver of webhooks on this machine, over HTTP or HTTPS: keeps what comes, and answers as it is told to. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { RECEIVER_CERTIFICATE, RECEIVER_KEY } from './certificate.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly port: number
  /** By its address, over HTTP. */
  readonly url: string
  readonly received: Received[]
  /** How it answers from now on; 204 at first. */
  answer: (response: ServerResponse, received: Received) => void
  close(): Promise<void>
}

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(code, headers).end()
  }

export async function openReceiver({ isSecure = false } = {}): Promise<Receiver> {
  const received: Received[] = []
  const listener: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => {
      body += piece
    })
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body }
      received.push(one)
      receiver.answer(response, one)
    })
  }
  const server = isSecure
    ? createSecureServer({ key: RECEIVER_KEY, cert: RECEIVER_CERTIFICATE }, listener)
    : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const receiver: Receiver = {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: status(204),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}
