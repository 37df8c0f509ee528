/**
 * One attempt: the body, as it was signed, to the address that was checked.
 * Invariant: no redirect is followed, no proxy used, no certificate taken on trust, nothing of the answer but its status
 * and Retry-After is kept, and it all ends in time.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { AttemptOutcome } from '../../core/webhook/delivery.ts'
import { retryAfterMs } from '../../core/webhook/schedule.ts'
import { findAddresses, lookupOf, type Resolve } from './public-addresses.ts'

export interface PostDeps {
  readonly resolve: Resolve
  readonly allowLoopback: boolean
  readonly now: () => Date
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number
  /** Certificates to trust beside the machine's; for tests. */
  readonly ca?: string
}

export interface Posted {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Of the answer so much is read, so that a polite receiver sees it taken; more is cut off. */
const ANSWER_BYTES_MAX = 16 * 1024
const HEADER_BYTES_MAX = 16 * 1024

export async function post(posted: Posted, deps: PostDeps): Promise<AttemptOutcome> {
  const url = new URL(posted.url)
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), deps.timeoutMs)
  try {
    const found = await untilAborted(findAddresses(url, deps), tooLate.signal)
    if (found.kind === 'refused') return { kind: 'unanswered', why: found.why }
    const answer = await send(posted, url, {
      ...deps,
      lookup: lookupOf(found.addresses),
      signal: tooLate.signal,
    })
    const { statusCode = 0, headers } = answer
    return {
      kind: 'answered',
      status: statusCode,
      retryAfterMs: retryAfterMs(headers['retry-after'], deps.now()),
    }
  } catch (error) {
    const why = tooLate.signal.aborted ? `no answer within ${deps.timeoutMs / 1000} s` : whyOf(error)
    return { kind: 'unanswered', why }
  } finally {
    clearTimeout(timer)
  }
}

interface Sending extends PostDeps {
  readonly lookup: ReturnType<typeof lookupOf>
  readonly signal: AbortSignal
}

/** Resolves once the answer has ended, or as much of it came as is read. */
function send({ body, headers }: Posted, url: URL, sending: Sending): Promise<IncomingMessage> {
  const { lookup, signal, ca } = sending
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup,
    signal,
    maxHeaderSize: HEADER_BYTES_MAX,
  }
  return new Promise((resolve, reject) => {
    // An agent of its own for each: no connection outlives the check of its address, and none takes a proxy's settings.
    const request: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, {
            ...options,
            agent: new HttpsAgent({ keepAlive: false }),
            rejectUnauthorized: true,
            ...(ca === undefined ? {} : { ca }),
          })
        : httpRequest(url, { ...options, agent: new HttpAgent({ keepAlive: false }) })
    request.once('error', reject)
    request.once('response', (answer) => {
      // The status has come: however the rest goes, that is the answer.
      request.off('error', reject).on('error', () => undefined)
      let bytes = 0
      answer.on('error', () => undefined)
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > ANSWER_BYTES_MAX) request.destroy()
      })
      answer.once('close', () => {
        request.destroy()
        resolve(answer)
      })
    })
    request.end(body)
  })
}

/** The machine's resolver cannot be called off, so it is left behind. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true })
    work.then(resolve, reject)
  })
}

const WHY: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name has no address',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  EHOSTUNREACH: 'it could not be reached',
  ENETUNREACH: 'it could not be reached',
  ETIMEDOUT: 'it could not be reached',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
}

/** A closed set of sentences: an error's own message may hold addresses, or what the receiver sent. */
function whyOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = WHY[code]
  if (known !== undefined) return known
  if (error instanceof AggregateError && error.errors.length > 0) return whyOf(error.errors[0])
  if (/CERT|SIGNATURE|ISSUER|UNABLE_TO|SSL|TLS|EPROTO/.test(code))
    return 'its certificate or TLS is not right'
  if (code.startsWith('HPE_')) return 'it answered no HTTP'
  return 'the attempt failed'
}
