/**
 * The way from the app to Slack, which a test can cut: calls then end without an answer, as when Slack is down. It can
 * also hold one call back, on its way there or its answer on the way back, so that the app can be killed right then.
 */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'

export interface SlackLine {
  readonly url: string
  /** While cut, every call ends without an answer, as when Slack is down. */
  cut(isCut: boolean): void
  /**
   * Keeps the next calls of a method from Slack, or Slack's answers to them from the app; resolves when one is kept.
   */
  hold(method: string, what: 'call' | 'answer'): Promise<void>
  /** Holds no more; what was held is lost. */
  release(): void
  close(): Promise<void>
}

interface Holding {
  readonly method: string
  readonly what: 'call' | 'answer'
  readonly reached: () => void
}

export function openLine(slackUrl: string): Promise<SlackLine> {
  let isCut = false
  let holding: Holding | null = null
  const held = new Set<ServerResponse>()
  const isHeld = (request: IncomingMessage, what: Holding['what']): boolean =>
    holding?.what === what && request.url?.endsWith(`/${holding.method}`) === true
  /** Once all of it has passed, so that it cannot be lost on the way any more. */
  const keep = (passing: IncomingMessage, response: ServerResponse): void => {
    held.add(response)
    passing.resume()
    passing.once('end', () => holding?.reached())
  }
  const server = createServer((request, response) => {
    if (isCut) {
      request.socket.destroy()
      return
    }
    if (isHeld(request, 'call')) {
      keep(request, response)
      return
    }
    const onward = httpRequest(
      new URL(request.url ?? '/', slackUrl),
      { method: request.method ?? 'GET', headers: { ...request.headers, host: new URL(slackUrl).host } },
      (answer) => {
        // Not that Slack took nothing, as when it is asked too often.
        if (answer.statusCode === 200 && isHeld(request, 'answer')) {
          keep(answer, response)
          return
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
        cut: (cut) => {
          isCut = cut
        },
        hold: (method, what) =>
          new Promise((reached) => {
            holding = { method, what, reached }
          }),
        release: () => {
          holding = null
          for (const response of held) response.destroy()
          held.clear()
        },
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections()
            server.close(() => closed())
          }),
      })
    })
  })
}
