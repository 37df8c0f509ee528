/**
 * Calls as customers make them: four models of three providers with the usage objects these really answer, five
 * thousand users, twenty routes. About 600 bytes each. The same at every run.
 */

/** Stand where the parts come that differ from one sending to the next, at the same length. */
export const NUMBER_MARK = '#########'
export const INSTANT_MARK = '@@@@@@@@@@@@@@@@@@@@@@@@'

const USERS = 5_000
const ROUTES = 20
const AREAS = ['support', 'search', 'checkout', 'onboarding', 'reports']
const STEPS = ['summarise', 'classify', 'answer', 'rewrite']
const TEAMS = ['growth', 'platform', 'care', 'finance']

/** The call at an index of the batch; `seed` picks the user, the route and the sizes. */
export function aCall(seed: number, at: { readonly tag: string; readonly index: number }): object {
  const id = `${NUMBER_MARK}${String(at.index).padStart(3, '0')}`
  const random = randomFrom(seed)
  const upTo = (limit: number) => Math.floor(random() * limit)
  const tokens = { in: 200 + upTo(6_000), cached: upTo(200), out: 20 + upTo(900), thought: upTo(20) }
  const route = upTo(ROUTES)
  const area = AREAS[route % AREAS.length]
  const latencyMs = 300 + upTo(8_000)
  return {
    request_id: `req_${at.tag}_${NUMBER_MARK}_${String(at.index).padStart(3, '0')}`,
    ts: INSTANT_MARK,
    ...MODELS[seed % MODELS.length]?.(tokens, `${at.tag}${id}`),
    latency_ms: latencyMs,
    ttft_ms: 100 + upTo(200),
    streamed: upTo(2) === 0,
    user_id: `user_${String(seed % USERS).padStart(5, '0')}`,
    route: `${area}/${STEPS[Math.floor(route / AREAS.length)]}`,
    tags: { team: TEAMS[upTo(TEAMS.length)], feature: area, release: `2026.${upTo(12)}` },
    metadata: { prompt_version: upTo(40), conversation_id: `c-${upTo(1e9).toString(36)}`, retries: 0 },
  }
}

interface Sizes {
  readonly in: number
  readonly cached: number
  readonly out: number
  readonly thought: number
}

const MODELS: readonly ((sizes: Sizes, id: string) => object)[] = [
  (sizes, id) => openAi('gpt-4o', sizes, id),
  (sizes, id) => anthropic(sizes, id),
  (sizes, id) => openAi('gpt-4o-mini', sizes, id),
  (sizes, id) => gemini(sizes, id),
]

const openAi = (model: string, sizes: Sizes, id: string) => ({
  provider: 'openai',
  model,
  provider_response_id: `chatcmpl-${id}`,
  usage: {
    prompt_tokens: sizes.in,
    completion_tokens: sizes.out,
    total_tokens: sizes.in + sizes.out,
    prompt_tokens_details: { cached_tokens: sizes.cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
})

const anthropic = (sizes: Sizes, id: string) => ({
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  provider_response_id: `msg_${id}`,
  usage: {
    input_tokens: sizes.in,
    cache_creation_input_tokens: sizes.thought,
    cache_read_input_tokens: sizes.cached,
    cache_creation: { ephemeral_5m_input_tokens: sizes.thought, ephemeral_1h_input_tokens: 0 },
    output_tokens: sizes.out,
    service_tier: 'standard',
  },
})

const gemini = (sizes: Sizes, id: string) => ({
  provider: 'google',
  model: 'gemini-2.5-flash',
  provider_response_id: `gen-${id}`,
  usage: {
    promptTokenCount: sizes.in,
    cachedContentTokenCount: sizes.cached,
    candidatesTokenCount: sizes.out,
    thoughtsTokenCount: sizes.thought,
    totalTokenCount: sizes.in + sizes.out + sizes.thought,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: sizes.in }],
  },
})

/** A small generator of numbers from 0 to 1 (mulberry32): sizes that vary need no more, and stay the same. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
