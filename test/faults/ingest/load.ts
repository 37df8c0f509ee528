/**
 * The requests of one round: new calls, late ones, calls that an SDK and OpenTelemetry both report, single events again
 * in other batches, batches again and out of order, to either replica.
 */
import { identityOf } from '../../../core/event/identity.ts'
import { aWireEvent } from '../../events/wire-event.ts'
import { emit, toJson } from '../../otlp/emitted.ts'
import type { Chance } from './seeded.ts'

/** What must be counted once, whatever reports of it come, as often as they come. */
export interface Call {
  /** The identities by which its reports are known; one of them is to be admitted. */
  readonly identities: readonly string[]
  /** In nano-dollars; null when there is no price. */
  readonly cost: bigint | null
}

/** One way in which a call is told. */
export type Report =
  | { readonly by: 'sdk'; readonly call: Call; readonly event: Readonly<Record<string, unknown>> }
  | { readonly by: 'otlp'; readonly call: Call; readonly body: string }

export interface PlannedRequest {
  /** From the beginning of the round. */
  readonly atMs: number
  readonly replica: number
  /** Of one kind: events of an SDK, or a span. */
  readonly reports: readonly Report[]
}

export interface RoundOfLoad {
  readonly round: number
  readonly projectId: string
  readonly now: Date
  /** Reports of earlier rounds, of which some come again. */
  readonly earlier: readonly Report[]
  /** Whether everything comes again, rather than a part. */
  readonly repeatsAll: boolean
}

const BATCHES = 90
const BATCH_EVENTS_MAX = 15
const LOAD_MS = 1_600
const LATE_MS_MAX = 6.5 * 24 * 60 * 60 * 1000
/** Segments of a journal are to fill up and rotate within a run. */
const LARGE = { share: 0.3, chars: 6_000 }
const BULK = { batches: 2, events: 200 }
const SHARES = {
  late: 0.15,
  unpriced: 0.05,
  twoWays: 0.15,
  otlpOnly: 0.05,
  seenBefore: 0.15,
  batchAgain: 0.2,
}

export function planLoad(chance: Chance, given: RoundOfLoad): PlannedRequest[] {
  const { repeatsAll, earlier } = given
  const requests: PlannedRequest[] = []
  const known = [...earlier]
  let number = 0
  const send = (reports: readonly Report[], atMs: number) =>
    requests.push({ atMs, replica: chance.below(2), reports })
  for (let batch = 0; batch < BATCHES; batch++) {
    const atMs = chance.below(LOAD_MS)
    const reports = new Map<Call, Report>()
    const isBulk = batch < BULK.batches
    const events = isBulk ? BULK.events : chance.between(1, BATCH_EVENTS_MAX + 1)
    for (let count = events; count > 0; count--) {
      const seen = chance.isHit(SHARES.seenBefore) ? known[chance.below(known.length)] : undefined
      // Within one batch a repeat is refused by name; that is another matter.
      if (seen?.by === 'sdk') {
        reports.set(seen.call, seen)
        continue
      }
      const { sdk, otlp } = aCall(
        chance,
        { ...given, isLarge: isBulk || chance.isHit(LARGE.share) },
        number++,
      )
      if (sdk) reports.set(sdk.call, sdk)
      if (otlp) for (let times = repeatsAll ? 2 : 1; times > 0; times--) send([otlp], chance.below(LOAD_MS))
      known.push(...[sdk, otlp].flatMap((report) => (report ? [report] : [])))
    }
    const batchReports = [...reports.values()]
    if (batchReports.length === 0) continue
    send(batchReports, atMs)
    const again = repeatsAll ? chance.between(1, 4) : chance.isHit(SHARES.batchAgain) ? 1 : 0
    for (let times = again; times > 0; times--) send(chance.shuffled(batchReports), chance.below(LOAD_MS))
  }
  return requests.sort((a, b) => a.atMs - b.atMs)
}

const NANO_USD_PER_TOKEN = { in: 2_500n, out: 10_000n }

interface CallGiven extends Pick<RoundOfLoad, 'round' | 'projectId' | 'now'> {
  readonly isLarge: boolean
}

function aCall(chance: Chance, { round, projectId, now, isLarge }: CallGiven, number: number) {
  const requestId = `r${round}-${Math.floor(number / 2)}`
  // Two calls in a row are two attempts of one request.
  const attempt = 1 + (number % 2)
  const ts = new Date(now.getTime() - (chance.isHit(SHARES.late) ? chance.below(LATE_MS_MAX) : 0))
  const tokens = { in: chance.between(1, 5_000), out: chance.between(1, 900) }
  const isPriced = !chance.isHit(SHARES.unpriced)
  const kind = chance.next()
  const isTwoWays = kind < SHARES.twoWays
  const isOtlpOnly = !isTwoWays && kind < SHARES.twoWays + SHARES.otlpOnly
  const responseId = isTwoWays || isOtlpOnly ? `chatcmpl-faults-${round}-${number}` : null
  const model = isPriced ? 'gpt-4o' : 'no-such-model'
  const identities = [
    ...(isOtlpOnly ? [] : [identityOf({ projectId, requestId, attempt })]),
    ...(responseId === null ? [] : [identityOf({ projectId, requestId: responseId, attempt: 1 })]),
  ]
  const cost = BigInt(tokens.in) * NANO_USD_PER_TOKEN.in + BigInt(tokens.out) * NANO_USD_PER_TOKEN.out
  const call: Call = { identities, cost: isPriced ? cost : null }
  const event = aWireEvent({
    ...{ request_id: requestId, attempt, ts: ts.toISOString(), model },
    ...{ tokens_in: tokens.in, tokens_out: tokens.out, provider_response_id: responseId },
    ...(isLarge ? { metadata: { notes: 'x'.repeat(LARGE.chars) } } : {}),
  })
  const sdk: Report | null = isOtlpOnly ? null : { by: 'sdk', call, event }
  const otlp: Report | null =
    responseId === null ? null : { by: 'otlp', call, body: aSpan({ responseId, model, ts, tokens }) }
  return { sdk, otlp }
}

interface SpanFacts {
  readonly responseId: string
  readonly model: string
  readonly ts: Date
  readonly tokens: { readonly in: number; readonly out: number }
}

const aSpan = ({ responseId, model, ts, tokens }: SpanFacts): string =>
  toJson(
    emit({
      spans: [
        {
          startAt: ts,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'openai',
            'gen_ai.request.model': model,
            'gen_ai.response.id': responseId,
            'gen_ai.usage.input_tokens': tokens.in,
            'gen_ai.usage.output_tokens': tokens.out,
          },
        },
      ],
    }),
  )
