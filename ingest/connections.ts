/**
 * What a connection may take of this server's time and memory.
 * Invariant: a client that sends slowly, or stops in the middle, is answered (client-errors.ts) and cut off within a bound.
 */
/** All headers of a request and its first line. */
export const HEADERS_BYTES_MAX = 16 * 1024

export interface ConnectionLimits {
  /** A request must be there, with its body, this long after it began, and its head sooner. */
  readonly requestMs: number
  readonly headMs: number
  /** How often that is looked at. */
  readonly lookEveryMs: number
  /** Between two requests; longer than load balancers keep a connection, which would use it as it is closed. */
  readonly idleMs: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  requestMs: 30_000,
  headMs: 10_000,
  lookEveryMs: 2_000,
  idleMs: 72_000,
}

/** As options of Fastify. */
export const serverOptionsOf = ({ requestMs, headMs, lookEveryMs, idleMs }: ConnectionLimits) => ({
  requestTimeout: requestMs,
  keepAliveTimeout: idleMs,
  http: {
    requestTimeout: requestMs,
    headersTimeout: headMs,
    connectionsCheckingInterval: lookEveryMs,
    maxHeaderSize: HEADERS_BYTES_MAX,
  },
})
