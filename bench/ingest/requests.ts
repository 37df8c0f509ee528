/**
 * Whole HTTP requests, made from prepared ones by writing what differs over them: sending must cost as little as
 * possible, since it takes the processors from what is measured.
 */
import { aCall, INSTANT_MARK, NUMBER_MARK } from './calls.ts'

export interface PreparedRequest {
  readonly bytes: Buffer
  /** Gives the bytes back for another request, once this one was answered. */
  giveBack(): void
}

export interface Requests {
  /** The request of this number, with the instant in each of its events. */
  take(number: number, at: Date): PreparedRequest
  /** The body of an answer that took every event. */
  readonly allTaken: string
}

/** Enough that every user and every size comes up, little enough to stay in memory. */
const CALLS_PREPARED = 10_000

export function prepareRequests(to: {
  readonly tag: string
  readonly eventsPerRequest: number
  readonly port: number
  readonly apiKey: string
}): Requests {
  const count = Math.ceil(CALLS_PREPARED / to.eventsPerRequest)
  const templates = Array.from({ length: count }, (_, index) => prepare(to, index * to.eventsPerRequest))
  return {
    allTaken: JSON.stringify({ accepted: to.eventsPerRequest, rejected: [] }),
    take(number, at) {
      const template = templates[number % count]
      if (template === undefined) throw new Error('there is no prepared request')
      const bytes = template.spare.pop() ?? Buffer.from(template.bytes)
      const digits = String(number).padStart(NUMBER_MARK.length, '0')
      const instant = at.toISOString()
      for (const place of template.numberPlaces) bytes.write(digits, place, 'latin1')
      for (const place of template.instantPlaces) bytes.write(instant, place, 'latin1')
      return { bytes, giveBack: () => template.spare.push(bytes) }
    },
  }
}

interface Template {
  readonly bytes: Buffer
  readonly numberPlaces: readonly number[]
  readonly instantPlaces: readonly number[]
  readonly spare: Buffer[]
}

function prepare(
  { tag, eventsPerRequest, port, apiKey }: Parameters<typeof prepareRequests>[0],
  firstSeed: number,
): Template {
  const events = Array.from({ length: eventsPerRequest }, (_, index) =>
    aCall(firstSeed + index, { tag, index }),
  )
  const body = JSON.stringify({ events })
  const head = [
    'POST /v1/events HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${apiKey}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n')
  const text = head + body
  return {
    bytes: Buffer.from(text, 'latin1'),
    numberPlaces: placesOf(NUMBER_MARK, text),
    instantPlaces: placesOf(INSTANT_MARK, text),
    spare: [],
  }
}

/** Every character is one byte. */
function placesOf(mark: string, text: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) places.push(at)
  return places
}
