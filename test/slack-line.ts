/** The way from the app to Slack, which a test can cut: calls then end without an answer, as when Slack is down. */
import { createServer, request as httpRequest } from 'node:http'

export interface SlackLine {
  readonly url: string
  /** While cut, every call ends without an answer, as when Slack is down. */
  cut(isCut: boolean): void
  close(): Promise<void>
}

export function openLine(slackUrl: string): Promise<SlackLine> {
  let isCut = false
  const server = createServer((request, response) => {
    if (isCut) {
      request.socket.destroy()
      return
    }
    const onward = httpRequest(
      new URL(request.url ?? '/', slackUrl),
      { method: request.method ?? 'GET', headers: { ...request.headers, host: new URL(slackUrl).host } },
      (answer) => {
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
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections()
            server.close(() => closed())
          }),
      })
    })
  })
}
