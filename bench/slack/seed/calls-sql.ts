/**
 * Calls made by ClickHouse itself from their number alone, so that they are the same at every run but for when they end:
 * days with a noon and a night, projects and users of which a few make most of the calls, five models and eight routes a
 * project, four in a hundred that end badly, one model without a price.
 */

interface Model {
  readonly provider: string
  readonly model: string
  /** In nano-dollars a token; null without a price. */
  readonly rates: { readonly in: number; readonly out: number } | null
}

const MODELS: readonly Model[] = [
  { provider: 'openai', model: 'gpt-4o', rates: { in: 2_500, out: 10_000 } },
  { provider: 'openai', model: 'gpt-4o-mini', rates: { in: 150, out: 600 } },
  { provider: 'anthropic', model: 'claude-sonnet-4-5', rates: { in: 3_000, out: 15_000 } },
  { provider: 'google', model: 'gemini-2.5-flash', rates: { in: 300, out: 2_500 } },
  { provider: 'anthropic', model: 'claude-haiku-4-5', rates: { in: 1_000, out: 5_000 } },
  { provider: 'openai', model: 'gpt-4.1', rates: { in: 2_000, out: 8_000 } },
  { provider: 'google', model: 'gemini-2.5-pro', rates: { in: 1_250, out: 10_000 } },
  { provider: 'mistral', model: 'mistral-large', rates: { in: 2_000, out: 6_000 } },
  { provider: 'openai', model: 'text-embedding-3-small', rates: { in: 20, out: 0 } },
  { provider: 'self-hosted', model: 'our-own-model', rates: null },
]
const AREAS = ['support', 'search', 'checkout', 'onboarding', 'reports', 'internal']
const STEPS = ['answer', 'summarise', 'classify', 'rewrite', 'extract', 'translate', 'rank', 'check']
const TEAMS = ['growth', 'platform', 'care', 'finance']
export const MODELS_IN_A_PROJECT = 5
export const USERS = 20_000

export const DAYS = 90
const DAY_MS = 86_400_000

/** A number from 0 to 1 that the number of the call and the place here alone decide. */
const chance = (place: number): string => `((cityHash64(number, ${place}) % 1000003) / 1000003)`
const arrayOf = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}]`
const rateOf = (side: 'in' | 'out'): string => arrayOf(MODELS.map(({ rates }) => rates?.[side] ?? 0))
/** From 1, as ClickHouse counts; a power above 1 favours the first. */
const pick = (place: number, count: string | number, power: number): string =>
  `(1 + toUInt32(floor(${count} * pow(${chance(place)}, ${power}))))`

/** Its parameters: org, projects, keys (two a project), rows, and the time at which the days end. */
export const INSERT_CALLS = `
  INSERT INTO events (org_id, project_id, api_key_id, environment, request_id, attempt, ts, user_id, route, provider, model,
    tokens_in, tokens_out, tokens_cache_read, tokens_cache_write_5m, tokens_cache_write_1h, tokens_reasoning,
    tokens_audio_in, tokens_audio_out, tokens_estimated, cost_nano_usd, cost_source, latency_ms, ttft_ms, streamed, status,
    source, tags, metadata, sampled, received_at, journal_id, journal_offset)
  WITH
    ${pick(1, 'length({projects:Array(String)})', 1.7)} AS project,
    1 + (toUInt32(floor(${MODELS_IN_A_PROJECT} * pow(${chance(2)}, 1.6))) + project * 2) % ${MODELS.length} AS model_place,
    ${pick(3, STEPS.length, 1.5)} AS step,
    toInt64(floor(${USERS} * pow(${chance(4)}, 3))) AS user,
    toInt64(200 + floor(6000 * pow(${chance(5)}, 2))) AS sent,
    toInt64(20 + floor(900 * pow(${chance(6)}, 2))) AS received,
    ${chance(7)} AS luck,
    toInt64(250 + floor(9000 * pow(${chance(8)}, 4))) AS took,
    ${DAYS * DAY_MS} * (number / {rows:UInt64}) AS passed,
    fromUnixTimestamp64Milli(toInt64({endMs:Int64} - ${DAYS * DAY_MS} + floor(passed
      - 0.6 * ${DAY_MS} / (2 * pi()) * sin(2 * pi() * passed / ${DAY_MS})))) AS at
  SELECT {orgId:String}, {projects:Array(String)}[project],
    {keys:Array(String)}[2 * project - (cityHash64(number, 9) % 4 = 0)],
    if(cityHash64(number, 10) % 20 = 0, 'staging', 'production'), concat('req_', toString(number)), 1, at,
    if(cityHash64(number, 11) % 20 = 0, NULL, concat('user_', leftPad(toString(user), 5, '0'))),
    concat(${arrayOf(AREAS)}[1 + project % ${AREAS.length}], '/', ${arrayOf(STEPS)}[step]),
    ${arrayOf(MODELS.map(({ provider }) => provider))}[model_place],
    ${arrayOf(MODELS.map(({ model }) => model))}[model_place],
    sent, received, intDiv(sent, 4), 0, 0, 0, 0, 0, false,
    if(model_place = ${MODELS.findIndex(({ rates }) => rates === null) + 1}, NULL,
      toInt64(sent * ${rateOf('in')}[model_place] + received * ${rateOf('out')}[model_place])),
    if(model_place = ${MODELS.findIndex(({ rates }) => rates === null) + 1}, 'unpriced', 'computed'),
    took, if(cityHash64(number, 12) % 2 = 0, toInt64(100 + took % 900), NULL), cityHash64(number, 12) % 2 = 0,
    multiIf(luck < 0.96, 'ok', luck < 0.98, 'rate_limited', luck < 0.995, 'error', 'aborted'),
    'sdk', map('team', ${arrayOf(TEAMS)}[1 + cityHash64(number, 13) % ${TEAMS.length}]), '{}', true, at, 'seed', number
  FROM numbers({from:UInt64}, {count:UInt64})`
