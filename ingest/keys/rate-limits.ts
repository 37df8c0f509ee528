/**
 * How often a key may call, and how often an address may present keys that are none: counted in the memory of this
 * process, so every replica counts for itself.
 * Invariant: what a key sends never uses up what it may ask: a runaway client must still hear that it is stopped.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import { callerOf } from './authenticate.ts'
import { WindowCounts } from './window-counts.ts'

export interface RateLimits {
  /** Counts a call of the request's caller and tells it in headers; rejects when it is one too many. */
  readonly countCall: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Counts a key that was refused, or has to be looked for; rejects when the address presented too many. */
  readonly countGuess: (request: FastifyRequest) => Promise<void>
}

export interface RateLimitsOptions {
  /** Of a key that has no limit of its own. */
  readonly requestsPerMinute?: number
  readonly guessesPerMinute?: number
}

/** Above what one key sends as fast as one replica answers; a key that shall have less is given less. */
export const REQUESTS_PER_MINUTE = 60_000
/** A fleet whose key was revoked stays below it; who guesses 256 bits gets nowhere at any rate. */
const GUESSES_PER_MINUTE = 600
const WINDOW_MS = 60_000

type Limiter = ReturnType<FastifyInstance['createRateLimit']>

export function registerRateLimits(app: FastifyInstance, options: RateLimitsOptions = {}): RateLimits {
  const { requestsPerMinute = REQUESTS_PER_MINUTE, guessesPerMinute = GUESSES_PER_MINUTE } = options
  let limiters: { readonly calls: Limiter; readonly guesses: Limiter } | null = null
  app.register(rateLimit, { global: false, store: WindowCounts, timeWindow: WINDOW_MS })
  app.after(() => {
    limiters = {
      calls: app.createRateLimit({
        keyGenerator: (request) => `${callerOf(request).key.id} ${kindOf(request)}`,
        max: (request) => callerOf(request).key.requestsPerMinute ?? requestsPerMinute,
      }),
      // By its address, of IPv6 the network of 64 bits.
      guesses: app.createRateLimit({ max: guessesPerMinute }),
    }
  })
  const count = async (which: 'calls' | 'guesses', request: FastifyRequest) => {
    if (limiters === null) throw new Error('the server took a call before it was ready')
    const counted = await limiters[which](request)
    if (counted.isAllowed) throw new Error('no key and no address is exempt from its limit')
    return counted
  }
  return {
    async countCall(request, reply) {
      const { max, remaining, ttlInSeconds, isExceeded } = await count('calls', request)
      reply.header('ratelimit-limit', max)
      reply.header('ratelimit-remaining', remaining)
      reply.header('ratelimit-reset', ttlInSeconds)
      if (isExceeded) throw new Refusal('rate_limited', { retryAfterS: ttlInSeconds })
    },
    async countGuess(request) {
      const { isExceeded, ttlInSeconds } = await count('guesses', request)
      if (isExceeded) throw new Refusal('keys_refused_too_often', { retryAfterS: ttlInSeconds })
    },
  }
}

function kindOf({ method, routeOptions }: FastifyRequest): 'reads' | 'holds' | 'sends' {
  if (method === 'GET' || method === 'HEAD') return 'reads'
  return routeOptions.url?.startsWith('/v1/holds') ? 'holds' : 'sends'
}
