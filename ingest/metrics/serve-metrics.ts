/**
 * GET /metrics on a port of its own, so that no proxy of the public one can ever show it. Bound to this machine unless
 * told otherwise.
 */
import { createServer } from 'node:http'
import type { Metrics } from './build-metrics.ts'

export interface ServedMetrics {
  readonly url: string
  close(): Promise<void>
}

export interface MetricsAddress {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

export function serveMetrics(
  metrics: Pick<Metrics, 'expose'>,
  { host, port }: MetricsAddress,
): Promise<ServedMetrics> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('There is GET /metrics, and nothing else.\n')
      return
    }
    metrics.expose().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('The figures could not be read.\n'),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, { host, port })))
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}

/** Named here, as the same failure of the public port asks for another variable. */
function cannotListen(error: Error, { host, port }: MetricsAddress): Error {
  const code = 'code' in error ? error.code : null
  const way =
    code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
      ? `${host} is no address of this machine; set METRICS_HOST`
      : code === 'EADDRINUSE'
        ? `port ${port} of ${host} is in use by another process; set METRICS_PORT to another port`
        : `port ${port} of ${host} cannot be had (${error.message}); set METRICS_PORT to another port`
  return new Error(`metrics cannot be served: ${way}`, { cause: error })
}
