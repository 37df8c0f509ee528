/**
 * Slack's limits on how often a method may be called: a bucket a method, and for posting a bucket a channel.
 * Slack tolerates short bursts without saying how long; here a channel takes five messages at once, then one a second.
 */
export interface RateLimiter {
  /** Null when the call may pass; otherwise the whole seconds to wait. */
  take: (method: string, channelId: string | null) => number | null
  /** On demand, whatever the buckets hold, and where they are not enabled too. */
  storm: (storm: Storm) => void
}

/** The next so many calls of each of these methods are refused. */
export interface Storm {
  methods: readonly string[]
  times: number
  retryAfterS: number
}

interface Bucket {
  tokens: number
  filledAtMs: number
}

interface Limit {
  burst: number
  perSecond: number
}

const postingLimit: Limit = { burst: 5, perSecond: 1 }
const perMinute = (calls: number): Limit => ({ burst: calls, perSecond: calls / 60 })

/** Tiers 2, 3 and 4, as Slack's reference assigns them. */
const methodLimits: Record<string, Limit> = {
  'apps.connections.open': perMinute(50),
  'chat.update': perMinute(50),
  'chat.delete': perMinute(50),
  'chat.postEphemeral': perMinute(100),
  'conversations.list': perMinute(20),
  'conversations.info': perMinute(50),
  'conversations.open': perMinute(50),
  'conversations.join': perMinute(50),
  'users.list': perMinute(20),
  'users.info': perMinute(100),
  'views.open': perMinute(100),
  'views.push': perMinute(100),
  'views.update': perMinute(100),
  'views.publish': perMinute(100),
  'files.info': perMinute(100),
  'files.getUploadURLExternal': perMinute(100),
  'files.completeUploadExternal': perMinute(100),
}

export function openRateLimiter(deps: { now: () => Date; enabled: boolean }): RateLimiter {
  const buckets = new Map<string, Bucket>()
  const storms = new Map<string, { left: number; retryAfterS: number }>()
  return {
    storm: ({ methods, times, retryAfterS }) => {
      for (const method of methods) storms.set(method, { left: times, retryAfterS })
    },
    take(method, channelId) {
      const storm = storms.get(method)
      if (storm && storm.left > 0) {
        storm.left -= 1
        return storm.retryAfterS
      }
      if (!deps.enabled) return null
      const limit = method === 'chat.postMessage' ? postingLimit : methodLimits[method]
      if (limit === undefined) return null
      const key = method === 'chat.postMessage' ? `${method} ${channelId ?? ''}` : method
      const nowMs = deps.now().getTime()
      const bucket = buckets.get(key) ?? { tokens: limit.burst, filledAtMs: nowMs }
      const refilled = ((nowMs - bucket.filledAtMs) / 1000) * limit.perSecond
      const tokens = Math.min(limit.burst, bucket.tokens + refilled)
      const allowed = tokens >= 1
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, filledAtMs: nowMs })
      return allowed ? null : Math.max(1, Math.ceil((1 - tokens) / limit.perSecond))
    },
  }
}
